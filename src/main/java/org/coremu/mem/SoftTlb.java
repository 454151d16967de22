package org.coremu.mem;

import java.lang.foreign.Arena;
import java.util.function.BooleanSupplier;

/**
 * The software TLB of a core: a direct-mapped table per MMU mode (user, kernel, …), in off-heap
 * memory that native code can read.
 *
 * <p>A table has a part for each kind of access (read, write, execute), so that what loads use is
 * dense in the host's caches. An entry of a part is a tag and an addend. A tag is the virtual page
 * address if the access may take the fast path: then virtual address + addend is a host address
 * inside guest RAM. Otherwise its low bits are not all zero and it equals no page address. Bit 5
 * alone marks a page whose translation is known but whose access needs the slow path, which is how
 * writes to pages with translated code are seen.
 *
 * <p>Besides there are as many small tables that native code looks into first: an entry belongs to
 * an instruction, not to an address, and holds the page and the addend of that instruction's last
 * access. Native code fills them from the others; here they are only cleared.
 *
 * <p>Owned by the core: only the thread that runs the core may call it.
 */
public final class SoftTlb {
  /** Entries that a table begins with. */
  public static final int ENTRIES = 512;

  public static final int ENTRY_BYTES = 16;

  /** Offset in a table of its entries for loads. */
  public static final int READ = 0;

  /** Offset in a table of its entries for stores. */
  public static final int WRITE = TlbTable.MOST_ENTRIES * ENTRY_BYTES;

  /** Offset in a table of its entries for code, which native code doesn't look at. */
  public static final int EXECUTE = 2 * WRITE;

  /** Offset of the addend in an entry, after the tag. */
  public static final int ADDEND = 8;

  /** Right shift that leaves the number of a page times the size of an entry. */
  public static final int SHIFT = 8;

  /** Right shift that puts higher bits of that number, from 8 MiB on, upon the lowest. */
  public static final int FOLD = 19;

  /**
   * Entries of a table by instruction: those of loads are even, those of stores odd. An entry is a
   * page, or -1, and an addend.
   */
  public static final int SITES = 512;

  public static final int SITE_BYTES = 16;
  public static final int SITE_TABLE_BYTES = SITES * SITE_BYTES;

  /**
   * In a tag: translation known, access on the slow path. Native code compares a page with the low
   * bits that an aligned address of 1 to 16 bytes lacks: none of them.
   */
  public static final long SLOW = 1 << 5;

  private static final long PAGE_MASK = -1L << Ram.PAGE_SHIFT;

  private final long sites;

  /** Modes whose table by instruction has been made empty: it is zeroes before. */
  private final boolean[] sitesReady;

  private final TlbTable[] tables;
  private final int core;
  private final Ram ram;
  private final CodePages codePages;

  /** Whether entries for fast writes may be made now. */
  private final BooleanSupplier fastWrites;

  /** Called when the table of a mode has another address or size. */
  private final Runnable onMove;

  /** Flushing one page of a large page must drop all its entries. */
  private final LargePages large = new LargePages();

  private long fills;
  private long flushes;

  /**
   * A TLB.
   *
   * @param arena owns the tables
   * @param sites address of {@code modes * SITE_TABLE_BYTES} bytes for the tables by instruction
   * @param modes number of MMU modes
   * @param core number of the core
   * @param largeTables of the machine
   * @param fastWrites whether pages without code may be written fast from now on
   * @param onMove called when {@link #table} or {@link #indexMask} of a mode have changed
   */
  public SoftTlb(
      Arena arena,
      long sites,
      int modes,
      int core,
      Ram ram,
      CodePages codePages,
      LargeTables largeTables,
      BooleanSupplier fastWrites,
      Runnable onMove) {
    this.sites = sites;
    this.core = core;
    this.ram = ram;
    this.codePages = codePages;
    this.fastWrites = fastWrites;
    this.onMove = onMove;
    tables = new TlbTable[modes];
    sitesReady = new boolean[modes];
    for (int mode = 0; mode < modes; mode++) {
      tables[mode] = new TlbTable(arena, largeTables);
    }
  }

  /** Address of the table of a mode; to be asked before native code of the mode runs. */
  public long table(int mode) {
    if (!sitesReady[mode]) {
      sitesReady[mode] = true;
      clearSites(mode);
    }
    return tables[mode].base();
  }

  /** The mask of {@link #offset} for a mode. */
  public int indexMask(int mode) {
    return tables[mode].indexMask();
  }

