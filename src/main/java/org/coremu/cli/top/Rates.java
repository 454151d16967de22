package org.coremu.cli.top;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.coremu.machine.CoreSample;
import org.coremu.machine.Sample;
import org.coremu.machine.Stats;
import org.coremu.sched.Activity;

/** What a machine did between two samples, per second of host time. */
final class Rates {
  /**
   * What a core did.
   *
   * @param now its later sample
   * @param mips millions of instructions a second
   * @param hostShare part of one host CPU that it took, 0 to 1
   * @param interrupts a second; so are the next two
   */
  record CoreRates(
      CoreSample now,
      double mips,
      double hostShare,
      double interrupts,
      double exits,
      double tlbFills) {}

  final Sample now;
  final List<CoreRates> cores;
  private final Optional<Sample> before;
  private final double seconds;

  /**
   * Compares two samples.
   *
   * @param before the earlier one; without it, or when the machine was reset in between, the rates
   *     are those since power-on
   */
  Rates(Optional<Sample> before, Sample now) {
    this.now = now;
    this.before = before.filter(b -> isBefore(b, now));
    seconds = elapsed(this.before, now);
    cores = new ArrayList<>();
    for (int i = 0; i < now.cores().size(); i++) {
      int core = i;
      CoreSample later = now.cores().get(i);
      cores.add(core(this.before.map(b -> b.cores().get(core)), later));
    }
  }

  private static boolean isBefore(Sample b, Sample now) {
    return b.cores().size() == now.cores().size()
        && b.stats().wallNanos() < now.stats().wallNanos()
        && b.stats().instructions() <= now.stats().instructions();
  }

  private static double elapsed(Optional<Sample> before, Sample now) {
    return (now.stats().wallNanos() - before.map(b -> b.stats().wallNanos()).orElse(0L)) / 1e9;
  }

  private CoreRates core(Optional<CoreSample> b, CoreSample now) {
    return new CoreRates(
        now,
        rate(b, now, CoreSample::instructions) / 1e6,
        Math.min(1, rate(b, now, CoreSample::hostNanos) / 1e9),
        rate(b, now, CoreSample::interrupts),
        rate(b, now, CoreSample::exits),
        rate(b, now, CoreSample::tlbFills));
  }

  private <T> double rate(Optional<T> b, T now, ToLongFunction<T> counter) {
    long grown = counter.applyAsLong(now) - b.map(counter::applyAsLong).orElse(0L);
    return seconds <= 0 ? 0 : Math.max(0, grown) / seconds;
  }

  /** Growth of a counter of the machine, a second. */
  double total(ToLongFunction<Stats> counter) {
    return rate(before.map(Sample::stats), now.stats(), counter);
  }

  /** Virtual seconds that passed in a second of the host's. */
  double timeRatio() {
    return total(Stats::guestNanos) / 1e9;
  }

  /** Part of the workers' time that cores took, 0 to 1. */
  double busy() {
    double sum = cores.stream().mapToDouble(CoreRates::hostShare).sum();
    return Math.min(1, sum / Math.max(1, now.workers()));
  }

  /** How far the foremost core is ahead at this moment, in instructions. */
  long skew() {
    return now.cores().stream().mapToLong(CoreSample::ahead).max().orElse(0);
  }

  long count(Activity activity) {
    return now.cores().stream().filter(c -> c.activity() == activity).count();
  }

  /** The cores, those first that executed most. */
  List<CoreRates> busiestFirst() {
    return cores.stream()
        .sorted(
            Comparator.comparingDouble(CoreRates::mips)
                .reversed()
                .thenComparing(c -> c.now().core()))
        .toList();
  }
}
