package org.coremu.guest.x86.insn;

import org.coremu.bits.UInt128;
import org.coremu.exec.Core;
import org.coremu.exec.CoreState;
import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86State;
import org.coremu.ir.Effect;
import org.coremu.ir.FlagKind;
import org.coremu.ir.IrOp;

/** Multiplication and division. */
public final class MulDiv implements Family {
  private static final int RAX = 0;
  private static final int RDX = 2;
  private static final int DIV = X86Helpers.add("div", Effect.ANY, MulDiv::divide);
  private static final int IDIV = X86Helpers.add("idiv", Effect.ANY, MulDiv::divideSigned);

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "mul" -> mul(t);
      case "imulWide" -> imulWide(t);
      case "imul" -> imul(t);
      case "div" -> div(t);
      case "idiv" -> idiv(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void mul(X86Ir t) {
    int bits = t.insn.opSize;
    int b = t.zx(0);
    int a = t.ir.zext(t.gpr(RAX), bits);
    int low = t.ir.binary(IrOp.MUL, a, b);
    int high = bits == 64 ? t.ir.binary(IrOp.MULHU, a, b) : t.ir.shr(low, bits);
    writeProduct(t, low, high);
    t.flags(FlagKind.MUL, low, high);
  }

  static void imulWide(X86Ir t) {
    int bits = t.insn.opSize;
    int b = t.sx(0);
    int a = t.ir.sext(t.gpr(RAX), bits);
    int low = t.ir.binary(IrOp.MUL, a, b);
    int high = bits == 64 ? t.ir.binary(IrOp.MULHS, a, b) : t.ir.sar(low, bits);
    writeProduct(t, low, high);
    t.flags(FlagKind.MUL, low, overflow(t, low, high));
  }

  static void imul(X86Ir t) {
    int bits = t.insn.opSize;
    int last = t.insn.row.operandCount() - 1;
    int b = last == 1 ? t.sx(0) : t.ir.constant(t.insn.imm);
    int a = t.sx(1);
    int low = t.ir.binary(IrOp.MUL, a, b);
    int high = bits == 64 ? t.ir.binary(IrOp.MULHS, a, b) : t.ir.sar(low, bits);
    t.write(0, low);
    t.flags(FlagKind.MUL, low, overflow(t, low, high));
  }

  /** Not 0 if the product does not fit the low half: the high half is not its sign. */
  private static int overflow(X86Ir t, int low, int high) {
    return t.ir.sub(high, t.ir.sar(t.ir.sext(low, t.insn.opSize), 63));
  }

  private static void writeProduct(X86Ir t, int low, int high) {
    if (t.insn.opSize == 8) {
      t.setReg(RAX, 16, low);
    } else {
      t.setReg(RAX, t.insn.opSize, low);
      t.setReg(RDX, t.insn.opSize, high);
    }
  }

  static void div(X86Ir t) {
    t.ir.call(DIV, t.zx(0), t.ir.constant(t.insn.opSize));
  }

  static void idiv(X86Ir t) {
    t.ir.call(IDIV, t.sx(0), t.ir.constant(t.insn.opSize));
  }

  /** Divides rDX:rAX (AX for 8 bits) by d, zero-extended from {@code bits}. */
  private static long divide(Core core, long d, long bits, long unused) {
    long rax = core.state.get(X86State.RAX);
    long rdx = core.state.get(X86State.RDX);
    if (d == 0) {
      throw X86Fault.de();
    }
    if (bits == 64) {
      if (UInt128.divideOverflowsUnsigned(rdx, d)) {
        throw X86Fault.de();
      }
      long quotient = UInt128.divideUnsigned(rdx, rax, d);
      writeQuotient(core, 64, quotient, UInt128.remainder(rax, quotient, d));
      return 0;
    }
    long dividend = dividend((int) bits, rax, rdx);
    long quotient = Long.divideUnsigned(dividend, d);
    if (quotient >>> bits != 0) {
      throw X86Fault.de();
    }
    writeQuotient(core, (int) bits, quotient, dividend - quotient * d);
    return 0;
  }

  /** Divides rDX:rAX (AX for 8 bits) by d, sign-extended from {@code bits}. */
  private static long divideSigned(Core core, long d, long bits, long unused) {
    long rax = core.state.get(X86State.RAX);
    long rdx = core.state.get(X86State.RDX);
    if (d == 0) {
      throw X86Fault.de();
    }
    if (bits == 64) {
      if (UInt128.divideOverflowsSigned(rdx, rax, d)) {
        throw X86Fault.de();
      }
      long quotient = UInt128.divideSigned(rdx, rax, d);
      writeQuotient(core, 64, quotient, UInt128.remainder(rax, quotient, d));
      return 0;
    }
    int up = 64 - 2 * (int) bits;
    long dividend = dividend((int) bits, rax, rdx) << up >> up;
    long quotient = dividend / d;
    int rest = 64 - (int) bits;
    // Long.MIN_VALUE / -1 wraps, and is out of range of 32 bits as it should be
    if (quotient << rest >> rest != quotient) {
      throw X86Fault.de();
    }
    writeQuotient(core, (int) bits, quotient, dividend - quotient * d);
    return 0;
  }

  private static long dividend(int bits, long rax, long rdx) {
    return switch (bits) {
      case 8 -> rax & 0xffff;
      case 16 -> (rdx & 0xffff) << 16 | rax & 0xffff;
      default -> rdx << 32 | rax & 0xffff_ffffL;
    };
  }

  private static void writeQuotient(Core core, int bits, long quotient, long remainder) {
    CoreState s = core.state;
    long rax = s.get(X86State.RAX);
    switch (bits) {
      case 8 -> s.put(X86State.RAX, rax & ~0xffffL | (remainder & 0xff) << 8 | quotient & 0xff);
      case 16 -> {
        s.put(X86State.RAX, rax & ~0xffffL | quotient & 0xffff);
        s.put(X86State.RDX, s.get(X86State.RDX) & ~0xffffL | remainder & 0xffff);
      }
      case 32 -> {
        s.put(X86State.RAX, quotient & 0xffff_ffffL);
        s.put(X86State.RDX, remainder & 0xffff_ffffL);
      }
      default -> {
        s.put(X86State.RAX, quotient);
        s.put(X86State.RDX, remainder);
      }
    }
  }
}
