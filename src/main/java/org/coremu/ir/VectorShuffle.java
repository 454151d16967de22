package org.coremu.ir;

import org.coremu.ir.IrOp.Code;

/**
 * What the pure vector ops compute that move lanes between halves; {@link VectorMeaning} says how
 * halves are passed.
 */
final class VectorShuffle {
  private static final long LOW32 = 0xffffffffL;

  private VectorShuffle() {}

  static long low(int code, long al, long ah, long bl, long bh, long cl, int imm) {
    return switch (code) {
      case Code.VUNPACKL -> interleave(al, bl, imm);
      case Code.VUNPACKH -> interleave(ah, bh, imm);
      case Code.VSHLB -> alignRight(al, ah, 0, 0, 16 - imm);
      case Code.VSHRB -> alignRight(0, 0, al, ah, imm);
      case Code.VALIGN -> alignRight(al, ah, bl, bh, imm);
      case Code.VSHUFD, Code.VSHUFPS -> dwords(al, ah, imm);
      case Code.VSHUFLW -> words(al, imm);
      case Code.VSHUFHW -> al;
      case Code.VSHUFPD -> (imm & 1) == 0 ? al : ah;
      case Code.VSHUFB -> bytes(al, ah, bl);
      case Code.VBLEND -> blend(al, bl, imm >>> 8, imm & 3);
      case Code.VBLENDV -> select(Lane.spread(cl, imm), bl, al);
      case Code.VSEXT, Code.VZEXT -> extend(code, al, 0, imm);
      case Code.VINSERT -> imm >> 8 << (imm & 3) < 8 ? insert(al, bl, imm) : al;
      case Code.VINSERTPS -> insertSingle(al, bl, bh, imm, 0);
      case Code.VMINPOS -> leastWord(al, ah);
      case Code.VMPSAD -> differences(al, ah, bl, bh, imm, 0);
      case Code.VCLMUL -> multiplyCarryless((imm & 1) == 0 ? al : ah, (imm & 16) == 0 ? bl : bh);
      case Code.VAES -> VectorAes.half(al, ah, bl, imm, 0);
      case Code.VFRCP, Code.VFRSQRT ->
          VectorFloat.approximate(code, al, bl, imm == FpLanes.SCALAR32);
      default -> throw new AssertionError(IrOp.of(code));
    };
  }

  static long high(int code, long al, long ah, long bl, long bh, long ch, int imm) {
    return switch (code) {
      case Code.VUNPACKL -> interleaveHigh(al, bl, imm);
      case Code.VUNPACKH -> interleaveHigh(ah, bh, imm);
      case Code.VSHLB -> alignRight(al, ah, 0, 0, 24 - imm);
      case Code.VSHRB -> alignRight(0, 0, al, ah, imm + 8);
      case Code.VALIGN -> alignRight(al, ah, bl, bh, imm + 8);
      case Code.VSHUFD -> dwords(al, ah, imm >> 4);
      case Code.VSHUFPS -> dwords(bl, bh, imm >> 4);
      case Code.VSHUFLW -> ah;
      case Code.VSHUFHW -> words(ah, imm);
      case Code.VSHUFPD -> (imm & 2) == 0 ? bl : bh;
      case Code.VSHUFB -> bytes(al, ah, bh);
      case Code.VBLEND -> blend(ah, bh, imm >>> 8 + (8 >> (imm & 3)), imm & 3);
      case Code.VBLENDV -> select(Lane.spread(ch, imm), bh, ah);
      case Code.VSEXT, Code.VZEXT -> extend(code, al, 8 >> (imm >> 8), imm);
      case Code.VINSERT -> imm >> 8 << (imm & 3) < 8 ? ah : insert(ah, bl, imm);
      case Code.VINSERTPS -> insertSingle(ah, bl, bh, imm, 2);
      case Code.VMINPOS -> 0;
      case Code.VMPSAD -> differences(al, ah, bl, bh, imm, 4);
      case Code.VCLMUL ->
          multiplyCarrylessHigh((imm & 1) == 0 ? al : ah, (imm & 16) == 0 ? bl : bh);
      case Code.VAES -> VectorAes.half(al, ah, bh, imm, 2);
      case Code.VFRCP, Code.VFRSQRT ->
          imm == FpLanes.SCALAR32 ? ah : VectorFloat.approximate(code, ah, bh, false);
      default -> throw new AssertionError(IrOp.of(code));
    };
  }

  private static long select(long mask, long x, long y) {
    return x & mask | y & ~mask;
  }

  /** The lanes of the low 32 bits of x and y in turn; of 64-bit lanes, x. */
  private static long interleave(long x, long y, int lane) {
    return switch (lane) {
      case Lane.I8 -> spreadBytes(x) | spreadBytes(y) << 8;
      case Lane.I16 -> spreadWords(x) | spreadWords(y) << 16;
      case Lane.I32 -> x & LOW32 | y << 32;
      default -> x;
    };
  }

