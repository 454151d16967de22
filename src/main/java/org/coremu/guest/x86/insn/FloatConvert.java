package org.coremu.guest.x86.insn;

import static org.coremu.guest.x86.insn.VectorOperands.read;
import static org.coremu.guest.x86.insn.VectorOperands.write;
import static org.coremu.ir.FpLanes.PACKED32;
import static org.coremu.ir.FpLanes.PACKED64;
import static org.coremu.ir.FpLanes.PAIR32;
import static org.coremu.ir.FpLanes.SCALAR32;
import static org.coremu.ir.FpLanes.SCALAR64;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.IrOp;
import org.coremu.ir.VectorFloat;

/** Conversions between single, double and integers in vector, MMX and general registers. */
public final class FloatConvert implements Family {
  private static final int TRUNCATE = VectorFloat.TRUNCATE << 8;
  private static final int WIDE = VectorFloat.WIDE << 8;

  @Override
  public void translate(String method, X86Ir t) {
    VectorOperands.begin(t);
    if (!packed(method, t)) {
      scalar(method, t);
    }
    VectorOperands.end(t);
  }

  private static boolean packed(String method, X86Ir t) {
    switch (method) {
      case "cvtps2pd" -> convert(t, IrOp.VFWIDEN, PACKED64);
      case "cvtpd2ps" -> convert(t, IrOp.VFNARROW, PACKED64);
      case "cvtdq2ps" -> convert(t, IrOp.VFFROMI, PACKED32);
      case "cvtdq2pd", "cvtpi2pd" -> convert(t, IrOp.VFFROMI, PACKED64);
      case "cvtpi2ps" -> VectorOperands.binary(t, IrOp.VFFROMI, PAIR32);
      case "cvtps2dq" -> convert(t, IrOp.VFTOI, PACKED32);
      case "cvttps2dq" -> convert(t, IrOp.VFTOI, PACKED32 | TRUNCATE);
      case "cvtpd2dq", "cvtpd2pi" -> convert(t, IrOp.VFTOI, PACKED64);
      case "cvttpd2dq", "cvttpd2pi" -> convert(t, IrOp.VFTOI, PACKED64 | TRUNCATE);
      case "cvtps2pi" -> convert(t, IrOp.VFTOI, PAIR32);
      case "cvttps2pi" -> convert(t, IrOp.VFTOI, PAIR32 | TRUNCATE);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void scalar(String method, X86Ir t) {
    switch (method) {
      case "cvtss2sd" -> VectorOperands.binary(t, IrOp.VFWIDEN, SCALAR64);
      case "cvtsd2ss" -> VectorOperands.binary(t, IrOp.VFNARROW, SCALAR64);
      case "cvtsi2ss" -> fromGeneral(t, SCALAR32);
      case "cvtsi2sd" -> fromGeneral(t, SCALAR64);
      case "cvtss2si" -> toGeneral(t, SCALAR32);
      case "cvtsd2si" -> toGeneral(t, SCALAR64);
      case "cvttss2si" -> toGeneral(t, SCALAR32 | TRUNCATE);
      case "cvttsd2si" -> toGeneral(t, SCALAR64 | TRUNCATE);
      default -> throw Family.unknown(method, t);
    }
  }

  /** Operand 0 becomes the conversion of operand 1, of which nothing stays. */
  private static void convert(X86Ir t, IrOp op, int imm) {
    int b = read(t, 1);
    write(t, 0, t.ir.emit(op, b, b, -1, imm));
  }

  private static void fromGeneral(X86Ir t, int lanes) {
    int value = t.raw(1);
    int wide = t.insn.width(1) == 64 ? WIDE : 0;
    write(t, 0, t.ir.emit(IrOp.VFFROMINT, read(t, 0), value, -1, lanes | wide));
  }

  private static void toGeneral(X86Ir t, int imm) {
    int wide = t.insn.width(0) == 64 ? WIDE : 0;
    t.write(0, t.ir.emit(IrOp.VFTOINT, read(t, 1), -1, -1, imm | wide));
  }
}
