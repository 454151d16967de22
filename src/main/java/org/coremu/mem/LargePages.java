package org.coremu.mem;

/**
 * Where a TLB may know parts of large pages: some ranges of virtual addresses that cover them all.
 * The kernel's own mappings are some far apart, and what lies between them is not to be taken for
 * large.
 */
final class LargePages {
  private static final int RANGES = 8;

  /** Pages this near to a range become part of it. */
  private static final long NEAR = 1L << 30;

  private final long[] low = new long[RANGES];
  private final long[] high = new long[RANGES];
  private int count;

  /** Whether an address may be in a large page. */
  boolean mayContain(long address) {
    for (int i = 0; i < count; i++) {
      if (contains(i, address)) {
        return true;
      }
    }
    return false;
  }

  private boolean contains(int i, long address) {
    return Long.compareUnsigned(address, low[i]) >= 0
        && Long.compareUnsigned(address, high[i]) <= 0;
  }

  private static boolean isNear(long end, long next) {
    return next - end > 0 && next - end < NEAR;
  }

  /**
   * Notes a large page.
   *
   * @param first its first address
   * @param last its last address
   */
  void add(long first, long last) {
    int near = -1;
    for (int i = 0; i < count; i++) {
      if (contains(i, first) && contains(i, last)) {
        return;
      }
      if (contains(i, first)
          || contains(i, last)
          || isNear(high[i], first)
          || isNear(last, low[i])) {
        near = i;
      }
    }
    if (near < 0 && count < RANGES) {
      low[count] = first;
      high[count++] = last;
      return;
    }
    int range = Math.max(near, 0);
    if (Long.compareUnsigned(first, low[range]) < 0) {
      low[range] = first;
    }
    if (Long.compareUnsigned(last, high[range]) > 0) {
      high[range] = last;
    }
  }

  void clear() {
    count = 0;
  }
}
