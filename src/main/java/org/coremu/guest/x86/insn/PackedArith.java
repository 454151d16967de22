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
    switch (method) {
      case "paddb" -> paddb(t);
      case "paddw" -> paddw(t);
      case "paddd" -> paddd(t);
      case "paddq" -> paddq(t);
      case "psubb" -> psubb(t);
      case "psubw" -> psubw(t);
      case "psubd" -> psubd(t);
      case "psubq" -> psubq(t);
      case "paddsb" -> paddsb(t);
      case "paddsw" -> paddsw(t);
      case "paddusb" -> paddusb(t);
      case "paddusw" -> paddusw(t);
      case "psubsb" -> psubsb(t);
      case "psubsw" -> psubsw(t);
      case "psubusb" -> psubusb(t);
      case "psubusw" -> psubusw(t);
      case "phaddw" -> phaddw(t);
      case "phaddd" -> phaddd(t);
      case "phaddsw" -> phaddsw(t);
      case "phsubw" -> phsubw(t);
      case "phsubd" -> phsubd(t);
      case "phsubsw" -> phsubsw(t);
      case "pavgb" -> pavgb(t);
      case "pavgw" -> pavgw(t);
      case "psadbw" -> psadbw(t);
      case "mpsadbw" -> mpsadbw(t);
      case "pmullw" -> pmullw(t);
      case "pmulld" -> pmulld(t);
      case "pmulhw" -> pmulhw(t);
      case "pmulhuw" -> pmulhuw(t);
      case "pmulhrsw" -> pmulhrsw(t);
      case "pmuldq" -> pmuldq(t);
      case "pmuludq" -> pmuludq(t);
      case "pmaddwd" -> pmaddwd(t);
      case "pmaddubsw" -> pmaddubsw(t);
      case "psignb" -> psignb(t);
      case "psignw" -> psignw(t);
      case "psignd" -> psignd(t);
      case "pminsb" -> pminsb(t);
      case "pminsw" -> pminsw(t);
      case "pminsd" -> pminsd(t);
      case "pminub" -> pminub(t);
      case "pminuw" -> pminuw(t);
      case "pminud" -> pminud(t);
      case "pmaxsb" -> pmaxsb(t);
      case "pmaxsw" -> pmaxsw(t);
      case "pmaxsd" -> pmaxsd(t);
      case "pmaxub" -> pmaxub(t);
      case "pmaxuw" -> pmaxuw(t);
      case "pmaxud" -> pmaxud(t);
      case "pabsb" -> pabsb(t);
      case "pabsw" -> pabsw(t);
      case "pabsd" -> pabsd(t);
      case "phminposuw" -> phminposuw(t);
      default -> throw Family.unknown(method, t);
    }
    VectorOperands.end(t);
  }

  static void paddb(X86Ir t) {
    binary(t, IrOp.VADD, I8);
  }

  static void paddw(X86Ir t) {
    binary(t, IrOp.VADD, I16);
  }

  static void paddd(X86Ir t) {
    binary(t, IrOp.VADD, I32);
  }

  static void paddq(X86Ir t) {
    binary(t, IrOp.VADD, I64);
  }

  static void psubb(X86Ir t) {
    binary(t, IrOp.VSUB, I8);
  }

  static void psubw(X86Ir t) {
    binary(t, IrOp.VSUB, I16);
  }

  static void psubd(X86Ir t) {
    binary(t, IrOp.VSUB, I32);
  }

  static void psubq(X86Ir t) {
    binary(t, IrOp.VSUB, I64);
  }

  static void paddsb(X86Ir t) {
    binary(t, IrOp.VADDS, I8);
  }

  static void paddsw(X86Ir t) {
    binary(t, IrOp.VADDS, I16);
  }

  static void paddusb(X86Ir t) {
    binary(t, IrOp.VADDU, I8);
  }

  static void paddusw(X86Ir t) {
    binary(t, IrOp.VADDU, I16);
  }

  static void psubsb(X86Ir t) {
    binary(t, IrOp.VSUBS, I8);
  }

  static void psubsw(X86Ir t) {
    binary(t, IrOp.VSUBS, I16);
  }

  static void psubusb(X86Ir t) {
    binary(t, IrOp.VSUBU, I8);
  }

  static void psubusw(X86Ir t) {
    binary(t, IrOp.VSUBU, I16);
  }

  static void phaddw(X86Ir t) {
    pairs(t, IrOp.VHADD, I16);
  }

  static void phaddd(X86Ir t) {
    pairs(t, IrOp.VHADD, I32);
  }

  static void phaddsw(X86Ir t) {
    pairs(t, IrOp.VHADDS, 0);
  }

  static void phsubw(X86Ir t) {
    pairs(t, IrOp.VHSUB, I16);
  }

  static void phsubd(X86Ir t) {
    pairs(t, IrOp.VHSUB, I32);
  }

  static void phsubsw(X86Ir t) {
    pairs(t, IrOp.VHSUBS, 0);
  }

  static void pavgb(X86Ir t) {
    binary(t, IrOp.VAVG, I8);
  }

  static void pavgw(X86Ir t) {
    binary(t, IrOp.VAVG, I16);
  }

  static void psadbw(X86Ir t) {
    binary(t, IrOp.VSAD, 0);
  }

  static void mpsadbw(X86Ir t) {
    binary(t, IrOp.VMPSAD, VectorOperands.imm(t));
  }

  static void pmullw(X86Ir t) {
    binary(t, IrOp.VMUL, I16);
  }

  static void pmulld(X86Ir t) {
    binary(t, IrOp.VMUL, I32);
  }

  static void pmulhw(X86Ir t) {
    binary(t, IrOp.VMULHS, 0);
  }

  static void pmulhuw(X86Ir t) {
    binary(t, IrOp.VMULHU, 0);
  }

  static void pmulhrsw(X86Ir t) {
    binary(t, IrOp.VMULHR, 0);
  }

  static void pmuldq(X86Ir t) {
    binary(t, IrOp.VMULS, 0);
  }

  static void pmuludq(X86Ir t) {
    binary(t, IrOp.VMULU, 0);
  }

  static void pmaddwd(X86Ir t) {
    binary(t, IrOp.VMADD, 0);
  }

  static void pmaddubsw(X86Ir t) {
    binary(t, IrOp.VMADDUB, 0);
  }

  static void psignb(X86Ir t) {
    binary(t, IrOp.VSIGN, I8);
  }

  static void psignw(X86Ir t) {
    binary(t, IrOp.VSIGN, I16);
  }

  static void psignd(X86Ir t) {
    binary(t, IrOp.VSIGN, I32);
  }

  static void pminsb(X86Ir t) {
    binary(t, IrOp.VMINS, I8);
  }

  static void pminsw(X86Ir t) {
    binary(t, IrOp.VMINS, I16);
  }

  static void pminsd(X86Ir t) {
    binary(t, IrOp.VMINS, I32);
  }

  static void pminub(X86Ir t) {
    binary(t, IrOp.VMINU, I8);
  }

  static void pminuw(X86Ir t) {
    binary(t, IrOp.VMINU, I16);
  }

  static void pminud(X86Ir t) {
    binary(t, IrOp.VMINU, I32);
  }

  static void pmaxsb(X86Ir t) {
    binary(t, IrOp.VMAXS, I8);
  }

  static void pmaxsw(X86Ir t) {
    binary(t, IrOp.VMAXS, I16);
  }

  static void pmaxsd(X86Ir t) {
    binary(t, IrOp.VMAXS, I32);
  }

  static void pmaxub(X86Ir t) {
    binary(t, IrOp.VMAXU, I8);
  }

  static void pmaxuw(X86Ir t) {
    binary(t, IrOp.VMAXU, I16);
  }

  static void pmaxud(X86Ir t) {
    binary(t, IrOp.VMAXU, I32);
  }

  static void pabsb(X86Ir t) {
    unary(t, IrOp.VABS, I8);
  }

  static void pabsw(X86Ir t) {
    unary(t, IrOp.VABS, I16);
  }

  static void pabsd(X86Ir t) {
    unary(t, IrOp.VABS, I32);
  }

  static void phminposuw(X86Ir t) {
    unary(t, IrOp.VMINPOS, 0);
  }
}
