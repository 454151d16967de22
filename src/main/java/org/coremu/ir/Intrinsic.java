package org.coremu.ir;

/**
 * How a native tier may do the CALL of a helper itself, where the host has an instruction for it.
 * The helper stays what defines the operation: it is called by the interpreter, and by native code
 * in every case that is unusual.
 *
 * <p>The kinds whose name begins with X87 are x87 instructions of the guest. Operand a of their
 * CALL is a constant that says which; its bits from 16 on are the guest's affair. Operand b is the
 * linear address of the memory operand, or a condition.
 *
 * @param kind what is done
 * @param bytes of the memory operand, or 0
 */
public record Intrinsic(Kind kind, int bytes) {
  /** What is done. */
  public enum Kind {
    /** Nothing but calling the helper. */
    NONE,
    /** An instruction of registers only. */
    X87,
    /** An instruction that reads the memory operand. */
    X87_LOAD,
    /** An instruction that writes the memory operand. */
    X87_STORE,
    /** A comparison whose result, laid out as RFLAGS, is the value of the CALL. */
    X87_TO_FLAGS,
    /** Moves ST(i) to ST(0) if operand b is not 0. */
    X87_MOVE_IF,
    /** Loads the control word from the memory operand. */
    X87_LOAD_CONTROL,
    /** Faults if an exception is pending. */
    X87_WAIT,
    /** Gives the status word. */
    X87_STATUS,
  }

  /** Of a helper that is always called. */
  public static final Intrinsic NONE = of(Kind.NONE);

  public static final Intrinsic X87 = of(Kind.X87);
  public static final Intrinsic X87_TO_FLAGS = of(Kind.X87_TO_FLAGS);
  public static final Intrinsic X87_MOVE_IF = of(Kind.X87_MOVE_IF);
  public static final Intrinsic X87_LOAD_CONTROL = new Intrinsic(Kind.X87_LOAD_CONTROL, 2);
  public static final Intrinsic X87_WAIT = of(Kind.X87_WAIT);
  public static final Intrinsic X87_STATUS = of(Kind.X87_STATUS);

  private static final int OPCODE = 0x7FF;
  private static final int SEGMENT_SHIFT = 11;
  private static final int BASED = 1 << 14;
  private static final int MEMORY = 1 << 15;

  private static Intrinsic of(Kind kind) {
    return new Intrinsic(kind, 0);
  }

  /** Of an instruction that reads so many bytes of memory. */
  public static Intrinsic x87Load(int bytes) {
    return new Intrinsic(Kind.X87_LOAD, bytes);
  }

  /** Of an instruction that writes so many bytes of memory. */
  public static Intrinsic x87Store(int bytes) {
    return new Intrinsic(Kind.X87_STORE, bytes);
  }

  /** Bits 15:0 of operand a for an instruction of registers, with its opcode as FOP has it. */
  public static int x87(int opcode) {
    return opcode;
  }

  /**
   * Bits 15:0 of operand a for an instruction with a memory operand.
   *
   * @param segment number of its segment register
   * @param based whether the linear address includes a segment base that the data pointer must not
   *     have
   */
  public static int x87(int opcode, int segment, boolean based) {
    return opcode | segment << SEGMENT_SHIFT | (based ? BASED : 0) | MEMORY;
  }

  /** The opcode: the low three bits of the first byte, then ModRM. */
  public static int opcode(long operand) {
    return (int) operand & OPCODE;
  }

  public static boolean hasMemory(long operand) {
    return (operand & MEMORY) != 0;
  }

  public static int segment(long operand) {
    return (int) operand >>> SEGMENT_SHIFT & 7;
  }

  public static boolean isBased(long operand) {
    return (operand & BASED) != 0;
  }
}
