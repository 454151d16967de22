package org.coremu.guest.x86.oracle;

/**
 * How a case ended.
 *
 * @param vector the exception that ended it: 3 for the INT3 behind the code, or -1 if it ran out of
 *     time
 * @param error the error code, 0 for exceptions without one
 * @param cr2 the faulting address, meaningful for vector 14 only
 * @param state the registers as the exception handler sees them
 * @param changed words of the data window that differ from the seed's fill: index, value, index,
 *     value, ... ascending
 */
public record Outcome(int vector, long error, long cr2, GuestState state, long[] changed) {
  /** Vector of a case that did not end by itself. */
  public static final int TIMED_OUT = -1;
}
