package org.coremu.guest.x86.insn;

import static org.coremu.guest.x86.insn.VectorOperands.binary;
import static org.coremu.guest.x86.insn.VectorOperands.read;
import static org.coremu.ir.Lane.I16;
import static org.coremu.ir.Lane.I32;
import static org.coremu.ir.Lane.I64;
import static org.coremu.ir.Lane.I8;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.IrOp;

/** Comparisons of packed integers, and PTEST. */
public final class PackedCompare implements Family {
  @Override
  public void translate(String method, X86Ir t) {
    VectorOperands.begin(t);
    switch (method) {
      case "pcmpeqb" -> pcmpeqb(t);
      case "pcmpeqw" -> pcmpeqw(t);
      case "pcmpeqd" -> pcmpeqd(t);
      case "pcmpeqq" -> pcmpeqq(t);
      case "pcmpgtb" -> pcmpgtb(t);
      case "pcmpgtw" -> pcmpgtw(t);
      case "pcmpgtd" -> pcmpgtd(t);
      case "pcmpgtq" -> pcmpgtq(t);
      case "ptest" -> ptest(t);
      default -> throw Family.unknown(method, t);
    }
    VectorOperands.end(t);
  }

  static void pcmpeqb(X86Ir t) {
    binary(t, IrOp.VCMPEQ, I8);
  }

  static void pcmpeqw(X86Ir t) {
    binary(t, IrOp.VCMPEQ, I16);
  }

  static void pcmpeqd(X86Ir t) {
    binary(t, IrOp.VCMPEQ, I32);
  }

  static void pcmpeqq(X86Ir t) {
    binary(t, IrOp.VCMPEQ, I64);
  }

  static void pcmpgtb(X86Ir t) {
    binary(t, IrOp.VCMPGT, I8);
  }

  static void pcmpgtw(X86Ir t) {
    binary(t, IrOp.VCMPGT, I16);
  }

  static void pcmpgtd(X86Ir t) {
    binary(t, IrOp.VCMPGT, I32);
  }

  static void pcmpgtq(X86Ir t) {
    binary(t, IrOp.VCMPGT, I64);
  }

  static void ptest(X86Ir t) {
    int a = read(t, 0);
    int b = read(t, 1);
    t.ir.setFlags(t.ir.emit(IrOp.VTEST, a, b, -1, 0));
  }
}
