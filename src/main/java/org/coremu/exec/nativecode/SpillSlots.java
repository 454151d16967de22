package org.coremu.exec.nativecode;

import org.coremu.exec.CoreState;

/** The slots of the core's state for values of a block that have no register. */
final class SpillSlots {
  private final int[] free = new int[CoreState.SLOTS];
  private int freeCount;
  private int top;

  /** All slots are free. */
  void begin() {
    freeCount = 0;
    top = Host.SPILL;
  }

  /** Takes a slot; -1 if there is none. */
  int take() {
    return freeCount > 0 ? free[--freeCount] : takeNew(1);
  }

  /** Takes slots that follow each other; -1 if there are none. */
  int takeNew(int slots) {
    int slot = top;
    top += slots;
    return top > CoreState.SLOTS ? -1 : slot;
  }

  void giveBack(int slot) {
    free[freeCount++] = slot;
  }
}
