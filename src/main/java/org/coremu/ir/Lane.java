package org.coremu.ir;

/**
 * Integer lanes of a vector, as the immediates of vector ops name them: the binary logarithm of
 * their size in bytes.
 */
public final class Lane {
  public static final int I8 = 0;
  public static final int I16 = 1;
  public static final int I32 = 2;
  public static final int I64 = 3;

  private Lane() {}

  /** Size in bits: 8, 16, 32 or 64. */
  public static int bits(int lane) {
    return 8 << lane;
  }

  /** All ones in one lane, the lowest of a half. */
  static long field(int lane) {
    return -1L >>> 64 - (8 << lane);
  }

  /** Bit 0 of every lane of a half. */
  static long units(int lane) {
    return switch (lane) {
      case I8 -> 0x0101_0101_0101_0101L;
      case I16 -> 0x0001_0001_0001_0001L;
      case I32 -> 0x0000_0001_0000_0001L;
      default -> 1L;
    };
  }

  /** The top bit of every lane of a half. */
  static long tops(int lane) {
    return units(lane) << (8 << lane) - 1;
  }

  /**
   * All ones in the lanes whose top bit is set in {@code marks}; the other bits of {@code marks} do
   * not matter.
   */
  static long spread(long marks, int lane) {
    return ((marks & tops(lane)) >>> (8 << lane) - 1) * field(lane);
  }
}
