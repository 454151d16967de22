package org.coremu.guest.x86.insn;

import static org.coremu.ir.Lane.I16;
import static org.coremu.ir.Lane.I32;
import static org.coremu.ir.Lane.I64;
import static org.coremu.ir.Lane.I8;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.IrOp;

/** Packed integers to wider ones. */
public final class PackedConvert implements Family {
  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "pmovsx" -> pmovsx(t);
      case "pmovzx" -> pmovzx(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void pmovsx(X86Ir t) {
    VectorOperands.unary(t, IrOp.VSEXT, sizes(t));
  }

  static void pmovzx(X86Ir t) {
    VectorOperands.unary(t, IrOp.VZEXT, sizes(t));
  }

  /** The opcode's low digit counts the pairs of sizes. */
  private static int sizes(X86Ir t) {
    return switch (t.insn.row.opcode & 15) {
      case 0 -> I8 | I16 << 8;
      case 1 -> I8 | I32 << 8;
      case 2 -> I8 | I64 << 8;
      case 3 -> I16 | I32 << 8;
      case 4 -> I16 | I64 << 8;
      default -> I32 | I64 << 8;
    };
  }
}
