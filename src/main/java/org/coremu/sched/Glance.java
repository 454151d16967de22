package org.coremu.sched;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.coremu.exec.Core;

/**
 * A look at all cores from outside. It takes no lock and holds nobody up: each figure was true at
 * some time just past, but not all of them at the same moment.
 */
final class Glance {
  private final CoreSlot[] slots;
  private final SchedulerConfig config;
  private final int[] workers;
  private long least = Long.MAX_VALUE;

  /**
   * Looks.
   *
   * @param workers how many there are
   */
  Glance(CoreSlot[] slots, SchedulerConfig config, StopTheCores running, int workers) {
    this.slots = slots;
    this.config = config;
    this.workers = new int[slots.length];
    Arrays.fill(this.workers, -1);
    for (int i = 0; i < workers; i++) {
      Core core = running.running(i);
      if (core != null) {
        this.workers[core.index] = i;
      }
    }
    for (CoreSlot slot : slots) {
      if (slot.isRunnable()) {
        least = Math.min(least, slot.position);
      }
    }
  }

  List<CoreStats> cores() {
    return IntStream.range(0, slots.length).mapToObj(this::core).toList();
  }

  private CoreStats core(int i) {
    CoreSlot slot = slots[i];
    boolean halted = workers[i] < 0 && !slot.isRunnable();
    long ahead = halted ? 0 : Math.max(0, slot.position - least);
    return slot.stats(halted ? Activity.HALTED : activity(slot, i, ahead), workers[i], ahead);
  }

  private Activity activity(CoreSlot slot, int i, long ahead) {
    if (slot.isSpinning()) {
      return Activity.SPINNING;
    }
    if (workers[i] >= 0) {
      return Activity.RUNNING;
    }
    return ahead + config.quantum() > config.maxSkew() ? Activity.BOUND : Activity.READY;
  }
}
