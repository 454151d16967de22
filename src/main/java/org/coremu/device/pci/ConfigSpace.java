package org.coremu.device.pci;

/**
 * The 256 bytes of configuration registers of a PCI function: little-endian storage in which only
 * the bits of a write mask change. Not thread-safe; {@link ConfigMechanism} has the lock.
 *
 * <p>Source: PCI Local Bus Specification 3.0, section 6.1.
 */
final class ConfigSpace {
  static final int BYTES = 256;

  private final byte[] bytes = new byte[BYTES];
  private final byte[] writable = new byte[BYTES];

  /** Sets registers, lowest byte first, and which of their bits software may change. */
  ConfigSpace set(int register, int size, int value, int mask) {
    for (int i = 0; i < size; i++) {
      bytes[register + i] = (byte) (value >> 8 * i);
      writable[register + i] = (byte) (mask >> 8 * i);
    }
    return this;
  }

  int read(int register, int size) {
    int value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[register + i] & 0xff) << 8 * i;
    }
    return value;
  }

  void write(int register, int value, int size) {
    for (int i = 0; i < size; i++) {
      int mask = writable[register + i];
      bytes[register + i] = (byte) (bytes[register + i] & ~mask | value >> 8 * i & mask);
    }
  }

  byte[] save() {
    return bytes.clone();
  }

  void restore(byte[] saved) {
    System.arraycopy(saved, 0, bytes, 0, BYTES);
  }
}
