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
      case "pcmpeqb" -> binary(t, IrOp.VCMPEQ, I8);
      case "pcmpeqw" -> binary(t, IrOp.VCMPEQ, I16);
      case "pcmpeqd" -> binary(t, IrOp.VCMPEQ, I32);
      case "pcmpeqq" -> binary(t, IrOp.VCMPEQ, I64);
      case "pcmpgtb" -> binary(t, IrOp.VCMPGT, I8);
      case "pcmpgtw" -> binary(t, IrOp.VCMPGT, I16);
      case "pcmpgtd" -> binary(t, IrOp.VCMPGT, I32);
      case "pcmpgtq" -> binary(t, IrOp.VCMPGT, I64);
      case "ptest" -> ptest(t);
      default -> throw Family.unknown(method, t);
    }
    VectorOperands.end(t);
  }

  static void ptest(X86Ir t) {
    int a = read(t, 0);
    int b = read(t, 1);
    t.ir.setFlags(t.ir.emit(IrOp.VTEST, a, b, -1, 0));
  }
}
