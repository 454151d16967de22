package org.coremu.bits;

/**
 * Scalar single precision as SSE does it, bit for bit, result and exceptions. The plan is that of
 * {@link SoftFloat64}; residues are computed in double, where a float product is exact.
 */
public final class SoftFloat32 {
  private static final FpFormat F = FpFormat.F32;
  private static final long LOW32 = 0xFFFF_FFFFL;

  private SoftFloat32() {}

  private static boolean isNormal(float value) {
    return Math.abs(value) >= Float.MIN_NORMAL;
  }

  private static boolean isOrdinary(float value) {
    return Math.abs(value) >= Float.MIN_NORMAL || value == 0;
  }

  private static boolean isSafe(float result) {
    float magnitude = Math.abs(result);
    return magnitude > Float.MIN_NORMAL && magnitude <= Float.MAX_VALUE;
  }

  private static boolean inexactKnown(FpEnv env) {
    return (env.flags & FpEnv.INEXACT) != 0;
  }

  public static int add(int a, int b, FpEnv env) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    float sum = x + y;
    if (env.rounding == FpEnv.NEAREST
        && isSafe(sum)
        && isOrdinary(x)
        && isOrdinary(y)
        && (inexactKnown(env) || sumResidue(x, y, sum) == 0)) {
      return Float.floatToRawIntBits(sum);
    }
    return (int) SseArithmetic.add(a & LOW32, b & LOW32, 0, F, env);
  }

  public static int sub(int a, int b, FpEnv env) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    float difference = x - y;
    if (env.rounding == FpEnv.NEAREST
        && isSafe(difference)
        && isOrdinary(x)
        && isOrdinary(y)
        && (inexactKnown(env) || sumResidue(x, -y, difference) == 0)) {
      return Float.floatToRawIntBits(difference);
    }
    return (int) SseArithmetic.add(a & LOW32, b & LOW32, F.signBit(), F, env);
  }

  private static float sumResidue(float x, float y, float sum) {
    float roundedY = sum - x;
    return (x - (sum - roundedY)) + (y - roundedY);
  }

  public static int mul(int a, int b, FpEnv env) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    float product = x * y;
    if (env.rounding == FpEnv.NEAREST
        && isSafe(product)
        && isNormal(x)
        && isNormal(y)
        && (inexactKnown(env) || (double) x * y == product)) {
      return Float.floatToRawIntBits(product);
    }
    return (int) SseArithmetic.multiply(a & LOW32, b & LOW32, F, env);
  }

  public static int div(int a, int b, FpEnv env) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    float quotient = x / y;
    if (env.rounding == FpEnv.NEAREST
        && isSafe(quotient)
        && isNormal(x)
        && isNormal(y)
        && (inexactKnown(env) || (double) quotient * y == x)) {
      return Float.floatToRawIntBits(quotient);
    }
    return (int) SseArithmetic.divide(a & LOW32, b & LOW32, F, env);
  }

  public static int sqrt(int a, FpEnv env) {
    float x = Float.intBitsToFloat(a);
    // A double root rounded to float is the float root: 53 bits are more than twice 24 and two.
    float root = (float) Math.sqrt(x);
    if (env.rounding == FpEnv.NEAREST
        && x >= Float.MIN_NORMAL
        && isSafe(root)
        && (inexactKnown(env) || (double) root * root == x)) {
      return Float.floatToRawIntBits(root);
    }
    return (int) SseArithmetic.sqrt(a & LOW32, F, env);
  }

  /** MINSS: the second operand if both are zeros or one is a NaN, which is always invalid. */
  public static int min(int a, int b, FpEnv env) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    return isOrdinary(x) && isOrdinary(y)
        ? (x < y ? a : b)
        : (int) SseArithmetic.min(a & LOW32, b & LOW32, F, env);
  }

  /** MAXSS: the second operand if both are zeros or one is a NaN, which is always invalid. */
  public static int max(int a, int b, FpEnv env) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    return isOrdinary(x) && isOrdinary(y)
        ? (x > y ? a : b)
        : (int) SseArithmetic.max(a & LOW32, b & LOW32, F, env);
  }

  /** COMISS: any NaN is invalid. Returns one of {@link SoftFloat64}'s comparison results. */
  public static int comi(int a, int b, FpEnv env) {
    return SseArithmetic.compare(a & LOW32, b & LOW32, true, F, env);
  }

  /** UCOMISS: only a signalling NaN is invalid. */
  public static int ucomi(int a, int b, FpEnv env) {
    return SseArithmetic.compare(a & LOW32, b & LOW32, false, F, env);
  }

  /**
   * CMPSS.
   *
   * @param predicate 0 to 7: EQ, LT, LE, UNORD, NEQ, NLT, NLE, ORD
   * @return all ones or all zeros
   */
  public static int compare(int a, int b, int predicate, FpEnv env) {
    return SseArithmetic.holds(a & LOW32, b & LOW32, predicate, F, env) ? -1 : 0;
  }

  /**
   * ROUNDSS; {@code control} is its immediate (bits 1-0 mode, bit 2 MXCSR's mode instead, bit 3 no
   * inexact).
   */
  public static int round(int a, int control, FpEnv env) {
    return (int) SseConversion.roundToIntegral(a & LOW32, control, F, env);
  }

  /** CVTSS2SI r32, or CVTTSS2SI with {@code rounding} {@link FpEnv#TRUNCATE}. */
  public static int toInt32(int a, int rounding, FpEnv env) {
    float x = Float.intBitsToFloat(a);
    if (rounding == FpEnv.TRUNCATE && Math.abs(x) < 0x1p31f) {
      int whole = (int) x;
      if (inexactKnown(env) || whole == x) {
        return whole;
      }
    }
    return (int) SseConversion.toInteger(a & LOW32, 32, rounding, F, env);
  }

  /** CVTSS2SI r64, or CVTTSS2SI with {@code rounding} {@link FpEnv#TRUNCATE}. */
  public static long toInt64(int a, int rounding, FpEnv env) {
    return SseConversion.toInteger(a & LOW32, 64, rounding, F, env);
  }

  /** CVTSI2SS xmm, r32, and CVTDQ2PS. */
  public static int fromInt32(int value, FpEnv env) {
    float result = value;
    if (env.rounding == FpEnv.NEAREST && (inexactKnown(env) || (double) result == value)) {
      return Float.floatToRawIntBits(result);
    }
    return (int) SseConversion.fromInteger(value, F, env);
  }

  /** CVTSI2SS xmm, r64. */
  public static int fromInt64(long value, FpEnv env) {
    return (int) SseConversion.fromInteger(value, F, env);
  }

  /** CVTSS2SD: the bits of a double. */
  public static long toFloat64(int a, FpEnv env) {
    float x = Float.intBitsToFloat(a);
    if (isOrdinary(x)) {
      return Double.doubleToRawLongBits(x);
    }
    return SseConversion.convert(a & LOW32, F, FpFormat.F64, env);
  }

  /**
   * RCPSS: the reciprocal to 12 bits, without exceptions. The SDM demands a relative error of at
   * most 1.5 * 2^-12, and processors differ within that; this one rounds the true value. Denormals
   * count as zero, tiny results become zero.
   */
  public static int reciprocalEstimate(int a) {
    float x = Float.intBitsToFloat(a);
    if (x != x) {
      return a | (int) F.quietBit();
    }
    return estimate(1.0 / flushed(x));
  }

  /** RSQRTSS: the reciprocal of the square root to 12 bits, as {@link #reciprocalEstimate}. */
  public static int reciprocalSquareRootEstimate(int a) {
    float x = Float.intBitsToFloat(a);
    if (x != x) {
      return a | (int) F.quietBit();
    }
    float operand = flushed(x);
    if (operand < 0) {
      return (int) F.defaultNan();
    }
    return operand == 0 ? estimate(1.0 / operand) : estimate(1.0 / Math.sqrt(operand));
  }

  private static float flushed(float x) {
    return Math.abs(x) < Float.MIN_NORMAL ? Math.copySign(0.0f, x) : x;
  }

  private static int estimate(double value) {
    int bits = Float.floatToRawIntBits((float) value);
    int magnitude = bits & (int) (F.infinity() | F.fractionMask());
    if (magnitude < F.fractionMask() + 1) {
      return bits & (int) F.signBit();
    }
    return bits + 0x400 & 0xFFFF_F800;
  }
}
