package org.coremu.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.coremu.ir.IrOp;
import org.coremu.ir.IrOp.Code;

/** The text form of interpreter code: one op a line, {@code add32 s16 <- s16, s19+5}. */
final class CodePrinter {
  private CodePrinter() {}

  /** Prints a block's code. */
  static List<String> print(CodeBlock block) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < block.code.length; ) {
      long w = block.code[i];
      long imm = block.code[i + 1];
      int op = (int) w & 0x3ff;
      StringBuilder line = new StringBuilder(name(op));
      line.append(" s").append(slot(w, Lowering.D)).append(" <- s").append(slot(w, Lowering.A));
      line.append(", s").append(slot(w, Lowering.B));
      if (imm != 0) {
        line.append(imm > 0 ? "+" : "").append(imm);
      }
      if (slot(w, Lowering.C) != 0) {
        line.append(", s").append(slot(w, Lowering.C));
      }
      i += 2;
      if (hasThirdWord(op)) {
        line.append(" #").append(Long.toHexString(block.code[i++]));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static long slot(long w, int field) {
    return w >>> field & CoreState.SLOTS - 1;
  }

  private static String name(int op) {
    if (op == Lowering.MOVE) {
      return "move";
    }
    if (op >= Lowering.COMPARE_BRANCH) {
      return "branch_" + IrOp.of(op - Lowering.COMPARE_BRANCH).name().toLowerCase(Locale.ROOT);
    }
    return IrOp.of(op).name().toLowerCase(Locale.ROOT);
  }

  private static boolean hasThirdWord(int op) {
    return switch (op) {
      case Code.CALL, Code.CAS, Code.XCHG, Code.FADD, Code.FAND, Code.FOR, Code.FXOR, Code.BRANCH ->
          true;
      default -> op >= Lowering.COMPARE_BRANCH;
    };
  }
}
