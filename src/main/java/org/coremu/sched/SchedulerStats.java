package org.coremu.sched;

import java.util.List;

/**
 * What a scheduler has done so far.
 *
 * @param cores per core, in the order of their indices
 * @param workers host threads that run them
 * @param maxSkew how many instructions a core was ahead of the slowest runnable one, at most; 0 in
 *     serial rounds
 */
public record SchedulerStats(List<CoreStats> cores, int workers, long maxSkew) {
  /** Keeps its own copy of the list. */
  public SchedulerStats {
    cores = List.copyOf(cores);
  }

  /** Instructions of all cores. */
  public long instructions() {
    return cores.stream().mapToLong(CoreStats::instructions).sum();
  }
}
