package org.coremu.ir;

import org.coremu.ir.IrOp.Code;

/**
 * What the pure vector ops compute, see the rows of {@link IrOp}. Nothing here allocates, so a
 * vector is passed as its two halves and a result is asked for half by half: {@link #low} and
 * {@link #high} for any op, {@link #half} for those whose halves do not depend on each other,
 * {@link #pairs} for those that make each half of the result from one operand.
 */
public final class VectorMeaning {
  private VectorMeaning() {}

  /**
   * The low half of the result of any pure op with a vector result; {@code al} and {@code ah} are
   * the halves of a, and so on.
   */
  public static long low(int code, long al, long ah, long bl, long bh, long cl, long imm) {
    if (code <= Code.VABS) {
      return code == Code.VPACK ? al : half(code, al, bl, (int) imm);
    }
    if (code <= Code.VSAR) {
      return shift(code, al, code <= Code.VSARI ? imm >>> 8 : bl, (int) imm & 3);
    }
    if (code <= Code.VPACKU) {
      return pairs(code, al, ah, (int) imm);
    }
    return VectorShuffle.low(code, al, ah, bl, bh, cl, (int) imm);
  }

  /** The high half, as {@link #low}. */
  public static long high(int code, long al, long ah, long bl, long bh, long ch, long imm) {
    if (code <= Code.VABS) {
      return code == Code.VPACK ? bl : half(code, ah, bh, (int) imm);
    }
    if (code <= Code.VSAR) {
      return shift(code, ah, code <= Code.VSARI ? imm >>> 8 : bl, (int) imm & 3);
    }
    if (code <= Code.VPACKU) {
      return pairs(code, bl, bh, (int) imm);
    }
    return VectorShuffle.high(code, al, ah, bl, bh, ch, (int) imm);
  }

  /** The integer result of VEXTRACT, VMOVMSK, VTEST or VSTRING. */
  public static long integer(int code, long al, long ah, long bl, long bh, long c, long imm) {
    return switch (code) {
      case Code.VEXTRACT -> extract(al, ah, (int) imm);
      case Code.VMOVMSK -> topBits(al, (int) imm) | topBits(ah, (int) imm) << (8 >> (int) imm);
      case Code.VTEST ->
          ((al & bl | ah & bh) == 0 ? Flags.ZF : 0) | ((~al & bl | ~ah & bh) == 0 ? Flags.CF : 0);
      case Code.VSTRING -> StringCompare.compare(al, ah, bl, bh, c, (int) imm);
      default -> throw new AssertionError(IrOp.of(code));
    };
  }

  private static long extract(long al, long ah, int imm) {
    int lane = imm & 3;
    int at = (imm >> 8) << lane;
    return (at < 8 ? al : ah) >>> 8 * at & Lane.field(lane);
  }

  /** The top bits of the lanes of a half, lane 0 in bit 0. */
  private static long topBits(long a, int lane) {
    long marks = a & Lane.tops(lane);
    return switch (lane) {
      case Lane.I8 -> (marks >>> 7) * 0x0102_0408_1020_4080L >>> 56;
      case Lane.I16 -> marks >>> 15 & 1 | marks >>> 30 & 2 | marks >>> 45 & 4 | marks >>> 60 & 8;
      case Lane.I32 -> marks >>> 31 & 1 | marks >>> 62 & 2;
      default -> marks >>> 63;
    };
  }

  // ---- ops on each half alone

  /** One half of an op from VADD to VABS. */
  public static long half(int code, long a, long b, int lane) {
    return switch (code) {
      case Code.VADD -> add(a, b, lane);
      case Code.VSUB -> sub(a, b, lane);
      case Code.VADDS -> addSigned(a, b, lane);
      case Code.VADDU -> addUnsigned(a, b, lane);
      case Code.VSUBS -> subSigned(a, b, lane);
      case Code.VSUBU -> sub(a, b, lane) & ~below(a, b, lane);
      case Code.VMUL -> lane == Lane.I16 ? mul16(a, b, 0) : mul32(a, b);
      case Code.VAVG -> (a | b) - ((a ^ b) >>> 1 & ~Lane.tops(lane));
      case Code.VSIGN -> sign(a, b, lane);
      case Code.VMINS -> select(below(b ^ Lane.tops(lane), a ^ Lane.tops(lane), lane), b, a);
      case Code.VMINU -> select(below(b, a, lane), b, a);
      case Code.VMAXS -> select(below(b ^ Lane.tops(lane), a ^ Lane.tops(lane), lane), a, b);
      case Code.VMAXU -> select(below(b, a, lane), a, b);
      case Code.VCMPEQ -> equal(a, b, lane);
      case Code.VCMPGT -> below(b ^ Lane.tops(lane), a ^ Lane.tops(lane), lane);
      default -> plainHalf(code, a, b, lane);
    };
  }

