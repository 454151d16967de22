package org.coremu.bits;

/**
 * 128-bit integers held as two longs, {@code hi:lo}. Nothing here allocates; a method with a
 * 128-bit result comes as a pair of methods, one for each half.
 */
public final class UInt128 {
  private static final long LOW32 = 0xFFFF_FFFFL;

  private UInt128() {}

  /** High half of the unsigned product {@code a * b}; the low half is the plain Java product. */
  public static long multiplyHigh(long a, long b) {
    return Math.unsignedMultiplyHigh(a, b);
  }

  /** High half of the signed product {@code a * b}; the low half is the plain Java product. */
  public static long multiplyHighSigned(long a, long b) {
    return Math.multiplyHigh(a, b);
  }

  /**
   * Whether the unsigned quotient {@code hi:lo / d} does not fit 64 bits; true for {@code d == 0}.
   */
  public static boolean divideOverflowsUnsigned(long hi, long d) {
    return Long.compareUnsigned(hi, d) >= 0;
  }

  /**
   * Unsigned quotient of {@code hi:lo / d}. The caller has made sure that it fits ({@link
   * #divideOverflowsUnsigned} is false). The remainder is {@link #remainder}.
   */
  public static long divideUnsigned(long hi, long lo, long d) {
    if (hi == 0) {
      return Long.divideUnsigned(lo, d);
    }
    // Schoolbook division with 32-bit digits, the divisor scaled so that its top bit is set: then
    // an estimated digit
    // is at most two too large, which the correction steps in digit() repair.
    int shift = Long.numberOfLeadingZeros(d);
    long divisor = d << shift;
    long top = shift == 0 ? hi : hi << shift | lo >>> 64 - shift;
    long low = lo << shift;
    long q1 = digit(top, low >>> 32, divisor);
    long rest = (top << 32 | low >>> 32) - q1 * divisor;
    long q0 = digit(rest, low & LOW32, divisor);
    return q1 << 32 | q0;
  }

  /** One 32-bit digit of {@code (top * 2^32 + next) / divisor}, where {@code top < divisor}. */
  private static long digit(long top, long next, long divisor) {
    long d1 = divisor >>> 32;
    long d0 = divisor & LOW32;
    long q = Long.divideUnsigned(top, d1);
    long r = top - q * d1;
    while (q > LOW32 || Long.compareUnsigned(q * d0, r << 32 | next) > 0) {
      q--;
      r += d1;
      if (r > LOW32) {
        break;
      }
    }
    return q;
  }

  /**
   * The remainder that belongs to {@code quotient}, which one of the divide methods gave for {@code
   * hi:lo / d}.
   */
  public static long remainder(long lo, long quotient, long d) {
    return lo - quotient * d;
  }

  /**
   * Whether the signed quotient {@code hi:lo / d}, truncated, does not fit 64 bits; true for {@code
   * d == 0}.
   */
  public static boolean divideOverflowsSigned(long hi, long lo, long d) {
    boolean negative = hi < 0;
    long magnitudeHi = negative ? negateHigh(hi, lo) : hi;
    long divisor = Math.abs(d);
    if (Long.compareUnsigned(magnitudeHi, divisor) >= 0) {
      return true;
    }
    long q = divideUnsigned(magnitudeHi, negative ? -lo : lo, divisor);
    boolean negativeQuotient = negative != d < 0;
    return q < 0 && !(negativeQuotient && q == Long.MIN_VALUE);
  }

  /**
   * Signed quotient of {@code hi:lo / d}, truncated towards zero. The caller has made sure that it
   * fits ({@link #divideOverflowsSigned} is false). The remainder, {@link #remainder}, has the
   * dividend's sign.
   */
  public static long divideSigned(long hi, long lo, long d) {
    boolean negative = hi < 0;
    long q = divideUnsigned(negative ? negateHigh(hi, lo) : hi, negative ? -lo : lo, Math.abs(d));
    return negative != d < 0 ? -q : q;
  }

  /** High half of {@code -(hi:lo)}; the low half is {@code -lo}. */
  public static long negateHigh(long hi, long lo) {
    return lo == 0 ? -hi : ~hi;
  }
}
