package org.coremu.sched;

import java.util.List;
import java.util.Set;

/**
 * How cores are scheduled.
 *
 * @param quantum instructions that a core runs before another gets its turn, 1 to 2^30
 * @param maxSkew instructions that a core may be ahead of the slowest runnable one; less than two
 *     quanta counts as two
 * @param workers host threads that run cores, 1 or more; serial rounds use one
 * @param affinity host CPUs that the workers are pinned to, in turn; empty leaves it to the host
 * @param policies what feedback from the cores is used; serial rounds use none
 */
public record SchedulerConfig(
    int quantum, long maxSkew, int workers, List<Integer> affinity, Set<Policy> policies) {
  /** Checks the ranges. */
  public SchedulerConfig {
    if (quantum < 1 || quantum > 1 << 30 || workers < 1) {
      throw new IllegalArgumentException("quantum " + quantum + ", workers " + workers);
    }
    maxSkew = Math.max(maxSkew, 2L * quantum);
    affinity = List.copyOf(affinity);
    policies = Set.copyOf(policies);
  }

  /** Leaves to the host where workers run, and uses all feedback. */
  public SchedulerConfig(int quantum, long maxSkew, int workers) {
    this(quantum, maxSkew, workers, List.of(), Policy.all());
  }
}
