package org.coremu.bits;

/**
 * x87 loads and stores: between the extended format and float, double, integers and packed decimal.
 * The extended format itself is loaded and stored as it is, without exceptions. Results of loads
 * are in {@link FpEnv}, as for {@link Float80}.
 *
 * <p>When a store overflows or underflows unmasked, {@link FpEnv#suppressesStore} says that memory
 * stays as it is, and nothing is popped.
 */
public final class Float80Conversion {
  private static final long DECIMAL_LIMIT = 1_000_000_000_000_000_000L;

  private Float80Conversion() {}

  /** FLD m32: a signalling NaN is invalid, a denormal raises that exception. */
  public static void load32(int bits, FpEnv env) {
    load(bits & 0xFFFF_FFFFL, FpFormat.F32, env);
  }

  /** FLD m64. */
  public static void load64(long bits, FpEnv env) {
    load(bits, FpFormat.F64, env);
  }

  private static void load(long a, FpFormat f, FpEnv env) {
    env.roundedUp = false;
    if (f.isSignalling(a)) {
      env.raise(FpEnv.INVALID);
    } else if (f.isDenormal(a)) {
      env.raise(FpEnv.DENORMAL);
    }
    widen(f.isNan(a) ? a | f.quietBit() : a, f, env);
  }

  /**
   * Widens the float operand of an arithmetic instruction; exceptions are left to that instruction.
   */
  public static void widen32(int bits, FpEnv env) {
    long a = bits & 0xFFFF_FFFFL;
    env.denormalSource = FpFormat.F32.isDenormal(a);
    widen(a, FpFormat.F32, env);
  }

  /**
   * Widens the double operand of an arithmetic instruction; exceptions are left to that
   * instruction.
   */
  public static void widen64(long bits, FpEnv env) {
    env.denormalSource = FpFormat.F64.isDenormal(bits);
    widen(bits, FpFormat.F64, env);
  }

  private static void widen(long a, FpFormat f, FpEnv env) {
    int sign = f.sign(a) << 15;
    if (f.magnitude(a) >= f.infinity()) {
      env.setResult(
          sign | Float80.EXPONENT,
          Float80.INTEGER_BIT | (a & f.fractionMask()) << 63 - f.fractionBits());
    } else if (f.isZero(a)) {
      env.setResult(sign, 0);
    } else {
      env.setResult(sign | f.exponent(a) + Float80.BIAS, f.significand(a));
    }
  }

  /** FILD, from any width sign-extended to 64 bits. */
  public static void loadInteger(long value, FpEnv env) {
    env.roundedUp = false;
    if (value == 0) {
      env.setResult(0, 0);
      return;
    }
    long magnitude = Math.abs(value);
    int shift = Long.numberOfLeadingZeros(magnitude);
    env.setResult((value < 0 ? Float80.SIGN : 0) | 63 - shift + Float80.BIAS, magnitude << shift);
  }

  /**
   * FBLD: 18 decimal digits in the low 72 bits, sign in bit 79. What digits above 9 give is
   * undefined.
   */
  public static void loadDecimal(long low, int high, FpEnv env) {
    long value = (high >>> 4 & 0xF) * 10 + (high & 0xF);
    for (int shift = 60; shift >= 0; shift -= 4) {
      value = value * 10 + (low >>> shift & 0xF);
    }
    loadInteger(value, env);
    env.signExponent |= high & Float80.SIGN;
  }

  /** FST m32: the float's bits. */
  public static int store32(long m, int se, FpEnv env) {
    return (int) store(m, se, FpFormat.F32, env);
  }

  /** FST m64: the double's bits. */
  public static long store64(long m, int se, FpEnv env) {
    return store(m, se, FpFormat.F64, env);
  }

  private static long store(long m, int se, FpFormat f, FpEnv env) {
    env.roundedUp = false;
    int sign = Float80.sign(se);
    if (!Float80.isSupported(m, se)) {
      return f.invalid(env);
    }
    if (Float80.isNan(m, se)) {
      if (Float80.isSignalling(m, se)) {
        env.raise(FpEnv.INVALID);
      }
      long payload = m >>> 63 - f.fractionBits() & f.fractionMask();
      return f.signed(sign, f.infinity() | f.quietBit() | payload);
    }
    if (Float80.isInfinite(m, se)) {
      return f.signed(sign, f.infinity());
    }
    if (m == 0) {
      return f.signed(sign, 0);
    }
    env.setIntermediate(sign, Float80.exponent(m, se), Float80.significand(m), 0);
    int sticky = env.flags;
    env.flags = 0;
    long result = Rounding.pack(f, env);
    if ((env.flags & ~env.masks & (FpEnv.OVERFLOW | FpEnv.UNDERFLOW)) != 0) {
      // Nothing is stored, so nothing has been rounded.
      env.flags &= ~FpEnv.INEXACT;
      env.roundedUp = false;
    }
    env.flags |= sticky;
    return result;
  }

  /**
   * FIST, FISTP and (with {@link FpEnv#TRUNCATE}) FISTTP.
   *
   * @param bits width of the integer: 16, 32 or 64
   * @return the integer, or "integer indefinite", -2^(bits-1), with the invalid exception
   */
  public static long storeInteger(long m, int se, int bits, int rounding, FpEnv env) {
    env.roundedUp = false;
    long indefinite = -1L << bits - 1;
    if (m == 0 && (se & Float80.EXPONENT) == 0) {
      return 0;
    }
    if (!Float80.isSupported(m, se) || Float80.exponent(m, se) >= bits) {
      env.raise(FpEnv.INVALID);
      return indefinite;
    }
    int sign = Float80.sign(se);
    boolean inexact =
        Rounding.toInteger(rounding, sign, Float80.exponent(m, se), Float80.significand(m), env);
    if (Long.compareUnsigned(env.hi, sign == 0 ? ~indefinite : -indefinite) > 0) {
      env.raise(FpEnv.INVALID);
      env.roundedUp = false;
      return indefinite;
    }
    if (inexact) {
      env.raise(FpEnv.INEXACT);
    }
    return sign == 0 ? env.hi : -env.hi;
  }

  /**
   * FBSTP: rounds to an integer and leaves its 18 decimal digits, 80 bits in all, in {@link
   * FpEnv#mantissa} (low 64) and {@link FpEnv#signExponent} (high 16). What doesn't fit is invalid
   * and gives the "BCD indefinite".
   */
  public static void storeDecimal(long m, int se, FpEnv env) {
    int before = env.flags;
    int sign = Float80.sign(se);
    long value = storeInteger(m, se, 64, env.rounding, env);
    long magnitude = Math.abs(value);
    if (Long.compareUnsigned(magnitude, DECIMAL_LIMIT) >= 0) {
      env.flags = before | FpEnv.INVALID;
      env.roundedUp = false;
      env.setResult(0xFFFF, Float80.INTEGER_BIT | Float80.QUIET_BIT);
      return;
    }
    long low = 0;
    for (int digit = 0; digit < 16; digit++) {
      low |= magnitude % 10 << 4 * digit;
      magnitude /= 10;
    }
    int high = (int) (magnitude / 10 << 4 | magnitude % 10);
    env.setResult(sign << 15 | high, low);
  }
}
