package org.coremu.ir;

import org.coremu.bits.FpEnv;
import org.coremu.bits.SoftFloat32;
import org.coremu.bits.SoftFloat64;
import org.coremu.ir.IrOp.Code;

/**
 * What the floating-point vector ops compute, see the rows of {@link IrOp}; halves are passed as
 * {@link VectorMeaning} says. Exceptions are added to the flags of the {@link FpEnv}; the caller
 * looks at them after both halves.
 */
public final class VectorFloat {
  /** Bits of the upper part of an immediate: round towards zero; the integer has 64 bits. */
  public static final int TRUNCATE = 1;

  public static final int WIDE = 2;

  private static final long LOW32 = 0xffffffffL;

  private VectorFloat() {}

  /**
   * The low half of the result of an op from VFADD to VFFROMINT (there {@code bl} is the integer).
   */
  public static long low(int code, long al, long ah, long bl, long bh, int imm, FpEnv env) {
    int lanes = imm & FpLanes.MASK;
    int control = imm >> 8;
    if (code <= Code.VFROUND) {
      return elements(code, lanes, al, bl, control, env);
    }
    return switch (code) {
      case Code.VFADDSUB ->
          lanes == FpLanes.PACKED64 ? SoftFloat64.sub(al, bl, env) : addSub32(al, bl, env);
      case Code.VFHADD ->
          lanes == FpLanes.PACKED64
              ? SoftFloat64.add(al, ah, env)
              : horizontal32(code, al, ah, env);
      case Code.VFHSUB ->
          lanes == FpLanes.PACKED64
              ? SoftFloat64.sub(al, ah, env)
              : horizontal32(code, al, ah, env);
      case Code.VFDOT -> VectorDot.low(al, ah, bl, bh, imm, env);
      case Code.VFWIDEN -> SoftFloat32.toFloat64((int) bl, env);
      case Code.VFNARROW ->
          lanes == FpLanes.SCALAR64
              ? al & ~LOW32 | SoftFloat64.toFloat32(bl, env) & LOW32
              : pair(SoftFloat64.toFloat32(bl, env), SoftFloat64.toFloat32(bh, env));
      case Code.VFFROMI ->
          lanes == FpLanes.PACKED64 ? SoftFloat64.fromInt32((int) bl) : fromIntegers(bl, env);
      case Code.VFTOI -> toIntegersLow(lanes, bl, bh, rounding(control, env), env);
      case Code.VFFROMINT -> fromInteger(lanes, al, bl, control, env);
      default -> throw new AssertionError(IrOp.of(code));
    };
  }

  /** The high half, as {@link #low}. */
  public static long high(int code, long al, long ah, long bl, long bh, int imm, FpEnv env) {
    int lanes = imm & FpLanes.MASK;
    int control = imm >> 8;
    if (lanes <= FpLanes.SCALAR64) {
      return ah;
    }
    if (code <= Code.VFROUND) {
      return elements(code, lanes, ah, bh, control, env);
    }
    return switch (code) {
      case Code.VFADDSUB ->
          lanes == FpLanes.PACKED64 ? SoftFloat64.add(ah, bh, env) : addSub32(ah, bh, env);
      case Code.VFHADD ->
          lanes == FpLanes.PACKED64
              ? SoftFloat64.add(bl, bh, env)
              : horizontal32(code, bl, bh, env);
      case Code.VFHSUB ->
          lanes == FpLanes.PACKED64
              ? SoftFloat64.sub(bl, bh, env)
              : horizontal32(code, bl, bh, env);
      case Code.VFDOT -> VectorDot.high(al, ah, bl, bh, imm, env);
      case Code.VFWIDEN -> SoftFloat32.toFloat64((int) (bl >>> 32), env);
      case Code.VFNARROW -> 0;
      case Code.VFFROMI ->
          switch (lanes) {
            case FpLanes.PACKED64 -> SoftFloat64.fromInt32((int) (bl >>> 32));
            case FpLanes.PACKED32 -> fromIntegers(bh, env);
            default -> ah;
          };
      case Code.VFTOI ->
          switch (lanes) {
            case FpLanes.PACKED64 -> 0;
            case FpLanes.PACKED32 -> toIntegers(bh, rounding(control, env), env);
            default -> ah;
          };
      default -> throw new AssertionError(IrOp.of(code));
    };
  }

  /** The integer result of VFTOINT or VFCOMI, on the low halves. */
  public static long integer(int code, long a, long b, int imm, FpEnv env) {
    boolean single = (imm & FpLanes.MASK) == FpLanes.SCALAR32;
    int control = imm >> 8;
    if (code == Code.VFTOINT) {
      int rounding = rounding(control, env);
      if ((control & WIDE) != 0) {
        return single
            ? SoftFloat32.toInt64((int) a, rounding, env)
            : SoftFloat64.toInt64(a, rounding, env);
      }
      return (single
              ? SoftFloat32.toInt32((int) a, rounding, env)
              : SoftFloat64.toInt32(a, rounding, env))
          & LOW32;
    }
    // The comparison results of SoftFloat are ZF, PF and CF in their RFLAGS positions.
    if ((control & 1) != 0) {
      return single ? SoftFloat32.comi((int) a, (int) b, env) : SoftFloat64.comi(a, b, env);
    }
    return single ? SoftFloat32.ucomi((int) a, (int) b, env) : SoftFloat64.ucomi(a, b, env);
  }

