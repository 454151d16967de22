package org.coremu.guest.x86.insn;

import static org.coremu.guest.x86.insn.VectorOperands.imm;
import static org.coremu.guest.x86.insn.VectorOperands.read;
import static org.coremu.guest.x86.insn.VectorOperands.write;
import static org.coremu.ir.Lane.I16;
import static org.coremu.ir.Lane.I32;
import static org.coremu.ir.Lane.I64;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.Form;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.IrOp;

/** Shifts of packed integers, and of whole registers by bytes. */
public final class PackedShift implements Family {
  @Override
  public void translate(String method, X86Ir t) {
    VectorOperands.begin(t);
    switch (method) {
      case "psllw" -> psllw(t);
      case "pslld" -> pslld(t);
      case "psllq" -> psllq(t);
      case "psrlw" -> psrlw(t);
      case "psrld" -> psrld(t);
      case "psrlq" -> psrlq(t);
      case "psraw" -> psraw(t);
      case "psrad" -> psrad(t);
      case "pslldq" -> pslldq(t);
      case "psrldq" -> psrldq(t);
      default -> throw Family.unknown(method, t);
    }
    VectorOperands.end(t);
  }

  static void psllw(X86Ir t) {
    shift(t, IrOp.VSHL, IrOp.VSHLI, I16);
  }

  static void pslld(X86Ir t) {
    shift(t, IrOp.VSHL, IrOp.VSHLI, I32);
  }

  static void psllq(X86Ir t) {
    shift(t, IrOp.VSHL, IrOp.VSHLI, I64);
  }

  static void psrlw(X86Ir t) {
    shift(t, IrOp.VSHR, IrOp.VSHRI, I16);
  }

  static void psrld(X86Ir t) {
    shift(t, IrOp.VSHR, IrOp.VSHRI, I32);
  }

  static void psrlq(X86Ir t) {
    shift(t, IrOp.VSHR, IrOp.VSHRI, I64);
  }

  static void psraw(X86Ir t) {
    shift(t, IrOp.VSAR, IrOp.VSARI, I16);
  }

  static void psrad(X86Ir t) {
    shift(t, IrOp.VSAR, IrOp.VSARI, I32);
  }

  static void pslldq(X86Ir t) {
    shiftBytes(t, IrOp.VSHLB);
  }

  static void psrldq(X86Ir t) {
    shiftBytes(t, IrOp.VSHRB);
  }

  private static void shift(X86Ir t, IrOp byVector, IrOp byImmediate, int lane) {
    if (t.insn.row.form[1] == Form.I) {
      write(t, 0, t.ir.emit(byImmediate, read(t, 0), -1, -1, lane | imm(t) << 8));
    } else {
      VectorOperands.binary(t, byVector, lane);
    }
  }

  private static void shiftBytes(X86Ir t, IrOp op) {
    write(t, 0, t.ir.emit(op, read(t, 0), -1, -1, Math.min(imm(t), 16)));
  }
}
