package org.coremu.machine.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Synthetic kernels for the tests of this package: correct headers around a pattern. */
final class Images {
  static final int SETUP_BYTES = 5 * 512;
  static final int KERNEL_BYTES = 64 << 10;

  private Images() {}

  static ImageFile kernel(byte[] bytes) {
    return ImageFile.of("kernel.img", "kernel", bytes);
  }

  static BootModule module(String name, int size, String arguments) {
    return new BootModule(ImageFile.of(name, "initrd", pattern(size)), arguments);
  }

  static byte[] pattern(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8) + 1);
    }
    return bytes;
  }

  /**
   * A relocatable 64-bit bzImage of protocol 2.15 that prefers 16 MiB, needs 8 MiB, and has a
   * signature behind it.
   */
  static ByteBuffer bzImage() {
    ByteBuffer image =
        ByteBuffer.allocate(SETUP_BYTES + KERNEL_BYTES + 24).order(ByteOrder.LITTLE_ENDIAN);
    image.put(SETUP_BYTES, pattern(KERNEL_BYTES)).put(SETUP_BYTES + KERNEL_BYTES, pattern(24));
    image.put(0x1f1, (byte) (SETUP_BYTES / 512 - 1)).putInt(0x1f4, KERNEL_BYTES / 16);
    image.putShort(0x1fe, (short) 0xaa55).putShort(0x200, (short) 0x6aeb);
    image.put(0x202, ascii("HdrS")).putShort(0x206, (short) 0x20f).putShort(0x20e, (short) 0x100);
    image.put(0x300, ascii("6.1.0-test (somebody)"));
    image.put(0x211, (byte) 1).putInt(0x22c, 0x7fff_ffff).putInt(0x230, 0x20_0000);
    image.put(0x234, (byte) 1).putShort(0x236, (short) 1).putInt(0x238, 100);
    return image.putLong(0x258, 0x100_0000).putInt(0x260, 8 << 20);
  }

  /**
   * An ELF64 with one segment at 1 MiB (4 KiB in the file, 12 KiB in memory) and a Xen PHYS32_ENTRY
   * note.
   */
  static ByteBuffer pvhElf64() {
    ByteBuffer elf = elfHeader64(62, 2);
    putSegment64(elf, 0, 1, 0x1000, 0xffff_8000_0010_0000L, 0x10_0000, 0x1000, 0x3000);
    putSegment64(elf, 1, 4, 0x200, 0, 0, 0x14 + 24, 0);
    int at = 0x200;
    elf.putInt(at, 4)
        .putInt(at + 4, 1)
        .putInt(at + 8, 7)
        .put(at + 12, ascii("GNU"))
        .put(at + 16, (byte) 9);
    at += 20;
    elf.putInt(at, 4).putInt(at + 4, 8).putInt(at + 8, 18).put(at + 12, ascii("Xen"));
    return elf.putLong(at + 16, 0x10_0040);
  }

  static ByteBuffer elfHeader64(int machine, int segments) {
    ByteBuffer elf = ByteBuffer.allocate(0x2000).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(0x1000, pattern(0x1000));
    elf.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1})
        .putShort(16, (short) 2)
        .putShort(18, (short) machine);
    elf.putInt(20, 1).putLong(24, 0xffff_8000_0010_0000L).putLong(32, 64);
    return elf.putShort(52, (short) 64).putShort(54, (short) 56).putShort(56, (short) segments);
  }

  static void putSegment64(
      ByteBuffer elf,
      int index,
      int type,
      long offset,
      long vaddr,
      long paddr,
      long fileSize,
      long memorySize) {
    int at = 64 + 56 * index;
    elf.putInt(at, type).putLong(at + 8, offset).putLong(at + 16, vaddr).putLong(at + 24, paddr);
    elf.putLong(at + 32, fileSize).putLong(at + 40, memorySize);
  }

  /** An ELF32 with one segment at 1 MiB and a multiboot header in it. */
  static ByteBuffer multibootElf32(int flags) {
    ByteBuffer elf = ByteBuffer.allocate(0x3000).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(0x1000, pattern(0x2000));
    elf.put(0, new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1})
        .putShort(16, (short) 2)
        .putShort(18, (short) 3);
    elf.putInt(20, 1).putInt(24, 0x10_0020).putInt(28, 52);
    elf.putShort(40, (short) 52).putShort(42, (short) 32).putShort(44, (short) 1);
    elf.putInt(52, 1).putInt(56, 0x1000).putInt(60, 0xc010_0000).putInt(64, 0x10_0000);
    elf.putInt(68, 0x2000).putInt(72, 0x5000);
    return putMultibootHeader(elf, 0x1000, flags);
  }

  /**
   * A flat image with load addresses: 0x2000 bytes at 2 MiB, 0x1000 more to clear, the header 0x100
   * bytes in.
   */
  static ByteBuffer multibootFlat() {
    ByteBuffer image = ByteBuffer.allocate(0x2040).order(ByteOrder.LITTLE_ENDIAN);
    image.put(0, pattern(0x2040));
    putMultibootHeader(image, 0x140, 1 << 16);
    image.putInt(0x140 + 12, 0x20_0100).putInt(0x140 + 16, 0x20_0000).putInt(0x140 + 20, 0x20_2000);
    return image.putInt(0x140 + 24, 0x20_3000).putInt(0x140 + 28, 0x20_0200);
  }

  private static ByteBuffer putMultibootHeader(ByteBuffer image, int at, int flags) {
    return image
        .putInt(at, 0x1bad_b002)
        .putInt(at + 4, flags)
        .putInt(at + 8, -(0x1bad_b002 + flags));
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] prefix(ByteBuffer image, int length) {
    return Arrays.copyOf(image.array(), length);
  }
}
