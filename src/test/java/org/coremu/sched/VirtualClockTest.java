package org.coremu.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.coremu.hw.Timer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualClockTest {
  private static final List<Supplier<VirtualClock>> ALL =
      List.of(VirtualClock::host, VirtualClock::adaptive, () -> VirtualClock.icount(1));

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void timersFireInTheOrderOfDeadlineAndCreation(int policy) throws InterruptedException {
    VirtualClock clock = ALL.get(policy).get();
    try (ToyRun run = new ToyRun(1, 1, clock, 1)) {
      run.machine.loadAll(Programs.ring());
      List<Integer> fired = new ArrayList<>();
      CountDownLatch done = new CountDownLatch(100);
      List<Timer> timers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        timers.add(
            clock.newTimer(
                () -> {
                  assertThat(clock.now()).isGreaterThanOrEqualTo(deadline(number));
                  fired.add(number);
                  done.countDown();
                }));
      }
      for (int i = 199; i >= 0; i--) {
        timers.get(i).arm(1_000);
        timers.get(i).arm(deadline(i));
      }
      for (int i = 1; i < 200; i += 2) {
        timers.get(i).cancel();
      }
      run.scheduler.start();
      assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
      run.scheduler.close();
      List<Integer> expected = new ArrayList<>();
      for (int i = 0; i < 200; i += 2) {
        expected.add(i);
      }
      expected.sort(
          (a, b) -> deadline(a) != deadline(b) ? Long.compare(deadline(a), deadline(b)) : a - b);
      assertThat(fired).isEqualTo(expected);
      assertThat(clock.nextDeadline()).isEqualTo(Long.MAX_VALUE);
      assertThat(run.failures).isEmpty();
    }
  }

  private static long deadline(int number) {
    return 1_000_000 + number * 7919L % 50 * 100_000;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void timeIsMonotonicAcrossThreads(int policy) throws InterruptedException {
    VirtualClock clock = ALL.get(policy).get();
    try (ToyRun run = new ToyRun(8, 3, clock, 1)) {
      run.machine.loadAll(Programs.mixed());
      for (int i = 0; i < 8; i++) {
        run.machine.setRegister(i, 1, i);
      }
      AtomicLong last = new AtomicLong();
      AtomicBoolean backwards = new AtomicBoolean();
      // A lock's holder sees no earlier time than the one before it saw: Linux's check for TSC
      // warp.
      Runnable look =
          () -> {
            synchronized (last) {
              long now = clock.now();
              if (now < last.get()) {
                backwards.set(true);
              }
              last.set(now);
            }
          };
      run.machine.onOut((core, value) -> look.run());
      run.scheduler.start();
      long end = System.nanoTime() + 500_000_000;
      while (System.nanoTime() < end) {
        look.run();
      }
      assertThat(backwards).isFalse();
      assertThat(last.get()).isPositive();
    }
  }

  @Test
  void adaptiveTimeIsNotFasterThanTheCores() throws InterruptedException {
    VirtualClock clock = VirtualClock.adaptive();
    try (ToyRun run = new ToyRun(48, 1, clock, 1)) {
      run.machine.loadAll(Programs.busy());
      long before = System.nanoTime();
      run.scheduler.start();
      run.awaitProgress(50_000_000);
      run.scheduler.pause();
      long slowest = run.cores().stream().mapToLong(CoreStats::instructions).min().orElseThrow();
      long allowance =
          AdaptiveTime.SAVED_NANOS + AdaptiveTime.NANOS_PER_INSTRUCTION * 2 * ToyRun.QUANTUM;
      assertThat(clock.now())
          .isLessThanOrEqualTo(slowest * AdaptiveTime.NANOS_PER_INSTRUCTION + allowance);
      // Native code may be quicker than what cores are granted; then time follows the host.
      long host = System.nanoTime() - before;
      assertThat(clock.now())
          .isGreaterThan(Math.min(host, slowest * AdaptiveTime.NANOS_PER_INSTRUCTION) / 4);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void anIdleMachineFollowsTheHost(int policy) throws InterruptedException {
    VirtualClock clock = ALL.get(policy).get();
    try (ToyRun run = new ToyRun(2, 2, clock, 2)) {
      run.machine.loadAll(Programs.sleeper());
      run.machine.setRegister(0, 1, 100_000_000);
      run.machine.setRegister(1, 1, 300_000_000);
      long before = System.nanoTime();
      run.runToEnd();
      long now = clock.now();
      long took = System.nanoTime() - before;
      assertThat(took).isBetween(300_000_000L, 10_000_000_000L);
      assertThat(now).isBetween(300_000_000L, took);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void timeStandsStillInAPause(int policy) throws InterruptedException {
    VirtualClock clock = ALL.get(policy).get();
    try (ToyRun run = new ToyRun(3, 2, clock, 1)) {
      run.machine.loadAll(Programs.busy());
      assertThat(clock.now()).isZero();
      run.scheduler.start();
      run.awaitProgress(1_000_000);
      assertThat(run.scheduler.pause()).isTrue();
      assertThat(run.scheduler.pause()).isFalse();
      long at = clock.now();
      long instructions = run.scheduler.stats().instructions();
      Thread.sleep(50);
      assertThat(clock.now()).isEqualTo(at).isPositive();
      assertThat(run.scheduler.stats().instructions()).isEqualTo(instructions).isPositive();
      long resumed = System.nanoTime();
      run.scheduler.resume();
      run.awaitProgress(1_000_000);
      run.scheduler.pause();
      assertThat(clock.now()).isBetween(at + 1, at + System.nanoTime() - resumed);
      assertThat(run.scheduler.stats().instructions()).isGreaterThan(instructions);
    }
  }
}
