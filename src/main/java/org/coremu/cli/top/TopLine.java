package org.coremu.cli.top;

import java.util.Locale;
import org.coremu.machine.Stats;
import org.coremu.sched.Activity;

/** A machine's present in one line, for where there is no terminal. */
final class TopLine {
  private TopLine() {}

  static String of(Rates r) {
    Stats s = r.now.stats();
    return String.format(
        Locale.ROOT,
        "%.1f s wall, %.1f s guest, %s MIPS, %d cores on %d workers: %s, workers %.0f %% busy, "
            + "%s interrupts/s, %s exits/s, %s TLB fills/s, %s blocks/s, %.1f MB code, "
            + "skew %s of %s",
        s.wallNanos() / 1e9,
        s.guestNanos() / 1e9,
        Amounts.of(r.total(Stats::instructions) / 1e6),
        r.cores.size(),
        r.now.workers(),
        states(r),
        100 * r.busy(),
        Amounts.of(r.total(Stats::interrupts)),
        Amounts.of(r.total(Stats::exits)),
        Amounts.of(r.total(Stats::tlbFills)),
        Amounts.of(r.total(Stats::translatedBlocks)),
        s.codeBytes() / 1e6,
        Amounts.of(r.skew()),
        Amounts.of(r.now.maxSkew()));
  }

  /** How many cores do what, all activities. */
  static String states(Rates r) {
    StringBuilder text = new StringBuilder();
    for (Activity a : Activity.values()) {
      text.append(text.isEmpty() ? "" : ", ").append(r.count(a)).append(' ').append(name(a));
    }
    return text.toString();
  }

  static String name(Activity activity) {
    return activity.name().toLowerCase(Locale.ROOT);
  }
}
