package org.coremu.ir;

/**
 * The operations whose flags can be kept lazily. A kind is one of the constants plus the operand
 * size as {@code log2(bytes)} in bits 1:0, so {@code ADD + 2} is a 32-bit addition. The operands of
 * {@code FLAGS} are taken modulo the size.
 */
public final class FlagKind {
  /** {@code a} holds the flags themselves, packed as in RFLAGS. */
  public static final int PACKED = 0;

  /** {@code a + b}. */
  public static final int ADD = 4;

  /** {@code a + b + c}. */
  public static final int ADC = 8;

  /** {@code a - b}; CF is the borrow. */
  public static final int SUB = 12;

  /** {@code a - b - c}; CF is the borrow. */
  public static final int SBB = 16;

  /** Result {@code a} of AND, OR, XOR, TEST: CF, OF and AF are 0. */
  public static final int LOGIC = 20;

  /** Result {@code a} of an increment; CF is {@code c}. */
  public static final int INC = 24;

  /** Result {@code a} of a decrement; CF is {@code c}. */
  public static final int DEC = 28;

  /** {@code a << b}, b in 1..63, already masked. */
  public static final int SHL = 32;

  /** {@code a >>> b}, b in 1..63, already masked. */
  public static final int SHR = 36;

  /** {@code a >> b}, b in 1..63, already masked. */
  public static final int SAR = 40;

  /**
   * Product whose low half is {@code a}; CF and OF are {@code b != 0}; SF, ZF and PF come from
   * {@code a}, AF is 0.
   */
  public static final int MUL = 44;

  private static final String[] NAMES = {
    "packed", "add", "adc", "sub", "sbb", "logic", "inc", "dec", "shl", "shr", "sar", "mul"
  };

  private FlagKind() {}

  /** Operand size of a kind in bits: 8, 16, 32 or 64. */
  public static int bits(int kind) {
    return 8 << (kind & 3);
  }

  /** Printed form, such as {@code sub32}. */
  public static String name(int kind) {
    String name = NAMES[kind >> 2];
    return kind < ADD ? name : name + bits(kind);
  }
}
