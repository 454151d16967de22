package org.coremu.guest.x86.oracle;

import java.util.List;

/**
 * Comparison of floating-point state after an instruction whose result the architecture does not
 * fix to the last bit: reciprocal estimates (relative error at most 1.5 * 2^-12) and x87
 * transcendentals (one unit in the last place on either side).
 */
final class Approximation {
  private static final int PRECISION = 0x20;
  private static final int C1 = 0x200;
  private static final long UNITS = 2;
  private static final double ESTIMATE_ERROR = 3.0 / (1 << 12);

  private Approximation() {}

  static void compare(List<String> found, GuestState want, GuestState got) {
    Comparison.compare(found, "fcw", want.fcw(), got.fcw());
    Comparison.compare(found, "fsw", want.fsw() & ~(C1 | PRECISION), got.fsw() & ~(C1 | PRECISION));
    Comparison.compare(found, "ftw", want.ftw(), got.ftw());
    Comparison.compare(found, "mxcsr", want.mxcsr(), got.mxcsr());
    for (int i = 0; i < 8; i++) {
      if (!near(want.stHigh(i), want.stLow(i), got.stHigh(i), got.stLow(i))) {
        found.add(
            "st%d     expected %04x:%016x got %04x:%016x"
                .formatted(i, want.stHigh(i), want.stLow(i), got.stHigh(i), got.stLow(i)));
      }
    }
    for (int i = 0; i < 16; i++) {
      for (int half = 0; half < 2; half++) {
        long expected = want.xmm(i, half);
        long actual = got.xmm(i, half);
        if (!near((int) expected, (int) actual)
            || !near((int) (expected >> 32), (int) (actual >> 32))) {
          found.add("xmm%d[%d] expected %016x got %016x".formatted(i, half, expected, actual));
        }
      }
    }
  }

  /**
   * Whether two extended-precision numbers are at most {@link #UNITS} units in the last place
   * apart.
   */
  private static boolean near(int high, long low, int otherHigh, long otherLow) {
    if (high == otherHigh) {
      return Math.abs(low - otherLow) <= UNITS;
    }
    boolean nextBinade =
        high - otherHigh == 1 && low == Long.MIN_VALUE && otherLow >= -UNITS && otherLow < 0
            || otherHigh - high == 1 && otherLow == Long.MIN_VALUE && low >= -UNITS && low < 0;
    return nextBinade;
  }

  private static boolean near(int bits, int otherBits) {
    if (bits == otherBits) {
      return true;
    }
    float want = Float.intBitsToFloat(bits);
    float got = Float.intBitsToFloat(otherBits);
    return Math.abs(want - got) <= Math.abs(want) * ESTIMATE_ERROR;
  }
}
