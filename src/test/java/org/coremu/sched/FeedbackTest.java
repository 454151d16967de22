package org.coremu.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.coremu.exec.Core;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each policy does, and that none breaks the bound or starves a core. */
@Timeout(60)
class FeedbackTest {
  private static final Set<Policy> NONE = EnumSet.noneOf(Policy.class);

  private static SchedulerConfig config(int workers, Set<Policy> policies) {
    return new SchedulerConfig(ToyRun.QUANTUM, ToyRun.MAX_SKEW, workers, List.of(), policies);
  }

  private static Set<Policy> without(Policy policy) {
    return EnumSet.complementOf(EnumSet.of(policy));
  }

  /** How often a core looks at what it waits for while another works for 1000 quanta. */
  private static long looks(Set<Policy> policies) throws InterruptedException {
    try (ToyRun run = new ToyRun(2, VirtualClock.adaptive(), 2, config(1, policies))) {
      run.machine.load(Programs.spinner(0x2000), 0);
      run.machine.load(Programs.setter(0x3000), 1);
      run.machine.setRegister(1, 2, 500L * ToyRun.QUANTUM);
      run.runToEnd();
      return run.machine.register(0, 5);
    }
  }

  @Test
  void aSpinningCoreGivesItsTurnAwayIfItMay() throws InterruptedException {
    assertThat(looks(EnumSet.of(Policy.SPIN_YIELD))).isBetween(900L, 1_100L);
    assertThat(looks(NONE)).isGreaterThan(1_000L * ToyRun.QUANTUM / 10);
  }

