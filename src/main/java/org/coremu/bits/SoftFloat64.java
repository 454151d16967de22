package org.coremu.bits;

/**
 * Scalar double precision as SSE2 does it, bit for bit, result and exceptions (SDM vol. 1, chapters
 * 4 and 11). Values are raw bits. Instructions on vectors call these for each element, low to high.
 *
 * <p>Each operation tries Java's own arithmetic first, which is IEEE 754 rounded to nearest: if the
 * operands are normal and the result is well inside the normal range, no exception but inexact is
 * possible, and whether that is due is known when the flag is set already, or from the exact
 * residue. Everything else goes to {@link SseArithmetic}.
 */
public final class SoftFloat64 {
  /**
   * Comparison results, in EFLAGS' ZF, PF and CF; shifted left by 8 they are x87's C3, C2 and C0.
   */
  public static final int ABOVE = 0;

  public static final int BELOW = 0x01;
  public static final int EQUAL = 0x40;
  public static final int UNORDERED = 0x45;

  private static final FpFormat F = FpFormat.F64;

  /**
   * Above this a product's or quotient's residue is a normal number, so that Math.fma gives it
   * exactly.
   */
  private static final double RESIDUE_SAFE = 0x1p-900;

  private SoftFloat64() {}

  private static boolean isNormal(double value) {
    return Math.abs(value) >= Double.MIN_NORMAL;
  }

  private static boolean isOrdinary(double value) {
    return Math.abs(value) >= Double.MIN_NORMAL || value == 0;
  }

  /**
   * Whether a result rounded to nearest is finite and not even after rounding at the edge of being
   * tiny.
   */
  private static boolean isSafe(double result) {
    double magnitude = Math.abs(result);
    return magnitude > Double.MIN_NORMAL && magnitude <= Double.MAX_VALUE;
  }

  private static boolean inexactKnown(FpEnv env) {
    return (env.flags & FpEnv.INEXACT) != 0;
  }

