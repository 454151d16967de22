package org.coremu.exec;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.coremu.mem.LargeTables;
import org.coremu.mem.StateMemory;

/**
 * What a core remembers of where its jumps led: virtual address and mode to block, in a table for
 * Java, and to machine code, in a table that native code looks into. Valid as long as the
 * translations of addresses are. Both grow when the guest's code does not fit: a kernel that forks
 * and executes jumps between some ten thousand blocks.
 *
 * <p>A key of the native table is the PC with a tag xor-ed to its upper 16 bits, which are all
 * equal in an address that can be executed. The tag stands for a mode in a period between two
 * flushes, so a flush only takes new tags.
 */
final class JumpCache {
  private static final int FIRST_SIZE = 1024;
  private static final int GROWTH = 4;

  private static final int MOST_SIZE = FIRST_SIZE * GROWTH * GROWTH * GROWTH;
  private static final int ENTRY_BYTES = 16;

  /** Bytes of an entry in all tables together. */
  private static final int COST = ENTRY_BYTES + 16;

  /** Bits of {@link #pages}. */
  private static final int PAGES = 1 << 15;

  /**
   * Largest tag: one bit less than the key has room for, so that no tag is another's complement.
   */
  private static final int LAST_TAG = 0x7ffe;

  /** The tag of no entry. */
  private static final long NO_TAG = LAST_TAG + 1L;

  private static final int TAG_SHIFT = 48;
  private static final int MODES = 8;

  private final CoreState state;
  private final LargeTables largeTables;

  /** Entries of each of the tables, a power of two. */
  private int size;

  private long[] pcs;
  private CodeBlock[] blocks;
  private int[] stamps;

  /** Address of the table of native code. */
  private final long table;

  /** Entries for native code that took the place of another's since the tables have their size. */
  private int conflicts;

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

  /** Bit n: a page whose number is n modulo {@link #PAGES} may have an entry. */
  private final long[] pages = new long[PAGES / Long.SIZE];

  /** Epoch of {@link NativeCode} since which the entries are all newer. */
  long epoch;

  JumpCache(CoreState state, Arena arena, LargeTables largeTables) {
    this.state = state;
    this.largeTables = largeTables;
    table = StateMemory.reserve(arena, (long) MOST_SIZE * ENTRY_BYTES);
    state.put(CoreState.JUMP_TABLE, table);
    resize(FIRST_SIZE);
  }

  private void resize(int entries) {
    StateMemory.fill(table, (long) size * ENTRY_BYTES, (byte) 0);
    size = entries;
    pcs = new long[entries];
    blocks = new CodeBlock[entries];
    stamps = new int[entries];
    state.putHighInt(CoreState.TLB_MASK, (entries - 1) * ENTRY_BYTES);
    conflicts = 0;
  }

  private boolean mayGrow() {
    return size < MOST_SIZE && largeTables.take((GROWTH - 1L) * size * COST);
  }

  private int index(long linear) {
    return (int) (linear ^ linear >>> 12) & size - 1;
  }

  /** Address of the entry of native code for a PC. */
  private long entry(long pc) {
    int hash = (int) pc * NativeTier.HASH >>> NativeTier.HASH_SHIFT;
    return table + (hash & (size - 1) * ENTRY_BYTES);
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
    pages[(int) page >>> 6 & pages.length - 1] |= 1L << page;
  }

  /** Lets native code find a block. */
  void enterNative(long pc, long mode, CodeBlock block, long address, boolean global) {
    int m = tagged(mode);
    local[m] |= !global;
    long key = pc ^ (long) tags[m] << TAG_SHIFT;
    long entry = entry(pc);
    long other = StateMemory.getLong(entry) ^ key;
    if (other != 0 && other >>> TAG_SHIFT == 0 && ++conflicts > size / 2 && mayGrow()) {
      resize(size * GROWTH);
      entry = entry(pc);
    }
    StateMemory.putLong(entry, key);
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
    Arrays.fill(pages, 0);
  }

  /** Forgets at least the entries that depend on a page. */
  void flushPage(long address) {
    long page = address >>> 12;
    if ((pages[(int) page >>> 6 & pages.length - 1] >>> page & 1) == 0) {
      return;
    }
    for (int i = 0; i < size; i++) {
      if (touches(pcs[i], page)) {
        stamps[i] = 0;
      }
    }
    long end = table + (long) size * ENTRY_BYTES;
    for (long e = table; e < end; e += ENTRY_BYTES) {
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
    StateMemory.fill(table, (long) size * ENTRY_BYTES, (byte) 0);
    Arrays.fill(blocks, null);
  }
}
