package org.coremu.cli.top;

import java.util.ArrayList;
import java.util.List;
import org.coremu.machine.CoreSample;
import org.coremu.machine.Sample;
import org.coremu.machine.Stats;
import org.coremu.machine.Tier;
import org.coremu.sched.Activity;

/** Samples of machines that do not exist. */
final class Samples {
  private Samples() {}

  /** Core i has executed {@code seconds * (cores - i) * 1000} instructions; the last is halted. */
  static Sample of(int cores, int seconds) {
    List<CoreSample> list = new ArrayList<>();
    for (int i = 0; i < cores; i++) {
      boolean last = i == cores - 1;
      Activity activity = last ? Activity.HALTED : Activity.values()[i % Activity.HALTED.ordinal()];
      long instructions = last ? 7 : seconds * (cores - i) * 1_000_000L;
      int worker = i == 0 ? 0 : -1;
      list.add(core(i, activity, worker, instructions, seconds));
    }
    return new Sample(stats(list, seconds), 2, 2_000_000, 0xffffffff9ac00040L, list);
  }

  private static CoreSample core(int i, Activity a, int worker, long instructions, int seconds) {
    return new CoreSample(
        i,
        a,
        worker,
        i * 100L,
        0xffffffff9ac00040L + i,
        instructions,
        seconds * 500_000_000L,
        seconds * 10L,
        seconds * 2000L,
        seconds * 30L,
        seconds * 4L,
        5,
        6);
  }

  private static Stats stats(List<CoreSample> cores, int seconds) {
    List<Long> instructions = cores.stream().map(CoreSample::instructions).toList();
    return new Stats(
        Tier.NATIVE,
        seconds * 1_000_000_000L,
        seconds * 750_000_000L,
        instructions.stream().mapToLong(Long::longValue).sum(),
        instructions,
        seconds * 1500L,
        seconds * 250_000L,
        seconds * 40L,
        seconds * 3L,
        seconds * 100L,
        2,
        3,
        4_500_000,
        1,
        1_900_000,
        seconds * 8L,
        9,
        seconds * 10L,
        List.of(0, 2, 3));
  }
}
