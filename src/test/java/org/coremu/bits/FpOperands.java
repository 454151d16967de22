package org.coremu.bits;

import java.util.Random;

/** Makes operands and control registers that find rounding, range and NaN mistakes quickly. */
final class FpOperands {
  private static final long[] SIGNIFICANDS = {
    0, 1, 2, 3, -1, -2, 1L << 63, 1L << 62, 3L << 61, 0xAAAA_AAAA_AAAA_AAAAL
  };

  private final Random random;

  FpOperands(long seed) {
    random = new Random(seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  long bits() {
    return random.nextLong();
  }

  /** 64 bits with runs of equal bits, more often than by chance. */
  private long pattern() {
    return switch (random.nextInt(6)) {
      case 0 -> SIGNIFICANDS[random.nextInt(SIGNIFICANDS.length)];
      case 1 -> 1L << random.nextInt(64);
      case 2 -> -1L << random.nextInt(64);
      case 3 -> -1L >>> random.nextInt(64);
      case 4 -> random.nextLong() << random.nextInt(64);
      default -> random.nextLong();
    };
  }

  private int exponent(int bias) {
    int max = 2 * bias + 1;
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> max;
      case 2 -> random.nextInt(4);
      case 3 -> max - random.nextInt(4);
      case 4, 5 -> bias - 70 + random.nextInt(140);
      default -> random.nextInt(max + 1);
    };
  }

  private int near(int exponent, int bias) {
    return switch (random.nextInt(4)) {
      case 0 -> exponent(bias);
      case 1 -> Math.clamp(2L * bias - exponent + random.nextInt(140) - 70, 0, 2 * bias + 1);
      default -> Math.clamp(exponent + (long) random.nextInt(140) - 70, 0, 2 * bias + 1);
    };
  }

  long float64() {
    return random.nextLong() & Long.MIN_VALUE | (long) exponent(1023) << 52 | pattern() >>> 12;
  }

  /** An operand whose sum, product or quotient with {@code a} is likely to be interesting. */
  long float64(long a) {
    int exponent = (int) (a >>> 52) & 0x7FF;
    return random.nextLong() & Long.MIN_VALUE
        | (long) near(exponent, 1023) << 52
        | pattern() >>> 12;
  }

  long float32() {
    return (random.nextInt() & 0x8000_0000 | exponent(127) << 23 | (int) (pattern() >>> 41))
        & 0xFFFF_FFFFL;
  }

  long float32(long a) {
    int exponent = (int) (a >>> 23) & 0xFF;
    return (random.nextInt() & 0x8000_0000 | near(exponent, 127) << 23 | (int) (pattern() >>> 41))
        & 0xFFFF_FFFFL;
  }

  long integer() {
    long value = pattern();
    return random.nextInt(4) == 0 ? (int) value : value;
  }

  /** Sign and exponent of an extended number. */
  int high80() {
    return random.nextInt(2) << 15 | exponent(16383);
  }

  int high80(int a) {
    return random.nextInt(2) << 15 | near(a & 0x7FFF, 16383);
  }

  /** Significand of an extended number, seldom without the integer bit where it belongs. */
  long mantissa80(int high) {
    long value = pattern();
    if (random.nextInt(16) == 0) {
      return value;
    }
    return (high & 0x7FFF) == 0 ? value & Long.MAX_VALUE : value | Long.MIN_VALUE;
  }

  /**
   * Any rounding mode, DAZ, FTZ; all exceptions masked three times in four; flags with or without
   * inexact.
   */
  int mxcsr() {
    int masks = random.nextInt(4) == 0 ? random.nextInt(64) : 63;
    int value = masks << 7 | random.nextInt(4) << 13 | random.nextInt(4) << 4 & 0x20;
    if (random.nextInt(3) == 0) {
      value |= random.nextInt(2) << 6 | random.nextInt(2) << 15;
    }
    return random.nextInt(3) == 0 ? value & ~0x6000 : value;
  }

  int controlWord() {
    int masks = random.nextInt(4) == 0 ? random.nextInt(64) : 63;
    int precision = random.nextInt(2) == 0 ? 3 : new int[] {0, 2, 3}[random.nextInt(3)];
    return masks | precision << 8 | random.nextInt(4) << 10;
  }
}
