package org.coremu.ir;

/**
 * State slots in a row.
 *
 * @param first the first one
 * @param end the one after the last
 */
public record SlotRange(int first, int end) {
  /** No slots. */
  public static final SlotRange NONE = new SlotRange(0, 0);
}
