package org.coremu.mem;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How far tables of cores, of their software TLBs and jump caches, may outgrow the size that all
 * cores may have, in bytes of all of a machine's. A machine of few cores rarely reaches the limit;
 * one of a thousand would otherwise spend megabytes a core on what each touched once. Any thread.
 */
public final class LargeTables {
  /** What there is at first: 192 KB more for each core's user and kernel table, up to 160 cores. */
  static final long BUDGET = 64L << 20;

  private final AtomicLong left = new AtomicLong(BUDGET);

  /** Takes the right to so many bytes more, for good; false if not as many are left. */
  public boolean take(long bytes) {
    long now = left.get();
    while (now >= bytes) {
      if (left.compareAndSet(now, now - bytes)) {
        return true;
      }
      now = left.get();
    }
    return false;
  }
}
