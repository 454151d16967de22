package org.coremu.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.coremu.exec.toy.ToyOp;
import org.coremu.exec.toy.ToyProgram;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private static long schedulerThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("coremu-"))
        .count();
  }

  @Test
  void closeLeavesNoThreads() throws InterruptedException {
    long before = schedulerThreads();
    for (VirtualClock clock : new VirtualClock[] {VirtualClock.host(), VirtualClock.icount(1)}) {
      try (ToyRun run = new ToyRun(3, 2, clock, 1)) {
        run.machine.loadAll(Programs.busy());
        run.scheduler.start();
        Thread.sleep(20);
        assertThat(schedulerThreads()).isGreaterThan(before);
      }
      try (ToyRun idle = new ToyRun(3, 2, VirtualClock.adaptive(), 1)) {
        idle.machine.loadAll(Programs.ring());
        idle.scheduler.start();
        Thread.sleep(20);
        idle.scheduler.pause();
      }
    }
    assertThat(schedulerThreads()).isEqualTo(before);
  }

  @Test
  void aCoreMayStopTheMachine() throws InterruptedException {
    for (VirtualClock clock :
        new VirtualClock[] {VirtualClock.adaptive(), VirtualClock.icount(1)}) {
      try (ToyRun run = new ToyRun(2, 1, clock, 1)) {
        run.machine.loadAll(Programs.busy());
        run.machine.load(
            new ToyProgram(0x2000)
                .op(ToyOp.OUT, 1)
                .op(ToyOp.PAUSE)
                .label("on")
                .op(ToyOp.OUT, 1)
                .jmp("on"),
            1);
        CountDownLatch asked = new CountDownLatch(1);
        int[] outs = {0};
        run.machine.onOut(
            (core, value) -> {
              outs[0]++;
              run.scheduler.requestStop();
              asked.countDown();
            });
        run.scheduler.start();
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        run.scheduler.awaitStopped();
        assertThat(outs[0]).isEqualTo(1);
        assertThat(run.scheduler.isStopping()).isTrue();
      }
    }
  }

  @Test
  void aDefectStopsTheMachineAndIsReported() throws InterruptedException {
    for (VirtualClock clock :
        new VirtualClock[] {VirtualClock.adaptive(), VirtualClock.icount(1)}) {
      try (ToyRun run = new ToyRun(3, 2, clock, 1)) {
        run.machine.loadAll(Programs.busy());
        run.machine.load(new ToyProgram(0x2000).op(ToyOp.NOP).op(ToyOp.BUG).op(ToyOp.PAUSE), 2);
        run.scheduler.start();
        Failure failure = run.failures.poll(20, TimeUnit.SECONDS);
        assertThat(failure).isNotNull();
        assertThat(failure.core().index).isEqualTo(2);
        assertThat(failure.pc()).isEqualTo(0x2000);
        assertThat(failure.block()).containsIgnoringCase("bug");
        assertThat(failure.cause())
            .isInstanceOf(AssertionError.class)
            .hasMessage("a bug on purpose");
        assertThat(failure.toString()).contains("core 2", "0x2000");
        run.scheduler.awaitStopped();
        assertThat(run.failures).isEmpty();
      }
    }
  }

  @Test
  void aFailingTimerIsReported() throws InterruptedException {
    VirtualClock clock = VirtualClock.host();
    try (ToyRun run = new ToyRun(1, 1, clock, 1)) {
      run.machine.loadAll(Programs.busy());
      clock
          .newTimer(
              () -> {
                throw new IllegalStateException("timer");
              })
          .arm(1_000_000);
      run.scheduler.start();
      Failure failure = run.failures.poll(20, TimeUnit.SECONDS);
      assertThat(failure).isNotNull();
      assertThat(failure.core()).isNull();
      assertThat(failure.cause()).hasMessage("timer");
    }
  }

  @Test
  void aQuantumShorterThanABlockStillMakesProgress() throws InterruptedException {
    try (ToyRun run = new ToyRun(2, VirtualClock.adaptive(), 2, new SchedulerConfig(1, 1, 2))) {
      run.machine.loadAll(Programs.adder(ToyOp.FADD, 0x1000));
      run.machine.setRegister(0, 2, 50);
      run.machine.setRegister(1, 2, 50);
      run.runToEnd();
      assertThat(run.machine.ram().load64(Programs.DATA)).isEqualTo(100);
    }
  }

  @Test
  void statisticsCountWhatCoresDid() throws InterruptedException {
    try (ToyRun run = new ToyRun(1, 1, VirtualClock.icount(1), 2)) {
      run.machine.loadAll(Programs.timed());
      run.runToEnd();
      run.machine.send(0);
      run.scheduler.close();
      CoreStats core = run.cores().getFirst();
      assertThat(core.instructions()).isBetween(20_001L, 20_100L);
      assertThat(core.quanta()).isGreaterThanOrEqualTo(3);
      assertThat(core.wallNanos()).isPositive();
      assertThatIllegalStateException().isThrownBy(run.scheduler::start);
    }
  }

  @Test
  void seededInputsRepeat() {
    SeededInputs a = new SeededInputs(42);
    SeededInputs b = new SeededInputs(42);
    assertThat(a.random()).isEqualTo(b.random()).isNotEqualTo(a.random());
    b.restore(a.save());
    assertThat(a.random()).isEqualTo(b.random()).isNotEqualTo(new SeededInputs(43).random());
    assertThat(a.bootEpochSeconds()).isEqualTo(b.bootEpochSeconds());
  }
}
