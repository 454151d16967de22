package org.coremu.sched;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.coremu.exec.toy.ToyMachine;

/** A toy machine with its scheduler. Every OUT counts down {@link #outs}. */
final class ToyRun implements AutoCloseable {
  static final int QUANTUM = 10_000;
  static final long MAX_SKEW = 50_000;

  final VirtualClock clock;
  final StopTheCores stopTheCores = new StopTheCores();
  final ToyMachine machine;
  final Scheduler scheduler;
  final CountDownLatch outs;
  final BlockingQueue<Failure> failures = new LinkedBlockingQueue<>();

  ToyRun(int cores, int workers, VirtualClock clock, int expectedOuts) {
    this(cores, clock, expectedOuts, new SchedulerConfig(QUANTUM, MAX_SKEW, workers));
  }

  ToyRun(int cores, VirtualClock clock, int expectedOuts, SchedulerConfig config) {
    this.clock = clock;
    machine = new ToyMachine(cores, 1 << 20, clock, stopTheCores);
    outs = new CountDownLatch(expectedOuts);
    machine.onOut((core, value) -> outs.countDown());
    scheduler =
        new Scheduler(
            machine.cores(), machine::translator, clock, stopTheCores, config, failures::add);
  }

  /** Starts, and waits for the expected number of OUTs. */
  void runToEnd() throws InterruptedException {
    scheduler.start();
    awaitEnd();
  }

  /** Waits for the expected number of OUTs. */
  void awaitEnd() throws InterruptedException {
    boolean ended = false;
    for (int tenths = 0; !ended && tenths < 300 && failures.isEmpty(); tenths++) {
      ended = outs.await(100, TimeUnit.MILLISECONDS);
    }
    if (!failures.isEmpty()) {
      throw new AssertionError(failures.peek().toString(), failures.peek().cause());
    }
    if (!ended) {
      throw new AssertionError("too slow: " + scheduler.stats());
    }
  }

  /** Waits until so many instructions more than now have been executed. */
  void awaitProgress(long instructions) throws InterruptedException {
    long end = scheduler.stats().instructions() + instructions;
    while (scheduler.stats().instructions() < end) {
      if (!failures.isEmpty()) {
        throw new AssertionError(failures.peek().toString(), failures.peek().cause());
      }
      Thread.sleep(5);
    }
  }

  long instructions(int core) {
    return cores().get(core).instructions();
  }

  List<CoreStats> cores() {
    return scheduler.stats().cores();
  }

  @Override
  public void close() {
    scheduler.close();
    machine.close();
  }
}
