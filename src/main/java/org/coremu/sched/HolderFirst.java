package org.coremu.sched;

/**
 * Cores that work come before those that spin, since one of them holds what these wait for. Which
 * one cannot be told: a lock is memory like any other.
 *
 * <p>A core that spins is queued as if it were {@link #QUANTA} quanta further ahead. So n others
 * have at most two quanta each more than without it before the core runs.
 */
final class HolderFirst implements Feedback {
  private static final int QUANTA = 1;

  @Override
  public long spinnersBehind(int quantum) {
    return (long) QUANTA * quantum;
  }
}
