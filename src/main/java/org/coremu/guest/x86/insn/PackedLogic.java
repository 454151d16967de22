package org.coremu.guest.x86.insn;

import static org.coremu.guest.x86.insn.VectorOperands.binary;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.Form;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.IrOp;

/** Bitwise logic on vectors. */
public final class PackedLogic implements Family {
  @Override
  public void translate(String method, X86Ir t) {
    VectorOperands.begin(t);
    switch (method) {
      case "and" -> and(t);
      case "andNot" -> andNot(t);
      case "or" -> or(t);
      case "xor" -> xor(t);
      default -> throw Family.unknown(method, t);
    }
    VectorOperands.end(t);
  }

  static void and(X86Ir t) {
    binary(t, IrOp.VAND, 0);
  }

  static void andNot(X86Ir t) {
    binary(t, IrOp.VANDN, 0);
  }

  static void or(X86Ir t) {
    binary(t, IrOp.VOR, 0);
  }

  static void xor(X86Ir t) {
    if (t.insn.row.form[0] == Form.V && !t.insn.memory && t.insn.reg == t.insn.rm) {
      VectorOperands.write(t, 0, VectorOperands.pack(t, t.ir.constant(0)));
    } else {
      binary(t, IrOp.VXOR, 0);
    }
  }
}
