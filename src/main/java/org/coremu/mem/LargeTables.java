package org.coremu.mem;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many tables of cores, of their software TLBs and jump caches, may become larger than those
 * that all cores may have. A machine of few cores rarely reaches the limit; one of a thousand would
 * otherwise spend megabytes a core on what each touched once. Any thread.
 */
public final class LargeTables {
  private static final int MOST = 64;

  private final AtomicInteger left = new AtomicInteger(MOST);

  /** Takes the right to one large table, for good; false if none is left. */
  public boolean take() {
    return left.get() > 0 && left.getAndDecrement() > 0;
  }
}