  private static long plainHalf(int code, long a, long b, int lane) {
    return switch (code) {
      case Code.VMULHS -> mul16(a, b, 16);
      case Code.VMULHU -> mulHighUnsigned(a, b);
      case Code.VMULHR -> mulRounded(a, b);
      case Code.VMULS -> (long) (int) a * (int) b;
      case Code.VMULU -> (a & 0xffffffffL) * (b & 0xffffffffL);
      case Code.VMADD -> mulAdd(a, b);
      case Code.VMADDUB -> mulAddBytes(a, b);
      case Code.VSAD -> sumOfDifferences(a, b);
      case Code.VAND -> a & b;
      case Code.VANDN -> ~a & b;
      case Code.VOR -> a | b;
      case Code.VXOR -> a ^ b;
      case Code.VABS -> absolute(a, lane);
      default -> throw new AssertionError(IrOp.of(code));
    };
  }

  static long add(long a, long b, int lane) {
    long tops = Lane.tops(lane);
    return (a & ~tops) + (b & ~tops) ^ (a ^ b) & tops;
  }

  static long sub(long a, long b, int lane) {
    long tops = Lane.tops(lane);
    return (a | tops) - (b & ~tops) ^ (a ^ ~b) & tops;
  }

  /** All ones where a is less than b, unsigned: where the subtraction borrows. */
  private static long below(long a, long b, int lane) {
    return Lane.spread(~a & b | (~a | b) & sub(a, b, lane), lane);
  }

  private static long equal(long a, long b, int lane) {
    long tops = Lane.tops(lane);
    long x = a ^ b;
    return ~Lane.spread((x & ~tops) + ~tops | x, lane);
  }

  private static long select(long mask, long x, long y) {
    return x & mask | y & ~mask;
  }

  private static long addUnsigned(long a, long b, int lane) {
    long sum = add(a, b, lane);
    return sum | Lane.spread(a & b | (a | b) & ~sum, lane);
  }

  private static long addSigned(long a, long b, int lane) {
    long sum = add(a, b, lane);
    return select(Lane.spread(~(a ^ b) & (a ^ sum), lane), extreme(a, lane), sum);
  }

  private static long subSigned(long a, long b, int lane) {
    long difference = sub(a, b, lane);
    return select(Lane.spread((a ^ b) & (a ^ difference), lane), extreme(a, lane), difference);
  }

  /** The least number where a is negative, else the greatest. */
  private static long extreme(long a, int lane) {
    long tops = Lane.tops(lane);
    return ~tops + ((a & tops) >>> Lane.bits(lane) - 1);
  }

  private static long sign(long a, long b, int lane) {
    long negative = Lane.spread(b, lane);
    return sub(a ^ negative, negative, lane) & ~equal(b, 0, lane);
  }

  private static long absolute(long a, int lane) {
    long negative = Lane.spread(a, lane);
    return sub(a ^ negative, negative, lane);
  }

  private static long mul16(long a, long b, int shift) {
    long r = 0;
    for (int i = 0; i < 64; i += 16) {
      r |= (long) ((short) (a >>> i) * (short) (b >>> i) >> shift & 0xffff) << i;
    }
    return r;
  }

  private static long mul32(long a, long b) {
    return (int) a * (int) b & 0xffffffffL | (long) ((int) (a >>> 32) * (int) (b >>> 32)) << 32;
  }

  private static long mulHighUnsigned(long a, long b) {
    long r = 0;
    for (int i = 0; i < 64; i += 16) {
      r |= ((a >>> i & 0xffff) * (b >>> i & 0xffff) >>> 16) << i;
    }
    return r;
  }

  private static long mulRounded(long a, long b) {
    long r = 0;
    for (int i = 0; i < 64; i += 16) {
      r |= (long) (((short) (a >>> i) * (short) (b >>> i) >> 14) + 1 >> 1 & 0xffff) << i;
    }
    return r;
  }

