package org.coremu.machine.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.coremu.machine.ConfigException;

/**
 * Tells kernel formats apart by their magic numbers, and names the ones it knows but cannot boot.
 */
final class KernelDetector {
  private static final int HEAD = 8192;
  private static final int TEXT_SAMPLE = 512;

  private KernelDetector() {}

  static KernelImage detect(ImageFile file) {
    ByteBuffer head = ByteBuffer.wrap(file.head(HEAD)).order(ByteOrder.LITTLE_ENDIAN);
    if (LinuxBzImage.isMagic(head)) {
      return LinuxBzImage.parse(file);
    }
    Optional<Multiboot1.Header> multiboot = Multiboot1.Header.find(head);
    if (ElfImage.isMagic(head)) {
      ElfImage elf = ElfImage.parse(file);
      if (elf.machine() != ElfImage.EM_386 && elf.machine() != ElfImage.EM_X86_64) {
        throw new ConfigException(
            "%s is an ELF file for %s; this machine is x86-64"
                .formatted(file.label(), machineName(elf.machine())));
      }
      if (multiboot.isPresent()) {
        return new Multiboot1(file, multiboot.get(), Optional.of(elf));
      }
      return PvhElf.of(elf);
    }
    if (multiboot.isPresent()) {
      return new Multiboot1(file, multiboot.get(), Optional.empty());
    }
    throw new ConfigException(file.label() + " " + refusal(head));
  }

  private static String refusal(ByteBuffer head) {
    if (word(head, 0x38) == 0x644d_5241) {
      return "is an arm64 Linux Image; this machine is x86-64";
    }
    if (word(head, 0x38) == 0x0543_5352) {
      return "is a RISC-V Linux Image; this machine is x86-64";
    }
    if (word(head, 0x24) == 0x016f_2818) {
      return "is a 32-bit Arm Linux zImage; this machine is x86-64";
    }
    if (half(head, 0) == 0x8b1f) {
      return "is gzip-compressed; decompress it first (or give the bzImage)";
    }
    if (word(head, 0) == 0xfd2f_b528 || word(head, 0) == 0x587a_37fd) {
      return "is a compressed file; decompress it first (or give the bzImage)";
    }
    if (half(head, 0) == 0x5a4d) {
      return "is an EFI application without a Linux boot header; give a bzImage, or an ELF with a PVH entry";
    }
    if (isText(head)) {
      return "is a text file, not a kernel";
    }
    return "is not a kernel this machine knows (Linux bzImage, ELF with a PVH note, multiboot 1)";
  }

  private static boolean isText(ByteBuffer head) {
    int length = Math.min(head.limit(), TEXT_SAMPLE);
    for (int i = 0; i < length; i++) {
      int c = head.get(i) & 0xff;
      boolean control = c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1b;
      if (control || c == 0x7f) {
        return false;
      }
    }
    String text = new String(head.array(), 0, length, StandardCharsets.UTF_8);
    int cut = text.indexOf('\ufffd');
    // A multi-byte character may be cut by the end of the sample; anywhere else it is not text.
    return cut < 0 || cut >= text.length() - 3;
  }

  private static int word(ByteBuffer head, int offset) {
    return offset + 4 <= head.limit() ? head.getInt(offset) : 0;
  }

  private static int half(ByteBuffer head, int offset) {
    return offset + 2 <= head.limit() ? head.getShort(offset) & 0xffff : 0;
  }

  private static String machineName(int machine) {
    return switch (machine) {
      case 8 -> "MIPS";
      case 20, 21 -> "PowerPC";
      case 22 -> "s390";
      case 40 -> "32-bit Arm";
      case 183 -> "AArch64";
      case 243 -> "RISC-V";
      case 258 -> "LoongArch";
      default -> "another architecture (e_machine " + machine + ")";
    };
  }
}
