package org.coremu.bits;

/**
 * F2XM1, FYL2X and FYL2XP1. The functions are computed to some 120 bits and rounded once, which is
 * far inside the one unit in the last place that SDM vol. 1, 8.3.10 allows; processors differ from
 * it, and from each other, by up to that.
 */
public final class Float80Exponential {
  /** Terms below 2^-BITS of the sum don't count. */
  private static final int BITS = 130;

  /** Significand of the square root of 2, rounded down. */
  private static final long SQRT2 = 0xB504_F333_F9DE_6484L;

  private Float80Exponential() {}

  /**
   * F2XM1: 2^x - 1, for x from -1 to 1. Outside, where the SDM leaves it open, the argument is
   * returned.
   */
  public static void exp2Minus1(long m, int se, FpEnv env) {
    if (Float80.handlesNan(m, se, env)) {
      return;
    }
    if (Float80.isInfinite(m, se)) {
      if (Float80.sign(se) != 0) {
        env.setResult(Float80.SIGN | Float80.BIAS, Float80.INTEGER_BIT);
      } else {
        env.setResult(se, m);
      }
      return;
    }
    Float80.noteDenormal(m, se, env);
    boolean one = Float80.exponent(m, se) == 0 && m == Float80.INTEGER_BIT;
    if (m == 0 || Float80.exponent(m, se) >= 0 && !one) {
      env.setResult(se, m);
      return;
    }
    if (one) {
      env.setResult(Float80.sign(se) == 0 ? se : se - 1, m);
      return;
    }
    Wide y =
        env.wide[0]
            .set80(m, se)
            .multiply(env.wide[1].set(0, -1, 0xb17217f7d1cf79abL, 0xc9e3b39803f2f6afL));
    Wide sum = env.wide[2].setInteger(1);
    Wide unit = env.wide[3].setInteger(1);
    int terms = y.exponent() >= -4 ? 36 : Math.max(2, BITS / -y.exponent() + 2);
    for (int n = terms; n >= 2; n--) {
      sum.multiply(y).divide(n).add(unit);
    }
    sum.multiply(y).toIntermediate(false, env);
    Rounding.pack80(64, env);
  }

  /** FYL2X: y * log2(x). The operands come as the stack has them, x from ST(0), y from ST(1). */
  public static void yLog2(long mx, int sex, long my, int sey, FpEnv env) {
    if (Float80.handlesNan(mx, sex, my, sey, env)) {
      return;
    }
    int signY = Float80.sign(sey);
    boolean infiniteY = Float80.isInfinite(my, sey);
    if (mx == 0) {
      logOfZero(my, signY, infiniteY, sex, sey, env);
      return;
    }
    boolean isOne = Float80.exponent(mx, sex) == 0 && mx == Float80.INTEGER_BIT;
    boolean infiniteX = Float80.isInfinite(mx, sex);
    if (Float80.sign(sex) != 0 || infiniteX && my == 0 || isOne && infiniteY) {
      Float80.invalid(env);
      return;
    }
    Float80.noteDenormals(mx, sex, my, sey, env);
    boolean below = Float80.exponent(mx, sex) < 0;
    if (infiniteX || infiniteY) {
      Float80.setInfinity(signY ^ (below ? 1 : 0), env);
    } else if (isOne || my == 0) {
      Float80.setZero(signY ^ (below ? 1 : 0), env);
    } else {
      Wide x = env.wide[0].set80(mx, sex);
      finish(log2(x, env), my, sey, env);
    }
  }

  private static void logOfZero(
      long my, int signY, boolean infiniteY, int sex, int sey, FpEnv env) {
    if (my == 0) {
      Float80.invalid(env);
      return;
    }
    if (infiniteY) {
      Float80.setInfinity(signY ^ 1, env);
      return;
    }
    env.raise(FpEnv.DIVIDE_BY_ZERO);
    Float80.setInfinity(signY ^ 1, env);
  }

  /** Rounds y * logarithm, the logarithm standing in wide[0]. */
  private static void finish(boolean exact, long my, int sey, FpEnv env) {
    env.wide[0].multiply(env.wide[1].set80(my, sey)).toIntermediate(exact, env);
    Rounding.pack80(64, env);
    // Processors report inexact for the logarithm of a power of two as well.
    env.raise(
        (env.signExponent & Float80.EXPONENT) == 0
            ? FpEnv.INEXACT | FpEnv.UNDERFLOW
            : FpEnv.INEXACT);
  }

  /**
   * Replaces a positive number, wide[0], by its base-2 logarithm; returns whether that is exact.
   */
  private static boolean log2(Wide x, FpEnv env) {
    int exponent = x.exponent();
    if (Long.compareUnsigned(x.high(), SQRT2) > 0) {
      exponent++;
    }
    Wide m = x.scale(-exponent);
    Wide one = env.wide[1].setInteger(1);
    Wide sum = env.wide[2].set(m).add(one);
    m.add(one.negate());
    if (m.isZero()) {
      m.setInteger(exponent);
      return true;
    }
    m.divide(sum);
    logarithmOfRatio(m, env);
    m.add(env.wide[1].setInteger(exponent));
    return false;
  }

  /** Replaces s, wide[0], by log2((1 + s) / (1 - s)) = 2 atanh(s) / ln(2), for |s| below 0.18. */
  private static void logarithmOfRatio(Wide s, FpEnv env) {
    Wide square = env.wide[1].set(s).multiply(s);
    int terms = Math.max(2, BITS / -square.exponent() + 2);
    Wide sum = env.wide[2].setInteger(0);
    for (int k = terms; k >= 0; k--) {
      sum.multiply(square).add(env.wide[3].setInteger(1).divide(2 * k + 1));
    }
    s.multiply(sum)
        .scale(1)
        .multiply(env.wide[3].set(0, 0, 0xb8aa3b295c17f0bbL, 0xbe87fed0691d3e88L));
  }

  /**
   * FYL2XP1: y * log2(x + 1), exact to the last place also for tiny x. The SDM leaves open what
   * happens beyond x = sqrt(2) - 1 and below x = sqrt(2) / 2 - 1; here the formula holds there too,
   * and x below -1 is invalid.
   */
  public static void yLog2Plus1(long mx, int sex, long my, int sey, FpEnv env) {
    if (Float80.handlesNan(mx, sex, my, sey, env)) {
      return;
    }
    int signX = Float80.sign(sex);
    int signY = Float80.sign(sey);
    boolean infiniteX = Float80.isInfinite(mx, sex);
    boolean infiniteY = Float80.isInfinite(my, sey);
    boolean big = !infiniteX && mx != 0 && Float80.exponent(mx, sex) >= 0;
    boolean invalid =
        signX != 0 && (infiniteX || big) || infiniteX && my == 0 || mx == 0 && infiniteY;
    if (invalid) {
      Float80.invalid(env);
      return;
    }
    Float80.noteDenormals(mx, sex, my, sey, env);
    if (infiniteX || infiniteY) {
      Float80.setInfinity(signX ^ signY, env);
      return;
    }
    if (mx == 0 || my == 0) {
      Float80.setZero(signX ^ signY, env);
      return;
    }
    Wide x = env.wide[0].set80(mx, sex);
    if (x.exponent() < -2) {
      x.divide(env.wide[1].set(x).add(env.wide[2].setInteger(2)));
      logarithmOfRatio(x, env);
      finish(false, my, sey, env);
    } else {
      finish(log2(x.add(env.wide[1].setInteger(1)), env), my, sey, env);
    }
  }
}
