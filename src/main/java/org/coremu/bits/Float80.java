package org.coremu.bits;

/**
 * x87 double extended precision arithmetic and comparison, bit for bit (SDM vol. 1, chapter 8). A
 * value is a 64-bit significand with explicit integer bit and a 16-bit word of sign and exponent,
 * always passed in the order (mantissa, signExponent). Results go to {@link FpEnv#mantissa} and
 * {@link FpEnv#signExponent}, exceptions to {@link FpEnv#flags}, C1 to {@link FpEnv#roundedUp}; a
 * second result, pushed by an instruction, to {@link FpEnv#mantissa2} and {@link
 * FpEnv#signExponent2}.
 *
 * <p>Stack overflow and underflow are the caller's; {@link #setIndefinite} gives their masked
 * response. An arithmetic instruction with a float or double in memory widens it with {@link
 * Float80Conversion#widen32} or {@code widen64} first, which keeps signalling NaNs as they are and
 * remembers denormals.
 */
public final class Float80 {
  /** FXAM's classes, as C3 C2 C0 in the status word (bits 14, 10 and 8). */
  public static final int UNSUPPORTED = 0x0000;

  public static final int NAN = 0x0100;
  public static final int NORMAL = 0x0400;
  public static final int INFINITE = 0x0500;
  public static final int ZERO = 0x4000;
  public static final int EMPTY = 0x4100;
  public static final int DENORMAL = 0x4400;

  static final int EXPONENT = 0x7FFF;
  static final int SIGN = 0x8000;
  static final int BIAS = 16383;
  static final long INTEGER_BIT = Long.MIN_VALUE;
  static final long QUIET_BIT = 1L << 62;

  private Float80() {}

  /** FXAM's class of a value in a register that is not empty: one of the constants above. */
  public static int classify(long m, int se) {
    int exponent = se & EXPONENT;
    if (exponent == 0) {
      return m == 0 ? ZERO : DENORMAL;
    }
    if (m >= 0) {
      return UNSUPPORTED;
    }
    if (exponent == EXPONENT) {
      return m == INTEGER_BIT ? INFINITE : NAN;
    }
    return NORMAL;
  }

  static boolean isSupported(long m, int se) {
    return m < 0 || (se & EXPONENT) == 0;
  }

  /** Whether a supported value is a NaN. */
  static boolean isNan(long m, int se) {
    return (se & EXPONENT) == EXPONENT && m != INTEGER_BIT;
  }

  static boolean isSignalling(long m, int se) {
    return isNan(m, se) && (m & QUIET_BIT) == 0;
  }

  static boolean isInfinite(long m, int se) {
    return (se & EXPONENT) == EXPONENT && m == INTEGER_BIT;
  }

  static boolean isZero(long m, int se) {
    return m == 0 && (se & EXPONENT) == 0;
  }

  static boolean isDenormal(long m, int se) {
    return (se & EXPONENT) == 0 && m != 0;
  }

  static int sign(int se) {
    return se >>> 15 & 1;
  }

  /** Exponent of the leading bit of a finite non-zero number. */
  static int exponent(long m, int se) {
    int biased = se & EXPONENT;
    return biased != 0 ? biased - BIAS : 1 - BIAS - Long.numberOfLeadingZeros(m);
  }

  /** Significand of a finite non-zero number with its leading bit in bit 63. */
  static long significand(long m) {
    return m << Long.numberOfLeadingZeros(m);
  }

  /**
   * Sets the result to "real indefinite", the default quiet NaN; also the masked response to a
   * stack fault.
   */
  public static void setIndefinite(FpEnv env) {
    env.roundedUp = false;
    env.setResult(0xFFFF, INTEGER_BIT | QUIET_BIT);
  }

  static void invalid(FpEnv env) {
    env.raise(FpEnv.INVALID);
    setIndefinite(env);
  }

  static void setInfinity(int sign, FpEnv env) {
    env.setResult(sign << 15 | EXPONENT, INTEGER_BIT);
  }

  static void setZero(int sign, FpEnv env) {
    env.setResult(sign << 15, 0);
  }

