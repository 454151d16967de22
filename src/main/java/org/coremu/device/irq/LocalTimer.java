package org.coremu.device.irq;

import org.coremu.hw.Clock;
import org.coremu.hw.Timer;

/**
 * The timer of a local APIC (SDM 3A, "APIC Timer"): one-shot, periodic and TSC-deadline mode.
 *
 * <p>The bus clock is 1 GHz, so a count lasts {@code divisor} nanoseconds. Expiry times are
 * absolute and a period is added to the last expiry, so a late host causes no drift; expiries that
 * were missed altogether merge into one.
 */
final class LocalTimer {
  static final int ONE_SHOT = 0;
  static final int PERIODIC = 1;
  static final int TSC_DEADLINE = 2;

  /** The host is not asked for periods shorter than this, in ns; what falls between merges. */
  private static final long SHORTEST_PERIOD = 20_000;

  /**
   * Guest-visible state but for mode and mask, which the LVT entry holds. Times in ns; expiry 0:
   * not running.
   */
  record State(int initialCount, int divideConfiguration, long expiry) {}

  private final Clock clock;
  private final Timer timer;
  private final Runnable interrupt;

  private int mode = ONE_SHOT;
  private boolean masked = true;
  private int initialCount;
  private int divideConfiguration;
  private long expiry;

  /**
   * @param interrupt what an unmasked expiry does; called on a clock thread or on the one that
   *     accesses the timer, without a lock held
   */
  LocalTimer(Clock clock, Runnable interrupt) {
    this.clock = clock;
    this.interrupt = interrupt;
    this.timer = clock.newTimer(this::expire);
  }

  /**
   * Takes mode and mask from a new LVT entry. Changing to or from TSC-deadline mode stops the
   * timer.
   */
  void configure(int newMode, boolean newMasked) {
    boolean due;
    synchronized (this) {
      due = settle();
      if (newMode != mode && (newMode == TSC_DEADLINE || mode == TSC_DEADLINE)) {
        expiry = 0;
      }
      mode = newMode;
      masked = newMasked;
      schedule();
    }
    raise(due);
  }

  synchronized int initialCount() {
    return initialCount;
  }

  /** Starts counting from the given unsigned value; 0 stops. Ignored in TSC-deadline mode. */
  void setInitialCount(int count) {
    boolean due;
    synchronized (this) {
      due = settle();
      if (mode != TSC_DEADLINE) {
        initialCount = count;
        expiry = count == 0 ? 0 : clock.now() + period();
        schedule();
      }
    }
    raise(due);
  }

  /** The unsigned count left; 0 when stopped or in TSC-deadline mode. */
  int currentCount() {
    boolean due;
    int count;
    synchronized (this) {
      due = settle();
      if (due) {
        schedule();
      }
      count = (int) remaining();
    }
    raise(due);
    return count;
  }

  synchronized int divideConfiguration() {
    return divideConfiguration;
  }

  /** Sets the divisor; a running count goes on from where it is at the new speed. */
  void setDivideConfiguration(int configuration) {
    boolean due;
    synchronized (this) {
      due = settle();
      long left = remaining();
      divideConfiguration = configuration & 0b1011;
      if (left != 0) {
        expiry = clock.now() + left * divisor();
        schedule();
      }
    }
    raise(due);
  }

  /** The time of the next expiry in TSC-deadline mode, in ns; otherwise 0. */
  long deadline() {
    boolean due;
    long deadline;
    synchronized (this) {
      due = settle();
      deadline = mode == TSC_DEADLINE ? expiry : 0;
    }
    raise(due);
    return deadline;
  }

  /** Arms TSC-deadline mode for the given time in ns; 0 disarms. Ignored in the other modes. */
  void setDeadline(long deadline) {
    boolean due;
    synchronized (this) {
      due = settle();
      if (mode == TSC_DEADLINE) {
        expiry = deadline;
        due |= settle();
        schedule();
      }
    }
    raise(due);
  }

  /** Stops the timer and puts it into its state after reset. */
  synchronized void reset() {
    restore(new State(0, 0, 0), ONE_SHOT, true);
  }

  synchronized State save() {
    return new State(initialCount, divideConfiguration, expiry);
  }

  synchronized void restore(State state, int savedMode, boolean savedMasked) {
    mode = savedMode;
    masked = savedMasked;
    initialCount = state.initialCount;
    divideConfiguration = state.divideConfiguration;
    expiry = state.expiry;
    schedule();
  }

  private void expire() {
    boolean due;
    synchronized (this) {
      due = settle();
      schedule();
    }
    raise(due);
  }

  private void raise(boolean due) {
    if (due) {
      interrupt.run();
    }
  }

  /**
   * Moves the state past an expiry whose time has come. Whoever sees it first, clock or guest, does
   * it, so that the guest never sees a count that wrapped before the interrupt was raised.
   *
   * @return whether an interrupt is due
   */
  private boolean settle() {
    long now = clock.now();
    if (expiry == 0 || now < expiry) {
      return false;
    }
    if (mode == PERIODIC) {
      expiry += ((now - expiry) / period() + 1) * period();
    } else {
      expiry = 0;
    }
    return !masked;
  }

  private void schedule() {
    if (expiry == 0 || masked) {
      timer.cancel();
    } else if (mode == PERIODIC && period() < SHORTEST_PERIOD) {
      timer.arm(Math.max(expiry, clock.now() + SHORTEST_PERIOD));
    } else {
      timer.arm(expiry);
    }
  }

  private long remaining() {
    if (expiry == 0 || mode == TSC_DEADLINE) {
      return 0;
    }
    return Math.max(1, (expiry - clock.now() + divisor() - 1) / divisor());
  }

  private long period() {
    return Integer.toUnsignedLong(initialCount) * divisor();
  }

  /** Encodings 0 to 6 mean 2 to 128, 7 means 1 (SDM 3A, figure "Divide Configuration Register"). */
  private int divisor() {
    int encoding = divideConfiguration & 0b11 | divideConfiguration >>> 1 & 0b100;
    return 1 << (encoding + 1 & 0b111);
  }
}