  @Test
  void aSpinningCoreComesAfterOneThatWorksAhead() {
    RunQueue queue = new RunQueue(3, Policy.HOLDER_FIRST.feedback.spinnersBehind(100));
    try (ToyRun run = new ToyRun(3, 1, VirtualClock.adaptive(), 1)) {
      List<CoreSlot> slots = run.machine.cores().stream().map(CoreSlot::new).toList();
      CoreSlot spinner = slots.get(0);
      CoreSlot works = slots.get(1);
      CoreSlot worksFarAhead = slots.get(2);
      spinner.end(Core.YIELDED);
      works.position = 100;
      worksFarAhead.position = 101;
      slots.forEach(queue::add);
      assertThat(queue.slowest()).isSameAs(spinner);
      assertThat(queue.leastPosition()).isZero();
      assertThat(queue.inTurn()).isSameAs(works);
      queue.remove(works);
      assertThat(queue.inTurn()).isSameAs(spinner);
      queue.remove(spinner);
      assertThat(queue.inTurn()).isSameAs(worksFarAhead);
      queue.remove(worksFarAhead);
      assertThat(queue.inTurn()).isNull();
      assertThat(queue.slowest()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void allCoresEndWithoutOne(Policy policy) throws InterruptedException {
    allCoresEnd(without(policy));
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void allCoresEndWithOneAlone(Policy policy) throws InterruptedException {
    allCoresEnd(EnumSet.of(policy));
  }

  /** Spinning, working, and halting cores, whose wake-ups would have them go first for ever. */
  private static void allCoresEnd(Set<Policy> policies) throws InterruptedException {
    int cores = 10;
    try (ToyRun run = new ToyRun(cores, VirtualClock.adaptive(), 6, config(2, policies))) {
      run.machine.loadAll(Programs.spinner(0x2000));
      run.machine.load(Programs.setter(0x3000), 0);
      run.machine.setRegister(0, 2, 50L * ToyRun.QUANTUM);
      run.machine.load(Programs.ring(), 6, 7, 8, 9);
      for (int i = 6; i < cores; i++) {
        run.machine.setRegister(i, 1, i == cores - 1 ? 6 : i + 1);
        run.machine.setRegister(i, 2, Long.MAX_VALUE);
        run.machine.send(i);
      }
      run.runToEnd();
      run.scheduler.close();
      assertThat(run.scheduler.stats().maxSkew()).isPositive().isLessThanOrEqualTo(ToyRun.MAX_SKEW);
    }
  }

  @Test
  void aWokenCoreGoesFirstIfItMay() throws InterruptedException {
    assertThat(boosts(Policy.all())).isPositive();
    assertThat(boosts(without(Policy.INTERRUPT_FIRST))).isZero();
  }

  private static long boosts(Set<Policy> policies) throws InterruptedException {
    try (ToyRun run = new ToyRun(4, VirtualClock.adaptive(), 4, config(2, policies))) {
      run.machine.loadAll(Programs.ring());
      for (int i = 0; i < 4; i++) {
        run.machine.setRegister(i, 1, (i + 1) % 4);
        run.machine.setRegister(i, 2, 100);
      }
      run.machine.send(0);
      run.runToEnd();
      run.scheduler.close();
      return run.cores().stream().mapToLong(CoreStats::boosts).sum();
    }
  }

  @Test
  void aCoreThatWorksGoesOnIfItMay() throws InterruptedException {
    assertThat(skewOfWork(Policy.all())).isEqualTo(ToyRun.MAX_SKEW);
    assertThat(skewOfWork(without(Policy.WARM_CACHE))).isEqualTo(ToyRun.QUANTUM);
  }

  private static long skewOfWork(Set<Policy> policies) throws InterruptedException {
    try (ToyRun run = new ToyRun(4, VirtualClock.adaptive(), 0, config(1, policies))) {
      run.machine.loadAll(Programs.busy());
      run.scheduler.start();
      run.awaitProgress(100L * ToyRun.QUANTUM);
      run.scheduler.close();
      return run.scheduler.stats().maxSkew();
    }
  }

  /** Cores pass a token on in an order that is not that of their numbers. */
  @Test
  void aCoreIsFollowedByTheOneThatFollowedItBeforeIfItMay() throws InterruptedException {
    int holds = 7 * 1_000;
    assertThat(pausesOfRelay(Policy.all())).isLessThan(holds * 3 / 2);
    assertThat(pausesOfRelay(without(Policy.HAND_OVER))).isGreaterThan(holds * 2);
  }

  private static long pausesOfRelay(Set<Policy> policies) throws InterruptedException {
    int cores = 7;
    try (ToyRun run = new ToyRun(cores, VirtualClock.adaptive(), cores, config(1, policies))) {
      run.machine.loadAll(Programs.relay());
      for (int i = 0; i < cores; i++) {
        run.machine.setRegister(i, 2, 1_000);
        run.machine.setRegister(i, 6, -i);
        run.machine.setRegister(i, 7, (i + 3) % cores);
      }
      run.runToEnd();
      long pauses = 0;
      for (int i = 0; i < cores; i++) {
        pauses += run.machine.register(i, 5);
      }
      return pauses;
    }
  }

  /** Cores that do much between two looks follow one another, but not for long. */
  @Test
  void handingOverKeepsNobodyAway() throws InterruptedException {
    try (ToyRun run = new ToyRun(4, VirtualClock.adaptive(), 4, config(1, Policy.all()))) {
      run.machine.loadAll(Programs.slowSpinner());
      run.machine.load(Programs.pausingSetter(0x3000), 3);
      run.machine.setRegister(3, 2, 1_000);
      run.runToEnd();
      assertThat(run.cores().getFirst().quanta()).isLessThan(4_000);
    }
  }

  @Test
  void aWorkerRestsThatHasOnlySpinningCoresIfItMay() throws InterruptedException {
    assertThat(aWorkerRests(Policy.all(), 20_000)).isTrue();
    assertThat(aWorkerRests(without(Policy.SPIN_REST), 200)).isFalse();
  }

  /** Whether within some milliseconds a worker is found to sleep while a core works. */
  private static boolean aWorkerRests(Set<Policy> policies, long milliseconds)
      throws InterruptedException {
    try (ToyRun run = new ToyRun(3, VirtualClock.adaptive(), 0, config(2, policies))) {
      run.machine.loadAll(Programs.spinner(0x2000));
      run.machine.load(Programs.busy(), 2);
      run.scheduler.start();
      run.awaitProgress(10L * ToyRun.QUANTUM);
      long end = System.nanoTime() + milliseconds * 1_000_000;
      while (System.nanoTime() < end) {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
          if (thread.getName().startsWith("coremu-worker")
              && thread.getState() == Thread.State.TIMED_WAITING) {
            return true;
          }
        }
      }
      return false;
    }
  }

  /** Serial rounds are one and the same, whatever the policies. */
  @Test
  void serialRoundsUseNone() throws InterruptedException {
    assertThat(serialRun(Policy.all())).isEqualTo(serialRun(NONE));
  }

  private static List<Long> serialRun(Set<Policy> policies) throws InterruptedException {
    try (ToyRun run = new ToyRun(3, VirtualClock.icount(1), 3, config(1, policies))) {
      run.machine.loadAll(Programs.spinner(0x2000));
      run.machine.load(Programs.setter(0x3000), 1);
      run.machine.setRegister(1, 2, 10L * ToyRun.QUANTUM);
      run.runToEnd();
      run.scheduler.close();
      return run.cores().stream().map(CoreStats::instructions).toList();
    }
  }
}