  private static long mulAdd(long a, long b) {
    int low = (short) a * (short) b + (short) (a >>> 16) * (short) (b >>> 16);
    int high = (short) (a >>> 32) * (short) (b >>> 32) + (short) (a >>> 48) * (short) (b >>> 48);
    return low & 0xffffffffL | (long) high << 32;
  }

  private static long mulAddBytes(long a, long b) {
    long r = 0;
    for (int i = 0; i < 64; i += 16) {
      int sum =
          (int) (a >>> i & 0xff) * (byte) (b >>> i)
              + (int) (a >>> i + 8 & 0xff) * (byte) (b >>> i + 8);
      r |= (saturate16(sum) & 0xffffL) << i;
    }
    return r;
  }

  private static long sumOfDifferences(long a, long b) {
    int sum = 0;
    for (int i = 0; i < 64; i += 8) {
      sum += Math.abs((int) (a >>> i & 0xff) - (int) (b >>> i & 0xff));
    }
    return sum;
  }

  private static int saturate16(int x) {
    return Math.clamp(x, Short.MIN_VALUE, Short.MAX_VALUE);
  }

  // ---- shifts

  /** One half of an op from VSHLI to VSAR; {@code count} is unsigned. */
  public static long shift(int code, long a, long count, int lane) {
    int bits = Lane.bits(lane);
    boolean large = Long.compareUnsigned(count, bits) >= 0;
    return switch (code) {
      case Code.VSHLI, Code.VSHL ->
          large
              ? 0
              : a << count & Lane.units(lane) * (Lane.field(lane) << count & Lane.field(lane));
      case Code.VSHRI, Code.VSHR ->
          large ? 0 : a >>> count & Lane.units(lane) * (Lane.field(lane) >>> count);
      case Code.VSARI, Code.VSAR -> {
        int n = large ? bits - 1 : (int) count;
        long shifted = a >>> n & Lane.units(lane) * (Lane.field(lane) >>> n);
        long sign = Lane.units(lane) << bits - 1 - n;
        yield sub(shifted ^ sign, sign, lane);
      }
      default -> throw new AssertionError(IrOp.of(code));
    };
  }

  // ---- ops that make each half of the result from the two halves of one operand

  /**
   * One half of an op from VHADD to VPACKU; {@code l} and {@code h} are the halves of a for the low
   * one, of b for the high.
   */
  public static long pairs(int code, long l, long h, int lane) {
    return switch (code) {
      case Code.VHADD ->
          lane == Lane.I16
              ? add(evenWords(l, h), evenWords(l >>> 16, h >>> 16), lane)
              : add(evenDwords(l, h), evenDwords(l >>> 32, h >>> 32), lane);
      case Code.VHSUB ->
          lane == Lane.I16
              ? sub(evenWords(l, h), evenWords(l >>> 16, h >>> 16), lane)
              : sub(evenDwords(l, h), evenDwords(l >>> 32, h >>> 32), lane);
      case Code.VHADDS -> addSigned(evenWords(l, h), evenWords(l >>> 16, h >>> 16), Lane.I16);
      case Code.VHSUBS -> subSigned(evenWords(l, h), evenWords(l >>> 16, h >>> 16), Lane.I16);
      case Code.VPACKS, Code.VPACKU -> packHalf(code, l, lane) | packHalf(code, h, lane) << 32;
      default -> throw new AssertionError(IrOp.of(code));
    };
  }

  private static long evenWords(long l, long h) {
    return l & 0xffff | (l >>> 32 & 0xffff) << 16 | (h & 0xffff) << 32 | (h >>> 32 & 0xffff) << 48;
  }

  private static long evenDwords(long l, long h) {
    return l & 0xffffffffL | h << 32;
  }

  private static long packHalf(int code, long a, int lane) {
    int to = Lane.bits(lane) / 2;
    int min = code == Code.VPACKS ? -1 << to - 1 : 0;
    int max = code == Code.VPACKS ? ~min : (1 << to) - 1;
    long r = 0;
    for (int i = 0; i < 32; i += to) {
      int x = lane == Lane.I16 ? (short) (a >>> 2 * i) : (int) (a >>> 2 * i);
      r |= (Math.clamp(x, min, max) & (1L << to) - 1) << i;
    }
    return r;
  }
}