  public static long add(long a, long b, FpEnv env) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double sum = x + y;
    if (env.rounding == FpEnv.NEAREST
        && isSafe(sum)
        && isOrdinary(x)
        && isOrdinary(y)
        && (inexactKnown(env) || sumResidue(x, y, sum) == 0)) {
      return Double.doubleToRawLongBits(sum);
    }
    return SseArithmetic.add(a, b, 0, F, env);
  }

  public static long sub(long a, long b, FpEnv env) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double difference = x - y;
    if (env.rounding == FpEnv.NEAREST
        && isSafe(difference)
        && isOrdinary(x)
        && isOrdinary(y)
        && (inexactKnown(env) || sumResidue(x, -y, difference) == 0)) {
      return Double.doubleToRawLongBits(difference);
    }
    return SseArithmetic.add(a, b, Long.MIN_VALUE, F, env);
  }

  /**
   * Knuth's TwoSum: the rounding error of {@code x + y}, exact unless a step overflows to a NaN or
   * infinity.
   */
  private static double sumResidue(double x, double y, double sum) {
    double roundedY = sum - x;
    return (x - (sum - roundedY)) + (y - roundedY);
  }

  public static long mul(long a, long b, FpEnv env) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double product = x * y;
    if (env.rounding == FpEnv.NEAREST
        && isSafe(product)
        && isNormal(x)
        && isNormal(y)
        && (inexactKnown(env)
            || Math.abs(product) > RESIDUE_SAFE && Math.fma(x, y, -product) == 0)) {
      return Double.doubleToRawLongBits(product);
    }
    return SseArithmetic.multiply(a, b, F, env);
  }

  public static long div(long a, long b, FpEnv env) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double quotient = x / y;
    if (env.rounding == FpEnv.NEAREST
        && isSafe(quotient)
        && isNormal(x)
        && isNormal(y)
        && (inexactKnown(env) || Math.abs(x) > RESIDUE_SAFE && Math.fma(quotient, y, -x) == 0)) {
      return Double.doubleToRawLongBits(quotient);
    }
    return SseArithmetic.divide(a, b, F, env);
  }

  public static long sqrt(long a, FpEnv env) {
    double x = Double.longBitsToDouble(a);
    double root = Math.sqrt(x);
    if (env.rounding == FpEnv.NEAREST
        && x >= RESIDUE_SAFE
        && isSafe(root)
        && (inexactKnown(env) || Math.fma(root, root, -x) == 0)) {
      return Double.doubleToRawLongBits(root);
    }
    return SseArithmetic.sqrt(a, F, env);
  }

  /** MINSD: the second operand if both are zeros or one is a NaN, which is always invalid. */
  public static long min(long a, long b, FpEnv env) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return isOrdinary(x) && isOrdinary(y) ? (x < y ? a : b) : SseArithmetic.min(a, b, F, env);
  }

  /** MAXSD: the second operand if both are zeros or one is a NaN, which is always invalid. */
  public static long max(long a, long b, FpEnv env) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return isOrdinary(x) && isOrdinary(y) ? (x > y ? a : b) : SseArithmetic.max(a, b, F, env);
  }

  /**
   * COMISD: any NaN is invalid. Returns {@link #ABOVE}, {@link #BELOW}, {@link #EQUAL} or {@link
   * #UNORDERED}.
   */
  public static int comi(long a, long b, FpEnv env) {
    return compare(a, b, true, env);
  }

  /** UCOMISD: only a signalling NaN is invalid. */
  public static int ucomi(long a, long b, FpEnv env) {
    return compare(a, b, false, env);
  }

  private static int compare(long a, long b, boolean signalling, FpEnv env) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    if (isOrdinary(x) && isOrdinary(y)) {
      return x < y ? BELOW : x > y ? ABOVE : EQUAL;
    }
    return SseArithmetic.compare(a, b, signalling, F, env);
  }

  /**
   * CMPSD.
   *
   * @param predicate 0 to 7: EQ, LT, LE, UNORD, NEQ, NLT, NLE, ORD
   * @return all ones or all zeros
   */
  public static long compare(long a, long b, int predicate, FpEnv env) {
    return SseArithmetic.holds(a, b, predicate, F, env) ? -1L : 0;
  }

  /**
   * ROUNDSD; {@code control} is its immediate (bits 1-0 mode, bit 2 MXCSR's mode instead, bit 3 no
   * inexact).
   */
  public static long round(long a, int control, FpEnv env) {
    return SseConversion.roundToIntegral(a, control, F, env);
  }

  /** CVTSD2SI r32, or CVTTSD2SI with {@code rounding} {@link FpEnv#TRUNCATE}. */
  public static int toInt32(long a, int rounding, FpEnv env) {
    double x = Double.longBitsToDouble(a);
    if (rounding == FpEnv.TRUNCATE && Math.abs(x) < 0x1p31) {
      int whole = (int) x;
      if (inexactKnown(env) || whole == x) {
        return whole;
      }
    }
    return (int) SseConversion.toInteger(a, 32, rounding, F, env);
  }

  /** CVTSD2SI r64, or CVTTSD2SI with {@code rounding} {@link FpEnv#TRUNCATE}. */
  public static long toInt64(long a, int rounding, FpEnv env) {
    double x = Double.longBitsToDouble(a);
    if (rounding == FpEnv.TRUNCATE && Math.abs(x) < 0x1p63) {
      long whole = (long) x;
      if (inexactKnown(env) || whole == x) {
        return whole;
      }
    }
    return SseConversion.toInteger(a, 64, rounding, F, env);
  }

  /** CVTSI2SD xmm, r32: always exact. */
  public static long fromInt32(int value) {
    return Double.doubleToRawLongBits(value);
  }

  /** CVTSI2SD xmm, r64. */
  public static long fromInt64(long value, FpEnv env) {
    double result = value;
    if (env.rounding == FpEnv.NEAREST && inexactKnown(env)) {
      return Double.doubleToRawLongBits(result);
    }
    return SseConversion.fromInteger(value, F, env);
  }

  /** CVTSD2SS: the bits of a float. */
  public static int toFloat32(long a, FpEnv env) {
    double x = Double.longBitsToDouble(a);
    float result = (float) x;
    float magnitude = Math.abs(result);
    if (env.rounding == FpEnv.NEAREST
        && magnitude > Float.MIN_NORMAL
        && magnitude <= Float.MAX_VALUE
        && (inexactKnown(env) || result == x)) {
      return Float.floatToRawIntBits(result);
    }
    return (int) SseConversion.convert(a, F, FpFormat.F32, env);
  }
}
