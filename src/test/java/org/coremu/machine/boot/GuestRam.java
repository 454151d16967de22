package org.coremu.machine.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A guest's RAM for the tests of this package: a map like a PC's, and an array that refuses
 * addresses outside it.
 */
final class GuestRam implements GuestImageWriter {
  static final long MIB = 1 << 20;

  private final ByteBuffer bytes;
  private final List<MemoryRange> map;

  GuestRam(int mebibytes) {
    bytes = ByteBuffer.allocate((int) (mebibytes * MIB)).order(ByteOrder.LITTLE_ENDIAN);
    map =
        List.of(
            new MemoryRange(0, 0x9fc00, MemoryRange.Kind.USABLE),
            new MemoryRange(0x9fc00, 0x60400, MemoryRange.Kind.RESERVED),
            new MemoryRange(MIB, mebibytes * MIB - MIB - 0x10000, MemoryRange.Kind.USABLE),
            new MemoryRange(mebibytes * MIB - 0x10000, 0x10000, MemoryRange.Kind.ACPI_NVS));
  }

  /** The end of what a loader may use. */
  long top() {
    return map.get(2).end();
  }

  BootRequest request(String commandLine, BootModule... modules) {
    return new BootRequest(commandLine, List.of(modules), map, 0xe0010);
  }

  List<MemoryRange> map() {
    return map;
  }

  @Override
  public void write(long address, byte[] data, int offset, int length) {
    boolean usable =
        length == 0
            || map.stream()
                .anyMatch(
                    r ->
                        r.kind() == MemoryRange.Kind.USABLE
                            && r.base() <= address
                            && address + length <= r.end());
    if (!usable) {
      throw new AssertionError("write of %d bytes at %#x".formatted(length, address));
    }
    bytes.put((int) address, data, offset, length);
  }

  int u8(long address) {
    return bytes.get((int) address) & 0xff;
  }

  int u16(long address) {
    return bytes.getShort((int) address) & 0xffff;
  }

  long u32(long address) {
    return bytes.getInt((int) address) & 0xffff_ffffL;
  }

  long u64(long address) {
    return bytes.getLong((int) address);
  }

  byte[] bytes(long address, int length) {
    byte[] copy = new byte[length];
    bytes.get((int) address, copy);
    return copy;
  }

  String string(long address) {
    int end = (int) address;
    while (bytes.get(end) != 0) {
      end++;
    }
    return new String(bytes(address, end - (int) address), StandardCharsets.UTF_8);
  }
}
