package org.coremu.ir;

import java.util.Locale;

/** The text form of a block: one op a line, {@code v7 = add v3, v5}. */
public final class IrPrinter {
  private IrPrinter() {}

  /** Prints the ops that are not removed. */
  public static String print(Block block) {
    StringBuilder out = new StringBuilder();
    int insn = -1;
    for (int i = 0; i < block.size; i++) {
      if (block.insn[i] != insn) {
        insn = block.insn[i];
        out.append(String.format("  ; +0x%x%n", block.insnDelta[insn]));
      }
      if (!block.removed[i]) {
        out.append("  ").append(op(block, i)).append(System.lineSeparator());
      }
    }
    return out.toString();
  }

  private static String op(Block block, int i) {
    IrOp row = block.row(i);
    StringBuilder out = new StringBuilder();
    if (row.result != IrOp.Result.NONE) {
      out.append('v').append(i).append(" = ");
    }
    out.append(row.name().toLowerCase(Locale.ROOT));
    int[] operands = {block.a[i], block.b[i], block.c[i]};
    String separator = " ";
    for (int k = 0; k < row.form.values; k++) {
      if (operands[k] >= 0) {
        out.append(separator).append('v').append(operands[k]);
        separator = ", ";
      }
    }
    if (row.form.hasImm) {
      out.append(separator).append(immediate(block, i));
    }
    return out.toString();
  }

  private static String immediate(Block block, int i) {
    long imm = block.imm[i];
    return switch (block.row(i)) {
      case FLAGS, FLAGS3, FLAGSNZ -> FlagKind.name((int) imm);
      case COND -> Cond.name((int) imm);
      case CALL -> block.helpers().name((int) imm);
      case GET, PUT, GETV, PUTV -> "s" + imm;
      case BRANCH -> String.format("%+d, %+d", (int) (imm >> 32), (int) imm);
      case JUMP, EXIT, EXITIF, PCREL -> String.format("pc%+d", imm);
      default -> imm >= -4096 && imm <= 4096 ? Long.toString(imm) : "0x" + Long.toHexString(imm);
    };
  }
}
