package org.coremu.guest.x86.fpu;

import org.coremu.bits.Float80;
import org.coremu.bits.Float80Conversion;
import org.coremu.bits.FpEnv;
import org.coremu.bits.SoftFloat64;
import org.coremu.exec.Core;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.ir.Intrinsic;

/**
 * Helpers of x87 comparisons and FXAM. Operands: a is an {@link X87Site}, b the linear address of
 * the memory operand. A result is kept as EFLAGS has it (ZF, PF, CF); 8 bits further left these are
 * C3, C2 and C0.
 */
public final class X87Comparison {
  /** Operation of a site: quiet NaNs are not invalid. */
  public static final int QUIET = 1;

  public static final int FLOAT =
      X86Helpers.addX87("x87CompareFloat", Intrinsic.x87Load(4), X87Comparison::withFloat);
  public static final int DOUBLE =
      X86Helpers.addX87("x87CompareDouble", Intrinsic.x87Load(8), X87Comparison::withDouble);
  public static final int INT16 =
      X86Helpers.addX87("x87CompareInt16", Intrinsic.x87Load(2), X87Comparison::withInt16);
  public static final int INT32 =
      X86Helpers.addX87("x87CompareInt32", Intrinsic.x87Load(4), X87Comparison::withInt32);
  public static final int REGISTERS =
      X86Helpers.addX87("x87Compare", Intrinsic.X87, X87Comparison::registers);

  /**
   * FCOMI and its kin: gives the arithmetic flags, also when an unmasked exception keeps the stack
   * from being popped.
   */
  public static final int TO_FLAGS =
      X86Helpers.addX87("x87CompareToFlags", Intrinsic.X87_TO_FLAGS, X87Comparison::toFlags);

  public static final int TEST = X86Helpers.addX87("x87Test", Intrinsic.X87, X87Comparison::test);
  public static final int EXAMINE =
      X86Helpers.addX87("x87Examine", Intrinsic.X87, X87Comparison::examine);

  private X87Comparison() {}

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

  private static long withMemory(X87 f, long site, long address) {
    FpEnv env = f.env;
    int result = SoftFloat64.UNORDERED;
    if (f.isEmpty(0)) {
      f.underflow();
    } else {
      result = Float80.com(f.mantissa(0), f.signExponent(0), env.mantissa, env.signExponent, env);
    }
    return finish(f, site, address, result);
  }

  private static long registers(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.begin();
    return finish(f, site, 0, compare(f, site));
  }

  /** ST(0) with ST(i). */
  private static int compare(X87 f, long site) {
    int i = X87Site.sti(site);
    if (f.isEmpty(0) || f.isEmpty(i)) {
      f.underflow();
      return SoftFloat64.UNORDERED;
    }
    return X87Site.operationOf(site) == QUIET
        ? Float80.ucom(f.mantissa(0), f.signExponent(0), f.mantissa(i), f.signExponent(i), f.env)
        : Float80.com(f.mantissa(0), f.signExponent(0), f.mantissa(i), f.signExponent(i), f.env);
  }

  private static long test(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.begin();
    int result = SoftFloat64.UNORDERED;
    if (f.isEmpty(0)) {
      f.underflow();
    } else {
      result = Float80.tst(f.mantissa(0), f.signExponent(0), f.env);
    }
    return finish(f, site, 0, result);
  }

  private static long finish(X87 f, long site, long address, int result) {
    f.status = f.status & ~X87.CONDITION | result << 8;
    if (f.end(site, address)) {
      f.pop(X87Site.pops(site));
    }
    return 0;
  }

  private static long toFlags(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.beginKeepingC1();
    long flags = compare(f, site);
    if (f.end(site, 0)) {
      f.pop(X87Site.pops(site));
    }
    return flags;
  }

  private static long examine(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.begin();
    int kind = f.isEmpty(0) ? Float80.EMPTY : Float80.classify(f.mantissa(0), f.signExponent(0));
    int sign = f.signExponent(0) >>> 15 & 1;
    f.status = f.status & ~X87.CONDITION | kind | (sign != 0 ? X87Image.C1 : 0);
    f.end(site, 0);
    return 0;
  }
}
