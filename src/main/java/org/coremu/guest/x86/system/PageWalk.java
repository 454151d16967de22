package org.coremu.guest.x86.system;

import org.coremu.exec.Core;
import org.coremu.exec.Guest;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;
import org.coremu.hw.LogCategory;
import org.coremu.mem.PhysicalBus;
import org.coremu.mem.Ram;

/**
 * Translation of linear addresses: no paging, 32-bit, PAE and 4-level paging (SDM vol. 3A, chapter
 * 4). Fills the core's TLB; nothing is cached besides.
 *
 * <p>Not modelled: protection keys, shadow stacks, 5-level paging, memory types. Global pages and
 * PCIDs are accepted and make no difference: the TLB keeps only what belongs to the current CR3.
 */
public final class PageWalk {
  private static final long P = 1;
  private static final long RW = 1 << 1;
  private static final long US = 1 << 2;
  private static final long A = 1 << 5;
  private static final long D = 1 << 6;
  private static final long G = 1 << 8;
  private static final long PS = 1 << 7;
  private static final long NX = 1L << 63;

  /** Bits of a page fault's error code. */
  public static final int ERROR_PROTECTION = 1;

  public static final int ERROR_WRITE = 2;
  public static final int ERROR_USER = 4;
  public static final int ERROR_RESERVED = 8;
  public static final int ERROR_FETCH = 16;

  private static final int OK = -1;
  private static final long FRAME = (1L << X86.PHYSICAL_BITS) - 4096;
  private static final long RESERVED_ADDRESS = (1L << 52) - (1L << X86.PHYSICAL_BITS);

  private final Core core;
  private final X86 x86;

  /** The entries that the last walk went through: physical addresses and values, from the top. */
  private final long[] at = new long[4];

  private final long[] entry = new long[4];
  private int depth;
  private int entryBytes;

  /** Result of the last walk. */
  private long physical;

  private int pageShift;
  private boolean user;
  private boolean writable;
  private boolean noExecute;

  public PageWalk(X86 x86) {
    this.core = x86.core;
    this.x86 = x86;
  }

  /** As {@link Guest#translate}. */
  public long translate(long address, int access, int mmuMode) {
    if ((x86.get(X86State.CR0) & Bits.CR0_PG) == 0) {
      physical = address & 0xffff_ffffL;
      fill(mmuMode, address, true, true, true, Ram.PAGE_SIZE, false);
      return physical;
    }
    long cr4 = x86.get(X86State.CR4);
    for (; ; ) {
      int error = walk(address, cr4);
      if (error == OK) {
        error = (allowed(mmuMode, cr4) >> access & 1) != 0 ? OK : ERROR_PROTECTION;
      }
      if (error != OK) {
        error |= errorBits(access, mmuMode, cr4);
        report(address, access, mmuMode, error);
        throw X86Fault.page(address, error);
      }
      if (setAccessed(access == Guest.WRITE)) {
        break;
      }
    }
    int allowed = allowed(mmuMode, cr4);
    report(address, access, mmuMode, OK);
    boolean dirty = (entry[depth - 1] & D) != 0;
    fill(
        mmuMode,
        address,
        (allowed & 1 << Guest.READ) != 0,
        dirty && (allowed & 1 << Guest.WRITE) != 0,
        (allowed & 1 << Guest.FETCH) != 0,
        1L << pageShift,
        (entry[depth - 1] & G) != 0 && (cr4 & Bits.CR4_PGE) != 0);
    return physical;
  }

  /** {@code -d mmu}: one walk, with the entries that it read, and the error or OK. */
  private void report(long address, int access, int mmuMode, int error) {
    if (!x86.config.log().enabled(LogCategory.MMU)) {
      return;
    }
    StringBuilder text = new StringBuilder("walk ").append(Long.toHexString(address));
    text.append(access == Guest.READ ? " read" : access == Guest.WRITE ? " write" : " fetch");
    text.append(mmuMode == X86.USER ? " user" : " supervisor");
    for (int i = 0; i < depth; i++) {
      text.append(String.format(" [%x]=%x", at[i], entry[i]));
    }
    text.append(
        error == OK ? " to " + Long.toHexString(physical) : " error " + Integer.toHexString(error));
    x86.log(LogCategory.MMU, text.toString());
  }

  /** As {@link Guest#peek}. */
  public long peek(long address) {
    if ((x86.get(X86State.CR0) & Bits.CR0_PG) == 0) {
      return address & 0xffff_ffffL;
    }
    if ((x86.get(X86State.EFER) & Bits.EFER_LMA) != 0 && !Bits.isCanonical(address)) {
      return -1;
    }
    return walk(address, x86.get(X86State.CR4)) == OK ? physical : -1;
  }

  private void fill(
      int mmuMode,
      long address,
      boolean read,
      boolean write,
      boolean execute,
      long pageSize,
      boolean global) {
    PhysicalBus bus = core.memory.bus();
    long page = physical & -Ram.PAGE_SIZE;
    long offset = bus.ramOffset(page);
    if (offset >= 0 && page != x86.localApicPage()) {
      // While data breakpoints are set, every data access takes the slow path, which tells of it.
      boolean fast = !core.watched();
      boolean writes = fast && write && bus.isWritableRam(page);
      core.tlb.fill(mmuMode, address, offset, fast && read, writes, execute, pageSize, global);
    }
  }

