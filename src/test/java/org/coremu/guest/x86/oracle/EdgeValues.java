package org.coremu.guest.x86.oracle;

import java.util.SplittableRandom;

/** Random operand values, biased to where implementations go wrong. */
final class EdgeValues {
  private static final int[] F32 = {
    0,
    0x80000000,
    0x3F800000,
    0xBF800000,
    0x7F800000,
    0xFF800000,
    0x7FC00000,
    0xFFC00000,
    0x7F800001,
    0xFFBFFFFF,
    0x7FC12345,
    0x00000001,
    0x80000001,
    0x007FFFFF,
    0x807FFFFF,
    0x00800000,
    0x80800000,
    0x00800001,
    0x7F7FFFFF,
    0xFF7FFFFF,
    0x4F000000,
    0xCF000000,
    0x4EFFFFFF,
    0xCF000001,
    0x5F000000,
    0xDF000000,
    0x3F000000,
    0xBF000000,
    0x3FC00000,
    0x40200000,
    0x4B000000,
    0x4B7FFFFF,
    0x3F7FFFFF,
    0x33800000
  };
  private static final long[] F64 = {
    0,
    1L << 63,
    0x3FF0000000000000L,
    0xBFF0000000000000L,
    0x7FF0000000000000L,
    0xFFF0000000000000L,
    0x7FF8000000000000L,
    0xFFF8000000000000L,
    0x7FF0000000000001L,
    0xFFF7FFFFFFFFFFFFL,
    0x7FF8123456789ABCL,
    1,
    0x8000000000000001L,
    0x000FFFFFFFFFFFFFL,
    0x800FFFFFFFFFFFFFL,
    0x0010000000000000L,
    0x8010000000000000L,
    0x0010000000000001L,
    0x7FEFFFFFFFFFFFFFL,
    0xFFEFFFFFFFFFFFFFL,
    0x41DFFFFFFFC00000L,
    0x41E0000000000000L,
    0xC1E0000000000000L,
    0xC1E0000000200000L,
    0xC1E0000000100000L,
    0x43E0000000000000L,
    0xC3E0000000000000L,
    0x43DFFFFFFFFFFFFFL,
    0x3FE0000000000000L,
    0x3FDFFFFFFFFFFFFFL,
    0x4330000000000000L,
    0x36A0000000000000L,
    0x47EFFFFFE0000000L,
    0x47EFFFFFF0000000L,
    0x380FFFFFFFFFFFFFL,
    0x3690000000000000L
  };
  private static final int[] F80_EXPONENTS = {
    0, 1, 2, 0x3FBF, 0x3FFD, 0x3FFE, 0x3FFF, 0x4000, 0x401D, 0x401E, 0x403D, 0x403E, 0x403F, 0x407E,
    0x3F81, 0x3C01, 0x3C00, 0x43FE, 0x7FFD, 0x7FFE, 0x7FFF
  };
  private static final long[] SIGNIFICANDS = {
    0,
    1,
    1L << 63,
    (1L << 63) | 1,
    -1L,
    3L << 62,
    (1L << 62) | 1,
    1L << 62,
    0x7FFFFFFFFFFFFFFFL,
    0xFFFFFFFFFFFFF800L,
    0xFFFFFF0000000000L,
    0x8000000000000400L,
    0x8000008000000000L,
    0xC000000000000001L,
    0xFFFFFFFFFFFFFC00L
  };

  private final SplittableRandom random;

  EdgeValues(SplittableRandom random) {
    this.random = random;
  }

  /**
   * A 64-bit integer: extremes of every operand size, single bits, runs of bits, small numbers, or
   * anything.
   */
  long integer() {
    int shift = random.nextInt(64);
    return switch (random.nextInt(12)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> random.nextInt(-16, 17);
      case 3 -> 1L << shift;
      case 4 -> ~(1L << shift);
      case 5 -> (1L << shift) - 1;
      case 6 -> -1L << shift;
      case 7 ->
          switch (random.nextInt(8)) {
            case 0 -> Long.MIN_VALUE;
            case 1 -> Long.MAX_VALUE;
            case 2 -> Integer.MIN_VALUE;
            case 3 -> Integer.MAX_VALUE;
            case 4 -> 0x8000_0000L;
            case 5 -> 0x8080_8080_8080_8080L;
            case 6 -> 0x7FFF_8000_7F80_FF00L;
            default -> 0xFFFF_FFFFL;
          };
      case 8 -> random.nextLong() >>> shift;
      case 9 -> random.nextLong() >> shift;
      default -> random.nextLong();
    };
  }

