package org.coremu.guest.x86.fpu;

import org.coremu.bits.Float80Exponential;
import org.coremu.bits.Float80Function;
import org.coremu.bits.Float80Trigonometry;
import org.coremu.bits.FpEnv;
import org.coremu.exec.Core;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.ir.Intrinsic;

/**
 * Helpers of the x87 functions. Operand a is an {@link X87Site} with one of the operations below.
 */
public final class X87Function {
  /** Functions of ST(0). */
  public static final int EXP2_MINUS_1 = 0;

  public static final int SIN = 1;
  public static final int COS = 2;

  /** Functions of ST(0) that also push a result. */
  public static final int TAN = 3;

  public static final int SIN_COS = 4;
  public static final int EXTRACT = 5;

  /** Functions of ST(1) and ST(0) whose result replaces both. */
  public static final int ARC_TAN = 6;

  public static final int Y_LOG2 = 7;
  public static final int Y_LOG2_PLUS_1 = 8;

  public static final int ONE = X86Helpers.addX87("x87Function", Intrinsic.NONE, X87Function::one);
  public static final int PUSHING =
      X86Helpers.addX87("x87PushingFunction", Intrinsic.NONE, X87Function::pushing);
  public static final int TWO =
      X86Helpers.addX87("x87FunctionOfTwo", Intrinsic.NONE, X87Function::two);

  private X87Function() {}

  private static long one(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.begin();
    FpEnv env = f.env;
    env.incomplete = false;
    if (f.isEmpty(0)) {
      f.underflow();
    } else {
      compute(X87Site.operationOf(site), f.mantissa(0), f.signExponent(0), env);
    }
    if (X87Site.operationOf(site) != EXP2_MINUS_1) {
      f.status = f.status & ~X87.C2 | (env.incomplete ? X87.C2 : 0);
    }
    if (f.end(site, 0) && !env.incomplete) {
      f.setResult(0);
    }
    return 0;
  }

  private static void compute(int operation, long m, int se, FpEnv env) {
    switch (operation) {
      case EXP2_MINUS_1 -> Float80Exponential.exp2Minus1(m, se, env);
      case SIN -> Float80Trigonometry.sin(m, se, env);
      case COS -> Float80Trigonometry.cos(m, se, env);
      case TAN -> Float80Trigonometry.tan(m, se, env);
      case SIN_COS -> Float80Trigonometry.sinCos(m, se, env);
      default -> Float80Function.extract(m, se, env);
    }
  }

  private static long pushing(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.begin();
    FpEnv env = f.env;
    env.incomplete = false;
    if (f.isEmpty(0) || !f.isEmpty(7)) {
      if (f.isEmpty(0)) {
        f.underflow();
      } else {
        f.overflow();
      }
      env.mantissa2 = env.mantissa;
      env.signExponent2 = env.signExponent;
    } else {
      compute(X87Site.operationOf(site), f.mantissa(0), f.signExponent(0), env);
    }
    if (X87Site.operationOf(site) != EXTRACT) {
      f.status = f.status & ~X87.C2 | (env.incomplete ? X87.C2 : 0);
    }
    if (f.end(site, 0) && !env.incomplete) {
      f.set(0, env.mantissa2, env.signExponent2);
      f.lower();
      f.setResult(0);
    }
    return 0;
  }

  private static long two(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.begin();
    if (f.isEmpty(0) || f.isEmpty(1)) {
      f.underflow();
    } else {
      long m = f.mantissa(0);
      int se = f.signExponent(0);
      switch (X87Site.operationOf(site)) {
        case ARC_TAN -> Float80Trigonometry.atan2(m, se, f.mantissa(1), f.signExponent(1), f.env);
        case Y_LOG2 -> Float80Exponential.yLog2(m, se, f.mantissa(1), f.signExponent(1), f.env);
        default -> Float80Exponential.yLog2Plus1(m, se, f.mantissa(1), f.signExponent(1), f.env);
      }
    }
    if (f.end(site, 0)) {
      f.setResult(1);
      f.pop(1);
    }
    return 0;
  }
}
