package org.coremu.bits;

/**
 * x87 instructions that take numbers apart: partial remainders, rounding to integral, scaling,
 * extraction.
 */
public final class Float80Function {
  private Float80Function() {}

  /**
   * FPREM: a - b * trunc(a / b), or a step towards it.
   *
   * <p>{@link FpEnv#incomplete} is C2; if false, {@link FpEnv#quotient} has the quotient's low
   * three bits (Q2 is C0, Q1 is C3, Q0 is C1), otherwise zero.
   */
  public static void prem(long ma, int sea, long mb, int seb, FpEnv env) {
    remainder(ma, sea, mb, seb, false, env);
  }

  /** FPREM1: as FPREM, with the quotient rounded to nearest as IEEE 754 says. */
  public static void prem1(long ma, int sea, long mb, int seb, FpEnv env) {
    remainder(ma, sea, mb, seb, true, env);
  }

  private static void remainder(long ma, int sea, long mb, int seb, boolean nearest, FpEnv env) {
    env.incomplete = false;
    env.quotient = 0;
    if (Float80.handlesNan(ma, sea, mb, seb, env)) {
      return;
    }
    if (Float80.isInfinite(ma, sea) || mb == 0) {
      Float80.invalid(env);
      return;
    }
    Float80.noteDenormals(ma, sea, mb, seb, env);
    if (ma == 0) {
      env.setResult(sea, ma);
      return;
    }
    if (Float80.isInfinite(mb, seb)) {
      env.setIntermediate(Float80.sign(sea), Float80.exponent(ma, sea), Float80.significand(ma), 0);
      Rounding.pack80(64, env);
      return;
    }
    int exponentB = Float80.exponent(mb, seb);
    int distance = Float80.exponent(ma, sea) - exponentB;
    long dividend = Float80.significand(ma);
    long divisor = Float80.significand(mb);
    int sign = Float80.sign(sea);
    if (distance >= 64) {
      // Any step of 32 to 63 bits will do; this one leaves a distance that is a multiple of 32.
      int step = distance & 31 | 32;
      env.incomplete = true;
      long rest = modulo(dividend, step, divisor, env);
      env.quotient = 0;
      finish(sign, exponentB + distance - step, rest, env);
    } else if (distance < 0) {
      small(sign, exponentB, distance, dividend, divisor, nearest, env);
    } else {
      long rest = modulo(dividend, distance, divisor, env);
      if (nearest && roundsUp(rest, divisor, env.quotient)) {
        env.quotient++;
        sign ^= 1;
        rest = divisor - rest;
      }
      env.quotient &= 7;
      finish(sign, exponentB, rest, env);
    }
  }

  /**
   * Remainder of {@code dividend * 2^shift / divisor}, for a shift below 64; the quotient's low
   * bits are noted.
   */
  private static long modulo(long dividend, int shift, long divisor, FpEnv env) {
    long high = shift == 0 ? 0 : dividend >>> 64 - shift;
    long low = dividend << shift;
    long quotient = UInt128.divideUnsigned(high, low, divisor);
    env.quotient = (int) quotient & 7;
    return UInt128.remainder(low, quotient, divisor);
  }

  private static boolean roundsUp(long rest, long divisor, int quotient) {
    int half = Long.compareUnsigned(rest, divisor - rest);
    return half > 0 || half == 0 && (quotient & 1) != 0;
  }

  /** The dividend is smaller than the divisor: it stays, unless the nearest quotient is one. */
  private static void small(
      int sign,
      int exponentB,
      int distance,
      long dividend,
      long divisor,
      boolean nearest,
      FpEnv env) {
    if (nearest && distance == -1 && Long.compareUnsigned(dividend, divisor) > 0) {
      // The dividend is more than half the divisor; in units of its last place the divisor is twice
      // as large.
      env.quotient = 1;
      long hi = divisor >>> 63;
      long lo = (divisor << 1) - dividend;
      hi -= Long.compareUnsigned(divisor << 1, dividend) < 0 ? 1 : 0;
      Unrounded.normalise(sign ^ 1, exponentB - 1 + 64, hi, lo, env);
    } else {
      env.setIntermediate(sign, exponentB + distance, dividend, 0);
    }
    Rounding.pack80(64, env);
  }

