package org.coremu.bits;

/**
 * FSIN, FCOS, FSINCOS, FPTAN and FPATAN. As SDM vol. 1, 8.3.8 specifies, arguments are reduced by a
 * pi of 66 bits, and that exactly; the function of the reduced argument is computed to some 120
 * bits and rounded once.
 */
public final class Float80Trigonometry {
  private static final int BITS = 130;

  /** The 66-bit pi / 2, an integer in units of 2^-65. */
  private static final long HALF_PI_HIGH = 3;

  private static final long HALF_PI_LOW = 0x243F_6A88_85A3_08D3L;

  private static final long PI_HI = 0xc90fdaa22168c234L;
  private static final long PI_LO = 0xc4c6628b80dc1cd1L;

  /** Significands and exponents of atan(k / 8), for k from 1 to 8. */
  private static final long[] ATAN_HI = {
    0xfeadd4d5617b6e32L,
    0xfadbafc96406eb15L,
    0xb7b0ca0f26f78473L,
    0xed63382b0dda7b45L,
    0x8f005d5ef7f59f9bL,
    0xa4bc7d1934f70924L,
    0xb8053e2bc2319e73L,
    PI_HI
  };

  private static final long[] ATAN_LO = {
    0xc897989f3e888ef7L,
    0x6dc79ef5f7a217e5L,
    0x8aa32122dcfe4483L,
    0x6fe445ecbc3a8d03L,
    0x5c835e1665c43747L,
    0x19a87f2a457dac9eL,
    0xcb2da55210a4443dL,
    PI_LO
  };

  private static final int[] ATAN_EXPONENT = {-4, -3, -2, -2, -1, -1, -1, -1};

  private Float80Trigonometry() {}

  /** FSIN. From 2^63 up, {@link FpEnv#incomplete} (C2) is set and the operand is the result. */
  public static void sin(long m, int se, FpEnv env) {
    if (isSpecial(m, se, env)) {
      return;
    }
    if (m == 0) {
      env.setResult(se, m);
      return;
    }
    sinOrCos(reduce(m, se, env), env);
  }

  /** FCOS. From 2^63 up, {@link FpEnv#incomplete} (C2) is set and the operand is the result. */
  public static void cos(long m, int se, FpEnv env) {
    if (isSpecial(m, se, env)) {
      return;
    }
    if (m == 0) {
      Float80Constant.one(env);
      return;
    }
    sinOrCos(reduce(m, se, env) + 1, env);
  }

  /**
   * FSINCOS: the cosine, the new ST(0), as the result, the sine as the second. If incomplete,
   * nothing is pushed.
   */
  public static void sinCos(long m, int se, FpEnv env) {
    sin(m, se, env);
    if (env.incomplete) {
      return;
    }
    boolean sineUp = env.roundedUp;
    int before = env.flags;
    env.signExponent2 = env.signExponent;
    env.mantissa2 = env.mantissa;
    cos(m, se, env);
    env.flags |= before;
    env.roundedUp |= sineUp;
  }

  /**
   * FPTAN: 1.0, the new ST(0), as the result, the tangent as the second. If incomplete, nothing is
   * pushed.
   */
  public static void tan(long m, int se, FpEnv env) {
    if (isSpecial(m, se, env)) {
      if (!env.incomplete) {
        env.signExponent2 = env.signExponent;
        env.mantissa2 = env.mantissa;
      }
      return;
    }
    if (m == 0) {
      env.setResult(se, m);
    } else {
      int quadrant = reduce(m, se, env);
      Wide cosine = env.wide[4].set(cosine(env));
      Wide tangent = sine(env);
      if ((quadrant & 1) != 0) {
        cosine.divide(tangent).negate();
        tangent = cosine;
      } else {
        tangent.divide(cosine);
      }
      tangent.toIntermediate(false, env);
      Rounding.pack80(64, env);
    }
    env.signExponent2 = env.signExponent;
    env.mantissa2 = env.mantissa;
    env.setResult(Float80.BIAS, Float80.INTEGER_BIT);
  }

  /** NaNs, infinities and arguments out of range; raises denormal for what is left. */
  private static boolean isSpecial(long m, int se, FpEnv env) {
    env.incomplete = false;
    if (Float80.handlesNan(m, se, env)) {
      return true;
    }
    if (Float80.isInfinite(m, se)) {
      Float80.invalid(env);
      return true;
    }
    Float80.noteDenormal(m, se, env);
    if (m != 0 && Float80.exponent(m, se) >= 63) {
      env.incomplete = true;
      env.setResult(se, m);
      return true;
    }
    return false;
  }

  /**
   * Leaves the argument reduced to at most a quarter of pi in wide[0]; returns its quadrant, modulo
   * 4.
   */
  private static int reduce(long m, int se, FpEnv env) {
    int exponent = Float80.exponent(m, se);
    int sign = Float80.sign(se);
    if (exponent < -1) {
      env.wide[0].set80(m, se);
      return 0;
    }
    // Long division, a bit a step: the remainder stays below pi / 2, which has 66 bits.
    long high = 0;
    long low = m;
    int quadrant = 0;
    for (int step = exponent + 2; step > 0; step--) {
      high = high << 1 | low >>> 63;
      low <<= 1;
      quadrant <<= 1;
      if (high > HALF_PI_HIGH
          || high == HALF_PI_HIGH && Long.compareUnsigned(low, HALF_PI_LOW) >= 0) {
        high -= HALF_PI_HIGH + (Long.compareUnsigned(low, HALF_PI_LOW) < 0 ? 1 : 0);
        low -= HALF_PI_LOW;
        quadrant |= 1;
      }
    }
    long complementLow = HALF_PI_LOW - low;
    long complementHigh =
        HALF_PI_HIGH - high - (Long.compareUnsigned(HALF_PI_LOW, low) < 0 ? 1 : 0);
    if (high > complementHigh
        || high == complementHigh && Long.compareUnsigned(low, complementLow) > 0) {
      env.wide[0].setUnsigned(sign ^ 1, complementHigh, complementLow, -65);
      quadrant++;
    } else {
      env.wide[0].setUnsigned(sign, high, low, -65);
    }
    return sign == 0 ? quadrant & 3 : -quadrant & 3;
  }

