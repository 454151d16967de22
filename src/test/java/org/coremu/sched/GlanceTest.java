package org.coremu.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the scheduler says of cores while they run. */
@Timeout(60)
class GlanceTest {
  @Test
  void saysWhichCoresRunSpinAndHalt() throws InterruptedException {
    try (ToyRun run = new ToyRun(3, 1, VirtualClock.adaptive(), 1)) {
      run.machine.load(Programs.spinner(0x2000), 0);
      run.machine.load(Programs.haltsWoken(0x3000), 1);
      run.machine.setRegister(1, 1, 1);
      run.machine.setRegister(1, 2, 1);
      run.machine.load(Programs.busy(), 2);
      run.scheduler.start();
      await(run, 0, c -> c.activity() == Activity.SPINNING && c.yields() > 10);
      await(run, 1, c -> c.activity() == Activity.HALTED && c.worker() == -1 && c.ahead() == 0);
      await(run, 2, c -> c.activity() == Activity.RUNNING && c.worker() == 0);
      assertThat(run.cores().get(0).pc()).isBetween(0x2000L, 0x3000L);
      assertThat(run.cores().get(2).pc()).isBetween(0x1000L, 0x2000L);
      assertThat(run.scheduler.stats().workers()).isEqualTo(1);
    }
  }

  @Test
  void aCoreThatIsFarAheadWaitsForTheSlowest() throws InterruptedException {
    try (ToyRun run = new ToyRun(2, 2, VirtualClock.adaptive(), 1)) {
      CountDownLatch goOn = new CountDownLatch(1);
      run.machine.onOut(
          (core, value) -> {
            if (value == 0) {
              awaitQuietly(goOn);
            } else {
              run.outs.countDown();
            }
          });
      run.machine.load(Programs.haltsWoken(0x2000), 0);
      run.machine.setRegister(0, 2, 1);
      run.machine.load(Programs.busy(), 1);
      run.scheduler.start();
      await(run, 1, c -> c.activity() == Activity.BOUND && c.worker() == -1);
      long ahead = run.cores().get(1).ahead();
      assertThat(ahead).isBetween(ToyRun.MAX_SKEW - ToyRun.QUANTUM, ToyRun.MAX_SKEW);
      assertThat(run.cores().get(0).activity()).isEqualTo(Activity.RUNNING);
      goOn.countDown();
      await(run, 1, c -> c.instructions() > 2 * ahead);
    }
  }

  @Test
  void countsWhoIsPutFirst() throws InterruptedException {
    try (ToyRun run = new ToyRun(4, 2, VirtualClock.adaptive(), 4)) {
      run.machine.loadAll(Programs.ring());
      for (int i = 0; i < 4; i++) {
        run.machine.setRegister(i, 1, (i + 1) % 4);
        run.machine.setRegister(i, 2, 100);
      }
      run.machine.send(0);
      run.runToEnd();
      run.scheduler.pause();
      assertThat(run.cores())
          .as("each at most once before a quantum, the one to come included")
          .allMatch(c -> c.boosts() > 0 && c.boosts() <= c.quanta() + 1);
    }
  }

  private static void await(ToyRun run, int core, Predicate<CoreStats> condition)
      throws InterruptedException {
    while (!condition.test(run.cores().get(core))) {
      assertThat(run.failures).isEmpty();
      Thread.sleep(1);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
