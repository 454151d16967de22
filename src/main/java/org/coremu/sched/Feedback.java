package org.coremu.sched;

/**
 * What is made of one kind of feedback from the cores: one small class for each {@link Policy}. It
 * has no state.
 *
 * <p>None can break the skew bound: it only says in what order those cores go that the bound lets
 * run, and no charge brings a core further than a quantum ahead of the slowest. None starves a core
 * either: each class says how long one waits for it at most, and a core that is the slowest for
 * long enough is the only one that the bound lets run.
 */
sealed interface Feedback
    permits SpinYield, InterruptFirst, HolderFirst, WarmCache, HandOver, SpinRest {
  /** Most instructions of a turn in which a core has only looked at what it waits for, in vain. */
  int LONGEST_LOOK = 32;

  /** Whether a core's turn ends when it says that it only waits; else it goes on. */
  default boolean endsSpin() {
    return false;
  }

  /**
   * What a core is charged for a turn that ended because it only waits, in instructions, if that is
   * more than it executed.
   *
   * @param position where it was when its turn began
   * @param least where the slowest other core is; {@link Long#MAX_VALUE} if none is runnable
   */
  default long charge(long position, long least, int quantum) {
    return 0;
  }

  /** Whether a core that was woken goes first. */
  default boolean wokenFirst() {
    return false;
  }

  /** Whether a core that works goes on after its quantum while the bound lets it. */
  default boolean stays() {
    return false;
  }

  /** Whether after a core that has worked the spinning one goes that did so next the last time. */
  default boolean handsOver() {
    return false;
  }

  /** After how many turns in vain a worker rests; {@link Integer#MAX_VALUE} if it never does. */
  default int restsAfter() {
    return Integer.MAX_VALUE;
  }

  /** How many instructions further ahead than it is a spinning core is queued. */
  default long spinnersBehind(int quantum) {
    return 0;
  }
}
