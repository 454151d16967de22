package org.coremu.sched;

/**
 * Virtual time follows the host's monotonic clock, but no faster than the runnable cores make
 * progress: each gets at least one instruction per {@link #NANOS_PER_INSTRUCTION} virtual
 * nanoseconds, on average over the runnable ones, and the scheduler keeps each of them close to the
 * average. When cores share few host CPUs, or the host is busy, virtual time runs slower than the
 * host's, and the guest sees slow but steady CPUs.
 *
 * <p>Time may run up to a limit, which progress raises; the allowance that may be saved up is
 * bounded, so that time does not rush after the host stood still. While no core is runnable there
 * is no limit.
 *
 * <p>A reader takes the host's time, then the current {@link Stretch}. Each new stretch gives, for
 * every host time, at least what its predecessor gave; so readers on all threads see one monotonic
 * clock, without a lock. (When the first core becomes runnable the limit comes back, some 20 ms
 * ahead of now.)
 */
final class AdaptiveTime implements TimeSource {
  /** What a runnable core is granted at least: 20 million instructions a virtual second. */
  static final long NANOS_PER_INSTRUCTION = 50;

  /**
   * How far the limit may be ahead of the time: at most this, or the time of some quanta if that is
   * more.
   */
  static final long SAVED_NANOS = 20_000_000;

  private static final int SAVED_QUANTA = 4;

  /** Smaller grants are saved up before the limit moves. */
  private static final long SMALLEST_GRANT = 20_000;

  /** Virtual time is host time - offset, between base and limit. */
  private record Stretch(long base, long offset, long limit) {
    long at(long host) {
      return Math.min(Math.max(host - offset, base), limit);
    }
  }

  private volatile Stretch stretch = new Stretch(0, 0, 0);
  private boolean frozen = true;
  private boolean idle = true;
  private long granted;
  private long saved = SAVED_NANOS;

  @Override
  public long now() {
    long host = HostTime.nanos();
    return stretch.at(host);
  }

  @Override
  public synchronized void run() {
    if (frozen) {
      frozen = false;
      long now = stretch.limit;
      stretch = new Stretch(now, HostTime.nanos() - now, idle ? Long.MAX_VALUE : now + saved);
    }
  }

  @Override
  public synchronized void freeze() {
    frozen = true;
    set(now());
  }

  @Override
  public synchronized void set(long nanos) {
    stretch = new Stretch(nanos, 0, nanos);
  }

  /** Says how many instructions cores run before they tell their progress. */
  synchronized void setQuantum(int instructions) {
    saved = Math.max(SAVED_NANOS, instructions * NANOS_PER_INSTRUCTION * SAVED_QUANTA);
  }

  /** Says whether there is no runnable core. */
  synchronized void setIdle(boolean idle) {
    if (this.idle != idle) {
      this.idle = idle;
      if (!frozen) {
        extend(idle ? Long.MAX_VALUE : 0);
      }
    }
  }

  /**
   * Says that a core has made progress.
   *
   * @param instructions executed, or given away
   * @param runnable number of runnable cores, 1 or more
   */
  synchronized void progress(long instructions, int runnable) {
    granted += instructions * NANOS_PER_INSTRUCTION / runnable;
    if (granted >= SMALLEST_GRANT && !idle && !frozen) {
      extend(granted);
      granted = 0;
    }
  }

  private void extend(long grant) {
    Stretch s = stretch;
    long host = HostTime.nanos();
    long now = s.at(host);
    long limit;
    if (grant == Long.MAX_VALUE) {
      limit = grant;
    } else if (s.limit == Long.MAX_VALUE) {
      limit = now + saved;
    } else {
      limit = Math.max(s.limit, Math.min(s.limit + grant, now + saved));
    }
    stretch = new Stretch(now, now == s.limit ? host - now : s.offset, limit);
  }
}
