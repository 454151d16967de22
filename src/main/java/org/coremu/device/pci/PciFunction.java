package org.coremu.device.pci;

import org.coremu.hw.Saveable;

/**
 * One function of a PCI device, as its configuration registers show it. Called with the lock of the
 * bus held.
 *
 * @param <S> its state
 */
public interface PciFunction<S extends Record> extends Saveable<S> {
  /**
   * Reads configuration registers.
   *
   * @param register byte offset, 0 to 255; an access does not cross a multiple of 4
   * @param size 1, 2 or 4 bytes
   */
  int readConfig(int register, int size);

  /** Writes configuration registers; bits that are read-only stay. */
  void writeConfig(int register, int value, int size);
}
