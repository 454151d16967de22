package org.coremu.mem;

import java.util.Arrays;

/**
 * The software TLB of a core: direct-mapped, one table per MMU mode (user, kernel, …), in off-heap
 * memory that native code can read.
 *
 * <p>An entry is three tags (read, write, execute) and an addend. A tag is the virtual page address
 * if the access may take the fast path: then virtual address + addend is a host address inside
 * guest RAM. Otherwise its low bits are not all zero and it equals no page address. Bit 0 alone
 * marks a page whose translation is known but whose access needs the slow path, which is how writes
 * to pages with translated code are seen.
 *
 * <p>Before the tables stand as many small ones that native code looks into first: an entry belongs
 * to an instruction, not to an address, and holds the page and the addend of that instruction's
 * last access. Native code fills them from the tables; here they are only cleared.
 *
 * <p>Owned by the core: only the thread that runs the core may call it.
 */
public final class SoftTlb {
  public static final int ENTRIES = 512;
  public static final int ENTRY_BYTES = 32;
  public static final int READ = 0;
  public static final int WRITE = 8;
  public static final int EXECUTE = 16;
  public static final int ADDEND = 24;
  public static final int TABLE_BYTES = ENTRIES * ENTRY_BYTES;

  /**
   * Entries of a table by instruction: those of loads are even, those of stores odd. An entry is a
   * page, or -1, and an addend.
   */
  public static final int SITES = 512;

  public static final int SITE_BYTES = 16;
  public static final int SITE_TABLE_BYTES = SITES * SITE_BYTES;

  /** In a tag: translation known, access on the slow path. */
  public static final long SLOW = 1;

  private static final long PAGE_MASK = -1L << Ram.PAGE_SHIFT;

  private final long sites;
  private final long base;
  private final int modes;
  private final int core;
  private final Ram ram;
  private final CodePages codePages;

  /**
   * Bounds of the virtual range that large pages in the TLB cover; empty when low > high. Flushing
   * one page of a large page must drop all its entries.
   */
  private long largeLow = -1;

  private long largeHigh;

  /** Per entry of all tables: whether it is of a global page. */
  private final boolean[] global;

  /** Entries of pages that are not global, made since the last flush; some may be so no more. */
  private final int[] local;

  private int localCount;
  private long fills;
  private long flushes;
  private final boolean[] used;

  /**
   * A TLB over memory of {@link #bytes} bytes.
   *
   * @param base address of the memory
   * @param modes number of MMU modes
   * @param core number of the core
   */
  public SoftTlb(long base, int modes, int core, Ram ram, CodePages codePages) {
    this.sites = base;
    this.base = base + (long) modes * SITE_TABLE_BYTES;
    this.modes = modes;
    this.core = core;
    this.ram = ram;
    this.codePages = codePages;
    global = new boolean[modes * ENTRIES];
    local = new int[modes * ENTRIES];
    used = new boolean[modes];
    Arrays.fill(used, true);
    flush();
    flushes = 0;
  }

  /** Bytes of memory that a TLB with so many MMU modes needs. */
  public static long bytes(int modes) {
    return (long) modes * (SITE_TABLE_BYTES + TABLE_BYTES);
  }

  /** Address of the table of a mode. */
  public long table(int mode) {
    return base + (long) mode * TABLE_BYTES;
  }

  private long entry(int mode, long address) {
    return table(mode) + ((address >>> Ram.PAGE_SHIFT) & ENTRIES - 1) * ENTRY_BYTES;
  }

  /**
   * Enters a translation of a page that is not global.
   *
   * @see #fill(int, long, long, boolean, boolean, boolean, long, boolean)
   */
  public void fill(
      int mode,
      long address,
      long ramOffset,
      boolean read,
      boolean write,
      boolean execute,
      long pageSize) {
    fill(mode, address, ramOffset, read, write, execute, pageSize, false);
  }

  /**
   * Enters a translation of a 4 KiB page that is RAM.
   *
   * @param address any virtual address in the page
   * @param ramOffset offset of the page in RAM
   * @param pageSize size of the guest's page, 4096 or more
   * @param isGlobal whether {@link #flushLocal} leaves it
   */
  public void fill(
      int mode,
      long address,
      long ramOffset,
      boolean read,
      boolean write,
      boolean execute,
      long pageSize,
      boolean isGlobal) {
    long page = address & PAGE_MASK;
    long entry = entry(mode, address);
    fills++;
    used[mode] = true;
    setGlobal((int) ((entry - base) / ENTRY_BYTES), isGlobal);
    if (pageSize > Ram.PAGE_SIZE) {
      long low = address & -pageSize;
      largeLow = unsignedMin(largeLow, low);
      largeHigh = unsignedMax(largeHigh, low + pageSize - 1);
    }
    long writeTag = -1;
    if (write) {
      writeTag = codePages.becomeWriter(ramOffset >>> Ram.PAGE_SHIFT, core) ? page : page | SLOW;
    }
    long addend = ram.hostAddress() + (ramOffset & PAGE_MASK) - page;
    if (StateMemory.getLong(entry + ADDEND) != addend) {
      // A page that is mapped elsewhere now must not be found at its old place.
      long known = StateMemory.getLong(entry + READ) & StateMemory.getLong(entry + WRITE);
      if ((known & PAGE_MASK) == page) {
        clearSites(mode);
      }
    }
    StateMemory.putLong(entry + READ, read ? page : -1);
    StateMemory.putLong(entry + WRITE, writeTag);
    StateMemory.putLong(entry + EXECUTE, execute ? page : -1);
    StateMemory.putLong(entry + ADDEND, addend);
  }