  private static void finish(int sign, int exponent, long rest, FpEnv env) {
    if (rest == 0) {
      env.roundedUp = false;
      Float80.setZero(sign, env);
      return;
    }
    Unrounded.normalise(sign, exponent, rest, 0, env);
    Rounding.pack80(64, env);
  }

  /** FRNDINT. */
  public static void roundToIntegral(long m, int se, FpEnv env) {
    if (Float80.handlesNan(m, se, env)) {
      return;
    }
    Float80.noteDenormal(m, se, env);
    if (m == 0 || Float80.exponent(m, se) >= 63) {
      env.setResult(se, m);
      return;
    }
    int sign = Float80.sign(se);
    if (Rounding.toInteger(
        env.rounding, sign, Float80.exponent(m, se), Float80.significand(m), env)) {
      env.raise(FpEnv.INEXACT);
    }
    if (env.hi == 0) {
      Float80.setZero(sign, env);
      return;
    }
    int shift = Long.numberOfLeadingZeros(env.hi);
    env.setResult(sign << 15 | 63 - shift + Float80.BIAS, env.hi << shift);
  }

  /** FSCALE: a * 2^trunc(b). */
  public static void scale(long ma, int sea, long mb, int seb, FpEnv env) {
    if (Float80.handlesNan(ma, sea, mb, seb, env)) {
      return;
    }
    int sign = Float80.sign(sea);
    boolean down = Float80.sign(seb) != 0;
    boolean infiniteB = Float80.isInfinite(mb, seb);
    if (infiniteB && (down ? Float80.isInfinite(ma, sea) : ma == 0)) {
      Float80.invalid(env);
      return;
    }
    Float80.noteDenormals(ma, sea, mb, seb, env);
    if (ma == 0 || Float80.isInfinite(ma, sea)) {
      env.setResult(sea, ma);
      return;
    }
    if (infiniteB) {
      if (down) {
        Float80.setZero(sign, env);
      } else {
        Float80.setInfinity(sign, env);
      }
      return;
    }
    env.setIntermediate(
        sign, Float80.exponent(ma, sea) + scaleBy(mb, seb), Float80.significand(ma), 0);
    Rounding.pack80(64, env);
  }

  /** trunc(b), limited to a range in which every number overflows or underflows. */
  private static int scaleBy(long mb, int seb) {
    int exponent = mb == 0 ? -1 : Float80.exponent(mb, seb);
    if (exponent < 0) {
      return 0;
    }
    int magnitude = exponent > 16 ? 1 << 17 : (int) (Float80.significand(mb) >>> 63 - exponent);
    return Float80.sign(seb) != 0 ? -magnitude : magnitude;
  }

  /**
   * FXTRACT: the significand as the result, that is the new ST(0), and the exponent as the second,
   * ST(1).
   */
  public static void extract(long m, int se, FpEnv env) {
    if (Float80.handlesNan(m, se, env)) {
      setSecond(env.signExponent, env.mantissa, env);
      return;
    }
    if (m == 0) {
      env.raise(FpEnv.DIVIDE_BY_ZERO);
      env.setResult(se, m);
      setSecond(Float80.SIGN | Float80.EXPONENT, Float80.INTEGER_BIT, env);
      return;
    }
    if (Float80.isInfinite(m, se)) {
      env.setResult(se, m);
      setSecond(Float80.EXPONENT, Float80.INTEGER_BIT, env);
      return;
    }
    Float80.noteDenormal(m, se, env);
    Float80Conversion.loadInteger(Float80.exponent(m, se), env);
    setSecond(env.signExponent, env.mantissa, env);
    env.setResult(se & Float80.SIGN | Float80.BIAS, Float80.significand(m));
  }

  private static void setSecond(int signExponent, long mantissa, FpEnv env) {
    env.signExponent2 = signExponent;
    env.mantissa2 = mantissa;
  }
}