  /** The bits of a float. */
  int f32() {
    return switch (random.nextInt(8)) {
      case 0, 1 -> F32[random.nextInt(F32.length)];
      case 2 -> random.nextInt();
      case 3 -> Float.floatToRawIntBits(random.nextInt(-40, 41) * 0.25f);
      case 4 -> random.nextInt() & 0x807FFFFF | random.nextInt(8) << 23;
      case 5 ->
          (int) (integer() << 8 >>> 41)
              | random.nextInt(117, 160) << 23
              | random.nextInt() & 0x80000000;
      default -> random.nextInt() & 0x807FFFFF | random.nextInt(107, 147) << 23;
    };
  }

  /** The bits of a double. */
  long f64() {
    long sign = random.nextLong() & 1L << 63;
    return switch (random.nextInt(8)) {
      case 0, 1 -> F64[random.nextInt(F64.length)];
      case 2 -> random.nextLong();
      case 3 -> Double.doubleToRawLongBits(random.nextInt(-40, 41) * 0.25);
      case 4 -> sign | random.nextLong() >>> 12 | (long) random.nextInt(8) << 52;
      case 5 -> sign | integer() << 12 >>> 12 | (long) random.nextInt(1013, 1088) << 52;
      case 6 -> sign | random.nextLong() >>> 12 | (long) random.nextInt(870, 905) << 52;
      default -> sign | random.nextLong() >>> 12 | (long) random.nextInt(993, 1055) << 52;
    };
  }

  /**
   * Sign and exponent of an extended-precision number, and its significand: any encoding, invalid
   * ones too.
   */
  long[] f80() {
    int sign = random.nextInt(2) << 15;
    int exponent =
        switch (random.nextInt(4)) {
          case 0 -> F80_EXPONENTS[random.nextInt(F80_EXPONENTS.length)];
          case 1 ->
              random.nextInt(16) == 0 ? random.nextInt(0x8000) : random.nextInt(0x3FF0, 0x4050);
          default -> random.nextInt(0x3FF0, 0x4010);
        };
    long significand =
        switch (random.nextInt(5)) {
          case 0 -> SIGNIFICANDS[random.nextInt(SIGNIFICANDS.length)];
          case 1 -> integer() | Long.MIN_VALUE;
          case 2 -> random.nextLong() | Long.MIN_VALUE;
          case 3 -> random.nextLong() << random.nextInt(64) | Long.MIN_VALUE;
          default ->
              random.nextInt(20) == 0 ? random.nextLong() : random.nextLong() | Long.MIN_VALUE;
        };
    if (random.nextInt(12) == 0) {
      exponent = 0;
      significand = 0;
    }
    return new long[] {sign | exponent, significand};
  }

  /** 16 bytes of memory or of an XMM register that suit a row. */
  byte[] vector(InsnRow row) {
    byte[] bytes = new byte[16];
    if (row.is("f32")) {
      for (int i = 0; i < 16; i += 4) {
        GuestState.INT.set(bytes, i, f32());
      }
    } else if (row.is("f64")) {
      GuestState.LONG.set(bytes, 0, f64());
      GuestState.LONG.set(bytes, 8, f64());
    } else if (row.is("f80")) {
      long[] value = f80();
      GuestState.LONG.set(bytes, 0, value[1]);
      GuestState.SHORT.set(bytes, 8, (short) value[0]);
    } else if (row.is("bcd")) {
      for (int i = 0; i < 9; i++) {
        bytes[i] = (byte) (random.nextInt(10) << 4 | random.nextInt(10));
      }
      bytes[9] = (byte) (random.nextInt(2) << 7);
    } else {
      lanes(bytes);
    }
    return bytes;
  }

  private void lanes(byte[] bytes) {
    int lane = 1 << random.nextInt(4);
    for (int i = 0; i < 16; i += lane) {
      long value = integer();
      for (int j = 0; j < lane; j++) {
        bytes[i + j] = (byte) (value >> 8 * j);
      }
    }
  }
}
