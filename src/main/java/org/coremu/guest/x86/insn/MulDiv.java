package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.FlagKind;
import org.coremu.ir.IrOp;

/** Multiplication and division. */
public final class MulDiv implements Family {
  private static final int RAX = 0;
  private static final int RDX = 2;

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
    int low = dividend(t);
    int high = t.insn.opSize == 64 ? t.gpr(RDX) : t.ir.constant(0);
    divide(t, IrOp.DIVU, IrOp.REMU, high, low, t.zx(0));
  }

  static void idiv(X86Ir t) {
    int bits = t.insn.opSize;
    int low = bits == 64 ? dividend(t) : t.ir.sext(dividend(t), 2 * bits);
    int high = bits == 64 ? t.gpr(RDX) : t.ir.sar(low, 63);
    divide(t, IrOp.DIVS, IrOp.REMS, high, low, t.sx(0));
  }

  /** AX, DX:AX or EDX:EAX, zero-extended; RAX for 64 bits. */
  private static int dividend(X86Ir t) {
    int bits = t.insn.opSize;
    int rax = t.gpr(RAX);
    if (bits == 64) {
      return rax;
    }
    if (bits == 8) {
      return t.ir.zext(rax, 16);
    }
    return t.ir.or(t.ir.shl(t.ir.zext(t.gpr(RDX), bits), bits), t.ir.zext(rax, bits));
  }

  private static void divide(X86Ir t, IrOp quotient, IrOp remainder, int high, int low, int d) {
    int bits = t.insn.opSize;
    int q = t.ir.emit(quotient, high, low, d, bits);
    int r = t.ir.emit(remainder, high, low, d, bits);
    if (bits == 8) {
      t.setReg(RAX, 16, t.ir.or(t.ir.shl(t.ir.zext(r, 8), 8), t.ir.zext(q, 8)));
    } else {
      t.setReg(RAX, bits, q);
      t.setReg(RDX, bits, r);
    }
  }
}
