package org.coremu.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.coremu.exec.toy.ToyOp;
import org.coremu.exec.toy.ToyProgram;
import org.coremu.hw.Timer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who fires timers: an idle worker while no core is runnable, else the timer thread. */
@Timeout(60)
class IdleTimeTest {
  private static final int TIMERS = 100;

  /** Timers one after the other, and the threads that fired them. */
  private static final class Chain {
    final List<String> threads = new CopyOnWriteArrayList<>();
    final CountDownLatch left = new CountDownLatch(TIMERS);
    private final ToyRun run;
    private final Timer timer;

    Chain(ToyRun run) {
      this.run = run;
      timer = run.clock.newTimer(this::fire);
      timer.arm(1_000_000);
    }

    private void fire() {
      threads.add(Thread.currentThread().getName());
      left.countDown();
      if (left.getCount() > 0) {
        timer.arm(run.clock.now() + 200_000);
      }
    }
  }

  /** A core that halts until it has a token, and then works for ever. */
  private static ToyProgram worksOnceWoken() {
    return new ToyProgram(0x1000).op(ToyOp.WAIT).label("again").op(ToyOp.ADDI, 1, 1).jmp("again");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void anIdleWorkerFiresThem(int workers) throws InterruptedException {
    try (ToyRun run = new ToyRun(3, workers, VirtualClock.adaptive(), 1)) {
      run.machine.loadAll(worksOnceWoken());
      Chain chain = new Chain(run);
      run.scheduler.start();
      chain.left.await();
      assertThat(chain.threads.getLast()).startsWith("coremu-worker");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theTimerThreadTakesOverWhenThereIsWork(int workers) throws InterruptedException {
    try (ToyRun run = new ToyRun(3, workers, VirtualClock.adaptive(), 1)) {
      run.machine.loadAll(worksOnceWoken());
      Chain idle = new Chain(run);
      run.scheduler.start();
      idle.left.await();
      for (int core = 0; core < 3; core++) {
        run.machine.send(core);
      }
      Chain busy = new Chain(run);
      busy.left.await();
      assertThat(busy.threads.getLast()).isEqualTo("coremu-timer");
    }
  }

  @Test
  void aTimerArmedFromOutsideFiresOnAnIdleMachine() throws InterruptedException {
    try (ToyRun run = new ToyRun(2, 2, VirtualClock.adaptive(), 1)) {
      run.machine.loadAll(worksOnceWoken());
      CountDownLatch far = new CountDownLatch(1);
      run.clock.newTimer(far::countDown).arm(Long.MAX_VALUE - 1);
      Chain idle = new Chain(run);
      run.scheduler.start();
      idle.left.await();
      for (int i = 0; i < TIMERS; i++) {
        CountDownLatch fired = new CountDownLatch(1);
        run.clock.newTimer(fired::countDown).arm(run.clock.now() + 100_000);
        fired.await();
      }
      assertThat(far.getCount()).isEqualTo(1);
    }
  }

  @Test
  void anIdleMachineCanBePausedAndGoesOn() throws InterruptedException {
    try (ToyRun run = new ToyRun(2, 2, VirtualClock.adaptive(), 1)) {
      run.machine.loadAll(worksOnceWoken());
      Chain chain = new Chain(run);
      run.scheduler.start();
      for (int i = 0; i < 20; i++) {
        run.scheduler.pause();
        int fired = chain.threads.size();
        assertThat(chain.threads).hasSize(fired);
        run.scheduler.resume();
      }
      chain.left.await();
    }
  }
}
