package org.coremu.hw;

/**
 * A clock rate, and exact conversion between its ticks and virtual time. Tick {@code n} begins at
 * the first nanosecond that is not before {@code n / hertz} seconds; so a device that keeps ticks
 * never drifts against {@link Clock}.
 *
 * @param hertz ticks a second, 1 to 1,000,000,000
 */
public record Frequency(long hertz) {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** Rejects rates that a nanosecond clock can't tell apart. */
  public Frequency {
    if (hertz < 1 || hertz > NANOS_PER_SECOND) {
      throw new IllegalArgumentException("frequency out of range: " + hertz);
    }
  }

  /**
   * The number of ticks that have begun since time 0.
   *
   * @param nanos virtual time, 0 or more
   */
  public long ticksAt(long nanos) {
    long seconds = nanos / NANOS_PER_SECOND;
    return seconds * hertz + nanos % NANOS_PER_SECOND * hertz / NANOS_PER_SECOND;
  }

  /**
   * When a tick begins: the earliest time at which {@link #ticksAt} gives {@code tick}.
   *
   * @param tick 0 or more
   * @return nanoseconds, or {@link Long#MAX_VALUE} if that is further than the clock can count
   */
  public long nanosAt(long tick) {
    long seconds = tick / hertz;
    if (seconds >= Long.MAX_VALUE / NANOS_PER_SECOND - 1) {
      return Long.MAX_VALUE;
    }
    return seconds * NANOS_PER_SECOND + Math.ceilDiv(tick % hertz * NANOS_PER_SECOND, hertz);
  }
}
