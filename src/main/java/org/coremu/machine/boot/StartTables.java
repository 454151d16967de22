package org.coremu.machine.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The descriptor and page tables a guest starts on, in its own low RAM. Selectors are those the
 * Linux boot protocol asks for (__BOOT_CS, __BOOT_DS); the other protocols leave the choice to the
 * loader.
 */
final class StartTables {
  static final int CODE_SELECTOR = 0x10;
  static final int DATA_SELECTOR = 0x18;

  private static final int PAGE = 4096;
  private static final int GDT_BYTES = 0x28;
  private static final int STACK_BYTES = PAGE;

  // SDM vol. 3A, 3.4.5: flat, present, DPL 0, accessed; G=1, limit 0xfffff.
  private static final long CODE64 = 0x00af_9b00_0000_ffffL;
  private static final long CODE32 = 0x00cf_9b00_0000_ffffL;
  private static final long DATA32 = 0x00cf_9300_0000_ffffL;
  private static final long TSS32_BUSY = 0x0000_8b00_0000_0067L;

  private static final long PRESENT_WRITABLE = 0x3;
  private static final long LARGE_PAGE = 0x83;
  private static final int GIB_MAPPED = 4;
  private static final int ENTRIES = 512;

  private StartTables() {}

  /**
   * Places a GDT, page tables that map the first 4 GiB onto themselves, and a stack.
   *
   * @param entry 64-bit entry point
   * @param si RSI on entry
   */
  static CpuEntry long64(RamLayout layout, GuestImageWriter memory, long entry, long si) {
    long cr3 = identityMap(layout, memory);
    long gdt = gdt(layout, memory, CODE64);
    long stack = layout.table(STACK_BYTES, PAGE, "the boot stack") + STACK_BYTES;
    return new CpuEntry(
        CpuEntry.Mode.LONG64,
        entry,
        stack,
        0,
        0,
        si,
        cr3,
        gdt,
        GDT_BYTES - 1,
        CODE_SELECTOR,
        DATA_SELECTOR);
  }

  /**
   * Places a GDT and a stack.
   *
   * @param entry 32-bit entry point
   * @param ax EAX on entry
   * @param bx EBX on entry
   * @param si ESI on entry
   */
  static CpuEntry protected32(
      RamLayout layout, GuestImageWriter memory, long entry, long ax, long bx, long si) {
    long gdt = gdt(layout, memory, CODE32);
    long stack = layout.table(STACK_BYTES, PAGE, "the boot stack") + STACK_BYTES;
    return new CpuEntry(
        CpuEntry.Mode.PROTECTED32,
        entry,
        stack,
        ax,
        bx,
        si,
        0,
        gdt,
        GDT_BYTES - 1,
        CODE_SELECTOR,
        DATA_SELECTOR);
  }

  private static long gdt(RamLayout layout, GuestImageWriter memory, long code) {
    ByteBuffer table = ByteBuffer.allocate(GDT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    table.putLong(0).putLong(0).putLong(code).putLong(DATA32).putLong(TSS32_BUSY);
    long base = layout.table(GDT_BYTES, 16, "the boot GDT");
    memory.write(base, table.array());
    return base;
  }

  /** PML4, PDPT and one page directory a GiB, contiguous; 2 MiB pages. */
  private static long identityMap(RamLayout layout, GuestImageWriter memory) {
    int size = (2 + GIB_MAPPED) * PAGE;
    long base = layout.table(size, PAGE, "the boot page tables");
    ByteBuffer tables = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    tables.putLong(0, (base + PAGE) | PRESENT_WRITABLE);
    for (int gib = 0; gib < GIB_MAPPED; gib++) {
      tables.putLong(PAGE + 8 * gib, (base + (2L + gib) * PAGE) | PRESENT_WRITABLE);
      for (int i = 0; i < ENTRIES; i++) {
        tables.putLong((2 + gib) * PAGE + 8 * i, ((long) gib * ENTRIES + i) << 21 | LARGE_PAGE);
      }
    }
    memory.write(base, tables.array());
    return base;
  }
}
