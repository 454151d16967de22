package org.coremu.exec;

/** The bytes of guest code that a translation reads, from its start address on. */
public interface CodeReader {
  /**
   * A byte of code.
   *
   * @param delta its address minus that of the block, 0 or more
   * @return 0 to 255
   * @throws GuestFault if the guest may not fetch it
   */
  int u8(int delta);
}
