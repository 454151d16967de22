package org.coremu.guest.x86.insn;

import static org.coremu.guest.x86.insn.VectorOperands.binary;
import static org.coremu.guest.x86.insn.VectorOperands.pairs;
import static org.coremu.guest.x86.insn.VectorOperands.unary;
import static org.coremu.ir.Lane.I16;
import static org.coremu.ir.Lane.I32;
import static org.coremu.ir.Lane.I64;
import static org.coremu.ir.Lane.I8;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.IrOp;

/** Arithmetic on packed integers. */
public final class PackedArith implements Family {
  @Override
  public void translate(String method, X86Ir t) {
    VectorOperands.begin(t);
    if (!sums(method, t) && !products(method, t) && !extremes(method, t)) {
      throw Family.unknown(method, t);
    }
    VectorOperands.end(t);
  }

  private static boolean sums(String method, X86Ir t) {
    switch (method) {
      case "paddb" -> binary(t, IrOp.VADD, I8);
      case "paddw" -> binary(t, IrOp.VADD, I16);
      case "paddd" -> binary(t, IrOp.VADD, I32);
      case "paddq" -> binary(t, IrOp.VADD, I64);
      case "psubb" -> binary(t, IrOp.VSUB, I8);
      case "psubw" -> binary(t, IrOp.VSUB, I16);
      case "psubd" -> binary(t, IrOp.VSUB, I32);
      case "psubq" -> binary(t, IrOp.VSUB, I64);
      case "paddsb" -> binary(t, IrOp.VADDS, I8);
      case "paddsw" -> binary(t, IrOp.VADDS, I16);
      case "paddusb" -> binary(t, IrOp.VADDU, I8);
      case "paddusw" -> binary(t, IrOp.VADDU, I16);
      case "psubsb" -> binary(t, IrOp.VSUBS, I8);
      case "psubsw" -> binary(t, IrOp.VSUBS, I16);
      case "psubusb" -> binary(t, IrOp.VSUBU, I8);
      case "psubusw" -> binary(t, IrOp.VSUBU, I16);
      case "phaddw" -> pairs(t, IrOp.VHADD, I16);
      case "phaddd" -> pairs(t, IrOp.VHADD, I32);
      case "phaddsw" -> pairs(t, IrOp.VHADDS, 0);
      case "phsubw" -> pairs(t, IrOp.VHSUB, I16);
      case "phsubd" -> pairs(t, IrOp.VHSUB, I32);
      case "phsubsw" -> pairs(t, IrOp.VHSUBS, 0);
      case "pavgb" -> binary(t, IrOp.VAVG, I8);
      case "pavgw" -> binary(t, IrOp.VAVG, I16);
      case "psadbw" -> binary(t, IrOp.VSAD, 0);
      case "mpsadbw" -> binary(t, IrOp.VMPSAD, VectorOperands.imm(t));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static boolean products(String method, X86Ir t) {
    switch (method) {
      case "pmullw" -> binary(t, IrOp.VMUL, I16);
      case "pmulld" -> binary(t, IrOp.VMUL, I32);
      case "pmulhw" -> binary(t, IrOp.VMULHS, 0);
      case "pmulhuw" -> binary(t, IrOp.VMULHU, 0);
      case "pmulhrsw" -> binary(t, IrOp.VMULHR, 0);
      case "pmuldq" -> binary(t, IrOp.VMULS, 0);
      case "pmuludq" -> binary(t, IrOp.VMULU, 0);
      case "pmaddwd" -> binary(t, IrOp.VMADD, 0);
      case "pmaddubsw" -> binary(t, IrOp.VMADDUB, 0);
      case "psignb" -> binary(t, IrOp.VSIGN, I8);
      case "psignw" -> binary(t, IrOp.VSIGN, I16);
      case "psignd" -> binary(t, IrOp.VSIGN, I32);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static boolean extremes(String method, X86Ir t) {
    switch (method) {
      case "pminsb" -> binary(t, IrOp.VMINS, I8);
      case "pminsw" -> binary(t, IrOp.VMINS, I16);
      case "pminsd" -> binary(t, IrOp.VMINS, I32);
      case "pminub" -> binary(t, IrOp.VMINU, I8);
      case "pminuw" -> binary(t, IrOp.VMINU, I16);
      case "pminud" -> binary(t, IrOp.VMINU, I32);
      case "pmaxsb" -> binary(t, IrOp.VMAXS, I8);
      case "pmaxsw" -> binary(t, IrOp.VMAXS, I16);
      case "pmaxsd" -> binary(t, IrOp.VMAXS, I32);
      case "pmaxub" -> binary(t, IrOp.VMAXU, I8);
      case "pmaxuw" -> binary(t, IrOp.VMAXU, I16);
      case "pmaxud" -> binary(t, IrOp.VMAXU, I32);
      case "pabsb" -> unary(t, IrOp.VABS, I8);
      case "pabsw" -> unary(t, IrOp.VABS, I16);
      case "pabsd" -> unary(t, IrOp.VABS, I32);
      case "phminposuw" -> unary(t, IrOp.VMINPOS, 0);
      default -> {
        return false;
      }
    }
    return true;
  }
}