  /** Handles unsupported operands and NaNs: sets the result and returns true if there is one. */
  static boolean handlesNan(long ma, int sea, long mb, int seb, FpEnv env) {
    env.roundedUp = false;
    if (!isSupported(ma, sea) || !isSupported(mb, seb)) {
      env.denormalSource = false;
      invalid(env);
      return true;
    }
    if (isNan(ma, sea) || isNan(mb, seb)) {
      env.denormalSource = false;
      propagate(ma, sea, mb, seb, env);
      return true;
    }
    return false;
  }

  /** As {@link #handlesNan(long, int, long, int, FpEnv)} for one operand. */
  static boolean handlesNan(long m, int se, FpEnv env) {
    return handlesNan(m, se, m, se, env);
  }

  /** The result for two operands one of which is a NaN (SDM vol. 1, table 4-7, the x87 rows). */
  private static void propagate(long ma, int sea, long mb, int seb, FpEnv env) {
    boolean signallingA = isSignalling(ma, sea);
    boolean signallingB = isSignalling(mb, seb);
    if (signallingA || signallingB) {
      env.raise(FpEnv.INVALID);
    }
    boolean first;
    if (!isNan(ma, sea) || !isNan(mb, seb)) {
      first = isNan(ma, sea);
    } else if (signallingA != signallingB) {
      first = signallingB;
    } else {
      int order = Long.compareUnsigned(ma, mb);
      first = order > 0 || order == 0 && sea < seb;
    }
    env.setResult(first ? sea : seb, (first ? ma : mb) | QUIET_BIT);
  }

  /** Raises the denormal exception if an operand, or what was widened from memory, is denormal. */
  static void noteDenormals(long ma, int sea, long mb, int seb, FpEnv env) {
    if (env.denormalSource || isDenormal(ma, sea) || isDenormal(mb, seb)) {
      env.raise(FpEnv.DENORMAL);
    }
    env.denormalSource = false;
  }

  static void noteDenormal(long m, int se, FpEnv env) {
    noteDenormals(m, se, m, se, env);
  }

  /** FADD. */
  public static void add(long ma, int sea, long mb, int seb, FpEnv env) {
    add(ma, sea, mb, seb, 0, env);
  }

  /** FSUB: a - b; FSUBR is the same with the operands exchanged. */
  public static void sub(long ma, int sea, long mb, int seb, FpEnv env) {
    add(ma, sea, mb, seb, SIGN, env);
  }

  private static void add(long ma, int sea, long mb, int operandB, int flip, FpEnv env) {
    if (handlesNan(ma, sea, mb, operandB, env)) {
      return;
    }
    int seb = operandB ^ flip;
    if (isInfinite(ma, sea) && isInfinite(mb, seb) && sea != seb) {
      env.denormalSource = false;
      invalid(env);
      return;
    }
    noteDenormals(ma, sea, mb, seb, env);
    if (isInfinite(ma, sea) || isInfinite(mb, seb)) {
      setInfinity(sign(isInfinite(ma, sea) ? sea : seb), env);
      return;
    }
    if (ma == 0 && mb == 0) {
      setZero(sea == seb ? sign(sea) : zeroSumSign(env), env);
      return;
    }
    if (ma == 0) {
      env.setIntermediate(sign(seb), exponent(mb, seb), significand(mb), 0);
    } else if (mb == 0) {
      env.setIntermediate(sign(sea), exponent(ma, sea), significand(ma), 0);
    } else {
      Unrounded.add(
          sign(sea),
          exponent(ma, sea),
          significand(ma),
          sign(seb),
          exponent(mb, seb),
          significand(mb),
          env);
      if (env.hi == 0) {
        setZero(zeroSumSign(env), env);
        return;
      }
    }
    Rounding.pack80(env.precision, env);
  }

  private static int zeroSumSign(FpEnv env) {
    return env.rounding == FpEnv.DOWN ? 1 : 0;
  }

  /** FMUL. */
  public static void mul(long ma, int sea, long mb, int seb, FpEnv env) {
    if (handlesNan(ma, sea, mb, seb, env)) {
      return;
    }
    int sign = sign(sea) ^ sign(seb);
    boolean infinite = isInfinite(ma, sea) || isInfinite(mb, seb);
    boolean zero = ma == 0 || mb == 0;
    if (infinite && zero) {
      env.denormalSource = false;
      invalid(env);
      return;
    }
    noteDenormals(ma, sea, mb, seb, env);
    if (infinite) {
      setInfinity(sign, env);
    } else if (zero) {
      setZero(sign, env);
    } else {
      Unrounded.multiply(
          sign, exponent(ma, sea), significand(ma), exponent(mb, seb), significand(mb), env);
      Rounding.pack80(env.precision, env);
    }
  }

