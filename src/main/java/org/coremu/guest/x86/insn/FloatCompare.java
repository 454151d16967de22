package org.coremu.guest.x86.insn;

import static org.coremu.guest.x86.insn.VectorOperands.imm;
import static org.coremu.guest.x86.insn.VectorOperands.lanes;
import static org.coremu.guest.x86.insn.VectorOperands.read;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.IrOp;

/** Comparisons of floating-point numbers: to masks, and to the flags. */
public final class FloatCompare implements Family {
  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "cmp" -> cmp(t);
      case "comi" -> comi(t);
      case "ucomi" -> ucomi(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void cmp(X86Ir t) {
    VectorOperands.binary(t, IrOp.VFCMP, lanes(t, 0) | (imm(t) & 7) << 8);
  }

  static void comi(X86Ir t) {
    toFlags(t, 1);
  }

  static void ucomi(X86Ir t) {
    toFlags(t, 0);
  }

  private static void toFlags(X86Ir t, int quietIsInvalid) {
    int a = read(t, 0);
    int b = read(t, 1);
    t.ir.setFlags(t.ir.emit(IrOp.VFCOMI, a, b, -1, lanes(t, 0) | quietIsInvalid << 8));
  }
}
