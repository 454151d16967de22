package org.coremu.sched;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Has an idle worker wait for the next timer itself. On an idle machine almost every event is a
 * timer that wakes a core, which does little and sets its next timer. When one host thread waits,
 * fires, runs the core and waits again, none has to wake another, which is dear: three times an
 * event, often with an interrupt to another host CPU.
 *
 * <p>The worker that keeps time goes on with that for one turn of a core. If there is more to do
 * then, it leaves time to the {@link TimerThread}; so just after an idle time a timer may be late
 * by a turn of {@link #LONGEST_TURN} instructions. Guarded by the lock of the run, but for {@link
 * #armed}.
 */
final class IdleTime {
  /** Most instructions of a turn of the worker that keeps time. */
  static final int LONGEST_TURN = 100_000;

  private final TimeSource time;
  private final TimerQueue timers;
  private final TimerThread timerThread;
  private final ReentrantLock lock;
  private final Condition event;

  /** The worker that keeps time; null if it is the timer thread. */
  private volatile Thread keeper;

  private boolean waits;
  private boolean fires;
  private boolean mayTurn;

  IdleTime(VirtualClock clock, TimerThread timerThread, ReentrantLock lock) {
    time = clock.time;
    timers = clock.timers;
    this.timerThread = timerThread;
    this.lock = lock;
    event = lock.newCondition();
    timers.onEarlier(this::armed);
  }

  /** Notes that the earliest deadline has moved to an earlier time. Any thread. */
  private void armed() {
    if (!timerThread.isRelieved()) {
      timerThread.kick();
    } else if (Thread.currentThread() != keeper) { // which looks itself after its turn
      lock.lock();
      try {
        event.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Whether another worker keeps time. */
  boolean isKept() {
    return keeper != null && keeper != Thread.currentThread();
  }

  /**
   * Waits, while no core is runnable, for a timer or until called, and fires what is due. Gives the
   * lock away meanwhile.
   */
  void keep() {
    keeper = Thread.currentThread();
    timerThread.relieve();
    long deadline = timers.earliest();
    long left = deadline == Long.MAX_VALUE ? deadline : deadline - time.now();
    if (left > 0) {
      waits = true;
      await(left);
      waits = false;
    }
    fire();
    mayTurn = true;
  }

  private void await(long nanos) {
    try {
      event.awaitNanos(nanos);
    } catch (InterruptedException e) {
      // Nobody interrupts workers; to look once more does no harm.
    }
  }

  private void fire() {
    if (timers.earliest() > time.now()) {
      return;
    }
    fires = true;
    lock.unlock();
    try {
      timers.fire(time.now());
    } finally {
      lock.lock();
      fires = false;
    }
  }

  /** Tells that the calling worker takes a core: the timer thread keeps time from the second on. */
  void turn() {
    if (!mayTurn) {
      leave();
    } else if (keeper == Thread.currentThread()) {
      mayTurn = false;
    }
  }

  /** Whether the calling worker keeps time. */
  boolean keeps() {
    return keeper == Thread.currentThread();
  }

  /** Leaves time to the timer thread, if the calling worker keeps it. */
  void leave() {
    if (keeps()) {
      keeper = null;
      timerThread.takeOver();
    }
  }

  /**
   * Calls the worker that keeps time to a core that has been woken; true if it comes without that,
   * or was called.
   */
  boolean call() {
    boolean comes = waits || fires;
    if (waits) {
      waits = false;
      event.signal();
    }
    return comes;
  }

  /** Has the worker that keeps time look at the gate. */
  void kick() {
    event.signalAll();
  }
}
