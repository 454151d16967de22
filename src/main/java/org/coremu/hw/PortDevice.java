package org.coremu.hw;

/**
 * A device reached by x86 IN and OUT.
 *
 * <p>Calls come from any host thread that runs a core; a device does its own locking.
 */
public interface PortDevice {
  /**
   * Reads a port.
   *
   * @param offset port number minus the base the board mapped the device at
   * @param size 1, 2 or 4 bytes
   * @return the value, zero-extended; an unimplemented port reads as all ones
   */
  int read(int offset, int size);

  /**
   * Writes a port.
   *
   * @param offset port number minus the base the board mapped the device at
   * @param value the value; bits above {@code size * 8} are unspecified
   * @param size 1, 2 or 4 bytes
   */
  void write(int offset, int value, int size);
}
