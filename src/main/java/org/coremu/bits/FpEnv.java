package org.coremu.bits;

/**
 * The environment of floating-point arithmetic: what MXCSR (SDM vol. 1, 10.2.3) or the x87 control
 * and status words (SDM vol. 1, 8.1) say, and the place where results go that do not fit one long.
 * A core owns two, one for SSE and one for x87. Not safe for use by several threads.
 *
 * <p>Every operation ORs the exceptions that it raises into {@link #flags}. While all exceptions
 * are masked nothing else is needed. Otherwise the caller brackets an instruction, all its vector
 * elements together, with {@link #begin} and {@link #endSse} or {@link #endX87}, which say whether
 * the results may be written back.
 */
public final class FpEnv {
  /** Exception bits, in the positions that MXCSR and the x87 status and control words share. */
  public static final int INVALID = 0x01;

  public static final int DENORMAL = 0x02;
  public static final int DIVIDE_BY_ZERO = 0x04;
  public static final int OVERFLOW = 0x08;
  public static final int UNDERFLOW = 0x10;
  public static final int INEXACT = 0x20;
  public static final int ALL_EXCEPTIONS = 0x3F;

  /** Exceptions that are detected before the operation: when unmasked, nothing else happens. */
  private static final int BEFORE = INVALID | DENORMAL | DIVIDE_BY_ZERO;

  /** Rounding modes, as the RC fields encode them. */
  public static final int NEAREST = 0;

  public static final int DOWN = 1;
  public static final int UP = 2;
  public static final int TRUNCATE = 3;

  private static final int MXCSR_DAZ = 1 << 6;
  private static final int MXCSR_FTZ = 1 << 15;

  /** Rounding mode: {@link #NEAREST}, {@link #DOWN}, {@link #UP} or {@link #TRUNCATE}. */
  public int rounding;

  /** MXCSR.FZ: a tiny result becomes zero, as long as underflow is masked. SSE only. */
  public boolean flushToZero;

  /** MXCSR.DAZ: denormal operands count as zero. SSE only. */
  public boolean denormalsAreZero;

  /** Exceptions that are masked, a set of exception bits. */
  public int masks = ALL_EXCEPTIONS;

  /** Sticky exception flags, a set of exception bits. */
  public int flags;

  /** x87 precision control: significand bits that arithmetic rounds to, one of 24, 53, 64. */
  public int precision = 64;

  /** x87 result: significand with its explicit integer bit. */
  public long mantissa;

  /** x87 result: sign in bit 15, biased exponent below. */
  public int signExponent;

  /**
   * Second x87 result (significand) of an operation that pushes one, such as FXTRACT, FSINCOS or
   * FPTAN.
   */
  public long mantissa2;

  /** Second x87 result: sign and exponent. */
  public int signExponent2;

  /**
   * Whether the last x87 operation's inexact result was rounded away from zero: condition code C1.
   */
  public boolean roundedUp;

  /**
   * Whether the last x87 operation left its operand alone or is only part done: condition code C2
   * of FPREM, FPREM1 and the trigonometric functions.
   */
  public boolean incomplete;

  /** The low three bits of the quotient after FPREM or FPREM1. */
  public int quotient;

  /**
   * Set by the widening loads when a denormal float or double in memory became a normal extended
   * number; the next x87 arithmetic operation counts it as a denormal operand, and clears it.
   */
  boolean denormalSource;

  /**
   * An intermediate result, hi:lo / 2^127 * 2^exponent, normalised (top bit of hi set) with lo's
   * bit 0 sticky.
   */
  int sign;

  int exponent;
  long hi;
  long lo;

  /** Scratch space of the transcendental functions. */
  final Wide[] wide = {new Wide(), new Wide(), new Wide(), new Wide(), new Wide()};

  private int sticky;

  /**
   * Takes rounding, masks, flags, DAZ and FTZ from an MXCSR value (reserved bits are the caller's
   * to refuse).
   */
  public void setMxcsr(int value) {
    flags = value & ALL_EXCEPTIONS;
    denormalsAreZero = (value & MXCSR_DAZ) != 0;
    masks = value >>> 7 & ALL_EXCEPTIONS;
    rounding = value >>> 13 & 3;
    flushToZero = (value & MXCSR_FTZ) != 0;
  }

  /** The MXCSR value, from 0 to 0xFFFF. */
  public int mxcsr() {
    return flags
        | (denormalsAreZero ? MXCSR_DAZ : 0)
        | masks << 7
        | rounding << 13
        | (flushToZero ? MXCSR_FTZ : 0);
  }

  /**
   * Takes masks, precision and rounding from an x87 control word; the reserved precision 1 counts
   * as 64 bits.
   */
  public void setControlWord(int value) {
    masks = value & ALL_EXCEPTIONS;
    rounding = value >>> 10 & 3;
    precision =
        switch (value >>> 8 & 3) {
          case 0 -> 24;
          case 2 -> 53;
          default -> 64;
        };
  }

  /** Sets the sticky flags aside, so that the coming operations' own flags can be told apart. */
  public void begin() {
    sticky = flags;
    flags = 0;
  }

  /**
   * Ends what {@link #begin} began for an SSE instruction and merges its flags into the sticky
   * ones.
   *
   * @return whether the results may be written; if not, #XM is due
   */
  public boolean endSse() {
    int unmasked = flags & ~masks;
    int raised = (unmasked & BEFORE) != 0 ? flags & BEFORE : flags;
    flags = sticky | raised;
    return unmasked == 0;
  }

  /**
   * Ends what {@link #begin} began for an x87 instruction and merges its flags into the sticky
   * ones. Unmasked overflow, underflow and inexact results still go to registers (the first two
   * with their exponent adjusted by 24,576), but a store to memory of an overflowed or underflowed
   * result is given up: see {@link #suppressesStore}.
   *
   * @return whether register results may be written and the stack popped; if not, the operands stay
   */
  public boolean endX87() {
    boolean stopped = (flags & ~masks & BEFORE) != 0;
    if (stopped) {
      flags &= BEFORE;
      roundedUp = false;
    }
    flags |= sticky;
    return !stopped;
  }

  /**
   * Between {@link #begin} and {@link #endX87}: whether a store to memory must not happen (SDM vol.
   * 1, 8.5.4-5).
   */
  public boolean suppressesStore() {
    return (flags & ~masks & (BEFORE | OVERFLOW | UNDERFLOW)) != 0;
  }

  void raise(int exceptions) {
    flags |= exceptions;
  }

  boolean isMasked(int exception) {
    return (masks & exception) != 0;
  }

  void setIntermediate(int sign, int exponent, long hi, long lo) {
    this.sign = sign;
    this.exponent = exponent;
    this.hi = hi;
    this.lo = lo;
  }

  void setResult(int signExponent, long mantissa) {
    this.signExponent = signExponent;
    this.mantissa = mantissa;
  }
}
