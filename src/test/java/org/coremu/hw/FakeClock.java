package org.coremu.hw;

import java.util.ArrayList;
import java.util.List;

/**
 * A clock that a test moves by hand. Timers fire inside {@link #advance}, on the calling thread, in
 * order of deadline (equal deadlines: in order of arming), and see {@link #now()} at their own
 * deadline. A timer armed for the past fires at the next advance, also one by 0.
 */
public final class FakeClock implements Clock {
  private final List<FakeTimer> armed = new ArrayList<>();
  private long now;

  /** A clock at 0. */
  public FakeClock() {}

  /** A clock at the given time in nanoseconds. */
  public FakeClock(long now) {
    this.now = now;
  }

  @Override
  public synchronized long now() {
    return now;
  }

  @Override
  public Timer newTimer(Runnable action) {
    return new FakeTimer(action);
  }

  /**
   * Lets the given time pass, in nanoseconds, and fires what becomes due, periodic re-arming
   * included.
   */
  public void advance(long nanoseconds) {
    if (nanoseconds < 0) {
      throw new IllegalArgumentException("time goes forwards only: " + nanoseconds);
    }
    long end = now() + nanoseconds;
    for (FakeTimer due = takeDue(end); due != null; due = takeDue(end)) {
      due.action.run();
    }
    synchronized (this) {
      now = end;
    }
  }

  /**
   * Moves the time without firing anything, as if the host had been late; the next advance fires
   * what was missed.
   */
  public synchronized void jump(long nanoseconds) {
    now += nanoseconds;
  }

  /**
   * The earliest deadline of an armed timer in nanoseconds, or {@link Long#MAX_VALUE} when none is
   * armed.
   */
  public synchronized long nextDeadline() {
    return armed.stream().mapToLong(timer -> timer.deadline).min().orElse(Long.MAX_VALUE);
  }

  /** How many timers are armed. */
  public synchronized int armedTimers() {
    return armed.size();
  }

  private synchronized FakeTimer takeDue(long end) {
    FakeTimer first = null;
    for (FakeTimer timer : armed) {
      if (timer.deadline <= end && (first == null || timer.deadline < first.deadline)) {
        first = timer;
      }
    }
    if (first != null) {
      armed.remove(first);
      now = Math.max(now, first.deadline);
    }
    return first;
  }

  private final class FakeTimer implements Timer {
    private final Runnable action;
    private long deadline;

    FakeTimer(Runnable action) {
      this.action = action;
    }

    @Override
    public void arm(long newDeadline) {
      synchronized (FakeClock.this) {
        armed.remove(this);
        deadline = newDeadline;
        armed.add(this);
      }
    }

    @Override
    public void cancel() {
      synchronized (FakeClock.this) {
        armed.remove(this);
      }
    }
  }
}
