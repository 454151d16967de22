package org.coremu.guest.x86.insn;

import static org.coremu.guest.x86.insn.VectorOperands.binary;
import static org.coremu.guest.x86.insn.VectorOperands.imm;
import static org.coremu.guest.x86.insn.VectorOperands.read;
import static org.coremu.guest.x86.insn.VectorOperands.write;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.IrOp;
import org.coremu.ir.VectorAes;

/** AES and carry-less multiplication. */
public final class VectorCrypto implements Family {
  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "aesenc" -> aesenc(t);
      case "aesenclast" -> aesenclast(t);
      case "aesdec" -> aesdec(t);
      case "aesdeclast" -> aesdeclast(t);
      case "aesimc" -> aesimc(t);
      case "aeskeygenassist" -> aeskeygenassist(t);
      case "pclmulqdq" -> pclmulqdq(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void aesenc(X86Ir t) {
    binary(t, IrOp.VAES, VectorAes.ENCRYPT);
  }

  static void aesenclast(X86Ir t) {
    binary(t, IrOp.VAES, VectorAes.ENCRYPT_LAST);
  }

  static void aesdec(X86Ir t) {
    binary(t, IrOp.VAES, VectorAes.DECRYPT);
  }

  static void aesdeclast(X86Ir t) {
    binary(t, IrOp.VAES, VectorAes.DECRYPT_LAST);
  }

  static void aesimc(X86Ir t) {
    alone(t, VectorAes.INVERSE_MIX);
  }

  static void aeskeygenassist(X86Ir t) {
    alone(t, VectorAes.KEY_ASSIST | imm(t) << 8);
  }

  static void pclmulqdq(X86Ir t) {
    binary(t, IrOp.VCLMUL, imm(t));
  }

  private static void alone(X86Ir t, int step) {
    int b = read(t, 1);
    write(t, 0, t.ir.emit(IrOp.VAES, b, b, -1, step));
  }
}