  /**
   * Offset of the entry of an address in a part of a table. Higher bits of the address have a say,
   * since kernels lay the areas of their cores out at powers of two. Neighbouring pages never have
   * the same entry, which the check for accesses that cross pages relies on: their numbers differ
   * in the lowest bits up to some bit, and higher bits undo that in all bits of the index only if
   * it goes on to the bit {@link #FOLD} - {@link #SHIFT} above the highest of these. Of 32-bit
   * addresses and {@link #ENTRIES} entries that is the last one: {@link TlbTable#make} sees to the
   * pairs of pages around 2 and 4 GiB that are left.
   */
  public static int offset(long address, int indexMask) {
    int low = (int) address;
    return (low >>> SHIFT ^ low >>> FOLD) & indexMask;
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
    fills++;
    if (pageSize > Ram.PAGE_SIZE) {
      long low = address & -pageSize;
      large.add(low, low + pageSize - 1);
    }
    long addend = ram.hostAddress() + (ramOffset & PAGE_MASK) - page;
    TlbTable table = tables[mode];
    long known = table.knownPage(address);
    if (known == page && StateMemory.getLong(table.entry(address, READ) + ADDEND) != addend) {
      clearSites(mode); // a page that is mapped elsewhere now must not be found at its old place
    }
    if (table.make(address, isGlobal, known != page && known != -1)) {
      onMove.run();
    }
    long writeTag = -1;
    if (write) {
      writeTag = becomeWriter(ramOffset) ? page : page | SLOW;
    }
    table.set(address, read ? page : -1, writeTag, execute ? page : -1, addend);
  }

  /**
   * Looks an address up.
   *
   * @param access {@link #READ}, {@link #WRITE} or {@link #EXECUTE}
   * @return the offset in RAM, or -1 if no entry allows the access; slow entries count
   */
  public long lookup(int mode, long address, int access) {
    long entry = tables[mode].entry(address, access);
    if ((StateMemory.getLong(entry) & ~SLOW) != (address & PAGE_MASK)) {
      return -1;
    }
    return address + StateMemory.getLong(entry + ADDEND) - ram.hostAddress();
  }

  /** Whether an address is known to be in a global page. */
  public boolean isGlobal(int mode, long address) {
    return lookup(mode, address, EXECUTE) >= 0 && tables[mode].isGlobal(address);
  }

  /** Drops everything but global pages. */
  public void flushLocal() {
    flushes++;
    for (int mode = 0; mode < tables.length; mode++) {
      if (!tables[mode].isEmpty()) {
        tables[mode].flushLocal();
        clearSites(mode);
      }
    }
  }

  /** Drops everything. */
  public void flush() {
    flushes++;
    for (int mode = 0; mode < tables.length; mode++) {
      if (!tables[mode].isEmpty()) {
        tables[mode].flush();
        clearSites(mode);
      }
    }
    large.clear();
  }

  /** Drops the translation of one virtual page, whatever the size of the guest's page is. */
  public void flushPage(long address) {
    if (large.mayContain(address)) {
      flush();
      return;
    }
    flushes++;
    for (int mode = 0; mode < tables.length; mode++) {
      if (!tables[mode].isEmpty()) {
        tables[mode].flushPage(address);
        clearSites(mode);
      }
    }
  }

  private void clearSites(int mode) {
    if (!sitesReady[mode]) {
      return;
    }
    StateMemory.fill(sites + (long) mode * SITE_TABLE_BYTES, SITE_TABLE_BYTES, (byte) -1);
  }

  /**
   * Sends writes to a page of RAM to the slow path from now on, under all its virtual addresses.
   */
  public void protect(long ramPage) {
    long host = ram.hostAddress() + (ramPage << Ram.PAGE_SHIFT);
    for (TlbTable table : tables) {
      table.protect(host);
    }
    long end = sites + (long) tables.length * SITE_TABLE_BYTES;
    for (long entry = sites + SITE_BYTES; entry < end; entry += 2 * SITE_BYTES) {
      long page = StateMemory.getLong(entry);
      if (page != -1 && page + StateMemory.getLong(entry + 8) == host) {
        StateMemory.putLong(entry, -1);
      }
    }
  }

  /** Lets a write that found a slow entry go fast again, if its page holds no code any more. */
  public void unprotect(int mode, long address, long ramOffset) {
    long entry = tables[mode].entry(address, WRITE);
    long page = address & PAGE_MASK;
    if (StateMemory.getLong(entry) == (page | SLOW) && becomeWriter(ramOffset)) {
      StateMemory.putLong(entry, page);
    }
  }

  private boolean becomeWriter(long ramOffset) {
    return fastWrites.getAsBoolean() && codePages.becomeWriter(ramOffset >>> Ram.PAGE_SHIFT, core);
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
