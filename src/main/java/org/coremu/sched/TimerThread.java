package org.coremu.sched;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Fires timers when their virtual time has come, for clocks that follow the host's. A timer's
 * action tells running cores itself, which look at their events before their next block; so an
 * interrupt comes as late as the host wakes this thread (some 100 µs), however long a quantum is.
 * When virtual time is held back, it is looked at every {@link #SHORTEST_WAIT}. While no core is
 * runnable a worker does that instead ({@link IdleTime}).
 */
final class TimerThread {
  private static final long SHORTEST_WAIT = TimeUnit.MICROSECONDS.toNanos(200);

  private final TimeSource time;
  private final TimerQueue timers;
  private final Gate gate;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition earlier = lock.newCondition();
  private boolean changed;
  private volatile boolean relieved;

  TimerThread(TimeSource time, TimerQueue timers, Gate gate) {
    this.time = time;
    this.timers = timers;
    this.gate = gate;
  }

  /** Fires timers until the gate says stop. */
  void work() {
    while (gate.pass()) {
      timers.fire(time.now());
      await(relieved ? Long.MAX_VALUE : timers.earliest());
    }
  }

  private void await(long deadline) {
    lock.lock();
    try {
      if (!changed && gate.isOpen()) {
        if (deadline == Long.MAX_VALUE) {
          earlier.awaitUninterruptibly();
        } else {
          long left = deadline - time.now();
          if (left > 0) {
            earlier.awaitNanos(heldBack(left));
          }
        }
      }
      changed = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Host time until so much virtual time can have passed. */
  private long heldBack(long left) {
    return time instanceof AdaptiveTime ? Math.max(left, SHORTEST_WAIT) : left;
  }

  /**
   * Leaves the timers to a worker that has nothing else to do. The thread may wake once more, for
   * nothing.
   */
  void relieve() {
    relieved = true;
  }

  /** Has the thread look after the timers again. */
  void takeOver() {
    relieved = false;
    kick();
  }

  boolean isRelieved() {
    return relieved;
  }

  /** Has the thread look at the timers and the gate again. Any thread. */
  void kick() {
    lock.lock();
    try {
      changed = true;
      earlier.signal();
    } finally {
      lock.unlock();
    }
  }
}
