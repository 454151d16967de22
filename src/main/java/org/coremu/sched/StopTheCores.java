package org.coremu.sched;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import org.coremu.exec.Core;
import org.coremu.exec.CoreMessage;
import org.coremu.exec.Exclusive;
import org.coremu.exec.Translator;

/**
 * Lets one core act while no other executes. Made before the cores, which need it; the {@link
 * Scheduler} that is given it runs cores through it.
 *
 * <p>A worker counts itself in while it runs a core. Who wants to act alone takes the turn, counts
 * itself out, and posts to the others a message that, between two of their blocks, counts them out
 * until the turn is over. Who waits for a turn is counted out as well, so two requests cannot wait
 * for each other. Waiting begins by spinning, since a block takes well under a microsecond.
 */
public final class StopTheCores implements Exclusive {
  private static final int SPINS = 2_000;

  private final AtomicReference<Thread> turn = new AtomicReference<>();
  private final AtomicInteger inside = new AtomicInteger();
  private final CoreMessage stepOut = core -> stepOut();
  private volatile AtomicReferenceArray<Core> running = new AtomicReferenceArray<>(0);
  private volatile AtomicReferenceArray<Thread> threads = new AtomicReferenceArray<>(0);

  /** Says how many workers there are, before any of them runs. */
  void setWorkers(int workers) {
    running = new AtomicReferenceArray<>(workers);
    threads = new AtomicReferenceArray<>(workers);
  }

  /** Says that a worker is the calling thread. */
  void setThread(int worker) {
    threads.set(worker, Thread.currentThread());
  }

  /** Runs a core on a worker, as {@link Core#run}. */
  int run(int worker, Core core, Translator translator, int quantum) {
    running.set(worker, core);
    enter();
    try {
      int why = core.run(translator, quantum);
      running.set(worker, null);
      return why;
    } finally {
      leave();
    }
  }

  /** The core that a worker runs, or that has failed on it; else null. */
  Core running(int worker) {
    return running.get(worker);
  }

  @Override
  public void run(Runnable action) {
    Thread me = Thread.currentThread();
    if (running.length() <= 1 || turn.get() == me) {
      action.run();
      return;
    }
    leave();
    while (!turn.compareAndSet(null, me)) {
      awaitFreeTurn();
    }
    try {
      askOthersOut(me);
      awaitNobodyInside();
      action.run();
    } finally {
      // Counted in before the turn ends, so that nobody else can begin to act alone in between.
      inside.incrementAndGet();
      turn.set(null);
      wakeWaiters();
    }
  }

  private void askOthersOut(Thread me) {
    for (int i = 0; i < running.length(); i++) {
      Core core = running.get(i);
      if (core != null && threads.get(i) != me) {
        core.post(stepOut);
      }
    }
  }

  private void stepOut() {
    if (turn.get() != null) {
      leave();
      enter();
    }
  }

  private void enter() {
    for (; ; ) {
      inside.incrementAndGet();
      if (turn.get() == null) {
        return;
      }
      leave();
      awaitFreeTurn();
    }
  }

  private void leave() {
    if (inside.decrementAndGet() == 0 && turn.get() != null) {
      wakeWaiters();
    }
  }

  private void awaitFreeTurn() {
    for (int i = 0; i < SPINS; i++) {
      if (turn.get() == null) {
        return;
      }
      Thread.onSpinWait();
    }
    await(() -> turn.get() == null);
  }

  private void awaitNobodyInside() {
    for (int i = 0; i < SPINS; i++) {
      if (inside.get() == 0) {
        return;
      }
      Thread.onSpinWait();
    }
    await(() -> inside.get() == 0);
  }

  private synchronized void await(BooleanSupplier condition) {
    boolean interrupted = false;
    while (!condition.getAsBoolean()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void wakeWaiters() {
    notifyAll();
  }
}
