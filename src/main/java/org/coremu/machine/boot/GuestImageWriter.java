package org.coremu.machine.boot;

/** Guest RAM as a loader sees it. The board implements it over its physical bus. */
@FunctionalInterface
public interface GuestImageWriter {
  /**
   * Copies bytes into guest RAM.
   *
   * @param address guest-physical address; the range lies wholly inside RAM
   * @param data where the bytes are
   * @param offset index of the first
   * @param length how many, 0 or more
   */
  void write(long address, byte[] data, int offset, int length);

  /**
   * Copies a whole array into guest RAM.
   *
   * @param address guest-physical address
   * @param data the bytes
   */
  default void write(long address, byte[] data) {
    write(address, data, 0, data.length);
  }
}
