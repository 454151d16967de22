package org.coremu.exec.nativecode;

import org.coremu.exec.CoreState;

/**
 * Which host register holds what while native code runs, and where in the core's state native code
 * and Java leave messages for each other.
 *
 * <p>RSP is the host thread's stack; RBP points {@link #BIAS} bytes into the core's state, so that
 * the most used slots are reached with a displacement of one byte; R15D counts the instructions
 * that are left in the quantum. The guest's hottest slots live in {@link #PINNED} from entry to
 * exit. {@link #TEMPS} hold values of a block. RAX, RCX, XMM0 and XMM1 belong to whatever
 * instruction is being emitted; all other XMM registers hold values of a block.
 */
public final class Host {
  static final int STATE = Assembler.RBP;
  static final int BUDGET = Assembler.R15;

  /** Distance of RBP from slot 0. */
  static final int BIAS = 128;

  static final int[] PINNED = {
    Assembler.RSI,
    Assembler.RDI,
    Assembler.R8,
    Assembler.R9,
    Assembler.R10,
    Assembler.R11,
    Assembler.R12,
    Assembler.R13,
  };

  static final int[] TEMPS = {Assembler.RDX, Assembler.RBX, Assembler.R14};

  static final int FIRST_VECTOR_TEMP = 2;
  static final int VECTOR_TEMPS = 14;
  static final int VECTOR_REGISTERS = FIRST_VECTOR_TEMP + VECTOR_TEMPS;

  /** Operands of a slow operation, two slots each, and its result. */
  public static final int OPERAND_A = CoreState.SCRATCH;

  public static final int OPERAND_B = CoreState.SCRATCH + 2;
  public static final int OPERAND_C = CoreState.SCRATCH + 4;
  public static final int RESULT = CoreState.SCRATCH + 6;

  /** Where {@link #TEMPS} are kept while Java runs. */
  static final int SAVED_TEMPS = CoreState.SCRATCH + 8;

  /** Where the XMM registers that hold values are kept while Java runs, two slots each. */
  static final int SAVED_VECTORS = CoreState.SCRATCH + 16;

  /**
   * Not 0 while the host's x87 unit holds the guest's; see {@link X87Slots}. Cleared at entry: the
   * interpreter has its temporaries here.
   */
  static final int X87_LIVE = CoreState.SCRATCH + 48;

  /** First slot for values that have no register. */
  static final int SPILL = CoreState.SCRATCH + 49;

  private Host() {}

  /** Displacement from RBP of a state slot. */
  static int slot(int slot) {
    return slot * 8 - BIAS;
  }
}
