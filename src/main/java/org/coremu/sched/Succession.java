package org.coremu.sched;

/**
 * Learns which core goes on after which: of those that spin at the same instruction, each that has
 * got what it waited for follows the one that did so before it. Guarded by its owner.
 */
final class Succession {
  /** A power of two. */
  private static final int PLACES = 256;

  /** The core that went on last of those that had spun at a place. */
  private final CoreSlot[] last = new CoreSlot[PLACES];

  /**
   * Notes a turn in which a core has worked.
   *
   * @param spunAt where it had spun before, or 0 if it had not
   * @return the core that is expected to go on after it; null if none is
   */
  CoreSlot worked(CoreSlot slot, long spunAt) {
    if (spunAt != 0) {
      int place = (int) (spunAt ^ spunAt >>> 12) & PLACES - 1;
      CoreSlot before = last[place];
      if (before != null && before != slot) {
        before.heir = slot;
      }
      last[place] = slot;
    }
    return slot.heir;
  }
}
