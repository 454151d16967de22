package org.coremu.sched;

/**
 * Virtual time is the host's monotonic clock, without the time that the machine was paused. The one
 * place that reads that clock.
 */
public final class HostTime implements TimeSource {
  /** Host time at virtual 0; when frozen, the virtual time. */
  private record Origin(boolean frozen, long nanos) {}

  private volatile Origin origin = new Origin(true, 0);

  /** Nanoseconds of the host's monotonic clock, from anywhere. */
  static long nanos() {
    return System.nanoTime();
  }

  @Override
  public long now() {
    Origin o = origin;
    return o.frozen ? o.nanos : nanos() - o.nanos;
  }

  @Override
  public synchronized void run() {
    if (origin.frozen) {
      origin = new Origin(false, nanos() - origin.nanos);
    }
  }

  @Override
  public synchronized void freeze() {
    origin = new Origin(true, now());
  }

  @Override
  public synchronized void set(long nanos) {
    origin = new Origin(true, nanos);
  }
}
