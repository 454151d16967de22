package org.coremu.exec.nativecode;

import static org.coremu.exec.nativecode.Assembler.PREFIX_66;
import static org.coremu.exec.nativecode.Assembler.RAX;
import static org.coremu.exec.nativecode.Assembler.RCX;

import org.coremu.ir.IrOp.Code;
import org.coremu.ir.Lane;
import org.coremu.ir.StringCompare;
import org.coremu.ir.VectorAes;

/**
 * Emits the vector ops that compute: all but those that move between registers and the core's state
 * or memory. The host has SSE4.2.
 *
 * <p>Vector operands and results are in XMM2 to XMM15, integer ones in general registers other than
 * RAX, RCX, RSP, RBP and R15. The result's register may be that of an operand; operands in other
 * registers are left as they are. RAX, RCX, XMM0, XMM1 and the host's flags are overwritten. Masks
 * are built in registers, for code memory holds no constants. All encodings are those without VEX,
 * which any such host has.
 */
final class VectorOps {
  static final int XMM0 = 0;
  static final int XMM1 = 1;

  private static final int MOVAPS = 0x0F28;
  private static final int MOVQ_TO_XMM = PREFIX_66 | 0x0F6E;
  private static final int MOVQ_FROM_XMM = PREFIX_66 | 0x0F7E;
  private static final int PINSRQ = PREFIX_66 | 0x0F3A22;
  private static final int PEXTRQ = PREFIX_66 | 0x0F3A16;
  private static final int PXOR = PREFIX_66 | 0x0FEF;
  private static final int PCMPEQD = PREFIX_66 | 0x0F76;
  private static final int PCMPGTQ = PREFIX_66 | 0x0F3837;
  private static final int PBLENDVB = PREFIX_66 | 0x0F3810;

  /** Opcode extensions of the shifts by a constant. */
  private static final int RIGHT = 2;

  private static final int RIGHT_SIGNED = 4;
  private static final int LEFT = 6;

  /** ZF, PF and CF in their places in RFLAGS, the flags that vector comparisons set. */
  private static final int COMPARISON_FLAGS = 0x45;

  private final Assembler asm;
  private final VectorFloatOps floats;
  private final boolean aes;
  private final boolean clmul;

  /**
   * Emits into {@code asm}.
   *
   * @param aes whether the host has AES instructions
   * @param clmul whether the host has PCLMULQDQ
   */
  VectorOps(Assembler asm, boolean aes, boolean clmul) {
    this.asm = asm;
    this.aes = aes;
    this.clmul = clmul;
    floats = new VectorFloatOps(asm, this);
  }

  /**
   * Emits one op.
   *
   * @param op its {@link Code}
   * @param d register of the result
   * @param imm as in the op's row of {@link org.coremu.ir.IrOp}
   * @return false, with nothing emitted, if the op has no form here
   */
  boolean emit(int op, int d, int a, int b, int c, long imm) {
    int i = (int) imm;
    if (op < Code.VADD) {
      return move(op, d, a, b);
    }
    if (op <= Code.VXOR) {
      return a == b && identity(op, d) || binary(elementwise(op, i), isCommutative(op), d, a, b);
    }
    if (op <= Code.VSAR) {
      return unaryOrShift(op, d, a, b, imm);
    }
    if (op <= Code.VUNPACKH) {
      return binary(pairwise(op, i), false, d, a, b);
    }
    if (op <= Code.VFRSQRT) {
      return shuffle(op, d, a, b, c, i);
    }
    if (op <= Code.VSTRING) {
      return toInteger(op, d, a, b, i);
    }
    return floats.emit(op, d, a, b, i);
  }

  // ---- forms of instructions

  /** Copies a vector unless the registers are the same. */
  void copy(int d, int a) {
    if (d != a) {
      asm.op(MOVAPS, false, d, a);
    }
  }

  /**
   * Copies a to d, where a destructive instruction wants it, without losing b.
   *
   * @return where b is now
   */
  private int copy(int d, int a, int b, int scratch) {
    if (d == b && d != a) {
      copy(scratch, b);
      copy(d, a);
      return scratch;
    }
    copy(d, a);
    return b;
  }

  /** {@code d = a op b}, or nothing and false if the opcode is 0. */
  boolean binary(int opcode, boolean commutative, int d, int a, int b) {
    if (opcode == 0) {
      return false;
    }
    if (commutative && d == b) {
      asm.op(opcode, false, d, a);
    } else {
      int second = copy(d, a, b, XMM0);
      asm.op(opcode, false, d, second);
    }
    return true;
  }

