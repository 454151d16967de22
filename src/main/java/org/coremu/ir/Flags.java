package org.coremu.ir;

/**
 * Computes arithmetic flags from their lazy form. Bit positions are those of RFLAGS (Intel SDM vol.
 * 1, 3.4.3).
 */
public final class Flags {
  public static final int CF = 0x001;
  public static final int PF = 0x004;
  public static final int AF = 0x010;
  public static final int ZF = 0x040;
  public static final int SF = 0x080;
  public static final int OF = 0x800;

  /** All the arithmetic flags. */
  public static final int ALL = CF | PF | AF | ZF | SF | OF;

  private Flags() {}

  /**
   * The flags of an operation.
   *
   * @param kind a {@link FlagKind} with its size
   * @return the bits of {@link #ALL}
   */
  public static long pack(int kind, long a, long b, long c) {
    int bits = 8 << (kind & 3);
    int up = 64 - bits;
    // Operands are moved to the top of the word, so that the sign and the carry of every size are
    // the same bits.
    switch (kind & ~3) {
      case FlagKind.PACKED:
        return a & ALL;
      case FlagKind.ADD:
        return add(a, b, 0, up);
      case FlagKind.ADC:
        return add(a, b, c, up);
      case FlagKind.SUB:
        return sub(a, b, 0, up);
      case FlagKind.SBB:
        return sub(a, b, c, up);
      case FlagKind.LOGIC:
        return szp(a << up >> up);
      case FlagKind.INC:
        {
          long r = a << up;
          return szp(r >> up) | (c & 1) | ((a & 15) == 0 ? AF : 0) | (r == Long.MIN_VALUE ? OF : 0);
        }
      case FlagKind.DEC:
        {
          long r = a << up;
          return szp(r >> up)
              | (c & 1)
              | ((a & 15) == 15 ? AF : 0)
              | (r >>> up == Long.MAX_VALUE >>> up ? OF : 0);
        }
      case FlagKind.SHL:
        return shl(a, (int) b, bits);
      case FlagKind.SHR:
        {
          long v = a << up >>> up;
          long last = b > bits ? 0 : v >>> (b - 1);
          return szp(b >= bits ? 0 : (v >>> b) << up >> up)
              | (last & 1)
              | (v >>> (bits - 1) != 0 ? OF : 0);
        }
      case FlagKind.SAR:
        {
          long v = a << up >> up;
          return szp(v >> Math.min(b, 63)) | (v >> Math.min(b - 1, 63) & 1);
        }
      case FlagKind.MUL:
        return szp(a << up >> up) | (b != 0 ? CF | OF : 0);
      default:
        throw new AssertionError("flag kind " + kind);
    }
  }

  private static long add(long a, long b, long c, int up) {
    long sum = a + b + c;
    long carries = (a & b) | ((a | b) & ~sum);
    return szp(sum << up >> up)
        | (carries << up >>> 63)
        | ((a ^ b ^ sum) & AF)
        | ((a ^ sum) & (b ^ sum)) << up >>> 63 << 11;
  }

  private static long sub(long a, long b, long c, int up) {
    long difference = a - b - c;
    long borrows = (~a & b) | ((~a | b) & difference);
    return szp(difference << up >> up)
        | (borrows << up >>> 63)
        | ((a ^ b ^ difference) & AF)
        | ((a ^ b) & (a ^ difference)) << up >>> 63 << 11;
  }

  /**
   * OF is the SDM's one-bit definition, result sign xor CF, which is also what processors give for
   * larger counts.
   */
  private static long shl(long a, int count, int bits) {
    int up = 64 - bits;
    long r = count >= bits ? 0 : a << count << up >> up;
    long carry = count > bits ? 0 : a >>> (bits - count) & 1;
    return szp(r) | carry | ((r >>> 63 ^ carry) << 11);
  }

  /** SF, ZF and PF of a sign-extended result. */
  private static long szp(long r) {
    return (r == 0 ? ZF : 0) | (r < 0 ? SF : 0) | (~(Integer.bitCount((int) r & 0xff) << 2) & PF);
  }

  /** Whether a condition holds on lazy flags, 1 or 0. */
  public static long cond(int cond, int kind, long a, long b, long c) {
    int up = 64 - (8 << (kind & 3));
    switch (kind & ~3) {
      case FlagKind.SUB:
        return subCond(cond, kind, a, b, up);
      case FlagKind.LOGIC:
        {
          long r = a << up;
          switch (cond) {
            case Cond.E, Cond.BE:
              return r == 0 ? 1 : 0;
            case Cond.NE, Cond.A:
              return r != 0 ? 1 : 0;
            case Cond.S, Cond.L:
              return r >>> 63;
            case Cond.NS, Cond.GE:
              return ~r >>> 63;
            case Cond.LE:
              return r <= 0 ? 1 : 0;
            case Cond.G:
              return r > 0 ? 1 : 0;
            default:
              return test(cond, pack(kind, a, b, c));
          }
        }
      default:
        return test(cond, pack(kind, a, b, c));
    }
  }

  private static long subCond(int cond, int kind, long a, long b, int up) {
    long x = a << up;
    long y = b << up;
    switch (cond) {
      case Cond.E:
        return x == y ? 1 : 0;
      case Cond.NE:
        return x != y ? 1 : 0;
      case Cond.B:
        return Long.compareUnsigned(x, y) < 0 ? 1 : 0;
      case Cond.AE:
        return Long.compareUnsigned(x, y) >= 0 ? 1 : 0;
      case Cond.BE:
        return Long.compareUnsigned(x, y) <= 0 ? 1 : 0;
      case Cond.A:
        return Long.compareUnsigned(x, y) > 0 ? 1 : 0;
      case Cond.L:
        return x < y ? 1 : 0;
      case Cond.GE:
        return x >= y ? 1 : 0;
      case Cond.LE:
        return x <= y ? 1 : 0;
      case Cond.G:
        return x > y ? 1 : 0;
      default:
        return test(cond, pack(kind, a, b, 0));
    }
  }

  /** Whether a condition holds on packed flags, 1 or 0. */
  public static long test(int cond, long flags) {
    long holds =
        switch (cond >> 1) {
          case 0 -> flags >> 11;
          case 1 -> flags;
          case 2 -> flags >> 6;
          case 3 -> flags | flags >> 6;
          case 4 -> flags >> 7;
          case 5 -> flags >> 2;
          case 6 -> flags >> 7 ^ flags >> 11;
          default -> (flags >> 7 ^ flags >> 11) | flags >> 6;
        };
    return (holds ^ cond) & 1;
  }
}
