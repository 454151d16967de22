package org.coremu.mem;

import java.lang.foreign.Arena;

/**
 * The table of one MMU mode of a {@link SoftTlb}: direct-mapped, and larger when the guest uses
 * more pages than it holds. It begins with one entry that is always empty, since many a core never
 * uses a mode. Knows which entries have been made since the last flush, so that a flush costs what
 * was used.
 *
 * <p>Of a page that is executable the part of {@link SoftTlb#EXECUTE} knows as long as the other
 * parts have its entry, or less long: that part stays small, and pages of different entries may
 * meet there.
 */
final class TlbTable {
  private static final int FIRST_ENTRIES = SoftTlb.ENTRIES;
  private static final int GROWTH = 4;

  /** Reaches 8 MiB of guest memory, for 72 KiB of the host's. */
  private static final int MANY_ENTRIES = FIRST_ENTRIES * GROWTH;

  /** Reaches 64 MiB of guest memory, for 520 KiB of the host's; as {@link LargeTables} allows. */
  static final int MOST_ENTRIES = MANY_ENTRIES * 8;

  private static final int CODE_ENTRIES = FIRST_ENTRIES;
  private static final long BYTES = SoftTlb.EXECUTE + (long) CODE_ENTRIES * SoftTlb.ENTRY_BYTES;

  /** Where tables begin: one entry that is empty in all parts. */
  private static final long EMPTY = empty();

  private final Arena arena;
  private final LargeTables largeTables;
  private long base = EMPTY;
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
  }

  private static long empty() {
    long base = StateMemory.reserve(Arena.global(), BYTES);
    drop(base, 0);
    return base;
  }

  long base() {
    return base;
  }

  /** The mask of {@link SoftTlb#offset}. */
  int indexMask() {
    return (entries - 1) * SoftTlb.ENTRY_BYTES;
  }

  /** Address of the entry of an address for {@link SoftTlb#READ} or another kind of access. */
  long entry(long address, int access) {
    int offset = SoftTlb.offset(address, indexMask());
    return access == SoftTlb.EXECUTE ? codeEntry(base, offset) : base + access + offset;
  }

  private static long codeEntry(long base, int offset) {
    return base + SoftTlb.EXECUTE + (offset & (CODE_ENTRIES - 1) * SoftTlb.ENTRY_BYTES);
  }

  private int number(long address) {
    return SoftTlb.offset(address, indexMask()) / SoftTlb.ENTRY_BYTES;
  }

  /** The page that the entry of an address is for, or -1. */
  long knownPage(long address) {
    long read = StateMemory.getLong(entry(address, SoftTlb.READ));
    if (read != -1) {
      return read;
    }
    long write = StateMemory.getLong(entry(address, SoftTlb.WRITE));
    return write != -1 ? write & -Ram.PAGE_SIZE : knownCode(address);
  }

  /** As {@link #knownPage}, of its part for code alone. */
  private long knownCode(long address) {
    long page = StateMemory.getLong(entry(address, SoftTlb.EXECUTE));
    return page != -1 && number(page) == number(address) ? page : -1;
  }

  /** Fills the entry of an address that has been {@link #make made}. */
  void set(long address, long readTag, long writeTag, long executeTag, long addend) {
    if (executeTag != -1 || knownCode(address) != -1) {
      put(entry(address, SoftTlb.EXECUTE), executeTag, addend);
    }
    put(entry(address, SoftTlb.READ), readTag, addend);
    put(entry(address, SoftTlb.WRITE), writeTag, addend);
  }

  private static void put(long entry, long tag, long addend) {
    StateMemory.putLong(entry, tag);
    StateMemory.putLong(entry + SoftTlb.ADDEND, addend);
  }

  /** Whether nothing has been entered since the last flush. */
  boolean isEmpty() {
    return madeCount == 0;
  }

  boolean isGlobal(long address) {
    return global[number(address)];
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
      base = StateMemory.reserve(arena, BYTES);
      resize(isAfterCarry(address) ? MANY_ENTRIES : FIRST_ENTRIES);
      grown = true;
    } else if (entries == FIRST_ENTRIES && isAfterCarry(address)) {
      resize(MANY_ENTRIES);
      grown = true;
    } else if (conflict && ++conflicts > entries && mayGrow()) {
      resize(nextSize());
      grown = true;
    }
    int n = number(address);
    global[n] = isGlobal;
    if (madeCount < made.length) {
      made[madeCount++] = n;
    }
    if (!isGlobal && localCount < local.length) {
      local[localCount++] = n;
    }
    return grown;
  }

  /**
   * Whether a page would have the same entry as the page before it, were there {@link
   * #FIRST_ENTRIES}.
   */
  private static boolean isAfterCarry(long address) {
    return (address & 0x7FFF_F000) == 0;
  }

  private int nextSize() {
    return Math.min(entries * GROWTH, MOST_ENTRIES);
  }

  private boolean mayGrow() {
    return entries < MOST_ENTRIES
        && largeTables.take(2L * (nextSize() - entries) * SoftTlb.ENTRY_BYTES);
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
    StateMemory.fill(base + SoftTlb.READ, (long) entries * SoftTlb.ENTRY_BYTES, (byte) -1);
    StateMemory.fill(base + SoftTlb.WRITE, (long) entries * SoftTlb.ENTRY_BYTES, (byte) -1);
    StateMemory.fill(base + SoftTlb.EXECUTE, (long) CODE_ENTRIES * SoftTlb.ENTRY_BYTES, (byte) -1);
    madeCount = 0;
    localCount = 0;
  }

  void flush() {
    if (madeCount == made.length) {
      clear();
    } else {
      for (int i = 0; i < madeCount; i++) {
        drop(base, made[i]);
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
          drop(base, n);
        }
      }
    } else {
      for (int i = 0; i < localCount; i++) {
        if (!global[local[i]]) { // it may have become a global page's
          drop(base, local[i]);
        }
      }
    }
    localCount = 0;
  }

  void flushPage(long address) {
    drop(base, number(address));
  }

  private static void drop(long base, int n) {
    int offset = n * SoftTlb.ENTRY_BYTES;
    StateMemory.putLong(base + SoftTlb.READ + offset, -1);
    StateMemory.putLong(base + SoftTlb.WRITE + offset, -1);
    StateMemory.putLong(codeEntry(base, offset), -1);
  }

  /** Sends writes to a page of the host's memory to the slow path. */
  void protect(long host) {
    long first = base + SoftTlb.WRITE;
    long end = first + (long) entries * SoftTlb.ENTRY_BYTES;
    for (long entry = first; entry < end; entry += SoftTlb.ENTRY_BYTES) {
      long tag = StateMemory.getLong(entry);
      if ((tag & Ram.PAGE_SIZE - 1) == 0
          && tag + StateMemory.getLong(entry + SoftTlb.ADDEND) == host) {
        StateMemory.putLong(entry, tag | SoftTlb.SLOW);
      }
    }
  }
}
