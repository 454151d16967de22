package org.coremu.sched;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Cores that go first because they were just woken. */
class UrgencyTest {
  private static final int AHEAD = 0;
  private static final int SLOW = 1;

  /**
   * A core that was woken while it ran, and halts, is to run again first. While it is too far ahead
   * for that, it must not keep away the one that everybody waits for.
   */
  @Test
  void aWokenCoreThatIsTooFarAheadKeepsNobodyAway() throws InterruptedException {
    SchedulerConfig config = new SchedulerConfig(ToyRun.QUANTUM, 2 * ToyRun.QUANTUM, 2);
    try (ToyRun run = new ToyRun(2, VirtualClock.adaptive(), 1, config)) {
      CountDownLatch aheadWaits = new CountDownLatch(1);
      run.machine.onOut(
          (core, value) -> {
            if (value != 0) {
              run.outs.countDown();
            } else if (core.index == SLOW) {
              await(aheadWaits);
            }
          });
      load(run, AHEAD, ToyRun.QUANTUM * 3 / 4); // 1.5 quanta, as the loop has two instructions
      load(run, SLOW, 1);
      run.scheduler.start();
      while (run.cores().get(AHEAD).quanta() < 2) {
        Thread.sleep(1);
      }
      run.machine.send(AHEAD);
      aheadWaits.countDown();
      run.awaitEnd();
    }
  }

  private static void load(ToyRun run, int core, int rounds) {
    run.machine.load(Programs.haltsWoken(0x1000 * (core + 1)), core);
    run.machine.setRegister(core, 1, core);
    run.machine.setRegister(core, 2, rounds);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
