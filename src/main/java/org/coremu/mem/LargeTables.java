package org.coremu.mem;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How far tables of cores, of their software TLBs and jump caches, may outgrow the size that they
 * begin with, in bytes of all of a machine's. A machine of few cores rarely reaches the limit; one
 * of a thousand would otherwise spend megabytes a core on what each touched once. Any thread.
 */
public final class LargeTables {
  /** What there is on any machine. */
  static final long BYTES = 48L << 20;

  /** And more for each core: room for a first growth of two of its tables. */
  static final long BYTES_A_CORE = 96L << 10;

  private final AtomicLong left = new AtomicLong(BYTES);

  /** Notes that the machine has one core more. */
  public void addCore() {
    left.addAndGet(BYTES_A_CORE);
  }

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
