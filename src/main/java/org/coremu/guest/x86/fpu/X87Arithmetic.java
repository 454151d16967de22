package org.coremu.guest.x86.fpu;

import org.coremu.bits.Float80;
import org.coremu.bits.Float80Conversion;
import org.coremu.bits.Float80Function;
import org.coremu.bits.FpEnv;
import org.coremu.exec.Core;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.ir.Intrinsic;

/**
 * Helpers of x87 arithmetic. Operands: a is an {@link X87Site} with one of the operations below, b
 * the linear address of the memory operand.
 */
public final class X87Arithmetic {
  /** Operations of two operands, numbered as ModRM.reg does in D8. */
  public static final int ADD = 0;

  public static final int MUL = 1;
  public static final int SUB = 4;

  /** Subtracts the destination from the source. */
  public static final int SUB_REVERSED = 5;

  public static final int DIV = 6;

  /** Divides the source by the destination. */
  public static final int DIV_REVERSED = 7;

  /** Operations on ST(0) and ST(1), whose result goes to ST(0). */
  public static final int SCALE = 8;

  public static final int REMAINDER = 9;
  public static final int REMAINDER_NEAREST = 10;

  /** Operations on ST(0). */
  public static final int SQUARE_ROOT = 0;

  public static final int ROUND = 1;

  /** Operations on the sign of ST(0). */
  public static final int CHANGE_SIGN = 0;

  public static final int ABSOLUTE = 1;

  public static final int FLOAT =
      X86Helpers.addX87("x87ArithmeticFloat", Intrinsic.x87Load(4), X87Arithmetic::withFloat);
  public static final int DOUBLE =
      X86Helpers.addX87("x87ArithmeticDouble", Intrinsic.x87Load(8), X87Arithmetic::withDouble);
  public static final int INT16 =
      X86Helpers.addX87("x87ArithmeticInt16", Intrinsic.x87Load(2), X87Arithmetic::withInt16);
  public static final int INT32 =
      X86Helpers.addX87("x87ArithmeticInt32", Intrinsic.x87Load(4), X87Arithmetic::withInt32);
  public static final int REGISTERS =
      X86Helpers.addX87("x87Arithmetic", Intrinsic.X87, X87Arithmetic::registers);
  public static final int STEP =
      X86Helpers.addX87("x87ScaleOrRemainder", Intrinsic.NONE, X87Arithmetic::scaleOrRemainder);
  public static final int SIGN = X86Helpers.addX87("x87Sign", Intrinsic.X87, X87Arithmetic::sign);
  public static final int UNARY =
      X86Helpers.addX87("x87Unary", Intrinsic.X87, X87Arithmetic::unary);

  private X87Arithmetic() {}

  private static long withFloat(Core core, long site, long address, long c) {
    X87 f = X87.of(core);
    f.begin();
    int bits = (int) core.memory.load(address, 4);
    if (!f.isEmpty(0)) {
      Float80Conversion.widen32(bits, f.env);
    }
    return withMemory(f, site, address);
  }

  private static long withDouble(Core core, long site, long address, long c) {
    X87 f = X87.of(core);
    f.begin();
    long bits = core.memory.load(address, 8);
    if (!f.isEmpty(0)) {
      Float80Conversion.widen64(bits, f.env);
    }
    return withMemory(f, site, address);
  }

  private static long withInt16(Core core, long site, long address, long c) {
    X87 f = X87.of(core);
    f.begin();
    Float80Conversion.loadInteger((short) core.memory.load(address, 2), f.env);
    return withMemory(f, site, address);
  }

  private static long withInt32(Core core, long site, long address, long c) {
    X87 f = X87.of(core);
    f.begin();
    Float80Conversion.loadInteger((int) core.memory.load(address, 4), f.env);
    return withMemory(f, site, address);
  }

