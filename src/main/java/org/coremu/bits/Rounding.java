package org.coremu.bits;

/**
 * Rounds the intermediate result in {@link FpEnv} to a format, raising overflow, underflow and
 * inexact.
 */
final class Rounding {
  /**
   * What unmasked x87 overflow and underflow take from or add to the exponent (SDM vol. 1, 8.5.4
   * and 8.5.5).
   */
  private static final int BIAS_ADJUST = 0x6000;

  private static final int MIN_EXPONENT_80 = -16382;
  private static final int MAX_EXPONENT_80 = 16383;

  private Rounding() {}

  /**
   * Whether the magnitude goes up.
   *
   * @param odd whether the last kept bit is set
   * @param rest what is cut off, as a fraction of the last kept bit's unit, scaled by 2^64
   */
  static boolean goesUp(int rounding, int sign, boolean odd, long rest) {
    return switch (rounding) {
      case FpEnv.NEAREST -> rest < 0 && (odd || rest != Long.MIN_VALUE);
      case FpEnv.DOWN -> sign != 0 && rest != 0;
      case FpEnv.UP -> sign == 0 && rest != 0;
      default -> false;
    };
  }

  /**
   * What lies below the top {@code bits} of hi:lo, as a fraction of their last place, scaled by
   * 2^64, sticky.
   */
  private static long below(int bits, FpEnv env) {
    return bits == 64 ? env.lo : env.hi << bits | (env.lo != 0 ? 1 : 0);
  }

  /**
   * Rounds hi:lo to the top {@code bits} of hi, bumping the exponent on a carry out; returns
   * whether inexact.
   */
  static boolean round(int bits, FpEnv env) {
    long rest = below(bits, env);
    long unit = 1L << 64 - bits;
    boolean up = goesUp(env.rounding, env.sign, (env.hi & unit) != 0, rest);
    env.hi &= -unit;
    env.lo = 0;
    env.roundedUp = up;
    if (up) {
      env.hi += unit;
      if (env.hi == 0) {
        env.hi = Long.MIN_VALUE;
        env.exponent++;
      }
    }
    return rest != 0;
  }

  /** Whether the result stays below 2^minExponent when rounded as if exponents were unbounded. */
  private static boolean isTiny(int bits, int minExponent, FpEnv env) {
    if (env.exponent != minExponent - 1) {
      return env.exponent < minExponent;
    }
    long unit = 1L << 64 - bits;
    return (env.hi & -unit) != -unit || !goesUp(env.rounding, env.sign, true, below(bits, env));
  }

  /** Rounds to an SSE format and packs. */
  static long pack(FpFormat f, FpEnv env) {
    if (env.exponent < f.minExponent()) {
      return packSmall(f, env);
    }
    boolean inexact = round(f.precision(), env);
    if (env.exponent > f.bias()) {
      boolean loss = inexact || env.isMasked(FpEnv.OVERFLOW);
      env.raise(loss ? FpEnv.OVERFLOW | FpEnv.INEXACT : FpEnv.OVERFLOW);
      env.roundedUp = overflowsToInfinity(env);
      return f.signed(env.sign, overflowsToInfinity(env) ? f.infinity() : f.infinity() - 1);
    }
    if (inexact) {
      env.raise(FpEnv.INEXACT);
    }
    return f.pack(env.sign, env.exponent, env.hi);
  }

  private static boolean overflowsToInfinity(FpEnv env) {
    return env.rounding == FpEnv.NEAREST || env.rounding == (env.sign != 0 ? FpEnv.DOWN : FpEnv.UP);
  }

  private static long packSmall(FpFormat f, FpEnv env) {
    boolean tiny = isTiny(f.precision(), f.minExponent(), env);
    if (tiny && !env.isMasked(FpEnv.UNDERFLOW)) {
      env.raise(round(f.precision(), env) ? FpEnv.UNDERFLOW | FpEnv.INEXACT : FpEnv.UNDERFLOW);
      return f.signed(env.sign, 0);
    }
    if (tiny && env.flushToZero) {
      env.raise(FpEnv.UNDERFLOW | FpEnv.INEXACT);
      return f.signed(env.sign, 0);
    }
    Unrounded.shiftRight(f.minExponent() - env.exponent, env);
    if (round(f.precision(), env)) {
      env.raise(tiny ? FpEnv.UNDERFLOW | FpEnv.INEXACT : FpEnv.INEXACT);
    }
    // A carry into the leading bit lands in the exponent field, which makes the smallest normal
    // number.
    return f.signed(env.sign, env.hi >>> 63 - f.fractionBits());
  }

