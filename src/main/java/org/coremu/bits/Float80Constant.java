package org.coremu.bits;

/**
 * The constants that x87 instructions load, rounded as the rounding mode says, without exceptions.
 */
public final class Float80Constant {
  private Float80Constant() {}

  /** FLD1. */
  public static void one(FpEnv env) {
    env.roundedUp = false;
    env.setResult(Float80.BIAS, Float80.INTEGER_BIT);
  }

  /** FLDZ. */
  public static void zero(FpEnv env) {
    env.roundedUp = false;
    env.setResult(0, 0);
  }

  /** FLDL2T: log2(10). */
  public static void log2Of10(FpEnv env) {
    load(1, 0xd49a784bcd1b8afeL, 0x492bf6ff4dafdb4cL, env);
  }

  /** FLDL2E: log2(e). */
  public static void log2OfE(FpEnv env) {
    load(0, 0xb8aa3b295c17f0bbL, 0xbe87fed0691d3e88L, env);
  }

  /** FLDPI. */
  public static void pi(FpEnv env) {
    load(1, 0xc90fdaa22168c234L, 0xc4c6628b80dc1cd1L, env);
  }

  /** FLDLG2: log10(2). */
  public static void log10Of2(FpEnv env) {
    load(-2, 0x9a209a84fbcff798L, 0x8f8959ac0b7c9178L, env);
  }

  /** FLDLN2: ln(2). */
  public static void lnOf2(FpEnv env) {
    load(-1, 0xb17217f7d1cf79abL, 0xc9e3b39803f2f6afL, env);
  }

  private static void load(int exponent, long hi, long lo, FpEnv env) {
    env.setIntermediate(0, exponent, hi, lo);
    Rounding.round(64, env);
    env.roundedUp = false;
    env.setResult(env.exponent + Float80.BIAS, env.hi);
  }
}
