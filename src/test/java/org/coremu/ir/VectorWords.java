package org.coremu.ir;

import java.util.SplittableRandom;

/**
 * Operands for vector ops: edges of all lane sizes, floating-point numbers that are hard to get
 * right, noise.
 */
public final class VectorWords {
  private static final long[] BYTES = {0, 1, 0x7f, 0x80, 0x81, 0xfe, 0xff};
  private static final long[] WORDS = {
    0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0x8001, 0xff80, 0xffff
  };
  private static final long[] DWORDS = {
    0, 1, 0x7fff, 0x8000, 0xffff, 0x7fffffffL, 0x80000000L, 0xffff8000L, 0xffffffffL
  };
  private static final long[] SINGLES = {
    0,
    0x80000000L,
    0x3f800000L,
    0xbf800000L,
    0x7f800000L,
    0xff800000L,
    0x7fc00001L,
    0x7f800001L,
    1,
    0x80000001L,
    0x00800000L,
    0x007fffffL,
    0x7f7fffffL,
    0x4b000001L,
    0x4f000000L,
    0xcf000000L,
    0x3f000000L,
    0x5f000000L,
    0x34000000L
  };
  private static final long[] DOUBLES = {
    0,
    Long.MIN_VALUE,
    0x3ff0000000000000L,
    0xbff0000000000000L,
    0x7ff0000000000000L,
    0xfff0000000000000L,
    0x7ff8000000000001L,
    0x7ff0000000000001L,
    1,
    0x8000000000000001L,
    0x0010000000000000L,
    0x000fffffffffffffL,
    0x7fefffffffffffffL,
    0x41e0000000000000L,
    0xc1e0000000200000L,
    0x43e0000000000000L,
    0x3fe0000000000000L,
    0x36a0000000000000L,
    0x47efffffe0000000L
  };

  private final SplittableRandom random;

  public VectorWords(long seed) {
    random = new SplittableRandom(seed);
  }

  /** a, b, c (two words each), then two integers, below 33 as often as not. */
  public long[] next() {
    long[] words = new long[8];
    for (int i = 0; i < 6; i++) {
      words[i] = word();
    }
    if (random.nextInt(4) == 0) {
      words[2] = random.nextInt(70);
      words[3] = words[1];
    }
    if (random.nextInt(8) == 0) {
      words[3] = words[1];
      words[2] = words[0];
    }
    for (int i = 6; i < 8; i++) {
      words[i] = random.nextBoolean() ? random.nextInt(33) - 16 : word();
    }
    return words;
  }

  private long word() {
    return switch (random.nextInt(8)) {
      case 0 -> lanes(8, BYTES);
      case 1 -> lanes(16, WORDS);
      case 2 -> lanes(32, DWORDS);
      case 3 -> lanes(32, SINGLES);
      case 4 -> lanes(64, DOUBLES);
      case 5 ->
          (random.nextLong() & 0x807fffff_807fffffL)
              + 0x3c000000_3c000000L
              + ((long) random.nextInt(16) << 55)
              + ((long) random.nextInt(16) << 23);
      case 6 ->
          (random.nextLong() & 0x800f_ffff_ffff_ffffL)
              + 0x3fc0_0000_0000_0000L
              + ((long) random.nextInt(70) << 52);
      default -> random.nextLong();
    };
  }

  private long lanes(int bits, long[] edges) {
    long word = 0;
    for (int at = 0; at < 64; at += bits) {
      word |= edges[random.nextInt(edges.length)] << at;
    }
    return word;
  }

  /** An MXCSR value with all exceptions masked. */
  public int mxcsr() {
    int special = (random.nextInt(4) == 0 ? 0x8000 : 0) | (random.nextInt(4) == 0 ? 0x40 : 0);
    return 0x1f80
        | random.nextInt(4) << 13
        | special
        | (random.nextBoolean() ? random.nextInt(64) : 0);
  }
}