  /** Rounds to {@code bits} (24, 53 or 64) in the x87 format and sets the result. */
  static void pack80(int bits, FpEnv env) {
    if (env.exponent < MIN_EXPONENT_80) {
      packSmall80(bits, env);
      return;
    }
    boolean inexact = round(bits, env);
    if (env.exponent > MAX_EXPONENT_80) {
      packLarge80(bits, inexact, env);
      return;
    }
    if (inexact) {
      env.raise(FpEnv.INEXACT);
    }
    set80(env.exponent, env);
  }

  private static void packLarge80(int bits, boolean inexact, FpEnv env) {
    env.raise(FpEnv.OVERFLOW);
    if (!env.isMasked(FpEnv.OVERFLOW)) {
      if (env.exponent - BIAS_ADJUST > MAX_EXPONENT_80) {
        // "Massive overflow", which only FSCALE can reach: an infinity whatever the rounding mode.
        env.raise(FpEnv.INEXACT);
        env.roundedUp = true;
        env.setResult(env.sign << 15 | 0x7FFF, Long.MIN_VALUE);
        return;
      }
      if (inexact) {
        env.raise(FpEnv.INEXACT);
      }
      set80(env.exponent - BIAS_ADJUST, env);
      return;
    }
    env.raise(FpEnv.INEXACT);
    env.roundedUp = overflowsToInfinity(env);
    int sign = env.sign << 15;
    if (env.roundedUp) {
      env.setResult(sign | 0x7FFF, Long.MIN_VALUE);
    } else {
      env.setResult(sign | 0x7FFE, -1L << 64 - bits);
    }
  }

  private static void packSmall80(int bits, FpEnv env) {
    boolean tiny = isTiny(bits, MIN_EXPONENT_80, env);
    if (tiny && !env.isMasked(FpEnv.UNDERFLOW)) {
      if (env.exponent + BIAS_ADJUST < MIN_EXPONENT_80) {
        // "Massive underflow", the counterpart.
        env.raise(FpEnv.UNDERFLOW | FpEnv.INEXACT);
        env.roundedUp = false;
        env.setResult(env.sign << 15, 0);
        return;
      }
      env.raise(round(bits, env) ? FpEnv.UNDERFLOW | FpEnv.INEXACT : FpEnv.UNDERFLOW);
      set80(env.exponent + BIAS_ADJUST, env);
      return;
    }
    Unrounded.shiftRight(MIN_EXPONENT_80 - env.exponent, env);
    if (round(bits, env)) {
      env.raise(tiny ? FpEnv.UNDERFLOW | FpEnv.INEXACT : FpEnv.INEXACT);
    }
    env.setResult(env.sign << 15 | (env.hi < 0 ? 1 : 0), env.hi);
  }

  private static void set80(int exponent, FpEnv env) {
    env.setResult(env.sign << 15 | exponent + MAX_EXPONENT_80 & 0x7FFF, env.hi);
  }

  /**
   * Rounds a finite non-zero number below 2^64 to an integer; its magnitude goes to hi.
   *
   * @return whether inexact; {@link FpEnv#roundedUp} is set, no exception is raised
   */
  static boolean toInteger(int rounding, int sign, int exponent, long significand, FpEnv env) {
    long whole;
    long rest;
    if (exponent >= 0) {
      whole = significand >>> 63 - exponent;
      rest = exponent == 63 ? 0 : significand << exponent + 1;
    } else {
      whole = 0;
      rest = exponent == -1 ? significand : 1;
    }
    env.roundedUp = goesUp(rounding, sign, (whole & 1) != 0, rest);
    env.sign = sign;
    env.hi = env.roundedUp ? whole + 1 : whole;
    return rest != 0;
  }
}