  private static int rounding(int control, FpEnv env) {
    return (control & TRUNCATE) != 0 ? FpEnv.TRUNCATE : env.rounding;
  }

  private static long pair(int low, int high) {
    return low & LOW32 | (long) high << 32;
  }

  // ---- ops on each lane alone

  private static long elements(int code, int lanes, long a, long b, int control, FpEnv env) {
    return switch (lanes) {
      case FpLanes.SCALAR64, FpLanes.PACKED64 -> element64(code, a, b, control, env);
      case FpLanes.SCALAR32 -> a & ~LOW32 | element32(code, (int) a, (int) b, control, env) & LOW32;
      default -> {
        int low = element32(code, (int) a, (int) b, control, env);
        yield pair(low, element32(code, (int) (a >>> 32), (int) (b >>> 32), control, env));
      }
    };
  }

  private static long element64(int code, long a, long b, int control, FpEnv env) {
    return switch (code) {
      case Code.VFADD -> SoftFloat64.add(a, b, env);
      case Code.VFSUB -> SoftFloat64.sub(a, b, env);
      case Code.VFMUL -> SoftFloat64.mul(a, b, env);
      case Code.VFDIV -> SoftFloat64.div(a, b, env);
      case Code.VFMIN -> SoftFloat64.min(a, b, env);
      case Code.VFMAX -> SoftFloat64.max(a, b, env);
      case Code.VFSQRT -> SoftFloat64.sqrt(b, env);
      case Code.VFCMP -> SoftFloat64.compare(a, b, control, env);
      case Code.VFROUND -> SoftFloat64.round(b, control, env);
      default -> throw new AssertionError(IrOp.of(code));
    };
  }

  private static int element32(int code, int a, int b, int control, FpEnv env) {
    return switch (code) {
      case Code.VFADD -> SoftFloat32.add(a, b, env);
      case Code.VFSUB -> SoftFloat32.sub(a, b, env);
      case Code.VFMUL -> SoftFloat32.mul(a, b, env);
      case Code.VFDIV -> SoftFloat32.div(a, b, env);
      case Code.VFMIN -> SoftFloat32.min(a, b, env);
      case Code.VFMAX -> SoftFloat32.max(a, b, env);
      case Code.VFSQRT -> SoftFloat32.sqrt(b, env);
      case Code.VFCMP -> SoftFloat32.compare(a, b, control, env);
      case Code.VFROUND -> SoftFloat32.round(b, control, env);
      default -> throw new AssertionError(IrOp.of(code));
    };
  }

  // ---- ops on neighbours

  private static long addSub32(long a, long b, FpEnv env) {
    int low = SoftFloat32.sub((int) a, (int) b, env);
    return pair(low, SoftFloat32.add((int) (a >>> 32), (int) (b >>> 32), env));
  }

  private static long horizontal32(int code, long l, long h, FpEnv env) {
    if (code == Code.VFHADD) {
      int low = SoftFloat32.add((int) l, (int) (l >>> 32), env);
      return pair(low, SoftFloat32.add((int) h, (int) (h >>> 32), env));
    }
    int low = SoftFloat32.sub((int) l, (int) (l >>> 32), env);
    return pair(low, SoftFloat32.sub((int) h, (int) (h >>> 32), env));
  }

  // ---- conversions

  private static long fromIntegers(long b, FpEnv env) {
    int low = SoftFloat32.fromInt32((int) b, env);
    return pair(low, SoftFloat32.fromInt32((int) (b >>> 32), env));
  }

  private static long toIntegersLow(int lanes, long bl, long bh, int rounding, FpEnv env) {
    return lanes == FpLanes.PACKED64
        ? pair(SoftFloat64.toInt32(bl, rounding, env), SoftFloat64.toInt32(bh, rounding, env))
        : toIntegers(bl, rounding, env);
  }

  private static long toIntegers(long b, int rounding, FpEnv env) {
    int low = SoftFloat32.toInt32((int) b, rounding, env);
    return pair(low, SoftFloat32.toInt32((int) (b >>> 32), rounding, env));
  }

  private static long fromInteger(int lanes, long a, long value, int control, FpEnv env) {
    boolean wide = (control & WIDE) != 0;
    if (lanes == FpLanes.SCALAR64) {
      return wide ? SoftFloat64.fromInt64(value, env) : SoftFloat64.fromInt32((int) value);
    }
    int single = wide ? SoftFloat32.fromInt64(value, env) : SoftFloat32.fromInt32((int) value, env);
    return a & ~LOW32 | single & LOW32;
  }

  // ---- approximations

  /** One half of VFRCP or VFRSQRT; with {@code scalar} the upper lane is that of a. */
  static long approximate(int code, long a, long b, boolean scalar) {
    int low = approximate(code, (int) b);
    return pair(low, scalar ? (int) (a >>> 32) : approximate(code, (int) (b >>> 32)));
  }

  private static int approximate(int code, int bits) {
    return code == Code.VFRCP
        ? SoftFloat32.reciprocalEstimate(bits)
        : SoftFloat32.reciprocalSquareRootEstimate(bits);
  }
}
