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
    switch (method) {
      case "cvtps2pd" -> cvtps2pd(t);
      case "cvtpd2ps" -> cvtpd2ps(t);
      case "cvtdq2ps" -> cvtdq2ps(t);
      case "cvtdq2pd" -> cvtdq2pd(t);
      case "cvtpi2pd" -> cvtpi2pd(t);
      case "cvtpi2ps" -> cvtpi2ps(t);
      case "cvtps2dq" -> cvtps2dq(t);
      case "cvttps2dq" -> cvttps2dq(t);
      case "cvtpd2dq" -> cvtpd2dq(t);
      case "cvtpd2pi" -> cvtpd2pi(t);
      case "cvttpd2dq" -> cvttpd2dq(t);
      case "cvttpd2pi" -> cvttpd2pi(t);
      case "cvtps2pi" -> cvtps2pi(t);
      case "cvttps2pi" -> cvttps2pi(t);
      case "cvtss2sd" -> cvtss2sd(t);
      case "cvtsd2ss" -> cvtsd2ss(t);
      case "cvtsi2ss" -> cvtsi2ss(t);
      case "cvtsi2sd" -> cvtsi2sd(t);
      case "cvtss2si" -> cvtss2si(t);
      case "cvtsd2si" -> cvtsd2si(t);
      case "cvttss2si" -> cvttss2si(t);
      case "cvttsd2si" -> cvttsd2si(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void cvtps2pd(X86Ir t) {
    convert(t, IrOp.VFWIDEN, PACKED64);
  }

  static void cvtpd2ps(X86Ir t) {
    convert(t, IrOp.VFNARROW, PACKED64);
  }

  static void cvtdq2ps(X86Ir t) {
    convert(t, IrOp.VFFROMI, PACKED32);
  }

  static void cvtdq2pd(X86Ir t) {
    convert(t, IrOp.VFFROMI, PACKED64);
  }

  static void cvtpi2pd(X86Ir t) {
    convert(t, IrOp.VFFROMI, PACKED64);
  }

  static void cvtpi2ps(X86Ir t) {
    int a = read(t, 0);
    int b = read(t, 1);
    VectorOperands.end(t);
    write(t, 0, t.ir.emit(IrOp.VFFROMI, a, b, -1, PAIR32));
  }

  static void cvtps2dq(X86Ir t) {
    convert(t, IrOp.VFTOI, PACKED32);
  }

  static void cvttps2dq(X86Ir t) {
    convert(t, IrOp.VFTOI, PACKED32 | TRUNCATE);
  }

  static void cvtpd2dq(X86Ir t) {
    convert(t, IrOp.VFTOI, PACKED64);
  }

  static void cvtpd2pi(X86Ir t) {
    convert(t, IrOp.VFTOI, PACKED64);
  }

  static void cvttpd2dq(X86Ir t) {
    convert(t, IrOp.VFTOI, PACKED64 | TRUNCATE);
  }

  static void cvttpd2pi(X86Ir t) {
    convert(t, IrOp.VFTOI, PACKED64 | TRUNCATE);
  }

  static void cvtps2pi(X86Ir t) {
    convert(t, IrOp.VFTOI, PAIR32);
  }

  static void cvttps2pi(X86Ir t) {
    convert(t, IrOp.VFTOI, PAIR32 | TRUNCATE);
  }

  static void cvtss2sd(X86Ir t) {
    VectorOperands.binary(t, IrOp.VFWIDEN, SCALAR64);
  }

  static void cvtsd2ss(X86Ir t) {
    VectorOperands.binary(t, IrOp.VFNARROW, SCALAR64);
  }

  static void cvtsi2ss(X86Ir t) {
    fromGeneral(t, SCALAR32);
  }

  static void cvtsi2sd(X86Ir t) {
    fromGeneral(t, SCALAR64);
  }

  static void cvtss2si(X86Ir t) {
    toGeneral(t, SCALAR32);
  }

  static void cvtsd2si(X86Ir t) {
    toGeneral(t, SCALAR64);
  }

  static void cvttss2si(X86Ir t) {
    toGeneral(t, SCALAR32 | TRUNCATE);
  }

  static void cvttsd2si(X86Ir t) {
    toGeneral(t, SCALAR64 | TRUNCATE);
  }

  /** Operand 0 becomes the conversion of operand 1, of which nothing stays. */
  private static void convert(X86Ir t, IrOp op, int imm) {
    int b = read(t, 1);
    // The registers have become MMX registers even if the conversion faults.
    VectorOperands.end(t);
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
