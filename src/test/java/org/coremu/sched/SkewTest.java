package org.coremu.sched;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No core gets further ahead of the slowest runnable one than the bound, whatever the cores do. */
@Timeout(60)
class SkewTest {
  /** The tightest bound there is. */
  private static final long BOUND = 2L * ToyRun.QUANTUM;

  private static SchedulerConfig config(int workers) {
    return new SchedulerConfig(ToyRun.QUANTUM, BOUND, workers);
  }

  private static void assertBound(ToyRun run) {
    run.scheduler.close();
    assertThat(run.scheduler.stats().maxSkew()).isPositive().isLessThanOrEqualTo(BOUND);
  }

  /**
   * Works of different lengths, so that the slowest core often halts while the others are as far
   * ahead as they may be, and another wakes it at once.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void holdsWhileCoresHaltAndWake(int workers) throws InterruptedException {
    int cores = 7;
    try (ToyRun run = new ToyRun(cores, VirtualClock.adaptive(), cores, config(workers))) {
      run.machine.loadAll(Programs.worksAndHalts());
      for (int i = 0; i < cores; i++) {
        run.machine.setRegister(i, 1, (i + 1) % cores);
        run.machine.setRegister(i, 2, 2_000);
        run.machine.setRegister(i, 3, 1 + (i * 1_237L) % 6_000);
        run.machine.send(i);
        run.machine.send(i);
      }
      run.runToEnd();
      assertBound(run);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void holdsWhileCoresSpin(int workers) throws InterruptedException {
    int cores = 9;
    try (ToyRun run = new ToyRun(cores, VirtualClock.adaptive(), cores, config(workers))) {
      run.machine.loadAll(Programs.spinner(0x2000));
      run.machine.load(Programs.setter(0x3000), 2);
      run.machine.setRegister(2, 2, 300L * ToyRun.QUANTUM);
      run.machine.load(Programs.worksAndHalts(), 5, 6);
      for (int i = 5; i <= 6; i++) {
        run.machine.setRegister(i, 1, 11 - i);
        run.machine.setRegister(i, 2, 500);
        run.machine.setRegister(i, 3, i * 1_000L);
      }
      run.runToEnd();
      assertBound(run);
    }
  }
}
