package org.coremu.sched;

import java.util.Arrays;
import org.coremu.hw.Timer;

/**
 * Armed timers, a binary heap in the order of deadline, then of creation. Safe for use from any
 * thread.
 */
final class TimerQueue {
  /** One timer; {@link #place} is its index in the heap, or -1. Fields are guarded by the queue. */
  private final class QueuedTimer implements Timer {
    final Runnable action;
    final long number;
    long deadline;
    int place = -1;

    QueuedTimer(Runnable action, long number) {
      this.action = action;
      this.number = number;
    }

    @Override
    public void arm(long newDeadline) {
      if (TimerQueue.this.arm(this, newDeadline)) {
        earlier.run();
      }
    }

    @Override
    public void cancel() {
      TimerQueue.this.cancel(this);
    }

    boolean isBefore(QueuedTimer other) {
      return deadline < other.deadline || deadline == other.deadline && number < other.number;
    }
  }

  private QueuedTimer[] heap = new QueuedTimer[64];
  private final Object firing = new Object();
  private int size;
  private long created;
  private volatile long earliest = Long.MAX_VALUE;
  private volatile Runnable earlier = () -> {};

  synchronized Timer newTimer(Runnable action) {
    return new QueuedTimer(action, created++);
  }

  /**
   * Sets what is told, on the arming thread and without a lock, that the earliest deadline has
   * moved to an earlier time.
   */
  void onEarlier(Runnable listener) {
    earlier = listener;
  }

  /** The earliest deadline; {@link Long#MAX_VALUE} if no timer is armed. */
  long earliest() {
    return earliest;
  }

  /** Disarms the first timer that is due and gives its action, or null. */
  synchronized Runnable takeDue(long now) {
    if (size == 0 || heap[0].deadline > now) {
      return null;
    }
    QueuedTimer first = heap[0];
    remove(first);
    return first.action;
  }

  /**
   * Runs the actions of all timers that are due. Any thread; one at a time, so that the order holds
   * while the idle worker and the timer thread relieve each other.
   */
  void fire(long now) {
    if (earliest > now) {
      return;
    }
    synchronized (firing) {
      for (Runnable action = takeDue(now); action != null; action = takeDue(now)) {
        action.run();
      }
    }
  }

  private synchronized boolean arm(QueuedTimer timer, long deadline) {
    long before = earliest;
    timer.deadline = deadline;
    if (timer.place < 0) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size * 2);
      }
      put(size++, timer);
    }
    siftUp(timer.place);
    siftDown(timer.place);
    earliest = heap[0].deadline;
    return earliest < before;
  }

  private synchronized void cancel(QueuedTimer timer) {
    if (timer.place >= 0) {
      remove(timer);
    }
  }

  private void remove(QueuedTimer timer) {
    int hole = timer.place;
    timer.place = -1;
    QueuedTimer last = heap[--size];
    heap[size] = null;
    if (last != timer) {
      put(hole, last);
      siftUp(hole);
      siftDown(last.place);
    }
    earliest = size == 0 ? Long.MAX_VALUE : heap[0].deadline;
  }

  private void put(int place, QueuedTimer timer) {
    heap[place] = timer;
    timer.place = place;
  }

  private void siftUp(int place) {
    QueuedTimer timer = heap[place];
    int i = place;
    while (i > 0 && timer.isBefore(heap[(i - 1) / 2])) {
      put(i, heap[(i - 1) / 2]);
      i = (i - 1) / 2;
    }
    put(i, timer);
  }

  private void siftDown(int place) {
    QueuedTimer timer = heap[place];
    int i = place;
    for (int child = 2 * i + 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && heap[child + 1].isBefore(heap[child])) {
        child++;
      }
      if (!heap[child].isBefore(timer)) {
        break;
      }
      put(i, heap[child]);
      i = child;
    }
    put(i, timer);
  }
}
