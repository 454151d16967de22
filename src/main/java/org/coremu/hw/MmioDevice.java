package org.coremu.hw;

/**
 * A device reached by loads and stores to guest-physical memory.
 *
 * <p>Calls come from any host thread that runs a core, or from DMA; a device does its own locking.
 */
public interface MmioDevice {
  /**
   * Reads a register.
   *
   * @param offset byte offset from the base the board mapped the device at
   * @param size 1, 2, 4 or 8 bytes
   * @return the value, zero-extended; bits above {@code size * 8} are ignored
   */
  long read(long offset, int size);

  /**
   * Writes a register.
   *
   * @param offset byte offset from the base the board mapped the device at
   * @param value the value; bits above {@code size * 8} are unspecified
   * @param size 1, 2, 4 or 8 bytes
   */
  void write(long offset, long value, int size);
}
