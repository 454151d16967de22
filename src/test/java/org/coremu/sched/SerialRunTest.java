package org.coremu.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SerialRunTest {
  /** Runs the mixed program on 5 cores; gives a hash of all that happened, in order. */
  private static long mixedRun() throws InterruptedException {
    try (ToyRun run =
        new ToyRun(5, VirtualClock.icount(1), 5 * (3 * 40 + 1), new SchedulerConfig(3_001, 0, 4))) {
      run.machine.loadAll(Programs.mixed());
      for (int i = 0; i < 5; i++) {
        run.machine.setRegister(i, 1, (i + 1) % 5);
        run.machine.setRegister(i, 2, 40);
      }
      AtomicLong hash = new AtomicLong();
      run.machine.onOut(
          (core, value) -> {
            long event =
                (core.index * 31L + value) * 31 + core.instructions() * 31 + run.clock.now();
            hash.set((hash.get() + event) * 0x9e3779b97f4a7c15L);
            run.outs.countDown();
          });
      run.runToEnd();
      run.scheduler.close();
      return hash.get() * 31 + run.scheduler.stats().instructions() * 31 + run.clock.now();
    }
  }

  @Test
  void runsAreEqualUnderHostLoad() throws InterruptedException {
    Set<Long> hashes = new HashSet<>();
    AtomicBoolean done = new AtomicBoolean();
    for (int i = 0; i < 5; i++) {
      hashes.add(mixedRun());
      if (i == 1) {
        for (int t = 0; t < 4; t++) {
          Thread.ofPlatform().daemon().start(() -> burn(done));
        }
      }
    }
    done.set(true);
    assertThat(hashes).hasSize(1);
  }

  private static void burn(AtomicBoolean done) {
    while (!done.get()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void timeIsMonotonicInTheOrderOfExecution() throws InterruptedException {
    try (ToyRun run =
        new ToyRun(5, VirtualClock.icount(3), 5 * (3 * 40 + 1), new SchedulerConfig(997, 0, 1))) {
      run.machine.loadAll(Programs.mixed());
      for (int i = 0; i < 5; i++) {
        run.machine.setRegister(i, 1, (i + 2) % 5);
        run.machine.setRegister(i, 2, 40);
      }
      AtomicLong last = new AtomicLong();
      AtomicBoolean backwards = new AtomicBoolean();
      run.machine.onOut(
          (core, value) -> {
            long now = run.clock.now();
            if (now < last.getAndSet(now)) {
              backwards.set(true);
            }
            run.outs.countDown();
          });
      run.runToEnd();
      assertThat(backwards).isFalse();
      assertThat(last.get()).isPositive();
    }
  }

  @Test
  void anInstructionTakesItsTimeExactly() throws InterruptedException {
    try (ToyRun run = new ToyRun(1, 1, VirtualClock.icount(7), 2)) {
      run.machine.loadAll(Programs.timed());
      run.runToEnd();
      run.scheduler.close();
      // Registers 4 and 5: instructions and time that 20,001 instructions in several quanta took.
      assertThat(run.machine.register(0, 4)).isEqualTo(20_001);
      assertThat(run.machine.register(0, 5)).isEqualTo(20_001 * 7);
    }
  }

  @Test
  void idleTimeIsSkipped() throws InterruptedException {
    try (ToyRun run = new ToyRun(2, 1, VirtualClock.icount(1), 2)) {
      run.machine.loadAll(Programs.sleeper());
      run.machine.setRegister(0, 1, 3_600_000_000_000L);
      run.machine.setRegister(1, 1, 7_200_000_000_000L);
      long before = System.nanoTime();
      run.runToEnd();
      assertThat(System.nanoTime() - before).isLessThan(20_000_000_000L);
      assertThat(run.clock.now()).isBetween(7_200_000_000_000L, 7_200_000_100_000L);
    }
  }

  @Test
  void aTimerArmedWithinASliceFiresOnTime() throws InterruptedException {
    try (ToyRun run =
        new ToyRun(1, VirtualClock.icount(1), 1, new SchedulerConfig(1_000_000, 0, 1))) {
      run.machine.loadAll(Programs.spinningSleeper());
      run.machine.setRegister(0, 1, 5_000);
      run.runToEnd();
      run.scheduler.close();
      assertThat(run.machine.register(0, 3) - run.machine.register(0, 1)).isBetween(0L, 20L);
    }
  }
}
