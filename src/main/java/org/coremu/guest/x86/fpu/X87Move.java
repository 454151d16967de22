package org.coremu.guest.x86.fpu;

import org.coremu.bits.Float80Constant;
import org.coremu.bits.Float80Conversion;
import org.coremu.bits.FpEnv;
import org.coremu.exec.Core;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.ir.Intrinsic;

/**
 * Helpers of x87 loads, exchanges and conditional moves. Operands: a is an {@link X87Site}, b the
 * linear address of the memory operand or the condition.
 */
public final class X87Move {
  public static final int LOAD_FLOAT =
      X86Helpers.addX87("x87LoadFloat", Intrinsic.x87Load(4), X87Move::loadFloat);
  public static final int LOAD_DOUBLE =
      X86Helpers.addX87("x87LoadDouble", Intrinsic.x87Load(8), X87Move::loadDouble);
  public static final int LOAD_EXTENDED =
      X86Helpers.addX87("x87LoadExtended", Intrinsic.x87Load(10), X87Move::loadExtended);
  public static final int LOAD_INT16 =
      X86Helpers.addX87("x87LoadInt16", Intrinsic.x87Load(2), X87Move::loadInt16);
  public static final int LOAD_INT32 =
      X86Helpers.addX87("x87LoadInt32", Intrinsic.x87Load(4), X87Move::loadInt32);
  public static final int LOAD_INT64 =
      X86Helpers.addX87("x87LoadInt64", Intrinsic.x87Load(8), X87Move::loadInt64);
  public static final int LOAD_DECIMAL =
      X86Helpers.addX87("x87LoadDecimal", Intrinsic.NONE, X87Move::loadDecimal);
  public static final int LOAD_REGISTER =
      X86Helpers.addX87("x87LoadRegister", Intrinsic.X87, X87Move::loadRegister);

  /** Operation of the site: ModRM.rm of D9 /5, that is 0 for 1.0 to 6 for 0.0. */
  public static final int LOAD_CONSTANT =
      X86Helpers.addX87("x87LoadConstant", Intrinsic.X87, X87Move::loadConstant);

  public static final int EXCHANGE =
      X86Helpers.addX87("x87Exchange", Intrinsic.X87, X87Move::exchange);

  /** Moves if b is not 0. */
  public static final int MOVE_IF =
      X86Helpers.addX87("x87MoveIf", Intrinsic.X87_MOVE_IF, X87Move::moveIf);

  private X87Move() {}

  private static long loadFloat(Core core, long site, long address, long c) {
    X87 f = X87.of(core);
    f.begin();
    Float80Conversion.load32((int) core.memory.load(address, 4), f.env);
    return push(f, site, address);
  }

  private static long loadDouble(Core core, long site, long address, long c) {
    X87 f = X87.of(core);
    f.begin();
    Float80Conversion.load64(core.memory.load(address, 8), f.env);
    return push(f, site, address);
  }

  private static long loadInt16(Core core, long site, long address, long c) {
    X87 f = X87.of(core);
    f.begin();
    Float80Conversion.loadInteger((short) core.memory.load(address, 2), f.env);
    return push(f, site, address);
  }

  private static long loadInt32(Core core, long site, long address, long c) {
    X87 f = X87.of(core);
    f.begin();
    Float80Conversion.loadInteger((int) core.memory.load(address, 4), f.env);
    return push(f, site, address);
  }

  private static long loadInt64(Core core, long site, long address, long c) {
    X87 f = X87.of(core);
    f.begin();
    Float80Conversion.loadInteger(core.memory.load(address, 8), f.env);
    return push(f, site, address);
  }

  private static long loadDecimal(Core core, long site, long address, long c) {
    X87 f = X87.of(core);
    f.begin();
    long low = core.memory.load(address, 8);
    Float80Conversion.loadDecimal(low, (int) core.memory.load(address + 8, 2), f.env);
    return push(f, site, address);
  }

  /** Pushes the result. An unmasked denormal exception does not keep it off the stack. */
  private static long push(X87 f, long site, long address) {
    if (!f.isEmpty(7)) {
      f.overflow();
    }
    boolean valid = (f.env.flags & FpEnv.INVALID) == 0;
    if (f.end(site, address) || valid) {
      f.lower();
      f.setResult(0);
    }
    return 0;
  }

  private static long loadExtended(Core core, long site, long address, long c) {
    X87 f = X87.of(core);
    f.begin();
    long low = core.memory.load(address, 8);
    int high = (int) core.memory.load(address + 8, 2);
    return pushValue(f, site, address, low, high);
  }

  private static long loadRegister(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.begin();
    int i = X87Site.sti(site);
    if (f.isEmpty(i)) {
      f.underflow();
      if (f.end(site, 0)) {
        f.lower();
        f.setResult(0);
      }
      return 0;
    }
    return pushValue(f, site, 0, f.mantissa(i), f.signExponent(i));
  }

  /** Pushes a value as it is. */
  private static long pushValue(X87 f, long site, long address, long mantissa, int signExponent) {
    if (!f.isEmpty(7)) {
      return push(f, site, address);
    }
    f.end(site, address);
    f.lower();
    f.set(0, mantissa, signExponent);
    return 0;
  }

  private static long loadConstant(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.begin();
    FpEnv env = f.env;
    switch (X87Site.operationOf(site)) {
      case 0 -> Float80Constant.one(env);
      case 1 -> Float80Constant.log2Of10(env);
      case 2 -> Float80Constant.log2OfE(env);
      case 3 -> Float80Constant.pi(env);
      case 4 -> Float80Constant.log10Of2(env);
      case 5 -> Float80Constant.lnOf2(env);
      default -> Float80Constant.zero(env);
    }
    return push(f, site, 0);
  }

  private static long exchange(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.begin();
    int i = X87Site.sti(site);
    boolean empty0 = f.isEmpty(0);
    boolean emptyI = f.isEmpty(i);
    if (empty0 || emptyI) {
      f.underflow();
    }
    FpEnv env = f.env;
    long m0 = empty0 ? env.mantissa : f.mantissa(0);
    int se0 = empty0 ? env.signExponent : f.signExponent(0);
    long mi = emptyI ? env.mantissa : f.mantissa(i);
    int sei = emptyI ? env.signExponent : f.signExponent(i);
    if (f.end(site, 0)) {
      f.set(0, mi, sei);
      f.set(i, m0, se0);
    }
    return 0;
  }

  private static long moveIf(Core core, long site, long condition, long c) {
    X87 f = X87.of(core);
    f.beginKeepingC1();
    int i = X87Site.sti(site);
    if (f.isEmpty(0) || f.isEmpty(i)) {
      f.underflow();
      if (f.end(site, 0)) {
        f.setResult(0);
      }
    } else {
      f.end(site, 0);
      if (condition != 0) {
        f.set(0, f.mantissa(i), f.signExponent(i));
      }
    }
    return 0;
  }
}
