package org.coremu.sched;

/** What a worker has seen of the cores that it ran. Guarded by the scheduler. */
final class WorkerView {
  /** The core that it runs, or null. */
  CoreSlot running;

  /** The core that it ran last, or null. */
  CoreSlot last;

  /** The core that is expected to go on now, or null. */
  CoreSlot heir;

  /** Turns in a row in which cores only looked at what they wait for, in vain. */
  private int looks;

  /** Those since it rested. */
  private int looksAwake;

  /** Turns in a row that were handed over. */
  private int handedOver;

  /** Whether a turn may be handed over, while so many cores wait; counts it. */
  boolean mayHandOver(int waiting) {
    return handedOver++ < waiting;
  }

  /** Notes that a core has its turn because it is its turn. */
  void tookInTurn() {
    handedOver = 0;
  }

  /** Notes that a core has worked. */
  void worked(CoreSlot expectedNext) {
    heir = expectedNext;
    looks = 0;
  }

  /** Notes that a core has looked in vain. */
  void lookedInVain(CoreSlot slot) {
    if (slot == heir) {
      heir = null;
    }
    looks++;
    looksAwake++;
  }

  /**
   * Whether it has seen nothing else for long.
   *
   * @param after in so many turns
   * @param waiting and in as many as cores wait for a worker, since it rested
   */
  boolean isIdle(int after, int waiting) {
    return looks >= after && looksAwake >= waiting;
  }

  void rested() {
    looksAwake = 0;
  }
}
