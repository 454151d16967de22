package org.coremu.bits;

/**
 * A mutable floating-point number with 128 significant bits and an unbounded exponent, for the
 * inside of the transcendental functions. Operations work in place and truncate: each is off by at
 * most a few units of 2^-127.
 */
final class Wide {
  private int sign;
  private int exponent;
  private long hi;
  private long lo;

  /** Remainder of the last quotient digit. */
  private long restHigh;

  private long restLow;

  /** Sets hi:lo / 2^127 * 2^exponent; hi's top bit must be set, or both zero for zero. */
  Wide set(int sign, int exponent, long hi, long lo) {
    this.sign = sign;
    this.exponent = exponent;
    this.hi = hi;
    this.lo = lo;
    return this;
  }

  Wide set(Wide other) {
    return set(other.sign, other.exponent, other.hi, other.lo);
  }

  Wide setInteger(int value) {
    if (value == 0) {
      return set(0, 0, 0, 0);
    }
    long magnitude = Math.abs((long) value);
    int shift = Long.numberOfLeadingZeros(magnitude);
    return set(value < 0 ? 1 : 0, 63 - shift, magnitude << shift, 0);
  }

  /** Sets a finite extended number. */
  Wide set80(long m, int se) {
    return m == 0
        ? set(Float80.sign(se), 0, 0, 0)
        : set(Float80.sign(se), Float80.exponent(m, se), Float80.significand(m), 0);
  }

  /** Sets the absolute value of an integer hi:lo times 2^scale. */
  Wide setUnsigned(int sign, long high, long low, int scale) {
    if (high == 0) {
      int shift = Long.numberOfLeadingZeros(low);
      return set(sign, scale + 63 - shift, low << shift, 0);
    }
    int shift = Long.numberOfLeadingZeros(high);
    return set(
        sign,
        scale + 127 - shift,
        shift == 0 ? high : high << shift | low >>> 64 - shift,
        low << shift);
  }

  boolean isZero() {
    return hi == 0;
  }

  int exponent() {
    return exponent;
  }

  long high() {
    return hi;
  }

  Wide negate() {
    sign ^= 1;
    return this;
  }

  Wide setSign(int newSign) {
    sign = newSign;
    return this;
  }

  /** Multiplies by 2^power. */
  Wide scale(int power) {
    exponent += power;
    return this;
  }

  /** Orders magnitudes of two non-zero numbers. */
  int compareMagnitude(Wide other) {
    if (exponent != other.exponent) {
      return Integer.compare(exponent, other.exponent);
    }
    int order = Long.compareUnsigned(hi, other.hi);
    return order != 0 ? order : Long.compareUnsigned(lo, other.lo);
  }

  Wide add(Wide other) {
    if (other.hi == 0) {
      return this;
    }
    if (hi == 0) {
      return set(other);
    }
    if (compareMagnitude(other) >= 0) {
      return addSmaller(
          sign, exponent, hi, lo, other.sign, exponent - other.exponent, other.hi, other.lo);
    }
    return addSmaller(
        other.sign, other.exponent, other.hi, other.lo, sign, other.exponent - exponent, hi, lo);
  }

  Wide subtract(Wide other) {
    sign ^= 1;
    add(other);
    sign ^= 1;
    return this;
  }

  private Wide addSmaller(
      int signA, int expA, long hiA, long loA, int signB, int distance, long hiB, long loB) {
    long h;
    long l;
    if (distance >= 128) {
      // Something that small only matters in that it keeps the difference from being exact.
      h = 0;
      l = signA == signB ? 0 : 1;
    } else if (distance >= 64) {
      h = 0;
      l = hiB >>> distance - 64;
    } else {
      h = hiB >>> distance;
      l = distance == 0 ? loB : hiB << 64 - distance | loB >>> distance;
    }
    if (signA == signB) {
      long low = loA + l;
      int carry = Long.compareUnsigned(low, loA) < 0 ? 1 : 0;
      long high = hiA + h + carry;
      boolean overflow = Long.compareUnsigned(high, hiA) < 0 || carry != 0 && high == hiA;
      return overflow
          ? set(signA, expA + 1, high >>> 1 | Long.MIN_VALUE, high << 63 | low >>> 1)
          : set(signA, expA, high, low);
    }
    long low = loA - l;
    long high = hiA - h - (Long.compareUnsigned(loA, l) < 0 ? 1 : 0);
    if (high == 0 && low == 0) {
      return set(0, 0, 0, 0);
    }
    return setUnsigned(signA, high, low, expA - 127);
  }