  /** As {@link #binary} with a constant byte. */
  boolean binaryConstant(int opcode, int d, int a, int b, int value) {
    int second = copy(d, a, b, XMM0);
    asm.op(opcode, false, d, second);
    asm.u8(value);
    return true;
  }

  /** {@code d = op a}, or nothing and false if the opcode is 0. */
  boolean unary(int opcode, int d, int a) {
    if (opcode == 0) {
      return false;
    }
    asm.op(opcode, false, d, a);
    return true;
  }

  boolean unaryConstant(int opcode, int d, int a, int value) {
    asm.op(opcode, false, d, a);
    asm.u8(value);
    return true;
  }

  /** The host's ZF, PF and CF as a number; the comparison has cleared the others. */
  void comparisonFlags(int d) {
    asm.u8(0x9F); // LAHF
    if (d < Assembler.R8) {
      asm.op(0x0FB6, false, d, 4); // MOVZX d, AH: the number that is SPL with a REX prefix
    } else {
      asm.mov(false, d, RAX);
      asm.shift(Assembler.SHR, false, d, 8);
    }
    asm.aluConstant(Assembler.AND, false, d, COMPARISON_FLAGS);
  }

  private static int pick(int lane, int i8, int i16, int i32, int i64) {
    int opcode =
        switch (lane) {
          case Lane.I8 -> i8;
          case Lane.I16 -> i16;
          case Lane.I32 -> i32;
          case Lane.I64 -> i64;
          default -> 0;
        };
    return opcode == 0 ? 0 : PREFIX_66 | opcode;
  }

  // ---- moves

