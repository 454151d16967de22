package org.coremu.exec.nativecode;

/**
 * What native code must know of how a guest lays out its state.
 *
 * @param hotSlots the slots that the guest uses most, best first
 * @param x87 where it has an x87 unit, or {@link X87Slots#NONE}
 */
public record StateLayout(int[] hotSlots, X87Slots x87) {
  /** A guest without an x87 unit. */
  public static StateLayout of(int... hotSlots) {
    return new StateLayout(hotSlots, X87Slots.NONE);
  }

  /** The same guest, with all its slots in memory. */
  public StateLayout unpinned() {
    return new StateLayout(new int[0], x87);
  }
}
