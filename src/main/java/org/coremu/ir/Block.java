package org.coremu.ir;

import java.util.Arrays;

/**
 * The ops of one translated block, in SSA form: op {@code i} defines value {@code i}. A plain
 * buffer, filled by {@link IrBuilder}, marked by passes and read by a tier; one per translator,
 * used again for every block.
 */
public final class Block {
  /** {@link IrOp.Code} of each op. */
  public int[] op = new int[256];

  /** Operands: indices of earlier ops, -1 where there is none. */
  public int[] a = new int[256];

  public int[] b = new int[256];
  public int[] c = new int[256];
  public long[] imm = new long[256];

  /** The guest instruction each op belongs to, 0 for the block's first. */
  public int[] insn = new int[256];

  /** Whether a pass found that the op does nothing observable. */
  public boolean[] removed = new boolean[256];

  /** Number of ops. */
  public int size;

  /** Address of each guest instruction, relative to the first. */
  public int[] insnDelta = new int[64];

  /** Number of guest instructions. */
  public int insns;

  int endDelta;

  /** Effects of the helpers that CALL names. */
  final HelperTable helpers;

  public Block(HelperTable helpers) {
    this.helpers = helpers;
  }

  void clear() {
    size = 0;
    insns = 0;
    endDelta = 0;
  }

  /** Appends an op and gives its value. */
  int append(IrOp kind, int x, int y, int z, long constant) {
    int i = size++;
    if (i == op.length) {
      grow();
    }
    op[i] = kind.code;
    a[i] = x;
    b[i] = y;
    c[i] = z;
    imm[i] = constant;
    insn[i] = insns - 1;
    removed[i] = false;
    return i;
  }

  private void grow() {
    int length = op.length * 2;
    op = Arrays.copyOf(op, length);
    a = Arrays.copyOf(a, length);
    b = Arrays.copyOf(b, length);
    c = Arrays.copyOf(c, length);
    imm = Arrays.copyOf(imm, length);
    insn = Arrays.copyOf(insn, length);
    removed = Arrays.copyOf(removed, length);
  }

  void beginInsn(int delta) {
    if (insns == insnDelta.length) {
      insnDelta = Arrays.copyOf(insnDelta, insns * 2);
    }
    insnDelta[insns++] = delta;
  }

  /** The row of op {@code i}. */
  public IrOp row(int i) {
    return IrOp.of(op[i]);
  }

  /** {@link Effect} bits of op {@code i}, those of the helper for a CALL. */
  public int effects(int i) {
    return op[i] == IrOp.Code.CALL ? helpers.effects((int) imm[i]) : IrOp.of(op[i]).effects;
  }

  /**
   * Address of the first byte after the block's code, relative to its start: the length of the
   * code.
   */
  public int endDelta() {
    return endDelta;
  }

  /** The helpers this block's CALLs name. */
  public HelperTable helpers() {
    return helpers;
  }

  @Override
  public String toString() {
    return IrPrinter.print(this);
  }
}