  /** ST(0) and what was loaded. */
  private static long withMemory(X87 f, long site, long address) {
    FpEnv env = f.env;
    if (f.isEmpty(0)) {
      f.underflow();
    } else {
      operate(
          X87Site.operationOf(site),
          f.mantissa(0),
          f.signExponent(0),
          env.mantissa,
          env.signExponent,
          env);
    }
    if (f.end(site, address)) {
      f.setResult(0);
    }
    return 0;
  }

  private static long registers(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.begin();
    int i = X87Site.sti(site);
    int to = X87Site.toSti(site) ? i : 0;
    int from = X87Site.toSti(site) ? 0 : i;
    if (f.isEmpty(to) || f.isEmpty(from)) {
      f.underflow();
    } else {
      operate(
          X87Site.operationOf(site),
          f.mantissa(to),
          f.signExponent(to),
          f.mantissa(from),
          f.signExponent(from),
          f.env);
    }
    if (f.end(site, 0)) {
      f.setResult(to);
      f.pop(X87Site.pops(site));
    }
    return 0;
  }

  private static void operate(int operation, long ma, int sea, long mb, int seb, FpEnv env) {
    switch (operation) {
      case ADD -> Float80.add(ma, sea, mb, seb, env);
      case MUL -> Float80.mul(ma, sea, mb, seb, env);
      case SUB -> Float80.sub(ma, sea, mb, seb, env);
      case SUB_REVERSED -> Float80.sub(mb, seb, ma, sea, env);
      case DIV -> Float80.div(ma, sea, mb, seb, env);
      case DIV_REVERSED -> Float80.div(mb, seb, ma, sea, env);
      default -> throw new AssertionError("x87 operation " + operation);
    }
  }

  private static long scaleOrRemainder(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.begin();
    FpEnv env = f.env;
    int operation = X87Site.operationOf(site);
    if (operation != SCALE) {
      f.status &= ~X87.C2;
    }
    if (f.isEmpty(0) || f.isEmpty(1)) {
      f.underflow();
    } else if (operation == SCALE) {
      Float80Function.scale(
          f.mantissa(0), f.signExponent(0), f.mantissa(1), f.signExponent(1), env);
    } else {
      if (operation == REMAINDER) {
        Float80Function.prem(
            f.mantissa(0), f.signExponent(0), f.mantissa(1), f.signExponent(1), env);
      } else {
        Float80Function.prem1(
            f.mantissa(0), f.signExponent(0), f.mantissa(1), f.signExponent(1), env);
      }
    }
    if (f.end(site, 0)) {
      f.setResult(0);
      if (operation != SCALE && (env.signExponent & 0x7FFF) != 0x7FFF) {
        f.setConditionCodes(remainderCodes(env));
      }
    }
    return 0;
  }

  private static int remainderCodes(FpEnv env) {
    int q = env.quotient;
    return (env.incomplete ? X87.C2 : 0)
        | ((q & 4) != 0 ? X87.C0 : 0)
        | ((q & 2) != 0 ? X87.C3 : 0)
        | ((q & 1) != 0 ? X87Image.C1 : 0);
  }

  private static long unary(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.begin();
    if (f.isEmpty(0)) {
      f.underflow();
    } else if (X87Site.operationOf(site) == SQUARE_ROOT) {
      Float80.sqrt(f.mantissa(0), f.signExponent(0), f.env);
    } else {
      Float80Function.roundToIntegral(f.mantissa(0), f.signExponent(0), f.env);
    }
    if (f.end(site, 0)) {
      f.setResult(0);
    }
    return 0;
  }

  private static long sign(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.begin();
    if (f.isEmpty(0)) {
      f.underflow();
      if (f.end(site, 0)) {
        f.setResult(0);
      }
      return 0;
    }
    int se = f.signExponent(0);
    f.end(site, 0);
    f.set(0, f.mantissa(0), X87Site.operationOf(site) == CHANGE_SIGN ? se ^ 0x8000 : se & 0x7FFF);
    return 0;
  }
}
