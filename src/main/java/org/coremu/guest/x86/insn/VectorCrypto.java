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
      case "aesenc" -> binary(t, IrOp.VAES, VectorAes.ENCRYPT);
      case "aesenclast" -> binary(t, IrOp.VAES, VectorAes.ENCRYPT_LAST);
      case "aesdec" -> binary(t, IrOp.VAES, VectorAes.DECRYPT);
      case "aesdeclast" -> binary(t, IrOp.VAES, VectorAes.DECRYPT_LAST);
      case "aesimc" -> alone(t, VectorAes.INVERSE_MIX);
      case "aeskeygenassist" -> alone(t, VectorAes.KEY_ASSIST | imm(t) << 8);
      case "pclmulqdq" -> binary(t, IrOp.VCLMUL, imm(t));
      default -> throw Family.unknown(method, t);
    }
  }

  private static void alone(X86Ir t, int step) {
    int b = read(t, 1);
    write(t, 0, t.ir.emit(IrOp.VAES, b, b, -1, step));
  }
}