  private int errorBits(int access, int mmuMode, long cr4) {
    int bits = mmuMode == X86.USER ? ERROR_USER : 0;
    if (access == Guest.WRITE) {
      return bits | ERROR_WRITE;
    }
    boolean tellsFetches =
        (cr4 & Bits.CR4_SMEP) != 0 || noExecuteEnabled() && (cr4 & Bits.CR4_PAE) != 0;
    return access == Guest.FETCH && tellsFetches ? bits | ERROR_FETCH : bits;
  }

  private boolean noExecuteEnabled() {
    return (x86.get(X86State.EFER) & Bits.EFER_NXE) != 0;
  }

  /** What the page found allows, as bits numbered by access kind (SDM vol. 3A, 4.6.1). */
  private int allowed(int mmuMode, long cr4) {
    int fetch = noExecute ? 0 : 1 << Guest.FETCH;
    if (mmuMode == X86.USER) {
      return user ? 1 << Guest.READ | (writable ? 1 << Guest.WRITE : 0) | fetch : 0;
    }
    if (user && (cr4 & Bits.CR4_SMEP) != 0) {
      fetch = 0;
    }
    if (user && mmuMode == X86.SUPERVISOR_SMAP) {
      return fetch;
    }
    boolean write = writable || (x86.get(X86State.CR0) & Bits.CR0_WP) == 0;
    return 1 << Guest.READ | (write ? 1 << Guest.WRITE : 0) | fetch;
  }

  /**
   * Walks the tables; gives OK, or the error code bits that tell a missing page from a malformed
   * entry.
   */
  private int walk(long address, long cr4) {
    depth = 0;
    user = true;
    writable = true;
    noExecute = false;
    if ((x86.get(X86State.EFER) & Bits.EFER_LMA) != 0) {
      if (!Bits.isCanonical(address)) {
        throw X86Fault.nonCanonical(address);
      }
      entryBytes = 8;
      return walk64(x86.get(X86State.CR3) & FRAME, address, 39, RESERVED_ADDRESS);
    }
    if ((cr4 & Bits.CR4_PAE) != 0) {
      entryBytes = 8;
      long pdpte = x86.get(SystemSlots.PDPTE + (int) (address >>> 30 & 3));
      // Bits 62:52 are ignored in 4-level paging but reserved in PAE paging (SDM vol. 3A, table
      // 4-9).
      return (pdpte & P) == 0
          ? 0
          : walk64(pdpte & FRAME, address & 0xffff_ffffL, 21, RESERVED_ADDRESS | 0x7ffL << 52);
    }
    entryBytes = 4;
    return walk32(address & 0xffff_ffffL, (cr4 & Bits.CR4_PSE) != 0);
  }

  private int walk64(long table, long address, int topShift, long reservedBits) {
    long reserved = noExecuteEnabled() ? reservedBits : reservedBits | NX;
    long next = table;
    for (int shift = topShift; ; shift -= 9) {
      long e = read(next + (address >>> shift & 511) * 8);
      if ((e & P) == 0) {
        return 0;
      }
      boolean leaf = shift == 12 || (e & PS) != 0;
      long mustBeZero = reserved;
      if (leaf && shift > 12) {
        mustBeZero |= shift == 39 ? PS : (1L << shift) - (1 << 13);
      }
      if ((e & mustBeZero) != 0) {
        return ERROR_PROTECTION | ERROR_RESERVED;
      }
      user &= (e & US) != 0;
      writable &= (e & RW) != 0;
      noExecute |= e < 0;
      if (leaf) {
        long inPage = (1L << shift) - 1;
        physical = e & FRAME & ~inPage | address & inPage;
        pageShift = shift;
        return OK;
      }
      next = e & FRAME;
    }
  }

  private int walk32(long address, boolean largePages) {
    long pde = read((x86.get(X86State.CR3) & 0xffff_f000L) + (address >>> 22) * 4);
    if ((pde & P) == 0) {
      return 0;
    }
    user = (pde & US) != 0;
    writable = (pde & RW) != 0;
    if (largePages && (pde & PS) != 0) {
      if ((pde & 1 << 21) != 0) {
        return ERROR_PROTECTION | ERROR_RESERVED;
      }
      physical = (pde >>> 13 & 0xff) << 32 | pde & 0xffc0_0000L | address & 0x3f_ffff;
      pageShift = 22;
      return OK;
    }
    long pte = read((pde & 0xffff_f000L) + (address >>> 12 & 1023) * 4);
    if ((pte & P) == 0) {
      return 0;
    }
    user &= (pte & US) != 0;
    writable &= (pte & RW) != 0;
    physical = pte & 0xffff_f000L | address & 4095;
    pageShift = 12;
    return OK;
  }

  private long read(long address) {
    long e = core.memory.bus().read(address, entryBytes);
    at[depth] = address;
    entry[depth++] = e;
    return e;
  }

  /**
   * Sets accessed and dirty bits of the entries walked through; false if one has changed meanwhile:
   * walk again.
   */
  private boolean setAccessed(boolean write) {
    for (int i = 0; i < depth; i++) {
      long want = entry[i] | A | (write && i == depth - 1 ? D : 0);
      if (want != entry[i]) {
        if (!replace(at[i], entry[i], want)) {
          return false;
        }
        entry[i] = want;
      }
    }
    return true;
  }

  private boolean replace(long address, long old, long value) {
    PhysicalBus bus = core.memory.bus();
    if (!bus.isWritableRam(address)) {
      return true;
    }
    long offset = bus.ramOffset(address);
    long found =
        entryBytes == 8
            ? bus.ram().compareExchange64(offset, old, value)
            : bus.ram().compareExchange32(offset, (int) old, (int) value);
    bus.codePages().written(offset, entryBytes);
    return found == old;
  }
}