  /** Rounds the sine of wide[0] plus that many quarter turns. */
  private static void sinOrCos(int quadrant, FpEnv env) {
    Wide value = (quadrant & 1) == 0 ? sine(env) : cosine(env);
    if ((quadrant & 2) != 0) {
      value.negate();
    }
    value.toIntermediate(false, env);
    Rounding.pack80(64, env);
  }

  /** The sine of wide[0], in wide[2]. */
  private static Wide sine(FpEnv env) {
    return series(1, env).multiply(env.wide[0]);
  }

  /** The cosine of wide[0], in wide[2]. */
  private static Wide cosine(FpEnv env) {
    return series(0, env);
  }

  /** 1 - x^2/((f+1)(f+2)) + x^4/((f+1)...(f+4)) - ..., in wide[2]. */
  private static Wide series(int first, FpEnv env) {
    Wide square = env.wide[1].set(env.wide[0]).multiply(env.wide[0]).negate();
    int terms = square.exponent() >= -4 ? 17 : Math.max(1, BITS / -square.exponent() + 1);
    Wide sum = env.wide[2].setInteger(1);
    Wide one = env.wide[3].setInteger(1);
    for (int k = terms; k >= 1; k--) {
      int n = first + 2 * k;
      sum.multiply(square).divide(n * (n - 1)).add(one);
    }
    return sum;
  }

  /** FPATAN: the angle of the point (x, y), with x from ST(0) and y from ST(1). */
  public static void atan2(long mx, int sex, long my, int sey, FpEnv env) {
    if (Float80.handlesNan(mx, sex, my, sey, env)) {
      return;
    }
    Float80.noteDenormals(mx, sex, my, sey, env);
    boolean infiniteX = Float80.isInfinite(mx, sex);
    boolean infiniteY = Float80.isInfinite(my, sey);
    boolean left = Float80.sign(sex) != 0;
    int sign = Float80.sign(sey);
    if (infiniteX && infiniteY) {
      Wide angle = pi(env).scale(-2);
      finishAngle(left ? angle.multiply(env.wide[1].setInteger(3)) : angle, sign, env);
    } else if (infiniteY || mx == 0 && my != 0) {
      finishAngle(pi(env).scale(-1), sign, env);
    } else if (infiniteX || my == 0) {
      if (left) {
        finishAngle(pi(env), sign, env);
      } else {
        Float80.setZero(sign, env);
      }
    } else {
      finishAngle(angle(mx, sex, my, sey, left, env), sign, env);
    }
  }

  private static void finishAngle(Wide angle, int sign, FpEnv env) {
    angle.setSign(sign).toIntermediate(false, env);
    Rounding.pack80(64, env);
  }

  private static Wide pi(FpEnv env) {
    return env.wide[0].set(0, 1, PI_HI, PI_LO);
  }

  private static Wide angle(long mx, int sex, long my, int sey, boolean left, FpEnv env) {
    Wide y = env.wide[1].set80(my, sey).setSign(0);
    Wide x = env.wide[2].set80(mx, sex).setSign(0);
    boolean steep = y.compareMagnitude(x) > 0;
    Wide angle = env.wide[4].set(steep ? x : y).divide(steep ? y : x);
    atan(angle, env);
    if (steep) {
      // The angle is measured from the vertical axis: pi/2 - a to the right of it, pi/2 + a to the
      // left.
      return left ? angle.add(pi(env).scale(-1)) : angle.negate().add(pi(env).scale(-1));
    }
    return left ? angle.negate().add(pi(env)) : angle;
  }

  /**
   * Replaces t, wide[4], from 0 to 1, by its arc tangent: atan(k/8) + atan((t - k/8) / (1 + t
   * k/8)).
   */
  private static void atan(Wide t, FpEnv env) {
    int k =
        t.exponent() < -4
            ? 0
            : (int) ((t.high() >>> 32) * 0x1p-31 * Math.scalb(1.0, t.exponent()) * 8 + 0.5);
    if (k > 0) {
      Wide point = env.wide[0].setInteger(k).scale(-3);
      Wide denominator = env.wide[1].set(t).multiply(point).add(env.wide[2].setInteger(1));
      t.add(point.negate());
      if (!t.isZero()) {
        t.divide(denominator);
      }
    }
    if (!t.isZero()) {
      Wide square = env.wide[0].set(t).multiply(t).negate();
      int terms = Math.max(1, BITS / -square.exponent() + 1);
      Wide sum = env.wide[1].setInteger(0);
      for (int n = terms; n >= 0; n--) {
        sum.multiply(square).add(env.wide[2].setInteger(1).divide(2 * n + 1));
      }
      t.multiply(sum);
    }
    if (k > 0) {
      t.add(env.wide[0].set(0, ATAN_EXPONENT[k - 1], ATAN_HI[k - 1], ATAN_LO[k - 1]));
    }
  }
}
