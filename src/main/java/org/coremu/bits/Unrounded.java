package org.coremu.bits;

/**
 * Arithmetic on finite non-zero numbers before rounding. Operands are normalised 64-bit
 * significands and unbounded exponents; the intermediate result in {@link FpEnv} is exact or has a
 * sticky last bit, so that rounding it once, to at most 64 bits, is rounding the exact result.
 */
final class Unrounded {
  private Unrounded() {}

  /**
   * The sum. An exact zero has hi == lo == 0, and neither its sign nor its exponent means anything.
   */
  static void add(int signA, int expA, long sigA, int signB, int expB, long sigB, FpEnv env) {
    if (expA < expB || expA == expB && Long.compareUnsigned(sigA, sigB) < 0) {
      addOrdered(signB, expB, sigB, signA, expA, sigA, env);
    } else {
      addOrdered(signA, expA, sigA, signB, expB, sigB, env);
    }
  }

  private static void addOrdered(
      int signA, int expA, long sigA, int signB, int expB, long sigB, FpEnv env) {
    int distance = expA - expB;
    long hi = distance < 64 ? sigB >>> distance : 0;
    long lo;
    if (distance == 0) {
      lo = 0;
    } else if (distance < 64) {
      lo = sigB << 64 - distance;
    } else if (distance == 64) {
      lo = sigB;
    } else {
      lo = distance < 128 ? sigB >>> distance - 64 | (sigB << 128 - distance != 0 ? 1 : 0) : 1;
    }
    if (signA == signB) {
      long sum = sigA + hi;
      if (Long.compareUnsigned(sum, sigA) < 0) {
        env.setIntermediate(
            signA, expA + 1, sum >>> 1 | Long.MIN_VALUE, sum << 63 | lo >>> 1 | lo & 1);
      } else {
        env.setIntermediate(signA, expA, sum, lo);
      }
    } else {
      normalise(signA, expA, sigA - hi - (lo != 0 ? 1 : 0), -lo, env);
    }
  }

  /**
   * Sets hi:lo as the intermediate result, shifted left until its top bit is set, unless it is
   * zero.
   */
  static void normalise(int sign, int exponent, long hi, long lo, FpEnv env) {
    if (hi < 0) {
      env.setIntermediate(sign, exponent, hi, lo);
    } else if (hi != 0) {
      int shift = Long.numberOfLeadingZeros(hi);
      env.setIntermediate(sign, exponent - shift, hi << shift | lo >>> 64 - shift, lo << shift);
    } else {
      int shift = Long.numberOfLeadingZeros(lo);
      env.setIntermediate(sign, exponent - 64 - shift, lo << shift, 0);
    }
  }

  static void multiply(int sign, int expA, long sigA, int expB, long sigB, FpEnv env) {
    long hi = Math.unsignedMultiplyHigh(sigA, sigB);
    long lo = sigA * sigB;
    if (hi < 0) {
      env.setIntermediate(sign, expA + expB + 1, hi, lo);
    } else {
      env.setIntermediate(sign, expA + expB, hi << 1 | lo >>> 63, lo << 1);
    }
  }

  static void divide(int sign, int expA, long sigA, int expB, long sigB, FpEnv env) {
    boolean atLeastOne = Long.compareUnsigned(sigA, sigB) >= 0;
    long high = atLeastOne ? sigA >>> 1 : sigA;
    long low = atLeastOne ? sigA << 63 : 0;
    long quotient = UInt128.divideUnsigned(high, low, sigB);
    long rest = UInt128.remainder(low, quotient, sigB);
    env.setIntermediate(
        sign, atLeastOne ? expA - expB : expA - expB - 1, quotient, fraction(rest, sigB));
  }

  /**
   * What rounding needs to know of rest / divisor (below 1), as a binary fraction with a sticky
   * last bit.
   */
  private static long fraction(long rest, long divisor) {
    if (rest == 0) {
      return 0;
    }
    int half = Long.compareUnsigned(rest, divisor - rest);
    return half < 0 ? 1 : half == 0 ? Long.MIN_VALUE : Long.MIN_VALUE | 1;
  }

  /** The square root of a positive number. */
  static void sqrt(int exp, long sig, FpEnv env) {
    boolean odd = (exp & 1) != 0;
    long high = odd ? sig : sig >>> 1;
    long low = odd ? 0 : sig << 63;
    long root = squareRoot(high, low);
    long squareHigh = Math.unsignedMultiplyHigh(root, root);
    long restLow = low - root * root;
    long restHigh = high - squareHigh - (Long.compareUnsigned(low, root * root) < 0 ? 1 : 0);
    // The root's next bit is set if rest > root: (root + 1/2)^2 = root^2 + root + 1/4, so a tie
    // can't happen.
    long lo;
    if (restHigh == 0 && restLow == 0) {
      lo = 0;
    } else {
      lo = restHigh != 0 || Long.compareUnsigned(restLow, root) > 0 ? Long.MIN_VALUE | 1 : 1;
    }
    env.setIntermediate(0, exp >> 1, root, lo);
  }

  /** Integer square root of high:low, which is at least 2^126. */
  private static long squareRoot(long high, long low) {
    double estimate = Math.sqrt(unsignedToDouble(high)) * 0x1p32;
    long root = estimate >= 0x1p64 ? -1L : doubleToUnsigned(estimate);
    // The estimate is right to some 50 bits: one Newton step, and then at most a unit or two is
    // left.
    long restLow = low - root * root;
    long restHigh =
        high
            - Math.unsignedMultiplyHigh(root, root)
            - (Long.compareUnsigned(low, root * root) < 0 ? 1 : 0);
    double rest = restHigh * 0x1p64 + unsignedToDouble(restLow);
    long correction = (long) (rest / (2 * unsignedToDouble(root)));
    long corrected = root + correction;
    // Near 2^64 the step may pass the end; near 2^63 it can't pass below.
    root = correction > 0 && Long.compareUnsigned(corrected, root) < 0 ? -1L : corrected;
    while (squareExceeds(root, high, low)) {
      root--;
    }
    while (root != -1L && !squareExceeds(root + 1, high, low)) {
      root++;
    }
    return root;
  }

  private static boolean squareExceeds(long root, long high, long low) {
    int order = Long.compareUnsigned(Math.unsignedMultiplyHigh(root, root), high);
    return order > 0 || order == 0 && Long.compareUnsigned(root * root, low) > 0;
  }

  private static double unsignedToDouble(long value) {
    return (value >>> 1) * 2.0 + (value & 1);
  }

  private static long doubleToUnsigned(double value) {
    return value >= 0x1p63 ? (long) (value - 0x1p63) ^ Long.MIN_VALUE : (long) value;
  }

  /** Shifts hi:lo right by a positive distance; what falls out is kept in the sticky last bit. */
  static void shiftRight(int distance, FpEnv env) {
    long hi = env.hi;
    long lo = env.lo;
    if (distance < 64) {
      env.hi = hi >>> distance;
      env.lo = hi << 64 - distance | lo >>> distance | (lo << 64 - distance != 0 ? 1 : 0);
    } else if (distance == 64) {
      env.hi = 0;
      env.lo = hi | (lo != 0 ? 1 : 0);
    } else {
      env.hi = 0;
      boolean lost = lo != 0 || distance >= 128 || hi << 128 - distance != 0;
      env.lo = (distance < 128 ? hi >>> distance - 64 : 0) | (lost ? 1 : 0);
    }
  }
}
