package org.coremu.machine.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.coremu.machine.ConfigException;

/**
 * The setup header of a Linux x86 kernel: what the kernel says about itself. Source: Linux,
 * Documentation/arch/x86/boot.rst, whose field names are used here; the offsets are those of the
 * file's first sectors and of boot_params alike.
 */
final class LinuxSetupHeader {
  static final int FIRST_BYTE = 0x1f1;
  static final int TYPE_OF_LOADER = 0x210;
  static final int LOADFLAGS = 0x211;
  static final int CODE32_START = 0x214;
  static final int RAMDISK_IMAGE = 0x218;
  static final int RAMDISK_SIZE = 0x21c;
  static final int CMD_LINE_PTR = 0x228;
  static final int VID_MODE = 0x1fa;

  static final int LOADED_HIGH = 1;

  private static final int SETUP_SECTS = 0x1f1;
  private static final int SYSSIZE = 0x1f4;
  private static final int BOOT_FLAG = 0x1fe;
  private static final int JUMP_DISTANCE = 0x201;
  private static final int HEADER_MAGIC = 0x202;
  private static final int VERSION = 0x206;
  private static final int KERNEL_VERSION = 0x20e;
  private static final int INITRD_ADDR_MAX = 0x22c;
  private static final int KERNEL_ALIGNMENT = 0x230;
  private static final int RELOCATABLE_KERNEL = 0x234;
  private static final int XLOADFLAGS = 0x236;
  private static final int CMDLINE_SIZE = 0x238;
  private static final int PREF_ADDRESS = 0x258;
  private static final int INIT_SIZE = 0x260;

  private static final int HDRS = 0x5372_6448;
  private static final int END_OF_ZERO_PAGE_HEADER = 0x290;
  private static final int SECTOR = 512;
  private static final int XLF_KERNEL_64 = 1;
  private static final int OLDEST_VERSION = 0x0202;

  private final ImageFile file;
  private final ByteBuffer bytes;
  private final int version;

  private LinuxSetupHeader(ImageFile file, ByteBuffer bytes) {
    this.file = file;
    this.bytes = bytes;
    this.version = bytes.getShort(VERSION) & 0xffff;
  }

  static boolean isMagic(ByteBuffer head) {
    return head.limit() >= HEADER_MAGIC + 4
        && head.getInt(HEADER_MAGIC) == HDRS
        && (head.getShort(BOOT_FLAG) & 0xffff) == 0xaa55;
  }

  /**
   * Reads and checks the header.
   *
   * @throws ConfigException when the file is truncated or the kernel too old or too odd to boot
   */
  static LinuxSetupHeader parse(ImageFile file) {
    byte[] raw = file.read(0, END_OF_ZERO_PAGE_HEADER, "the Linux setup header");
    LinuxSetupHeader header =
        new LinuxSetupHeader(file, ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN));
    if (header.version < OLDEST_VERSION) {
      throw new ConfigException(
          "%s has Linux boot protocol %s; 2.02 or newer is needed"
              .formatted(file.label(), header.protocol()));
    }
    if ((raw[LOADFLAGS] & LOADED_HIGH) == 0) {
      throw new ConfigException(
          file.label() + " is a Linux zImage that loads below 1 MiB; a bzImage is needed");
    }
    file.requireRange(header.kernelOffset(), header.kernelSize(), "the Linux kernel");
    int alignment = header.alignment();
    if (alignment < 0 || Integer.bitCount(alignment) != 1 || header.kernelSize() == 0) {
      throw new ConfigException(
          "%s is damaged: its setup header has kernel_alignment %#x and %d bytes of kernel"
              .formatted(file.label(), alignment, header.kernelSize()));
    }
    return header;
  }

  ImageFile file() {
    return file;
  }

  /** The boot protocol's version as people write it: {@code 2.15}. */
  String protocol() {
    return "%d.%02d".formatted(version >> 8, version & 0xff);
  }

  /** Offset in the file of the part that runs in protected mode. */
  long kernelOffset() {
    int sectors = bytes.get(SETUP_SECTS) & 0xff;
    return (sectors == 0 ? 5L : sectors + 1L) * SECTOR;
  }

  /**
   * Size in bytes of the part that runs in protected mode. The header counts paragraphs; what
   * follows them in the file, a signature for example, is not for the guest. Before 2.04 the count
   * was too narrow to be true.
   */
  long kernelSize() {
    return version >= 0x0204
        ? (bytes.getInt(SYSSIZE) & 0xffff_ffffL) * 16
        : Math.max(1, file.size() - kernelOffset());
  }

  boolean has64BitEntry() {
    return version >= 0x020c && (bytes.getShort(XLOADFLAGS) & XLF_KERNEL_64) != 0;
  }

  boolean relocatable() {
    return version >= 0x0205 && bytes.get(RELOCATABLE_KERNEL) != 0;
  }

  /** Bytes, a power of two. */
  int alignment() {
    int alignment = version >= 0x0205 ? bytes.getInt(KERNEL_ALIGNMENT) : 0;
    return alignment == 0 ? 1 << 20 : alignment;
  }

  /** The address the kernel would like to be loaded at. */
  long prefAddress() {
    return version >= 0x020a ? bytes.getLong(PREF_ADDRESS) : 1 << 20;
  }

  /**
   * Bytes of contiguous RAM the kernel needs from its load address on before it knows the memory
   * map.
   */
  long initSize() {
    long stated = version >= 0x020a ? bytes.getInt(INIT_SIZE) & 0xffff_ffffL : 0;
    return Math.max(stated, kernelSize());
  }

  /** The initial RAM disk's last byte is at or below this address. */
  long initrdAddrMax() {
    return version >= 0x0203 ? bytes.getInt(INITRD_ADDR_MAX) & 0xffff_ffffL : 0x37ff_ffffL;
  }

  /** The longest command line in bytes, without its terminator. */
  long cmdlineSize() {
    return version >= 0x0206 ? bytes.getInt(CMDLINE_SIZE) & 0xffff_ffffL : 255;
  }

  /**
   * The header as the file has it, from {@link #FIRST_BYTE} on; its length is in its own jump
   * instruction.
   */
  byte[] copy() {
    int end = Math.min(END_OF_ZERO_PAGE_HEADER, HEADER_MAGIC + (bytes.get(JUMP_DISTANCE) & 0xff));
    byte[] copy = new byte[end - FIRST_BYTE];
    bytes.get(FIRST_BYTE, copy);
    return copy;
  }

  /** What {@code uname -r} will say, and who built it; empty when the file does not say. */
  String release() {
    int pointer = bytes.getShort(KERNEL_VERSION) & 0xffff;
    long at = pointer + 0x200L;
    if (pointer == 0 || at >= Math.min(kernelOffset(), file.size())) {
      return "";
    }
    byte[] text =
        file.read(
            at, (int) Math.min(128, Math.min(kernelOffset(), file.size()) - at), "the version");
    String release = new String(text, StandardCharsets.US_ASCII);
    int end = 0;
    while (end < release.length() && release.charAt(end) > ' ' && release.charAt(end) < 0x7f) {
      end++;
    }
    return release.substring(0, end);
  }
}
