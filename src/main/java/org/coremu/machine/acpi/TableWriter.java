package org.coremu.machine.acpi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing little-endian buffer, with the header and checksum that every system description table
 * has.
 */
final class TableWriter {
  private static final int LENGTH = 4;
  private static final int CHECKSUM = 9;
  private static final int SYSTEM_IO = 1;
  private static final int SYSTEM_MEMORY = 0;

  private byte[] bytes = new byte[256];
  private int size;

  /**
   * Begins a table with the header of ACPI 6.4, 5.2.6; {@link #finish} fills in length and
   * checksum.
   */
  static TableWriter table(String signature, int revision) {
    TableWriter out = new TableWriter();
    out.text(signature, 4).u32(0).u8(revision).u8(0);
    out.text("COREMU", 6).text("COREMUPC", 8).u32(1);
    return out.text("CRMU", 4).u32(1);
  }

  TableWriter u8(int value) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, size * 2);
    }
    bytes[size++] = (byte) value;
    return this;
  }

  TableWriter u16(int value) {
    return u8(value).u8(value >> 8);
  }

  TableWriter u32(int value) {
    return u16(value).u16(value >> 16);
  }

  TableWriter u64(long value) {
    return u32((int) value).u32((int) (value >> 32));
  }

  TableWriter bytes(byte[] data) {
    for (byte b : data) {
      u8(b);
    }
    return this;
  }

  /** ASCII, padded with blanks to a length. */
  TableWriter text(String text, int length) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < length; i++) {
      u8(i < ascii.length ? ascii[i] : ' ');
    }
    return this;
  }

  TableWriter zeros(int count) {
    for (int i = 0; i < count; i++) {
      u8(0);
    }
    return this;
  }

  /**
   * A generic address structure in I/O space (5.2.3.2), all zero for port 0.
   *
   * @param accessSize 1 for bytes, 2 for words, 3 for doublewords
   */
  TableWriter ioAddress(int port, int bits, int accessSize) {
    return port == 0 ? zeros(12) : u8(SYSTEM_IO).u8(bits).u8(0).u8(accessSize).u64(port);
  }

  /** A generic address structure in memory, without a stated width. */
  TableWriter memoryAddress(long address) {
    return u8(SYSTEM_MEMORY).u8(0).u8(0).u8(0).u64(address);
  }

  int size() {
    return size;
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** The table with its length and checksum. */
  byte[] finish() {
    byte[] table = toArray();
    for (int i = 0; i < 4; i++) {
      table[LENGTH + i] = (byte) (size >> (8 * i));
    }
    table[CHECKSUM] = checksum(table, 0, size);
    return table;
  }

  /** The byte that makes a range sum to 0, when it is 0 itself now. */
  static byte checksum(byte[] data, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += data[i];
    }
    return (byte) -sum;
  }
}
