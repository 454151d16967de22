package org.coremu.sched;

/**
 * Learns which core goes on after which: of those that spin at the same instruction, each that has
 * got what it waited for follows the one that did so before it. Guarded by its owner.
 */
final class Succession {
  /** A power of two. */
  private static final int PLACES = 256;

  /** The core that went on last of those that had spun at a place, and the one before it. */
  private final CoreSlot[] last = new CoreSlot[PLACES];

  private final CoreSlot[] secondLast = new CoreSlot[PLACES];

  /**
   * Notes a turn in which a core has worked.
   *
   * @param spunAt where it had spun before, or 0 if it had not
   * @return the core that is expected to go on after it; null if none is
   */
  CoreSlot worked(CoreSlot slot, long spunAt) {
    if (spunAt != 0) {
      follow(slot, (int) (spunAt ^ spunAt >>> 12) & PLACES - 1);
    }
    return slot.heir;
  }

  /**
   * Turns of several workers end in another order than they began, which is that of the cores: a
   * spinning core looks when its turn begins.
   */
  private void follow(CoreSlot slot, int place) {
    CoreSlot before = last[place];
    slot.wentOn = slot.began();
    if (before == null || before == slot) {
      last[place] = slot;
    } else if (slot.wentOn >= before.wentOn) {
      before.heir = slot;
      secondLast[place] = before;
      last[place] = slot;
    } else {
      slot.heir = before;
      if (secondLast[place] != null && secondLast[place] != slot) {
        secondLast[place].heir = slot;
      }
      secondLast[place] = slot;
    }
  }
}
