package org.coremu.ir;

/** Checks that a block is well formed. */
public final class Verifier {
  private Verifier() {}

  /**
   * Checks a block.
   *
   * @throws AssertionError with the block's text, if an operand is missing, of the wrong kind or
   *     defined later, or if the block does not end with exactly one op that ends blocks
   */
  public static void check(Block block) {
    for (int i = 0; i < block.size; i++) {
      IrOp row = block.row(i);
      boolean last = i == block.size - 1;
      if (((row.effects & Effect.ENDS_BLOCK) != 0) != last) {
        throw fail(
            block,
            i,
            last ? "the last op does not end the block" : "ends the block before its last op");
      }
      if (block.removed[i]) {
        continue;
      }
      int[] operands = {block.a[i], block.b[i], block.c[i]};
      for (int k = 0; k < 3; k++) {
        checkOperand(block, i, row, k, operands[k]);
      }
    }
  }

  private static void checkOperand(Block block, int i, IrOp row, int k, int v) {
    if (k >= row.form.values) {
      if (v != -1) {
        throw fail(block, i, "operand too many");
      }
      return;
    }
    if (v < 0) {
      if (row != IrOp.CALL) {
        throw fail(block, i, "operand missing");
      }
      return;
    }
    if (v >= i) {
      throw fail(block, i, "operand v" + v + " is not defined yet");
    }
    if (block.removed[v] || block.row(v).result == IrOp.Result.NONE) {
      throw fail(block, i, "operand v" + v + " has no value");
    }
  }

  private static AssertionError fail(Block block, int i, String why) {
    return new AssertionError(
        "IR op " + i + " (" + block.row(i) + "): " + why + "\n" + IrPrinter.print(block));
  }
}