  private static long interleaveHigh(long x, long y, int lane) {
    return lane == Lane.I64 ? y : interleave(x >>> 32, y >>> 32, lane);
  }

  private static long spreadWords(long x) {
    return x & 0xffff | (x & 0xffff_0000L) << 16;
  }

  private static long spreadBytes(long x) {
    long words = spreadWords(x);
    return words & 0x0000_00ff_0000_00ffL | (words & 0x0000_ff00_0000_ff00L) << 8;
  }

  /** 64 bits of ah:al:bh:bl from byte {@code at} on; 0 beyond the end. */
  private static long alignRight(long al, long ah, long bl, long bh, int at) {
    int word = at >> 3;
    int shift = (at & 7) * 8;
    long first = word(al, ah, bl, bh, word);
    return shift == 0 ? first : first >>> shift | word(al, ah, bl, bh, word + 1) << 64 - shift;
  }

  private static long word(long al, long ah, long bl, long bh, int n) {
    return switch (n) {
      case 0 -> bl;
      case 1 -> bh;
      case 2 -> al;
      case 3 -> ah;
      default -> 0;
    };
  }

  private static long dword(long l, long h, int n) {
    return ((n & 2) == 0 ? l : h) >>> (n & 1) * 32 & LOW32;
  }

  private static long dwords(long l, long h, int order) {
    return dword(l, h, order) | dword(l, h, order >> 2) << 32;
  }

  private static long words(long a, int order) {
    long r = 0;
    for (int i = 0; i < 4; i++) {
      r |= (a >>> (order >> 2 * i & 3) * 16 & 0xffff) << i * 16;
    }
    return r;
  }

  private static long bytes(long l, long h, long order) {
    long r = 0;
    for (int i = 0; i < 64; i += 8) {
      int n = (int) (order >>> i);
      if ((n & 0x80) == 0) {
        r |= (((n & 8) == 0 ? l : h) >>> (n & 7) * 8 & 0xff) << i;
      }
    }
    return r;
  }

  private static long blend(long x, long y, int mask, int lane) {
    long r = x;
    int bits = Lane.bits(lane);
    for (int i = 0; i < 64; i += bits, mask >>>= 1) {
      if ((mask & 1) != 0) {
        long field = Lane.field(lane) << i;
        r = r & ~field | y & field;
      }
    }
    return r;
  }

  private static long extend(int code, long a, int first, int imm) {
    int from = Lane.bits(imm & 3);
    int to = Lane.bits(imm >> 8);
    long r = 0;
    for (int i = 0, at = first * from; i < 64; i += to, at += from) {
      long x = a << 64 - from - at;
      long wide = code == Code.VSEXT ? x >> 64 - from : x >>> 64 - from;
      r |= (wide & -1L >>> 64 - to) << i;
    }
    return r;
  }

  private static long insert(long half, long value, int imm) {
    int lane = imm & 3;
    int at = ((imm >> 8 << lane) & 7) * 8;
    long field = Lane.field(lane) << at;
    return half & ~field | value << at & field;
  }

  private static long insertSingle(long half, long bl, long bh, int imm, int first) {
    long r = half;
    int lane = (imm >> 4 & 3) - first;
    if (lane >= 0 && lane < 2) {
      long field = LOW32 << lane * 32;
      r = r & ~field | dword(bl, bh, imm >> 6 & 3) << lane * 32;
    }
    int zeros = imm >> first;
    return r & (((zeros & 1) == 0 ? LOW32 : 0) | ((zeros & 2) == 0 ? ~LOW32 : 0));
  }

  private static long leastWord(long al, long ah) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 8; i++) {
      // The number above the value makes the first of equal ones the least.
      long candidate = ((i < 4 ? al : ah) >>> (i & 3) * 16 & 0xffff) << 16 | i;
      least = Math.min(least, candidate);
    }
    return least >>> 16 | (least & 7) << 16;
  }

  private static long differences(long al, long ah, long bl, long bh, int imm, int first) {
    int from = (imm & 4) + first;
    long block = alignRight(0, 0, bl, bh, (imm & 3) * 4);
    long r = 0;
    for (int i = 0; i < 4; i++) {
      long window = alignRight(0, 0, al, ah, from + i);
      int sum = 0;
      for (int k = 0; k < 32; k += 8) {
        sum += Math.abs((int) (window >>> k & 0xff) - (int) (block >>> k & 0xff));
      }
      r |= (long) sum << i * 16;
    }
    return r;
  }

  private static long multiplyCarryless(long x, long y) {
    long r = 0;
    for (int i = 0; i < 64; i++) {
      r ^= x << i & -(y >>> i & 1);
    }
    return r;
  }

  private static long multiplyCarrylessHigh(long x, long y) {
    long r = 0;
    for (int i = 1; i < 64; i++) {
      r ^= x >>> 64 - i & -(y >>> i & 1);
    }
    return r;
  }
}
