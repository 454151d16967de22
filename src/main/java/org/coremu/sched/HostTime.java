package org.coremu.sched;

/** Virtual time is the host's monotonic clock, without the time that the machine was paused. */
final class HostTime implements TimeSource {
  /** Host time at virtual 0; when frozen, the virtual time. */
  private record Origin(boolean frozen, long nanos) {}

  private volatile Origin origin = new Origin(true, 0);

  @Override
  public long now() {
    Origin o = origin;
    return o.frozen ? o.nanos : System.nanoTime() - o.nanos;
  }

  @Override
  public synchronized void run() {
    if (origin.frozen) {
      origin = new Origin(false, System.nanoTime() - origin.nanos);
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
