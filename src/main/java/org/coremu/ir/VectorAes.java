package org.coremu.ir;

/**
 * The steps of AES as AES-NI and the Arm crypto extension have them (FIPS 197). The state's byte
 * {@code i} is row {@code i % 4} of column {@code i / 4}.
 */
public final class VectorAes {
  /** ShiftRows, SubBytes, MixColumns, then the round key. */
  public static final int ENCRYPT = 0;

  /** As {@link #ENCRYPT} without MixColumns. */
  public static final int ENCRYPT_LAST = 1;

  /** The inverses of ShiftRows, SubBytes and MixColumns, then the round key. */
  public static final int DECRYPT = 2;

  /** As {@link #DECRYPT} without MixColumns. */
  public static final int DECRYPT_LAST = 3;

  /** The inverse of MixColumns of the state alone. */
  public static final int INVERSE_MIX = 4;

  /** AESKEYGENASSIST of the state alone, with the round constant in bits 15:8. */
  public static final int KEY_ASSIST = 5;

  private static final byte[] BOX = new byte[256];
  private static final byte[] INVERSE_BOX = new byte[256];

  static {
    for (int x = 0; x < 256; x++) {
      int y = inverse(x);
      int box = y ^ y << 1 ^ y << 2 ^ y << 3 ^ y << 4;
      box = (box ^ box >> 8 ^ 0x63) & 0xff;
      BOX[x] = (byte) box;
      INVERSE_BOX[box] = (byte) x;
    }
  }

  private VectorAes() {}

  private static int inverse(int x) {
    for (int y = 1; y < 256; y++) {
      if (multiply(x, y) == 1) {
        return y;
      }
    }
    return 0;
  }

  /** The product in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1. */
  private static int multiply(int x, int y) {
    int r = 0;
    for (int a = x, b = y; b != 0; b >>= 1) {
      r ^= (b & 1) != 0 ? a : 0;
      a = a << 1 ^ ((a & 0x80) != 0 ? 0x11b : 0);
    }
    return r;
  }

  /**
   * One half of the result.
   *
   * @param key that half of the round key
   * @param column first column of the half, 0 or 2
   */
  static long half(long l, long h, long key, int imm, int column) {
    long first = column(l, h, imm, column);
    return (first | column(l, h, imm, column + 1) << 32) ^ ((imm & 7) < INVERSE_MIX ? key : 0);
  }

  private static long column(long l, long h, int imm, int column) {
    int step = imm & 7;
    return switch (step) {
      case ENCRYPT -> mix(substituted(l, h, column, 1, BOX), 2, 3, 1, 1);
      case ENCRYPT_LAST -> substituted(l, h, column, 1, BOX);
      case DECRYPT -> mix(substituted(l, h, column, -1, INVERSE_BOX), 14, 11, 13, 9);
      case DECRYPT_LAST -> substituted(l, h, column, -1, INVERSE_BOX);
      case INVERSE_MIX ->
          mix((column < 2 ? l : h) >>> (column & 1) * 32 & 0xffffffffL, 14, 11, 13, 9);
      case KEY_ASSIST -> {
        int word = (int) substituted(l, h, column | 1, 0, BOX);
        yield ((column & 1) == 0 ? word : Integer.rotateRight(word, 8) ^ imm >> 8) & 0xffffffffL;
      }
      default -> throw new AssertionError("AES step " + step);
    };
  }

  /** A column after (Inv)ShiftRows, row r taken from column + r * direction, and (Inv)SubBytes. */
  private static long substituted(long l, long h, int column, int direction, byte[] box) {
    long r = 0;
    for (int row = 0; row < 4; row++) {
      int from = column + row * direction & 3;
      int x = (int) ((from < 2 ? l : h) >>> (from & 1) * 32 + row * 8) & 0xff;
      r |= (box[x] & 0xffL) << row * 8;
    }
    return r;
  }

  /** Multiplies a column by the circulant matrix with this first row. */
  private static long mix(long column, int m0, int m1, int m2, int m3) {
    long r = 0;
    for (int row = 0; row < 4; row++) {
      int x =
          multiply(at(column, row), m0)
              ^ multiply(at(column, row + 1), m1)
              ^ multiply(at(column, row + 2), m2)
              ^ multiply(at(column, row + 3), m3);
      r |= (long) x << row * 8;
    }
    return r;
  }

  private static int at(long column, int row) {
    return (int) (column >>> (row & 3) * 8) & 0xff;
  }
}
