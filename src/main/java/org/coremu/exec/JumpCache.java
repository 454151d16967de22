package org.coremu.exec;

import org.coremu.mem.StateMemory;

/**
 * What a core remembers of where its jumps led: virtual address and mode to block, in a table for
 * Java, and to machine code, in a table in the core's state that native code looks into. Valid as
 * long as the translations of addresses are.
 *
 * <p>A key of the native table is the PC with a tag xor-ed to its upper 16 bits, which are all
 * equal in an address that can be executed. The tag stands for a mode in a period between two
 * flushes, so a flush only takes new tags.
 */
final class JumpCache {
  private static final int SIZE = 4096;

  /**
   * Largest tag: one bit less than the key has room for, so that no tag is another's complement.
   */
  private static final int LAST_TAG = 0x7ffe;

  /** The tag of no entry. */
  private static final long NO_TAG = LAST_TAG + 1L;

  private static final int TAG_SHIFT = 48;
  private static final int MODES = 8;

  private final CoreState state;
  private final long[] pcs = new long[SIZE];
  private final CodeBlock[] blocks = new CodeBlock[SIZE];
  private final int[] stamps = new int[SIZE];

  /** Stamp of valid entries in global pages, odd, and of others, even. */
  private int globalStamp = 1;

  private int localStamp = 2;

  /** Modes that have a tag since the last flush. */
  private final long[] modes = new long[MODES];

  private final int[] tags = new int[MODES];

  /** Whether an entry of the mode is in a page that is not global. */
  private final boolean[] local = new boolean[MODES];

  private int tagged;
  private int nextTag = 1;

  /** The mode whose tag the core's state holds, if that is still so. */
  private long current;

  private boolean told;

  /** Bit n: a page whose number is n modulo 512 may have an entry. */
  private final long[] pages = new long[8];

  /** Epoch of {@link NativeCode} since which the entries are all newer. */
  long epoch;

  JumpCache(CoreState state) {
    this.state = state;
  }

  private static int index(long linear) {
    return (int) (linear ^ linear >>> 12) & SIZE - 1;
  }

  /** The live block at an address, or null if it is not known. */
  CodeBlock find(long linear, long mode) {
    int i = index(linear);
    if (pcs[i] == linear && (stamps[i] == localStamp || stamps[i] == globalStamp)) {
      CodeBlock b = blocks[i];
      if (b.mode == mode && !b.dead) {
        return b;
      }
    }
    return null;
  }

  void enter(long linear, CodeBlock block, boolean global) {
    int i = index(linear);
    pcs[i] = linear;
    blocks[i] = block;
    stamps[i] = global ? globalStamp : localStamp;
    note(linear, block);
  }

  private void note(long linear, CodeBlock block) {
    mark(linear >>> 12);
    if (block.secondPage >= 0) {
      mark((linear >>> 12) + 1);
    }
  }

  private void mark(long page) {
    pages[(int) page >>> 6 & 7] |= 1L << page;
  }

  /** Lets native code find a block. */
  void enterNative(long pc, long mode, CodeBlock block, long address, boolean global) {
    int i = ((int) pc * NativeTier.HASH >>> NativeTier.HASH_SHIFT & NativeTier.HASH_MASK);
    long entry = state.base() + CoreState.JUMP_CACHE_OFFSET + i;
    int m = tagged(mode);
    local[m] |= !global;
    StateMemory.putLong(entry, pc ^ (long) tags[m] << TAG_SHIFT);
    StateMemory.putLong(entry + 8, address);
    note(pc, block);
  }

  /** Tells native code what mode it runs in. */
  void setMode(long mode) {
    if (!told || mode != current) {
      long key = (long) tags[tagged(mode)] << TAG_SHIFT;
      current = mode;
      told = true;
      state.put(CoreState.JUMP_KEY, key);
    }
  }

  /** Index of a mode among those that have a tag. */
  private int tagged(long mode) {
    for (int i = 0; i < tagged; i++) {
      if (modes[i] == mode) {
        return i;
      }
    }
    if (nextTag > LAST_TAG || tagged == MODES) {
      clear();
    }
    modes[tagged] = mode;
    tags[tagged] = nextTag++;
    local[tagged] = false;
    return tagged++;
  }

  /** Has native code find nothing until it is told the mode again. */
  private void forgetMode() {
    told = false;
    state.put(CoreState.JUMP_KEY, NO_TAG << TAG_SHIFT);
  }

  /** Forgets the entries in pages that are not global; native code must be told the mode again. */
  void flushLocal() {
    localStamp += 2;
    int kept = 0;
    for (int i = 0; i < tagged; i++) {
      if (!local[i]) {
        modes[kept] = modes[i];
        tags[kept] = tags[i];
        local[kept++] = false;
      }
    }
    tagged = kept;
    forgetMode();
  }

  /** Forgets all entries; native code must be told the mode again. */
  void flush() {
    localStamp += 2;
    globalStamp += 2;
    tagged = 0;
    forgetMode();
    java.util.Arrays.fill(pages, 0);
  }

  /** Forgets at least the entries that depend on a page. */
  void flushPage(long address) {
    long page = address >>> 12;
    if ((pages[(int) page >>> 6 & 7] >>> page & 1) == 0) {
      return;
    }
    for (int i = 0; i < SIZE; i++) {
      if (touches(pcs[i], page)) {
        stamps[i] = 0;
      }
    }
    long end = state.base() + CoreState.JUMP_CACHE_OFFSET + CoreState.JUMP_CACHE * 16L;
    for (long e = state.base() + CoreState.JUMP_CACHE_OFFSET; e < end; e += 16) {
      if (touches(StateMemory.getLong(e), page)) {
        StateMemory.putLong(e, 0);
      }
    }
  }

  /** Whether a block at an address, or at that of a key, may reach into a page. */
  private static boolean touches(long pc, long page) {
    long distance = page - (pc >>> 12) & (1L << TAG_SHIFT - 12) - 1;
    return distance <= 1;
  }

  /** Forgets all entries for good. */
  void clear() {
    flush();
    nextTag = 1;
    StateMemory.fill(
        state.base() + CoreState.JUMP_CACHE_OFFSET, CoreState.JUMP_CACHE * 16L, (byte) 0);
    java.util.Arrays.fill(blocks, null);
  }
}
