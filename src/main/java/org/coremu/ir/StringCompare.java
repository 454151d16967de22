package org.coremu.ir;

/**
 * The comparison inside PCMPxSTRx (SDM vol. 2, 4.1). Its immediate is the instruction's: bits 1:0
 * format (unsigned bytes, unsigned words, signed bytes, signed words), bits 3:2 aggregation (equal
 * any, ranges, equal each, equal ordered), bits 5:4 polarity; and bit 8, set when strings end at a
 * zero.
 */
public final class StringCompare {
  /** Strings end at their first zero element, rather than where their lengths say. */
  public static final int IMPLICIT = 1 << 8;

  private static final int EQUAL_ANY = 0;
  private static final int RANGES = 1;
  private static final int EQUAL_EACH = 2;

  private StringCompare() {}

  /**
   * Compares.
   *
   * @param lengths explicit lengths, 0 to 16 elements, of a in bits 7:0 and of b in bits 15:8
   * @return the mask (IntRes2) in bits 15:0, CF, ZF, SF and OF as in RFLAGS from bit 16 on
   */
  static long compare(long al, long ah, long bl, long bh, long lengths, int imm) {
    int count = (imm & 1) == 0 ? 16 : 8;
    boolean implicit = (imm & IMPLICIT) != 0;
    int na = implicit ? length(al, ah, count, imm) : Math.min((int) lengths & 0xff, count);
    int nb = implicit ? length(bl, bh, count, imm) : Math.min((int) lengths >> 8 & 0xff, count);
    int mask = 0;
    for (int j = 0; j < count; j++) {
      boolean holds =
          switch (imm >> 2 & 3) {
            case EQUAL_ANY -> j < nb && inSet(al, ah, na, element(bl, bh, j, imm), imm);
            case RANGES -> j < nb && inRanges(al, ah, na, element(bl, bh, j, imm), imm);
            case EQUAL_EACH ->
                j < na && j < nb
                    ? element(al, ah, j, imm) == element(bl, bh, j, imm)
                    : j >= na && j >= nb;
            default -> startsAt(al, ah, na, bl, bh, nb, j, count, imm);
          };
      mask |= holds ? 1 << j : 0;
    }
    int result = applyPolarity(mask, nb, count, imm);
    int flags = result != 0 ? Flags.CF : 0;
    flags |= nb < count ? Flags.ZF : 0;
    flags |= na < count ? Flags.SF : 0;
    flags |= (result & 1) != 0 ? Flags.OF : 0;
    return result | (long) flags << 16;
  }

  private static int applyPolarity(int mask, int nb, int count, int imm) {
    int all = (1 << count) - 1;
    return switch (imm >> 4 & 3) {
      case 1 -> mask ^ all;
      case 3 -> mask ^ (1 << nb) - 1;
      default -> mask;
    };
  }

  private static int element(long l, long h, int n, int imm) {
    if ((imm & 1) == 0) {
      int x = (int) ((n < 8 ? l : h) >>> (n & 7) * 8) & 0xff;
      return (imm & 2) == 0 ? x : (byte) x;
    }
    int x = (int) ((n < 4 ? l : h) >>> (n & 3) * 16) & 0xffff;
    return (imm & 2) == 0 ? x : (short) x;
  }

  private static int length(long l, long h, int count, int imm) {
    for (int n = 0; n < count; n++) {
      if (element(l, h, n, imm) == 0) {
        return n;
      }
    }
    return count;
  }

  private static boolean inSet(long al, long ah, int na, int x, int imm) {
    for (int i = 0; i < na; i++) {
      if (element(al, ah, i, imm) == x) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether x lies in one of the ranges that pairs of elements are; the last range of an odd number
   * does not count.
   */
  private static boolean inRanges(long al, long ah, int na, int x, int imm) {
    for (int i = 0; i + 1 < na; i += 2) {
      if (element(al, ah, i, imm) <= x && x <= element(al, ah, i + 1, imm)) {
        return true;
      }
    }
    return false;
  }

  /** Whether string a, as far as it fits, is found in b at element j. */
  private static boolean startsAt(
      long al, long ah, int na, long bl, long bh, int nb, int j, int count, int imm) {
    for (int i = 0; i < na && i + j < count; i++) {
      if (i + j >= nb || element(al, ah, i, imm) != element(bl, bh, i + j, imm)) {
        return false;
      }
    }
    return true;
  }
}
