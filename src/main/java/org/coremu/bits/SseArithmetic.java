package org.coremu.bits;

/**
 * SSE arithmetic on any operands, rounding mode and exceptions: what the fast paths fall back to.
 */
final class SseArithmetic {
  private SseArithmetic() {}

  /** Raises the denormal exception if one of the operands, DAZ already applied, is denormal. */
  static void noteDenormals(long a, long b, FpFormat f, FpEnv env) {
    if (f.isDenormal(a) || f.isDenormal(b)) {
      env.raise(FpEnv.DENORMAL);
    }
  }

  /** {@code a + b}, or {@code a - b} with {@code flip} being the sign bit. */
  static long add(long a, long b, long flip, FpFormat f, FpEnv env) {
    long x = f.operand(a, env);
    long y = f.operand(b, env);
    if (f.isNan(x) || f.isNan(y)) {
      return f.propagate(x, y, env);
    }
    y ^= flip;
    if (f.isInfinite(x) && f.isInfinite(y) && x != y) {
      return f.invalid(env);
    }
    noteDenormals(x, y, f, env);
    if (f.isInfinite(x) || f.isInfinite(y)) {
      return f.isInfinite(x) ? x : y;
    }
    if (f.isZero(x) && f.isZero(y)) {
      return x == y ? x : zeroSum(f, env);
    }
    if (f.isZero(x)) {
      env.setIntermediate(f.sign(y), f.exponent(y), f.significand(y), 0);
    } else if (f.isZero(y)) {
      env.setIntermediate(f.sign(x), f.exponent(x), f.significand(x), 0);
    } else {
      Unrounded.add(
          f.sign(x),
          f.exponent(x),
          f.significand(x),
          f.sign(y),
          f.exponent(y),
          f.significand(y),
          env);
      if (env.hi == 0) {
        return zeroSum(f, env);
      }
    }
    return Rounding.pack(f, env);
  }

  private static long zeroSum(FpFormat f, FpEnv env) {
    return env.rounding == FpEnv.DOWN ? f.signBit() : 0;
  }

  static long multiply(long a, long b, FpFormat f, FpEnv env) {
    long x = f.operand(a, env);
    long y = f.operand(b, env);
    if (f.isNan(x) || f.isNan(y)) {
      return f.propagate(x, y, env);
    }
    int sign = f.sign(x) ^ f.sign(y);
    if (f.isInfinite(x) && f.isZero(y) || f.isZero(x) && f.isInfinite(y)) {
      return f.invalid(env);
    }
    noteDenormals(x, y, f, env);
    if (f.isInfinite(x) || f.isInfinite(y)) {
      return f.signed(sign, f.infinity());
    }
    if (f.isZero(x) || f.isZero(y)) {
      return f.signed(sign, 0);
    }
    Unrounded.multiply(sign, f.exponent(x), f.significand(x), f.exponent(y), f.significand(y), env);
    return Rounding.pack(f, env);
  }

  static long divide(long a, long b, FpFormat f, FpEnv env) {
    long x = f.operand(a, env);
    long y = f.operand(b, env);
    if (f.isNan(x) || f.isNan(y)) {
      return f.propagate(x, y, env);
    }
    int sign = f.sign(x) ^ f.sign(y);
    if (f.isInfinite(x) && f.isInfinite(y) || f.isZero(x) && f.isZero(y)) {
      return f.invalid(env);
    }
    if (f.isZero(y) && !f.isInfinite(x)) {
      // Division by zero has priority over a denormal dividend.
      env.raise(FpEnv.DIVIDE_BY_ZERO);
      return f.signed(sign, f.infinity());
    }
    noteDenormals(x, y, f, env);
    if (f.isInfinite(x)) {
      return f.signed(sign, f.infinity());
    }
    if (f.isZero(x) || f.isInfinite(y)) {
      return f.signed(sign, 0);
    }
    Unrounded.divide(sign, f.exponent(x), f.significand(x), f.exponent(y), f.significand(y), env);
    return Rounding.pack(f, env);
  }

  static long sqrt(long a, FpFormat f, FpEnv env) {
    long x = f.operand(a, env);
    if (f.isNan(x)) {
      return f.propagate(x, x, env);
    }
    if (f.isZero(x)) {
      return x;
    }
    if (f.sign(x) != 0) {
      return f.invalid(env);
    }
    noteDenormals(x, x, f, env);
    if (f.isInfinite(x)) {
      return x;
    }
    Unrounded.sqrt(f.exponent(x), f.significand(x), env);
    return Rounding.pack(f, env);
  }

  /** MIN: the second operand if they are equal zeros or one is a NaN. */
  static long min(long a, long b, FpFormat f, FpEnv env) {
    return select(a, b, SoftFloat64.BELOW, f, env);
  }

  /** MAX: the second operand if they are equal zeros or one is a NaN. */
  static long max(long a, long b, FpFormat f, FpEnv env) {
    return select(a, b, SoftFloat64.ABOVE, f, env);
  }

  private static long select(long a, long b, int wanted, FpFormat f, FpEnv env) {
    long x = f.operand(a, env);
    long y = f.operand(b, env);
    return order(x, y, true, f, env) == wanted ? x : y;
  }

  /**
   * Compares as (U)COMISD does.
   *
   * @param signalling whether quiet NaNs are invalid too
   * @return {@link SoftFloat64#ABOVE}, {@code BELOW}, {@code EQUAL} or {@code UNORDERED}
   */
  static int compare(long a, long b, boolean signalling, FpFormat f, FpEnv env) {
    return order(f.operand(a, env), f.operand(b, env), signalling, f, env);
  }

  private static int order(long x, long y, boolean signalling, FpFormat f, FpEnv env) {
    if (f.isNan(x) || f.isNan(y)) {
      if (signalling || f.isSignalling(x) || f.isSignalling(y)) {
        env.raise(FpEnv.INVALID);
      }
      return SoftFloat64.UNORDERED;
    }
    noteDenormals(x, y, f, env);
    long left = f.sign(x) == 0 ? x : -f.magnitude(x);
    long right = f.sign(y) == 0 ? y : -f.magnitude(y);
    return left < right ? SoftFloat64.BELOW : left > right ? SoftFloat64.ABOVE : SoftFloat64.EQUAL;
  }

  /** Whether a CMPPS-style predicate holds; see {@link SoftFloat64#compare}. */
  static boolean holds(long a, long b, int predicate, FpFormat f, FpEnv env) {
    int relation = predicate & 3;
    boolean signalling = relation == 1 || relation == 2;
    int order = compare(a, b, signalling, f, env);
    boolean holds =
        switch (relation) {
          case 0 -> order == SoftFloat64.EQUAL;
          case 1 -> order == SoftFloat64.BELOW;
          case 2 -> order == SoftFloat64.BELOW || order == SoftFloat64.EQUAL;
          default -> order == SoftFloat64.UNORDERED;
        };
    return holds != ((predicate & 4) != 0);
  }
}
