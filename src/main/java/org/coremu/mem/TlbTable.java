package org.coremu.mem;

import java.lang.foreign.Arena;

/**
 * The table of one MMU mode of a {@link SoftTlb}: direct-mapped, and larger when the guest uses
 * more pages than it holds. It begins with one entry that is always empty, since many a core never
 * uses a mode. Knows which entries have been made since the last flush, so that a flush costs what
 * was used.
 */
final class TlbTable {
  private static final int FIRST_ENTRIES = SoftTlb.ENTRIES;
  private static final int GROWTH = 4;

  /** Reaches 8 MiB of guest memory, for 64 KiB of the host's; every table may have so many. */
  private static final int MANY_ENTRIES = FIRST_ENTRIES * GROWTH;

  /** Reaches 64 MiB of guest memory, for 512 KiB of the host's; some tables of a machine. */
  private static final int MOST_ENTRIES = MANY_ENTRIES * 8;

  private final Arena arena;
  private final LargeTables largeTables;
  private long base;
  private int entries = 1;
  private boolean[] global = new boolean[1];

  /**
   * Entries made since the last flush, perhaps more than once; all of them if there are too many.
   */
  private int[] made = {};

  private int madeCount;

  /**
   * As {@link #made}, those that are not global, since the last flush of these: few, where a kernel
   * has many that are.
   */
  private int[] local = {};

  private int localCount;

  /** Entries that took the place of another page's since the table has its size. */
  private int conflicts;

  /**
   * An empty table.
   *
   * @param largeTables has a say in whether it may become larger than the others
   */
  TlbTable(Arena arena, LargeTables largeTables) {
    this.arena = arena;
    this.largeTables = largeTables;
    base = StateMemory.allocate(arena, SoftTlb.ENTRY_BYTES);
    clear();
  }

  long base() {
    return base;
  }

  /** What an address shifted right by 7 is masked with to get the offset of its entry. */
  int indexMask() {
    return (entries - 1) * SoftTlb.ENTRY_BYTES;
  }

  long entry(long address) {
    return base + (address >>> 7 & indexMask());
  }

  private int number(long entry) {
    return (int) (entry - base) / SoftTlb.ENTRY_BYTES;
  }

  /** Whether nothing has been entered since the last flush. */
  boolean isEmpty() {
    return madeCount == 0;
  }

  boolean isGlobal(long address) {
    return global[number(entry(address))];
  }

  /**
   * Notes that the entry of an address is about to be made.
   *
   * @param conflict whether it is another page's now
   * @return whether the table has grown for that: its address has changed
   */
  boolean make(long address, boolean isGlobal, boolean conflict) {
    boolean grown = false;
    if (entries == 1) {
      base = StateMemory.reserve(arena, (long) MOST_ENTRIES * SoftTlb.ENTRY_BYTES);
      resize(FIRST_ENTRIES);
      grown = true;
    } else if (conflict && ++conflicts > entries && mayGrow()) {
      resize(Math.min(entries * GROWTH, MOST_ENTRIES));
      grown = true;
    }
    int n = number(entry(address));
    global[n] = isGlobal;
    if (madeCount < made.length) {
      made[madeCount++] = n;
    }
    if (!isGlobal && localCount < local.length) {
      local[localCount++] = n;
    }
    return grown;
  }

  private boolean mayGrow() {
    return entries < MANY_ENTRIES
        || entries == MANY_ENTRIES && largeTables.take()
        || entries > MANY_ENTRIES && entries < MOST_ENTRIES;
  }

  /** Takes another size, in place, and drops everything. */
  private void resize(int newEntries) {
    entries = newEntries;
    global = new boolean[entries];
    made = new int[Math.max(FIRST_ENTRIES, entries / 4)];
    local = new int[FIRST_ENTRIES];
    conflicts = 0;
    clear();
  }

  private void clear() {
    StateMemory.fill(base, (long) entries * SoftTlb.ENTRY_BYTES, (byte) -1);
    madeCount = 0;
    localCount = 0;
  }

  void flush() {
    if (madeCount == made.length) {
      clear();
    } else {
      for (int i = 0; i < madeCount; i++) {
        drop(base + (long) made[i] * SoftTlb.ENTRY_BYTES);
      }
      madeCount = 0;
      localCount = 0;
    }
  }

  /** Drops what is not global. */
  void flushLocal() {
    if (localCount == local.length) {
      for (int n = 0; n < entries; n++) {
        if (!global[n]) {
          drop(base + (long) n * SoftTlb.ENTRY_BYTES);
        }
      }
    } else {
      for (int i = 0; i < localCount; i++) {
        if (!global[local[i]]) { // it may have become a global page's
          drop(base + (long) local[i] * SoftTlb.ENTRY_BYTES);
        }
      }
    }
    localCount = 0;
  }

  void flushPage(long address) {
    drop(entry(address));
  }

  private static void drop(long entry) {
    StateMemory.putLong(entry, -1);
    StateMemory.putLong(entry + SoftTlb.WRITE, -1);
    StateMemory.putLong(entry + SoftTlb.EXECUTE, -1);
    StateMemory.putLong(entry + SoftTlb.ADDEND, -1);
  }

  /** Sends writes to a page of the host's memory to the slow path. */
  void protect(long host) {
    long end = base + (long) entries * SoftTlb.ENTRY_BYTES;
    for (long entry = base; entry < end; entry += SoftTlb.ENTRY_BYTES) {
      long tag = StateMemory.getLong(entry + SoftTlb.WRITE);
      if ((tag & Ram.PAGE_SIZE - 1) == 0
          && tag + StateMemory.getLong(entry + SoftTlb.ADDEND) == host) {
        StateMemory.putLong(entry + SoftTlb.WRITE, tag | SoftTlb.SLOW);
      }
    }
  }
}
