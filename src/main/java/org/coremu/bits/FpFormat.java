package org.coremu.bits;

/**
 * One of the two interchange formats of SSE, and how its bit patterns read. Patterns are held in a
 * long, for binary32 in its low half.
 */
record FpFormat(int fractionBits, int bias, long signBit, long infinity, long fractionMask) {
  static final FpFormat F32 = of(23, 127);
  static final FpFormat F64 = of(52, 1023);

  private static FpFormat of(int fractionBits, int bias) {
    long infinity = (2L * bias + 1) << fractionBits;
    return new FpFormat(
        fractionBits, bias, infinity + (1L << fractionBits), infinity, (1L << fractionBits) - 1);
  }

  int precision() {
    return fractionBits + 1;
  }

  int minExponent() {
    return 1 - bias;
  }

  long quietBit() {
    return 1L << fractionBits - 1;
  }

  /** "Real indefinite", the answer to an invalid operation (SDM vol. 1, 4.8.3.7). */
  long defaultNan() {
    return signBit | infinity | quietBit();
  }

  long magnitude(long a) {
    return a & (infinity | fractionMask);
  }

  boolean isNan(long a) {
    return magnitude(a) > infinity;
  }

  boolean isSignalling(long a) {
    return isNan(a) && (a & quietBit()) == 0;
  }

  boolean isInfinite(long a) {
    return magnitude(a) == infinity;
  }

  boolean isZero(long a) {
    return magnitude(a) == 0;
  }

  boolean isDenormal(long a) {
    return (a & infinity) == 0 && (a & fractionMask) != 0;
  }

  int sign(long a) {
    return (a & signBit) == 0 ? 0 : 1;
  }

  long signed(int sign, long magnitude) {
    return sign == 0 ? magnitude : magnitude | signBit;
  }

  /** The operand as DAZ lets an operation see it. */
  long operand(long a, FpEnv env) {
    return env.denormalsAreZero && isDenormal(a) ? a & signBit : a;
  }

  /** Exponent of the leading bit of a finite non-zero number. */
  int exponent(long a) {
    int biased = (int) ((a & infinity) >>> fractionBits);
    return biased != 0
        ? biased - bias
        : minExponent() - fractionBits + 63 - Long.numberOfLeadingZeros(a & fractionMask);
  }

  /** Significand of a finite non-zero number with its leading bit moved to bit 63. */
  long significand(long a) {
    long fraction = a & fractionMask;
    return (a & infinity) != 0
        ? (fraction | fractionMask + 1) << 63 - fractionBits
        : fraction << Long.numberOfLeadingZeros(fraction);
  }

  /**
   * A number from its parts; the significand is normalised and already rounded, the exponent is in
   * range.
   */
  long pack(int sign, int exponent, long significand) {
    return signed(
        sign,
        (long) (exponent + bias) << fractionBits
            | significand >>> 63 - fractionBits & fractionMask);
  }

  /**
   * The result for operands of which at least one is a NaN: the first NaN, made quiet (SDM vol. 1,
   * table 4-7).
   */
  long propagate(long a, long b, FpEnv env) {
    if (isSignalling(a) || isSignalling(b)) {
      env.raise(FpEnv.INVALID);
    }
    return (isNan(a) ? a : b) | quietBit();
  }

  long invalid(FpEnv env) {
    env.raise(FpEnv.INVALID);
    return defaultNan();
  }
}