  Wide multiply(Wide other) {
    if (hi == 0 || other.hi == 0) {
      return set(sign ^ other.sign, 0, 0, 0);
    }
    long high = Math.unsignedMultiplyHigh(hi, other.hi);
    long low = hi * other.hi;
    long cross1 = Math.unsignedMultiplyHigh(hi, other.lo);
    long cross2 = Math.unsignedMultiplyHigh(lo, other.hi);
    low += cross1;
    high += Long.compareUnsigned(low, cross1) < 0 ? 1 : 0;
    low += cross2;
    high += Long.compareUnsigned(low, cross2) < 0 ? 1 : 0;
    int product = exponent + other.exponent;
    return high < 0
        ? set(sign ^ other.sign, product + 1, high, low)
        : set(sign ^ other.sign, product, high << 1 | low >>> 63, low << 1);
  }

  Wide divide(Wide other) {
    if (hi == 0) {
      return set(sign ^ other.sign, 0, 0, 0);
    }
    int quotientExponent = exponent - other.exponent;
    int quotientSign = sign ^ other.sign;
    boolean halve = Long.compareUnsigned(hi, other.hi) >= 0;
    // With the dividend below the divisor, two 64-bit digits follow; the first one's remainder
    // feeds the second.
    long high = halve ? hi >>> 1 : hi;
    long low = halve ? hi << 63 | lo >>> 1 : lo;
    long first = digit(high, low, other);
    long second = digit(restHigh, restLow, other);
    if (first < 0) {
      return set(quotientSign, halve ? quotientExponent : quotientExponent - 1, first, second);
    }
    return set(
        quotientSign,
        halve ? quotientExponent - 1 : quotientExponent - 2,
        first << 1 | second >>> 63,
        second << 1);
  }

  /**
   * A digit of (high:low) * 2^64 / divisor, with high:low below the divisor; leaves the remainder
   * in rest.
   */
  private long digit(long high, long low, Wide divisor) {
    long q =
        Long.compareUnsigned(high, divisor.hi) >= 0
            ? -1L
            : UInt128.divideUnsigned(high, low, divisor.hi);
    // high:low:0 - q * divisor, in three words.
    long productLow = q * divisor.lo;
    long middle = q * divisor.hi;
    long carry = Math.unsignedMultiplyHigh(q, divisor.lo);
    long productMiddle = middle + carry;
    long productHigh =
        Math.unsignedMultiplyHigh(q, divisor.hi)
            + (Long.compareUnsigned(productMiddle, carry) < 0 ? 1 : 0);
    long r0 = -productLow;
    long borrow = productLow != 0 ? 1 : 0;
    long r1 = low - productMiddle - borrow;
    long borrow1 =
        Long.compareUnsigned(low, productMiddle) < 0 || low == productMiddle && borrow != 0 ? 1 : 0;
    long r2 = high - productHigh - borrow1;
    while (r2 < 0) {
      q--;
      r0 += divisor.lo;
      long c0 = Long.compareUnsigned(r0, divisor.lo) < 0 ? 1 : 0;
      long sum = r1 + divisor.hi;
      long c1 = Long.compareUnsigned(sum, r1) < 0 ? 1 : 0;
      r1 = sum + c0;
      c1 += c0 != 0 && r1 == 0 ? 1 : 0;
      r2 += c1;
    }
    restHigh = r1;
    restLow = r0;
    return q;
  }

  /** Divides by a small positive number, below 2^31. */
  Wide divide(int divisor) {
    if (hi == 0) {
      return this;
    }
    long high = Long.divideUnsigned(hi, divisor);
    long rest = hi - high * divisor;
    long low = UInt128.divideUnsigned(rest, lo, divisor);
    rest = UInt128.remainder(lo, low, divisor);
    int shift = Long.numberOfLeadingZeros(high);
    if (shift > 0) {
      long next = UInt128.divideUnsigned(rest, 0, divisor);
      high = high << shift | low >>> 64 - shift;
      low = low << shift | next >>> 64 - shift;
    }
    return set(sign, exponent - shift, high, low);
  }

  /**
   * Hands the number, not zero, to {@link Rounding}, as one that is {@code exact} or was truncated.
   */
  void toIntermediate(boolean exact, FpEnv env) {
    env.setIntermediate(sign, exponent, hi, exact ? lo : lo | 1);
  }
}
