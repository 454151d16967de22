package org.coremu.guest.x86;

/**
 * Where an operand is found: the addressing letters of the SDM, volume 2, appendix A.2.1, and the
 * fixed registers.
 */
public enum Form {
  /** Far pointer in the instruction: offset in {@code imm}, selector in {@code imm2}. */
  A,
  /** Immediate byte, sign-extended to the operand size (our letter). */
  B,
  /** Control register in ModRM.reg. */
  C,
  /** Debug register in ModRM.reg. */
  D,
  /** General register or memory by ModRM.rm. */
  E,
  /** General register in ModRM.reg. */
  G,
  /** Memory at [rBX + zero-extended AL] (XLAT; our letter). */
  H,
  /** Immediate. */
  I,
  /** Relative branch displacement in {@code imm}. */
  J,
  /** Memory by ModRM.rm. */
  M,
  /** MMX register in ModRM.rm. */
  N,
  /** Memory at an offset in the instruction. */
  O,
  /** MMX register in ModRM.reg. */
  P,
  /** MMX register or memory by ModRM.rm. */
  Q,
  /** General register in ModRM.rm. */
  R,
  /** Segment register in ModRM.reg. */
  S,
  /** XMM register in ModRM.rm. */
  U,
  /** XMM register in ModRM.reg. */
  V,
  /** XMM register or memory by ModRM.rm. */
  W,
  /** Memory at DS (or the override):rSI. */
  X,
  /** Memory at ES:rDI. */
  Y,
  /**
   * General register in the low three bits of the opcode and REX.B (our letter); its number is
   * {@code insn.rm}.
   */
  Z,
  /** The constant 1. */
  ONE,
  /** AL, AX, EAX or RAX, by width. */
  ACCUMULATOR,
  /** CL. */
  CL,
  /** DX, as a port number. */
  DX,
  /** The segment register with the number {@code row.fixed}. */
  SEGMENT,
  /** The x87 stack top. */
  ST0,
  /** The x87 register ST(ModRM.rm). */
  STI,
  /** XMM0, as an implicit mask. */
  XMM0;

  /** Whether this operand can be memory that ModRM describes. */
  public boolean isModrmMemory() {
    return this == E || this == M || this == Q || this == W;
  }
}
