package org.coremu.bits;

/**
 * SSE conversions between floating-point formats and to and from integers, and rounding to an
 * integral value.
 */
final class SseConversion {
  private SseConversion() {}

  /** Between the two formats: CVTSS2SD, CVTSD2SS. */
  static long convert(long a, FpFormat from, FpFormat to, FpEnv env) {
    long x = from.operand(a, env);
    int sign = from.sign(x);
    if (from.isNan(x)) {
      if (from.isSignalling(x)) {
        env.raise(FpEnv.INVALID);
      }
      int shift = to.fractionBits() - from.fractionBits();
      long payload = x & from.fractionMask();
      return to.signed(
          sign,
          to.infinity() | to.quietBit() | (shift > 0 ? payload << shift : payload >>> -shift));
    }
    if (from.isInfinite(x)) {
      return to.signed(sign, to.infinity());
    }
    if (from.isZero(x)) {
      return to.signed(sign, 0);
    }
    SseArithmetic.noteDenormals(x, x, from, env);
    env.setIntermediate(sign, from.exponent(x), from.significand(x), 0);
    return Rounding.pack(to, env);
  }

  /** From a signed integer: CVTSI2SD, CVTSI2SS, CVTDQ2PS. */
  static long fromInteger(long value, FpFormat f, FpEnv env) {
    if (value == 0) {
      return 0;
    }
    long magnitude = Math.abs(value);
    int shift = Long.numberOfLeadingZeros(magnitude);
    env.setIntermediate(value < 0 ? 1 : 0, 63 - shift, magnitude << shift, 0);
    return Rounding.pack(f, env);
  }

  /**
   * To a signed integer.
   *
   * @param bits width of the integer, 32 or 64
   * @return the integer, or "integer indefinite", -2^(bits-1), with the invalid exception
   */
  static long toInteger(long a, int bits, int rounding, FpFormat f, FpEnv env) {
    long indefinite = -1L << bits - 1;
    long x = f.operand(a, env);
    if (f.isZero(x)) {
      return 0;
    }
    if (f.isNan(x) || f.exponent(x) >= bits) {
      env.raise(FpEnv.INVALID);
      return indefinite;
    }
    boolean inexact = Rounding.toInteger(rounding, f.sign(x), f.exponent(x), f.significand(x), env);
    long value = env.sign == 0 ? env.hi : -env.hi;
    long limit = env.sign == 0 ? ~indefinite : -indefinite;
    if (Long.compareUnsigned(env.hi, limit) > 0) {
      env.raise(FpEnv.INVALID);
      return indefinite;
    }
    if (inexact) {
      env.raise(FpEnv.INEXACT);
    }
    return value;
  }

  /**
   * ROUNDSD and its kin.
   *
   * @param control the instruction's immediate: bits 1-0 rounding mode, bit 2 use MXCSR's instead,
   *     bit 3 no inexact
   */
  static long roundToIntegral(long a, int control, FpFormat f, FpEnv env) {
    long x = f.operand(a, env);
    if (f.isNan(x)) {
      return f.propagate(x, x, env);
    }
    if (f.isZero(x) || f.isInfinite(x) || f.exponent(x) >= f.fractionBits()) {
      return x;
    }
    int rounding = (control & 4) != 0 ? env.rounding : control & 3;
    boolean inexact = Rounding.toInteger(rounding, f.sign(x), f.exponent(x), f.significand(x), env);
    if (inexact && (control & 8) == 0) {
      env.raise(FpEnv.INEXACT);
    }
    if (env.hi == 0) {
      return f.signed(env.sign, 0);
    }
    int shift = Long.numberOfLeadingZeros(env.hi);
    return f.pack(env.sign, 63 - shift, env.hi << shift);
  }
}
