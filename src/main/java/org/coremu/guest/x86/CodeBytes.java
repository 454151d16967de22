package org.coremu.guest.x86;

/** The bytes that an instruction is decoded from. */
@FunctionalInterface
public interface CodeBytes {
  /**
   * Returns one byte, 0 to 255. The decoder asks only for bytes that belong to the instruction,
   * each once and in order, so that an implementation may throw the guest's fault of an instruction
   * fetch.
   *
   * @param index offset from where the caller's code starts; the decoder is told where in it an
   *     instruction begins
   */
  int u8(int index);
}