  private boolean move(int op, int d, int a, int b) {
    switch (op) {
      case Code.VPACK -> {
        asm.op(MOVQ_TO_XMM, true, d, a);
        asm.op(PINSRQ, true, d, b);
        asm.u8(1);
      }
      case Code.VLO -> asm.op(MOVQ_FROM_XMM, true, a, d);
      case Code.VHI -> {
        asm.op(PEXTRQ, true, a, d);
        asm.u8(1);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  // ---- ops on each lane or half alone

  /** Opcodes of VADD to VXOR; 0 if there is none. */
  private static int elementwise(int op, int lane) {
    return switch (op) {
      // spotless:off
      case Code.VADD ->   pick(lane, 0x0FFC,   0x0FFD,   0x0FFE,   0x0FD4);
      case Code.VSUB ->   pick(lane, 0x0FF8,   0x0FF9,   0x0FFA,   0x0FFB);
      case Code.VADDS ->  pick(lane, 0x0FEC,   0x0FED,   0,        0);
      case Code.VADDU ->  pick(lane, 0x0FDC,   0x0FDD,   0,        0);
      case Code.VSUBS ->  pick(lane, 0x0FE8,   0x0FE9,   0,        0);
      case Code.VSUBU ->  pick(lane, 0x0FD8,   0x0FD9,   0,        0);
      case Code.VMUL ->   pick(lane, 0,        0x0FD5,   0x0F3840, 0);
      case Code.VAVG ->   pick(lane, 0x0FE0,   0x0FE3,   0,        0);
      case Code.VSIGN ->  pick(lane, 0x0F3808, 0x0F3809, 0x0F380A, 0);
      case Code.VMINS ->  pick(lane, 0x0F3838, 0x0FEA,   0x0F3839, 0);
      case Code.VMINU ->  pick(lane, 0x0FDA,   0x0F383A, 0x0F383B, 0);
      case Code.VMAXS ->  pick(lane, 0x0F383C, 0x0FEE,   0x0F383D, 0);
      case Code.VMAXU ->  pick(lane, 0x0FDE,   0x0F383E, 0x0F383F, 0);
      case Code.VCMPEQ -> pick(lane, 0x0F74,   0x0F75,   0x0F76,   0x0F3829);
      case Code.VCMPGT -> pick(lane, 0x0F64,   0x0F65,   0x0F66,   0x0F3837);
      // spotless:on
      case Code.VMULHS -> PREFIX_66 | 0x0FE5;
      case Code.VMULHU -> PREFIX_66 | 0x0FE4;
      case Code.VMULHR -> PREFIX_66 | 0x0F380B;
      case Code.VMULS -> PREFIX_66 | 0x0F3828;
      case Code.VMULU -> PREFIX_66 | 0x0FF4;
      case Code.VMADD -> PREFIX_66 | 0x0FF5;
      case Code.VMADDUB -> PREFIX_66 | 0x0F3804;
      case Code.VSAD -> PREFIX_66 | 0x0FF6;
      case Code.VAND -> PREFIX_66 | 0x0FDB;
      case Code.VANDN -> PREFIX_66 | 0x0FDF;
      case Code.VOR -> PREFIX_66 | 0x0FEB;
      case Code.VXOR -> PXOR;
      default -> 0;
    };
  }

  private static boolean isCommutative(int op) {
    return switch (op) {
      case Code.VSUB, Code.VSUBS, Code.VSUBU, Code.VSIGN, Code.VCMPGT, Code.VMADDUB, Code.VANDN ->
          false;
      default -> true;
    };
  }

  /** An op on two equal operands that gives a constant: the host then waits for no operand. */
  private boolean identity(int op, int d) {
    return switch (op) {
      case Code.VSUB, Code.VCMPGT, Code.VANDN, Code.VXOR -> unary(PXOR, d, d);
      case Code.VCMPEQ -> unary(PCMPEQD, d, d);
      default -> false;
    };
  }

  private boolean unaryOrShift(int op, int d, int a, int b, long imm) {
    int lane = (int) imm & 3;
    return switch (op) {
      case Code.VABS -> unary(pick((int) imm, 0x0F381C, 0x0F381D, 0x0F381E, 0), d, a);
      case Code.VSHLI -> shiftConstant(LEFT, lane, d, a, imm >>> 8);
      case Code.VSHRI -> shiftConstant(RIGHT, lane, d, a, imm >>> 8);
      case Code.VSARI ->
          lane == Lane.I64
              ? signedShiftConstant64(d, a, imm >>> 8)
              : shiftConstant(RIGHT_SIGNED, lane, d, a, imm >>> 8);
      case Code.VSHL -> binary(pick(lane, 0, 0x0FF1, 0x0FF2, 0x0FF3), false, d, a, b);
      case Code.VSHR -> binary(pick(lane, 0, 0x0FD1, 0x0FD2, 0x0FD3), false, d, a, b);
      case Code.VSAR ->
          lane == Lane.I64
              ? signedShift64(d, a, b)
              : binary(pick(lane, 0, 0x0FE1, 0x0FE2, 0), false, d, a, b);
      default -> false;
    };
  }

  private boolean shiftConstant(int extension, int lane, int d, int a, long count) {
    if (lane == Lane.I8) {
      return false;
    }
    copy(d, a);
    shiftBy(extension, lane, d, (int) Math.min(count, 255));
    return true;
  }

  /** PSLLW and its like by a constant; with lane 3, the whole register has extensions 3 and 7. */
  private void shiftBy(int extension, int lane, int d, int count) {
    asm.op(PREFIX_66 | 0x0F70 + lane, false, extension, d);
    asm.u8(count);
  }

  /**
   * SSE has no signed shift of 64-bit lanes. Complementing before and after makes an unsigned one.
   */
  private boolean signedShiftConstant64(int d, int a, long count) {
    signs64(a);
    copy(d, a);
    asm.op(PXOR, false, d, XMM0);
    shiftBy(RIGHT, Lane.I64, d, (int) Math.min(count, 255));
    asm.op(PXOR, false, d, XMM0);
    return true;
  }

  private boolean signedShift64(int d, int a, int b) {
    signs64(a);
    copy(XMM1, a);
    asm.op(PXOR, false, XMM1, XMM0);
    asm.op(PREFIX_66 | 0x0FD3, false, XMM1, b);
    asm.op(PXOR, false, XMM1, XMM0);
    copy(d, XMM1);
    return true;
  }

  /** XMM0 becomes all ones in the halves of a that are negative, else 0. */
  private void signs64(int a) {
    asm.op(PXOR, false, XMM0, XMM0);
    asm.op(PCMPGTQ, false, XMM0, a);
  }

  /** Opcodes of VHADD to VUNPACKH; 0 if there is none. */
  private static int pairwise(int op, int lane) {
    return switch (op) {
      case Code.VHADD -> pick(lane, 0, 0x0F3801, 0x0F3802, 0);
      case Code.VHSUB -> pick(lane, 0, 0x0F3805, 0x0F3806, 0);
      case Code.VHADDS -> PREFIX_66 | 0x0F3803;
      case Code.VHSUBS -> PREFIX_66 | 0x0F3807;
      case Code.VPACKS -> pick(lane, 0, 0x0F63, 0x0F6B, 0);
      case Code.VPACKU -> pick(lane, 0, 0x0F67, 0x0F382B, 0);
      case Code.VUNPACKL -> pick(lane, 0x0F60, 0x0F61, 0x0F62, 0x0F6C);
      case Code.VUNPACKH -> pick(lane, 0x0F68, 0x0F69, 0x0F6A, 0x0F6D);
      default -> 0;
    };
  }

  // ---- ops that move lanes

  private boolean shuffle(int op, int d, int a, int b, int c, int imm) {
    return switch (op) {
      case Code.VSHLB -> shiftBytes(LEFT, d, a, imm);
      case Code.VSHRB -> shiftBytes(RIGHT, d, a, imm);
      case Code.VALIGN -> binaryConstant(PREFIX_66 | 0x0F3A0F, d, a, b, Math.min(imm, 32));
      case Code.VSHUFD -> unaryConstant(PREFIX_66 | 0x0F70, d, a, imm);
      case Code.VSHUFLW -> unaryConstant(Assembler.PREFIX_F2 | 0x0F70, d, a, imm);
      case Code.VSHUFHW -> unaryConstant(Assembler.PREFIX_F3 | 0x0F70, d, a, imm);
      case Code.VSHUFPS -> binaryConstant(0x0FC6, d, a, b, imm);
      case Code.VSHUFPD -> binaryConstant(PREFIX_66 | 0x0FC6, d, a, b, imm & 3);
      case Code.VSHUFB -> binary(PREFIX_66 | 0x0F3800, false, d, a, b);
      case Code.VBLEND -> blend(d, a, b, imm);
      case Code.VBLENDV -> blendVariable(d, a, b, c, imm);
      case Code.VSEXT -> extend(0x0F3820, d, a, imm);
      case Code.VZEXT -> extend(0x0F3830, d, a, imm);
      case Code.VINSERT -> insert(d, a, b, imm);
      case Code.VINSERTPS -> binaryConstant(PREFIX_66 | 0x0F3A21, d, a, b, imm);
      case Code.VMINPOS -> unary(PREFIX_66 | 0x0F3841, d, a);
      case Code.VMPSAD -> binaryConstant(PREFIX_66 | 0x0F3A42, d, a, b, imm & 7);
      case Code.VCLMUL -> clmul && binaryConstant(PREFIX_66 | 0x0F3A44, d, a, b, imm & 0x11);
      case Code.VAES -> aes && aes(d, a, b, imm);
      // The estimates of VFRCP and VFRSQRT differ between hosts.
      default -> false;
    };
  }

  private boolean shiftBytes(int extension, int d, int a, int count) {
    copy(d, a);
    shiftBy(extension + 1, Lane.I64, d, count);
    return true;
  }

  private boolean blend(int d, int a, int b, int imm) {
    int mask = imm >>> 8;
    return switch (imm & 3) {
      case Lane.I8 -> blendBytes(d, a, b, mask);
      case Lane.I16 -> binaryConstant(PREFIX_66 | 0x0F3A0E, d, a, b, mask);
      case Lane.I32 -> binaryConstant(PREFIX_66 | 0x0F3A0C, d, a, b, mask & 15);
      default -> binaryConstant(PREFIX_66 | 0x0F3A0D, d, a, b, mask & 3);
    };
  }

  private boolean blendBytes(int d, int a, int b, int mask) {
    asm.constant(RAX, topBits(mask));
    asm.op(MOVQ_TO_XMM, true, XMM0, RAX);
    asm.constant(RAX, topBits(mask >> 8));
    asm.op(PINSRQ, true, XMM0, RAX);
    asm.u8(1);
    return blendByXmm0(PBLENDVB, d, a, b);
  }

  /** Bit i of the low eight as the top bit of byte i. */
  private static long topBits(int mask) {
    long r = 0;
    for (int i = 0; i < 8; i++) {
      r |= (long) (mask >> i & 1) << i * 8 + 7;
    }
    return r;
  }

  private boolean blendVariable(int d, int a, int b, int c, int lane) {
    copy(XMM0, c);
    if (lane == Lane.I16) {
      shiftBy(RIGHT_SIGNED, Lane.I16, XMM0, 15);
    }
    return blendByXmm0(pick(lane, 0x0F3810, 0x0F3810, 0x0F3814, 0x0F3815), d, a, b);
  }

  private boolean blendByXmm0(int opcode, int d, int a, int b) {
    int second = copy(d, a, b, XMM1);
    asm.op(opcode, false, d, second);
    return true;
  }

  private boolean extend(int first, int d, int a, int imm) {
    int from = imm & 3;
    int to = imm >> 8;
    if (to <= from || to > Lane.I64) {
      return false;
    }
    // In order of the source's size, then of the result's.
    int row = from == Lane.I8 ? to - 1 : from + to;
    return unary(PREFIX_66 | first + row, d, a);
  }

  private boolean insert(int d, int a, int b, int imm) {
    int lane = imm & 3;
    int number = imm >> 8;
    if (number >= 16 >> lane) {
      return false;
    }
    copy(d, a);
    asm.op(pick(lane, 0x0F3A20, 0x0FC4, 0x0F3A22, 0x0F3A22), lane == Lane.I64, d, b);
    asm.u8(number);
    return true;
  }

  private boolean aes(int d, int a, int b, int imm) {
    return switch (imm & 7) {
      case VectorAes.ENCRYPT -> binary(PREFIX_66 | 0x0F38DC, false, d, a, b);
      case VectorAes.ENCRYPT_LAST -> binary(PREFIX_66 | 0x0F38DD, false, d, a, b);
      case VectorAes.DECRYPT -> binary(PREFIX_66 | 0x0F38DE, false, d, a, b);
      case VectorAes.DECRYPT_LAST -> binary(PREFIX_66 | 0x0F38DF, false, d, a, b);
      case VectorAes.INVERSE_MIX -> unary(PREFIX_66 | 0x0F38DB, d, a);
      case VectorAes.KEY_ASSIST -> unaryConstant(PREFIX_66 | 0x0F3ADF, d, a, imm >> 8);
      default -> false;
    };
  }

  // ---- ops that give integers

  private boolean toInteger(int op, int d, int a, int b, int imm) {
    return switch (op) {
      case Code.VEXTRACT -> extract(d, a, imm);
      case Code.VMOVMSK -> topBits(d, a, imm);
      case Code.VTEST -> {
        asm.op(PREFIX_66 | 0x0F3817, false, a, b);
        comparisonFlags(d);
        yield true;
      }
      case Code.VSTRING -> compareStrings(d, a, b, imm);
      default -> false;
    };
  }

  private boolean extract(int d, int a, int imm) {
    int lane = imm & 3;
    int number = imm >> 8;
    if (number >= 16 >> lane) {
      return false;
    }
    boolean wide = lane == Lane.I64;
    if (lane == Lane.I16) {
      asm.op(PREFIX_66 | 0x0FC5, false, d, a);
      asm.u8(number);
    } else if (number == 0 && lane != Lane.I8) {
      asm.op(MOVQ_FROM_XMM, wide, a, d);
    } else {
      asm.op(lane == Lane.I8 ? PREFIX_66 | 0x0F3A14 : PEXTRQ, wide, a, d);
      asm.u8(number);
    }
    return true;
  }

  private boolean topBits(int d, int a, int lane) {
    switch (lane) {
      case Lane.I8 -> asm.op(PREFIX_66 | 0x0FD7, false, d, a);
      case Lane.I16 -> {
        copy(XMM0, a);
        asm.op(PREFIX_66 | 0x0F63, false, XMM0, XMM0);
        asm.op(PREFIX_66 | 0x0FD7, false, d, XMM0);
        asm.zeroExtend(1, d, d);
      }
      case Lane.I32 -> asm.op(0x0F50, false, d, a);
      default -> asm.op(PREFIX_66 | 0x0F50, false, d, a);
    }
    return true;
  }

  /** PCMPISTRM only: PCMPESTRM wants the lengths in registers that are not free. */
  private boolean compareStrings(int d, int a, int b, int imm) {
    if ((imm & StringCompare.IMPLICIT) == 0) {
      return false;
    }
    asm.op(PREFIX_66 | 0x0F3A62, false, a, b);
    asm.u8(imm & 0x3f);
    asm.u8(0x9F); // LAHF
    asm.setcc(Assembler.O, RCX);
    asm.shift(Assembler.SHL, false, RCX, 16 + 11);
    asm.zeroExtend(2, RAX, RAX);
    asm.op(0x81, false, Assembler.AND, RAX);
    asm.i32(0xC100); // SF, ZF and CF
    asm.shift(Assembler.SHL, false, RAX, 8);
    asm.alu(Assembler.OR, false, RAX, RCX);
    asm.op(MOVQ_FROM_XMM, false, XMM0, d);
    asm.alu(Assembler.OR, false, d, RAX);
    return true;
  }
}
