package org.coremu.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.coremu.exec.Core;
import org.coremu.exec.toy.ToyOp;
import org.coremu.exec.toy.ToyProgram;
import org.coremu.mem.Ram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelRunTest {
  @Test
  void noWakeUpIsLost() throws InterruptedException {
    try (ToyRun run = new ToyRun(4, 2, VirtualClock.adaptive(), 4)) {
      run.machine.loadAll(Programs.ring());
      for (int i = 0; i < 4; i++) {
        run.machine.setRegister(i, 1, (i + 1) % 4);
        run.machine.setRegister(i, 2, 25_000);
      }
      run.machine.send(0);
      run.machine.send(2);
      run.runToEnd();
    }
  }

  @Test
  void manyTokensAtOnceAreAllTaken() throws InterruptedException {
    try (ToyRun run = new ToyRun(4, 4, VirtualClock.host(), 4)) {
      run.machine.loadAll(Programs.ring());
      for (int i = 0; i < 4; i++) {
        run.machine.setRegister(i, 1, (i + 1) % 4);
        run.machine.setRegister(i, 2, 10_000);
        run.machine.send(i);
      }
      run.runToEnd();
    }
  }

  @Test
  void noCoreRunsAheadOfTheSlowestByMoreThanTheBound() throws InterruptedException {
    try (ToyRun run = new ToyRun(7, 3, VirtualClock.adaptive(), 1)) {
      run.machine.loadAll(Programs.busy());
      run.scheduler.start();
      run.awaitProgress(10_000_000);
      run.scheduler.pause();
      assertThat(run.scheduler.stats().maxSkew()).isPositive().isLessThanOrEqualTo(ToyRun.MAX_SKEW);
      assertThat(run.scheduler.stats().instructions()).isPositive();
    }
  }

  @Test
  void manyCoresGetEqualShares() throws InterruptedException {
    try (ToyRun run = new ToyRun(64, 2, VirtualClock.adaptive(), 1)) {
      run.machine.loadAll(Programs.busy());
      run.scheduler.start();
      run.awaitProgress(30_000_000);
      run.scheduler.pause();
      List<Long> instructions = run.cores().stream().map(CoreStats::instructions).sorted().toList();
      assertThat(instructions.getFirst()).isPositive();
      assertThat(instructions.getLast() - instructions.getFirst())
          .isLessThanOrEqualTo(ToyRun.MAX_SKEW);
    }
  }

  @Test
  void aSpinningCoreGivesItsQuantumAway() throws InterruptedException {
    try (ToyRun run = new ToyRun(2, 1, VirtualClock.adaptive(), 2)) {
      run.machine.load(Programs.spinner(0x2000), 0);
      run.machine.load(Programs.setter(0x3000), 1);
      run.machine.setRegister(1, 2, 5_000_000);
      run.runToEnd();
      // While the other core worked, the spinner looked about once per quantum.
      assertThat(run.machine.register(0, 5))
          .isPositive()
          .isLessThan(3 * 10_000_000 / ToyRun.QUANTUM);
    }
  }

  @Test
  void aCoreThatIsAloneStaysOnItsHostThread() throws InterruptedException {
    try (ToyRun run = new ToyRun(1, 4, VirtualClock.adaptive(), 2_000_000)) {
      Thread[] last = new Thread[1];
      AtomicInteger moves = new AtomicInteger();
      run.machine.onOut(
          (core, value) -> {
            if (last[0] != Thread.currentThread()) {
              last[0] = Thread.currentThread();
              moves.incrementAndGet();
            }
            run.outs.countDown();
          });
      run.machine.loadAll(
          new ToyProgram(0x1000).label("again").op(ToyOp.OUT, 1).op(ToyOp.ADDI, 1, 1).jmp("again"));
      run.runToEnd();
      // 600 quanta. A spurious wake-up of another worker may move it.
      assertThat(moves.get()).isBetween(1, 20);
    }
  }

  @Test
  void aSpinningCoreThatIsAloneSeesTimePass() throws InterruptedException {
    try (ToyRun run = new ToyRun(1, 1, VirtualClock.adaptive(), 1)) {
      run.machine.load(Programs.spinner(0x2000), 0);
      run.clock.newTimer(() -> run.machine.ram().store64(Programs.DATA, 1)).arm(50_000_000);
      run.runToEnd();
      assertThat(run.clock.now()).isGreaterThanOrEqualTo(50_000_000);
    }
  }

  @Test
  void exclusiveActionsAndAtomicsLoseNothing() throws InterruptedException {
    for (ToyOp add : new ToyOp[] {ToyOp.ADDX, ToyOp.FADD}) {
      try (ToyRun run = new ToyRun(6, 3, VirtualClock.adaptive(), 6)) {
        run.machine.loadAll(Programs.adder(add, 0x1000));
        for (int i = 0; i < 6; i++) {
          run.machine.setRegister(i, 2, 3_000);
        }
        run.runToEnd();
        assertThat(run.machine.ram().load64(Programs.DATA)).isEqualTo(18_000);
      }
    }
  }

  @Test
  void exclusiveActionsEndWhileOthersNeverHalt() throws InterruptedException {
    try (ToyRun run = new ToyRun(4, 2, VirtualClock.host(), 2)) {
      run.machine.loadAll(Programs.busy());
      run.machine.load(Programs.adder(ToyOp.ADDX, 0x3000), 2, 3);
      run.machine.setRegister(2, 2, 2_000);
      run.machine.setRegister(3, 2, 2_000);
      run.runToEnd();
      assertThat(run.machine.ram().load64(Programs.DATA)).isEqualTo(4_000);
    }
  }

  @Test
  void anExclusiveActionSeesNoOtherCoreWithinABlock() throws InterruptedException {
    try (ToyRun run = new ToyRun(3, 3, VirtualClock.host(), 20_000)) {
      run.machine.loadAll(Programs.twoWords());
      ToyProgram checker = new ToyProgram(0x2000).label("again").op(ToyOp.OUT, 1).jmp("again");
      run.machine.load(checker, 1, 2);
      AtomicInteger torn = new AtomicInteger();
      Ram ram = run.machine.ram();
      run.machine.onOut(
          (core, value) -> {
            core.memory.exclusively(
                () -> {
                  if (ram.load64(Programs.DATA) != ram.load64(Programs.DATA + 8)) {
                    torn.incrementAndGet();
                  }
                });
            run.outs.countDown();
          });
      run.runToEnd();
      assertThat(torn).hasValue(0);
      assertThat(ram.load64(Programs.DATA)).isGreaterThan(1);
    }
  }

  /**
   * While one core works for 200 quanta, the halted ones run only as often as they are woken. With
   * one worker nobody wakes them. With two, cores that fetch from a page before it is known to hold
   * code count as its writers, and a core that translates it tells them.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void haltedCoresCostNothing(int workers) throws InterruptedException {
    int working = 31;
    AtomicIntegerArray wakeUps = new AtomicIntegerArray(working);
    try (ToyRun run = new ToyRun(working + 1, workers, VirtualClock.adaptive(), 1)) {
      run.machine.loadAll(Programs.ring());
      run.machine.load(Programs.setter(0x3000), working);
      run.machine.setRegister(working, 2, 100 * ToyRun.QUANTUM);
      for (Core core : run.machine.cores().subList(0, working)) {
        core.setWaker(
            woken -> {
              wakeUps.incrementAndGet(woken.index);
              run.scheduler.wake(woken);
            });
      }
      run.runToEnd();
      for (CoreStats core : run.cores().subList(0, working)) {
        assertThat(core.quanta()).isBetween(1L, 1L + wakeUps.get(core.core()));
        assertThat(wakeUps.get(core.core())).isLessThan(workers);
      }
    }
  }
}
