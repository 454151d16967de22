package org.coremu.guest.x86.insn;

import static org.coremu.guest.x86.insn.VectorOperands.imm;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.IrOp;

/** Arithmetic on scalar and packed floating-point numbers. */
public final class FloatArith implements Family {
  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "add" -> binary(t, IrOp.VFADD, 0);
      case "sub" -> binary(t, IrOp.VFSUB, 0);
      case "mul" -> binary(t, IrOp.VFMUL, 0);
      case "div" -> binary(t, IrOp.VFDIV, 0);
      case "min" -> binary(t, IrOp.VFMIN, 0);
      case "max" -> binary(t, IrOp.VFMAX, 0);
      case "sqrt" -> binary(t, IrOp.VFSQRT, 0);
      case "rcp" -> binary(t, IrOp.VFRCP, 0);
      case "rsqrt" -> binary(t, IrOp.VFRSQRT, 0);
      case "addsub" -> binary(t, IrOp.VFADDSUB, 0);
      case "hadd" -> binary(t, IrOp.VFHADD, 0);
      case "hsub" -> binary(t, IrOp.VFHSUB, 0);
      case "round" -> binary(t, IrOp.VFROUND, imm(t) & 15);
      case "dpps", "dppd" -> binary(t, IrOp.VFDOT, imm(t));
      default -> throw Family.unknown(method, t);
    }
  }

  private static void binary(X86Ir t, IrOp op, int control) {
    VectorOperands.binary(t, op, VectorOperands.lanes(t, 0) | control << 8);
  }
}
