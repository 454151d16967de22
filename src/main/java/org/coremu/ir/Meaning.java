package org.coremu.ir;

/** What each pure integer op computes; see the rows of {@link IrOp} for the words. */
public final class Meaning {
  private static final long LOW32 = 0xffffffffL;

  private Meaning() {}

  /**
   * Evaluates a pure integer op.
   *
   * @throws AssertionError if the op is not pure or not on integers
   */
  public static long eval(IrOp op, long a, long b, long c, long imm) {
    return switch (op) {
      case CONST -> imm;
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case SHL -> a << b;
      case SHR -> a >>> b;
      case SAR -> a >> b;
      case ROL -> Long.rotateLeft(a, (int) b);
      case ROR -> Long.rotateRight(a, (int) b);
      case ADD32 -> a + b & LOW32;
      case SUB32 -> a - b & LOW32;
      case MUL32 -> a * b & LOW32;
      case AND32 -> a & b & LOW32;
      case OR32 -> (a | b) & LOW32;
      case XOR32 -> (a ^ b) & LOW32;
      case SHL32 -> shl32(a, b);
      case SHR32 -> shr32(a, b);
      case SAR32 -> sar32(a, b);
      case ROL32 -> rol32(a, b);
      case ROR32 -> ror32(a, b);
      case MULHU -> Math.unsignedMultiplyHigh(a, b);
      case MULHS -> Math.multiplyHigh(a, b);
      case EQ, NE, LTU, LEU, LTS, LES, EQ32, NE32, LTU32, LEU32, LTS32, LES32 -> compare(op, a, b);
      case ZEXT8 -> a & 0xff;
      case ZEXT16 -> a & 0xffff;
      case ZEXT32 -> a & LOW32;
      case SEXT8 -> (byte) a;
      case SEXT16 -> (short) a;
      case SEXT32 -> (int) a;
      case EXT8H -> a >>> 8 & 0xff;
      case NOT -> ~a;
      case NEG -> -a;
      case BSWAP64 -> Long.reverseBytes(a);
      case BSWAP32 -> bswap32(a);
      case CLZ64 -> Long.numberOfLeadingZeros(a);
      case CTZ64 -> Long.numberOfTrailingZeros(a);
      case POPCNT64 -> Long.bitCount(a);
      case DEP8 -> dep8(a, b);
      case DEP8H -> dep8h(a, b);
      case DEP16 -> dep16(a, b);
      case SHLADD -> a + (b << imm);
      case SELECT -> a != 0 ? b : c;
      default -> throw new AssertionError(op + " is not a pure integer op");
    };
  }

  private static long compare(IrOp op, long a, long b) {
    return switch (op) {
      case EQ -> eq(a, b);
      case NE -> ne(a, b);
      case LTU -> ltu(a, b);
      case LEU -> leu(a, b);
      case LTS -> lts(a, b);
      case LES -> les(a, b);
      case EQ32 -> eq32(a, b);
      case NE32 -> ne32(a, b);
      case LTU32 -> ltu(a & LOW32, b & LOW32);
      case LEU32 -> leu(a & LOW32, b & LOW32);
      case LTS32 -> lts((int) a, (int) b);
      case LES32 -> les((int) a, (int) b);
      default -> throw new AssertionError(op);
    };
  }

  public static long shl32(long a, long b) {
    return (int) a << (int) b & LOW32;
  }

  public static long shr32(long a, long b) {
    return (int) a >>> (int) b & LOW32;
  }

  public static long sar32(long a, long b) {
    return (int) a >> (int) b & LOW32;
  }

  public static long rol32(long a, long b) {
    return Integer.rotateLeft((int) a, (int) b) & LOW32;
  }

  public static long ror32(long a, long b) {
    return Integer.rotateRight((int) a, (int) b) & LOW32;
  }

  public static long eq(long a, long b) {
    return a == b ? 1 : 0;
  }

  public static long ne(long a, long b) {
    return a != b ? 1 : 0;
  }

  public static long ltu(long a, long b) {
    return a + Long.MIN_VALUE < b + Long.MIN_VALUE ? 1 : 0;
  }

  public static long leu(long a, long b) {
    return a + Long.MIN_VALUE <= b + Long.MIN_VALUE ? 1 : 0;
  }

  public static long lts(long a, long b) {
    return a < b ? 1 : 0;
  }

  public static long les(long a, long b) {
    return a <= b ? 1 : 0;
  }

  public static long eq32(long a, long b) {
    return (int) a == (int) b ? 1 : 0;
  }

  public static long ne32(long a, long b) {
    return (int) a != (int) b ? 1 : 0;
  }

  public static long bswap32(long a) {
    return Integer.reverseBytes((int) a) & LOW32;
  }

  public static long dep8(long a, long b) {
    return a & ~0xffL | b & 0xff;
  }

  public static long dep8h(long a, long b) {
    return a & ~0xff00L | (b & 0xff) << 8;
  }

  public static long dep16(long a, long b) {
    return a & ~0xffffL | b & 0xffff;
  }
}