  /** FDIV: a / b; FDIVR is the same with the operands exchanged. */
  public static void div(long ma, int sea, long mb, int seb, FpEnv env) {
    if (handlesNan(ma, sea, mb, seb, env)) {
      return;
    }
    int sign = sign(sea) ^ sign(seb);
    boolean infiniteA = isInfinite(ma, sea);
    boolean infiniteB = isInfinite(mb, seb);
    if (infiniteA && infiniteB || ma == 0 && mb == 0) {
      env.denormalSource = false;
      invalid(env);
      return;
    }
    if (mb == 0 && !infiniteA) {
      env.denormalSource = false;
      env.raise(FpEnv.DIVIDE_BY_ZERO);
      setInfinity(sign, env);
      return;
    }
    noteDenormals(ma, sea, mb, seb, env);
    if (infiniteA) {
      setInfinity(sign, env);
    } else if (infiniteB || ma == 0) {
      setZero(sign, env);
    } else {
      Unrounded.divide(
          sign, exponent(ma, sea), significand(ma), exponent(mb, seb), significand(mb), env);
      Rounding.pack80(env.precision, env);
    }
  }

  /** FSQRT. */
  public static void sqrt(long m, int se, FpEnv env) {
    if (handlesNan(m, se, env)) {
      return;
    }
    if (m == 0) {
      env.setResult(se, m);
      return;
    }
    if (sign(se) != 0) {
      invalid(env);
      return;
    }
    noteDenormal(m, se, env);
    if (isInfinite(m, se)) {
      env.setResult(se, m);
      return;
    }
    Unrounded.sqrt(exponent(m, se), significand(m), env);
    Rounding.pack80(env.precision, env);
  }

  /** FCOM, FCOMI: any NaN is invalid. Returns one of {@link SoftFloat64}'s comparison results. */
  public static int com(long ma, int sea, long mb, int seb, FpEnv env) {
    return compare(ma, sea, mb, seb, true, env);
  }

  /** FUCOM, FUCOMI: only a signalling NaN or an unsupported operand is invalid. */
  public static int ucom(long ma, int sea, long mb, int seb, FpEnv env) {
    return compare(ma, sea, mb, seb, false, env);
  }

  /** FTST: compares with 0.0; any NaN is invalid. */
  public static int tst(long m, int se, FpEnv env) {
    return compare(m, se, 0, 0, true, env);
  }

  private static int compare(long ma, int sea, long mb, int seb, boolean signalling, FpEnv env) {
    env.roundedUp = false;
    boolean supported = isSupported(ma, sea) && isSupported(mb, seb);
    if (!supported || isNan(ma, sea) || isNan(mb, seb)) {
      env.denormalSource = false;
      if (!supported || signalling || isSignalling(ma, sea) || isSignalling(mb, seb)) {
        env.raise(FpEnv.INVALID);
      }
      return SoftFloat64.UNORDERED;
    }
    noteDenormals(ma, sea, mb, seb, env);
    if (ma == 0 && mb == 0) {
      return SoftFloat64.EQUAL;
    }
    if (sign(sea) != sign(seb)) {
      return sign(sea) != 0 ? SoftFloat64.BELOW : SoftFloat64.ABOVE;
    }
    int order = magnitudeOrder(ma, sea, mb, seb);
    if (order == 0) {
      return SoftFloat64.EQUAL;
    }
    return order < 0 == (sign(sea) == 0) ? SoftFloat64.BELOW : SoftFloat64.ABOVE;
  }

  private static int magnitudeOrder(long ma, int sea, long mb, int seb) {
    // A pseudo-denormal, exponent 0 with the integer bit set, has the value it would have with
    // exponent 1.
    int exponentA = Math.max(sea & EXPONENT, 1);
    int exponentB = Math.max(seb & EXPONENT, 1);
    return exponentA != exponentB
        ? Integer.compare(exponentA, exponentB)
        : Long.compareUnsigned(ma, mb);
  }
}
