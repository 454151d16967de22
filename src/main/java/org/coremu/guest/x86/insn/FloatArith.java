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
      case "add" -> add(t);
      case "sub" -> sub(t);
      case "mul" -> mul(t);
      case "div" -> div(t);
      case "min" -> min(t);
      case "max" -> max(t);
      case "sqrt" -> sqrt(t);
      case "rcp" -> rcp(t);
      case "rsqrt" -> rsqrt(t);
      case "addsub" -> addsub(t);
      case "hadd" -> hadd(t);
      case "hsub" -> hsub(t);
      case "round" -> round(t);
      case "dpps" -> dpps(t);
      case "dppd" -> dppd(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void add(X86Ir t) {
    binary(t, IrOp.VFADD, 0);
  }

  static void sub(X86Ir t) {
    binary(t, IrOp.VFSUB, 0);
  }

  static void mul(X86Ir t) {
    binary(t, IrOp.VFMUL, 0);
  }

  static void div(X86Ir t) {
    binary(t, IrOp.VFDIV, 0);
  }

  static void min(X86Ir t) {
    binary(t, IrOp.VFMIN, 0);
  }

  static void max(X86Ir t) {
    binary(t, IrOp.VFMAX, 0);
  }

  static void sqrt(X86Ir t) {
    binary(t, IrOp.VFSQRT, 0);
  }

  static void rcp(X86Ir t) {
    binary(t, IrOp.VFRCP, 0);
  }

  static void rsqrt(X86Ir t) {
    binary(t, IrOp.VFRSQRT, 0);
  }

  static void addsub(X86Ir t) {
    binary(t, IrOp.VFADDSUB, 0);
  }

  static void hadd(X86Ir t) {
    binary(t, IrOp.VFHADD, 0);
  }

  static void hsub(X86Ir t) {
    binary(t, IrOp.VFHSUB, 0);
  }

  static void round(X86Ir t) {
    binary(t, IrOp.VFROUND, imm(t) & 15);
  }

  static void dpps(X86Ir t) {
    binary(t, IrOp.VFDOT, imm(t));
  }

  static void dppd(X86Ir t) {
    binary(t, IrOp.VFDOT, imm(t));
  }

  private static void binary(X86Ir t, IrOp op, int control) {
    VectorOperands.binary(t, op, VectorOperands.lanes(t, 0) | control << 8);
  }
}
