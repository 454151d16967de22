package org.coremu.sched;

/**
 * A worker that finds only cores that spin, and has looked at them in vain for as long as it takes
 * to sleep and wake, sleeps a little while another worker runs a core: the host's CPU and the lock
 * of the run are left to that one.
 *
 * <p>It sleeps for {@link #NANOS} at most, and looks at all cores between any two times.
 */
final class SpinRest implements Feedback {
  static final long NANOS = 50_000;

  /** Turns in vain, of half a microsecond or so each, until a worker rests. */
  private static final int LOOKS = 200;

  @Override
  public int restsAfter() {
    return LOOKS;
  }
}
