package org.coremu.exec.nativecode;

import static org.coremu.exec.nativecode.Assembler.PREFIX_66;
import static org.coremu.exec.nativecode.Assembler.PREFIX_F2;
import static org.coremu.exec.nativecode.Assembler.PREFIX_F3;
import static org.coremu.exec.nativecode.VectorOps.XMM0;

import org.coremu.ir.FpLanes;
import org.coremu.ir.IrOp.Code;
import org.coremu.ir.VectorFloat;

/**
 * Emits the floating-point vector ops, VFADD to VFCOMI, as {@link VectorOps} says. They run under
 * the guest's MXCSR with all exceptions masked, and each is the one instruction that has the
 * guest's meaning: rounding, NaNs and the sticky flags are then the host's affair. No instruction
 * works on a lane that the op does not, for that could raise a flag.
 */
final class VectorFloatOps {
  /** MOVSD between registers keeps the high half of its destination. */
  private static final int MOVSD = PREFIX_F2 | 0x0F10;

  /** MOVQ between registers clears the high half of its destination. */
  private static final int MOVQ = PREFIX_F3 | 0x0F7E;

  private final Assembler asm;
  private final VectorOps ops;

  VectorFloatOps(Assembler asm, VectorOps ops) {
    this.asm = asm;
    this.ops = ops;
  }

  /** Emits one op; false, with nothing emitted, if it has no form here. */
  boolean emit(int op, int d, int a, int b, int imm) {
    int lanes = imm & 7;
    int control = imm >> 8;
    if (op >= Code.VFADD && op <= Code.VFHSUB && lanes > FpLanes.PACKED64) {
      return false;
    }
    return switch (op) {
      case Code.VFADD -> arithmetic(0x0F58, lanes, d, a, b);
      case Code.VFSUB -> arithmetic(0x0F5C, lanes, d, a, b);
      case Code.VFMUL -> arithmetic(0x0F59, lanes, d, a, b);
      case Code.VFDIV -> arithmetic(0x0F5E, lanes, d, a, b);
      case Code.VFMIN -> arithmetic(0x0F5D, lanes, d, a, b);
      case Code.VFMAX -> arithmetic(0x0F5F, lanes, d, a, b);
      case Code.VFSQRT ->
          isScalar(lanes)
              ? arithmetic(0x0F51, lanes, d, a, b)
              : ops.unary(prefix(lanes) | 0x0F51, d, b);
      case Code.VFCMP -> ops.binaryConstant(prefix(lanes) | 0x0FC2, d, a, b, control & 7);
      case Code.VFROUND -> round(lanes, d, a, b, control & 15);
      case Code.VFADDSUB -> horizontal(0x0FD0, lanes, d, a, b);
      case Code.VFHADD -> horizontal(0x0F7C, lanes, d, a, b);
      case Code.VFHSUB -> horizontal(0x0F7D, lanes, d, a, b);
      case Code.VFDOT -> dot(lanes, d, a, b, control);
      case Code.VFWIDEN -> widen(lanes, d, a, b);
      case Code.VFNARROW -> narrow(lanes, d, a, b);
      case Code.VFFROMI -> fromIntegers(lanes, d, a, b);
      case Code.VFTOI -> toIntegers(lanes, d, a, b, (control & VectorFloat.TRUNCATE) != 0);
      case Code.VFFROMINT -> fromInteger(lanes, d, a, b, control);
      case Code.VFTOINT -> toInteger(lanes, d, a, control);
      case Code.VFCOMI -> compare(lanes, d, a, b, control);
      default -> false;
    };
  }

  private static boolean isScalar(int lanes) {
    return lanes <= FpLanes.SCALAR64;
  }

  /** The mandatory prefix that tells the four forms of an instruction apart. */
  private static int prefix(int lanes) {
    return switch (lanes) {
      case FpLanes.SCALAR32 -> PREFIX_F3;
      case FpLanes.SCALAR64 -> PREFIX_F2;
      case FpLanes.PACKED32 -> 0;
      default -> PREFIX_66;
    };
  }

  private boolean arithmetic(int opcode, int lanes, int d, int a, int b) {
    // Not commutative: of two NaNs the first operand's becomes the result.
    return ops.binary(prefix(lanes) | opcode, false, d, a, b);
  }

