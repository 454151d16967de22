package org.coremu.sched;

/**
 * How cores are scheduled.
 *
 * @param quantum instructions that a core runs before another gets its turn, 1 to 2^30
 * @param maxSkew instructions that a core may be ahead of the slowest runnable one; less than two
 *     quanta counts as two
 * @param workers host threads that run cores, 1 or more; serial rounds use one
 */
public record SchedulerConfig(int quantum, long maxSkew, int workers) {
  /** Checks the ranges. */
  public SchedulerConfig {
    if (quantum < 1 || quantum > 1 << 30 || workers < 1) {
      throw new IllegalArgumentException("quantum " + quantum + ", workers " + workers);
    }
    maxSkew = Math.max(maxSkew, 2L * quantum);
  }
}
