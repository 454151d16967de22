package org.coremu.ir;

/** What an op or a helper does besides computing its result; a bit set. */
public final class Effect {
  /** Depends on its operands only. May be folded, moved and removed. */
  public static final int NONE = 0;

  /** May raise a guest fault or leave the block: guest state must be exact here. */
  public static final int FAULTS = 1;

  /** Reads guest state other than its operands. */
  public static final int READS_STATE = 2;

  /** Writes guest state: values of slots known before it are not known after it. */
  public static final int WRITES_STATE = 4;

  /**
   * Reads or writes guest memory or a device, or is otherwise visible outside: must not be removed.
   */
  public static final int VISIBLE = 8;

  /** Ends the block. */
  public static final int ENDS_BLOCK = 16;

  /** Everything a helper that ends no block may do: the safe assumption. */
  public static final int ANY = FAULTS | READS_STATE | WRITES_STATE | VISIBLE;

  /**
   * Floating-point arithmetic: rounds as the control slot {@link IrBuilder#FP_CONTROL} says, adds
   * to the sticky exceptions there, and faults if an exception is not masked.
   */
  public static final int FLOAT = FAULTS | READS_STATE | WRITES_STATE;

  private Effect() {}
}
