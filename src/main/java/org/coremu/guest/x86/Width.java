package org.coremu.guest.x86;

/**
 * The size of an operand: the size letters of the SDM, volume 2, appendix A.2.2 (in lower case in
 * the table).
 */
public enum Width {
  /** No size: an address, or an image whose layout is the instruction's own business. */
  NONE(0),
  /** Byte. */
  B(8),
  /** Word. */
  W(16),
  /** Doubleword. */
  D(32),
  /** Quadword. */
  Q(64),
  /** 16, 32 or 64 bits by operand size. */
  V(-1),
  /** 16 or 32 bits by operand size, 32 also for 64. */
  Z(-1),
  /** 32 or 64 bits by operand size, 32 also for 16. */
  Y(-1),
  /** 64 bits in 64-bit code, else 32 (our letter). */
  K(-1),
  /** 64 bits, or 128 with REX.W (our letter). */
  C(-1),
  /** Far pointer: an offset of the operand size, then 16 bits. */
  P(-1),
  /** Two values of the operand size (BOUND). */
  A(-1),
  /** Pseudo-descriptor: 16 bits, then a base of 32 or (64-bit code) 64 bits. */
  S(-1),
  /** 80 bits. */
  T(80),
  /** 128 bits. */
  DQ(128),
  /** 128 bits: four singles. */
  PS(128),
  /** 128 bits: two doubles. */
  PD(128),
  /** One single. */
  SS(32),
  /** One double. */
  SD(64);

  private final int bits;

  Width(int bits) {
    this.bits = bits;
  }

  /**
   * Returns the size in bits, given the operand size {@code opSize} and code size {@code mode} in
   * bits.
   */
  public int bits(int opSize, int mode) {
    return switch (this) {
      case V -> opSize;
      case Z -> Math.min(opSize, 32);
      case Y -> Math.max(opSize, 32);
      case K -> mode == 64 ? 64 : 32;
      case C -> opSize == 64 ? 128 : 64;
      case P -> opSize + 16;
      case A -> 2 * opSize;
      case S -> mode == 64 ? 80 : 48;
      default -> bits;
    };
  }

  boolean followsOperandSize() {
    return switch (this) {
      case V, Z, Y, C, P, A -> true;
      default -> false;
    };
  }
}