  private boolean round(int lanes, int d, int a, int b, int control) {
    return switch (lanes) {
      case FpLanes.SCALAR32 -> ops.binaryConstant(PREFIX_66 | 0x0F3A0A, d, a, b, control);
      case FpLanes.SCALAR64 -> ops.binaryConstant(PREFIX_66 | 0x0F3A0B, d, a, b, control);
      case FpLanes.PACKED32 -> ops.unaryConstant(PREFIX_66 | 0x0F3A08, d, b, control);
      default -> ops.unaryConstant(PREFIX_66 | 0x0F3A09, d, b, control);
    };
  }

  private boolean horizontal(int opcode, int lanes, int d, int a, int b) {
    return !isScalar(lanes)
        && ops.binary((lanes == FpLanes.PACKED32 ? PREFIX_F2 : PREFIX_66) | opcode, false, d, a, b);
  }

  private boolean dot(int lanes, int d, int a, int b, int control) {
    return switch (lanes) {
      case FpLanes.PACKED32 -> ops.binaryConstant(PREFIX_66 | 0x0F3A40, d, a, b, control);
      case FpLanes.PACKED64 -> ops.binaryConstant(PREFIX_66 | 0x0F3A41, d, a, b, control);
      default -> false;
    };
  }

  // ---- conversions

  private boolean widen(int lanes, int d, int a, int b) {
    return switch (lanes) {
      case FpLanes.SCALAR64 -> ops.binary(PREFIX_F3 | 0x0F5A, false, d, a, b);
      case FpLanes.PACKED64 -> ops.unary(0x0F5A, d, b);
      default -> false;
    };
  }

  private boolean narrow(int lanes, int d, int a, int b) {
    return switch (lanes) {
      case FpLanes.SCALAR64 -> ops.binary(PREFIX_F2 | 0x0F5A, false, d, a, b);
      case FpLanes.PACKED64 -> ops.unary(PREFIX_66 | 0x0F5A, d, b);
      default -> false;
    };
  }

  private boolean fromIntegers(int lanes, int d, int a, int b) {
    return switch (lanes) {
      case FpLanes.PACKED32 -> ops.unary(0x0F5B, d, b);
      case FpLanes.PACKED64 -> ops.unary(PREFIX_F3 | 0x0FE6, d, b);
      case FpLanes.PAIR32 -> pair(0x0F5B, d, a, b);
      default -> false;
    };
  }

  private boolean toIntegers(int lanes, int d, int a, int b, boolean truncate) {
    int singles = (truncate ? PREFIX_F3 : PREFIX_66) | 0x0F5B;
    return switch (lanes) {
      case FpLanes.PACKED32 -> ops.unary(singles, d, b);
      case FpLanes.PACKED64 -> ops.unary((truncate ? PREFIX_66 : PREFIX_F2) | 0x0FE6, d, b);
      case FpLanes.PAIR32 -> pair(singles, d, a, b);
      default -> false;
    };
  }

  /** Converts the low two lanes: zeros in the others convert without a flag. */
  private boolean pair(int opcode, int d, int a, int b) {
    asm.op(MOVQ, false, XMM0, b);
    asm.op(opcode, false, XMM0, XMM0);
    ops.copy(d, a);
    asm.op(MOVSD, false, d, XMM0);
    return true;
  }

  private boolean fromInteger(int lanes, int d, int a, int b, int control) {
    if (!isScalar(lanes)) {
      return false;
    }
    ops.copy(d, a);
    asm.op(prefix(lanes) | 0x0F2A, (control & VectorFloat.WIDE) != 0, d, b);
    return true;
  }

  private boolean toInteger(int lanes, int d, int a, int control) {
    if (!isScalar(lanes)) {
      return false;
    }
    int opcode = (control & VectorFloat.TRUNCATE) != 0 ? 0x0F2C : 0x0F2D;
    asm.op(prefix(lanes) | opcode, (control & VectorFloat.WIDE) != 0, d, a);
    return true;
  }

  private boolean compare(int lanes, int d, int a, int b, int control) {
    if (!isScalar(lanes)) {
      return false;
    }
    int opcode = (control & 1) != 0 ? 0x0F2F : 0x0F2E;
    asm.op((lanes == FpLanes.SCALAR32 ? 0 : PREFIX_66) | opcode, false, a, b);
    ops.comparisonFlags(d);
    return true;
  }
}