  private static long unsignedMin(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }

  private static long unsignedMax(long a, long b) {
    return Long.compareUnsigned(a, b) > 0 ? a : b;
  }

  /**
   * Looks an address up.
   *
   * @param access {@link #READ}, {@link #WRITE} or {@link #EXECUTE}
   * @return the offset in RAM, or -1 if no entry allows the access; slow entries count
   */
  public long lookup(int mode, long address, int access) {
    long entry = entry(mode, address);
    if ((StateMemory.getLong(entry + access) & ~SLOW) != (address & PAGE_MASK)) {
      return -1;
    }
    return address + StateMemory.getLong(entry + ADDEND) - ram.hostAddress();
  }

  private void setGlobal(int entry, boolean isGlobal) {
    global[entry] = isGlobal;
    if (!isGlobal) {
      if (localCount == local.length) {
        compactLocal();
      }
      local[localCount++] = entry;
    }
  }

  /** Makes the list of local entries one without repetitions, which has room. */
  private void compactLocal() {
    Arrays.sort(local);
    int n = 0;
    for (int entry : local) {
      if (!global[entry] && (n == 0 || local[n - 1] != entry)) {
        local[n++] = entry;
      }
    }
    if (n == local.length) {
      n--; // all are local; the last one is about to be added again or goes at the next flush()
      StateMemory.fill(base + (long) local[n] * ENTRY_BYTES, ENTRY_BYTES, (byte) -1);
    }
    localCount = n;
  }

  /** Whether an address is known to be in a global page. */
  public boolean isGlobal(int mode, long address) {
    return lookup(mode, address, EXECUTE) >= 0
        && global[(int) ((entry(mode, address) - base) / ENTRY_BYTES)];
  }

  /** Drops everything but global pages. */
  public void flushLocal() {
    flushes++;
    for (int i = 0; i < localCount; i++) {
      if (!global[local[i]]) {
        StateMemory.fill(base + (long) local[i] * ENTRY_BYTES, ENTRY_BYTES, (byte) -1);
      }
    }
    localCount = 0;
    for (int mode = 0; mode < modes; mode++) {
      if (used[mode]) {
        clearSites(mode);
      }
    }
  }

  /** Drops everything. */
  public void flush() {
    flushes++;
    localCount = 0;
    for (int mode = 0; mode < modes; mode++) {
      if (used[mode]) {
        StateMemory.fill(table(mode), TABLE_BYTES, (byte) -1);
        clearSites(mode);
        used[mode] = false;
      }
    }
    largeLow = -1;
    largeHigh = 0;
  }

  /** Drops the translation of one virtual page, whatever the size of the guest's page is. */
  public void flushPage(long address) {
    if (Long.compareUnsigned(address, largeLow) >= 0
        && Long.compareUnsigned(address, largeHigh) <= 0) {
      flush();
      return;
    }
    flushes++;
    for (int mode = 0; mode < modes; mode++) {
      if (used[mode]) {
        StateMemory.fill(entry(mode, address), ENTRY_BYTES, (byte) -1);
        clearSites(mode);
      }
    }
  }

  private void clearSites(int mode) {
    StateMemory.fill(sites + (long) mode * SITE_TABLE_BYTES, SITE_TABLE_BYTES, (byte) -1);
  }

  /**
   * Sends writes to a page of RAM to the slow path from now on, under all its virtual addresses.
   */
  public void protect(long ramPage) {
    long host = ram.hostAddress() + (ramPage << Ram.PAGE_SHIFT);
    for (long entry = base; entry < base + (long) modes * TABLE_BYTES; entry += ENTRY_BYTES) {
      long tag = StateMemory.getLong(entry + WRITE);
      if ((tag & ~PAGE_MASK) == 0 && tag + StateMemory.getLong(entry + ADDEND) == host) {
        StateMemory.putLong(entry + WRITE, tag | SLOW);
      }
    }
    long end = sites + (long) modes * SITE_TABLE_BYTES;
    for (long entry = sites + SITE_BYTES; entry < end; entry += 2 * SITE_BYTES) {
      long page = StateMemory.getLong(entry);
      if (page != -1 && page + StateMemory.getLong(entry + 8) == host) {
        StateMemory.putLong(entry, -1);
      }
    }
  }

  /** Lets a write that found a slow entry go fast again, if its page holds no code any more. */
  public void unprotect(int mode, long address, long ramOffset) {
    long entry = entry(mode, address);
    long page = address & PAGE_MASK;
    if (StateMemory.getLong(entry + WRITE) == (page | SLOW)
        && codePages.becomeWriter(ramOffset >>> Ram.PAGE_SHIFT, core)) {
      StateMemory.putLong(entry + WRITE, page);
    }
  }

  /** Entries made since the start. */
  public long fills() {
    return fills;
  }

  /** Flushes of a page or of everything since the start. */
  public long flushes() {
    return flushes;
  }
}
