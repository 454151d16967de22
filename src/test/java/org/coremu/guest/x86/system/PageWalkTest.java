package org.coremu.guest.x86.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.exec.Guest;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;
import org.coremu.mem.SoftTlb;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Permissions, error codes, accessed and dirty bits of all kinds of paging. */
class PageWalkTest {
  private static final long PAGE = 0x40_0000;
  private static final long PTE = 0x13000;
  private static final long NX = 1L << 63;

  private final TestCore t = new TestCore();

  @AfterEach
  void close() {
    t.close();
  }

  /** 4-level paging with a single 4 KiB page at PAGE whose entry is {@code entry}. */
  private void longPage(long entry) {
    t.longMode();
    t.poke(0x12000 + (PAGE >> 21) * 8, PTE | 7, 8);
    t.poke(PTE, entry, 8);
    t.x86.core.flushTlb();
  }

  private String fault(long address, int access, int mmuMode) {
    try {
      t.x86.translate(address, access, mmuMode);
      return "ok";
    } catch (X86Fault fault) {
      assertThat(fault.vector()).isEqualTo(X86Fault.PF);
      assertThat(fault.detail()).isEqualTo(address);
      return Integer.toHexString(fault.errorCode());
    }
  }

  /**
   * Page bits: p present, w writable, u user, x executable; controls: W CR0.WP, E SMEP. Faults for
   * read, write, fetch.
   */
  @ParameterizedTest
  @CsvSource({
    // user
    "pwux, , 0, ok, ok, ok",
    "p-ux, , 0, ok, 7, ok",
    "pwu-, , 0, ok, ok, 15",
    "pw-x, , 0, 5, 7, 15",
    "-wux, , 0, 4, 6, 14",
    // supervisor
    "pw-x, W, 1, ok, ok, ok",
    "p--x, W, 1, ok, 3, ok",
    "p--x, '', 1, ok, ok, ok",
    "p-ux, W, 1, ok, 3, ok",
    "pwux, W, 1, ok, ok, ok",
    "pwux, WE, 1, ok, ok, 11",
    "pw--, W, 1, ok, ok, 11",
    "-w-x, W, 1, 0, 2, 10",
    // supervisor kept from user pages
    "pwux, W, 2, 1, 3, ok",
    "pwux, WE, 2, 1, 3, 11",
    "pw-x, W, 2, ok, ok, ok",
  })
  void permissions(
      String page, String controls, int mmuMode, String read, String write, String fetch) {
    long entry = 0x50_0000;
    entry |= page.charAt(0) == 'p' ? 1 : 0;
    entry |= page.charAt(1) == 'w' ? 2 : 0;
    entry |= page.charAt(2) == 'u' ? 4 : 0;
    entry |= page.charAt(3) == 'x' ? 0 : NX;
    longPage(entry);
    t.x86.put(X86State.EFER, t.x86.get(X86State.EFER) | Bits.EFER_NXE);
    if (controls != null && controls.contains("W")) {
      t.x86.put(X86State.CR0, t.x86.get(X86State.CR0) | Bits.CR0_WP);
    }
    if (controls != null && controls.contains("E")) {
      t.x86.put(X86State.CR4, t.x86.get(X86State.CR4) | Bits.CR4_SMEP);
    }
    assertThat(fault(PAGE, Guest.READ, mmuMode)).as("read").isEqualTo(read);
    assertThat(fault(PAGE, Guest.WRITE, mmuMode)).as("write").isEqualTo(write);
    assertThat(fault(PAGE, Guest.FETCH, mmuMode)).as("fetch").isEqualTo(fetch);
  }

  @Test
  void aFetchIsToldFromAReadOnlyWithNoExecuteOrSmep() {
    longPage(0);
    assertThat(fault(PAGE, Guest.FETCH, X86.USER)).isEqualTo("4");
    t.x86.put(X86State.CR4, t.x86.get(X86State.CR4) | Bits.CR4_SMEP);
    assertThat(fault(PAGE, Guest.FETCH, X86.USER)).isEqualTo("14");
  }

  @Test
  void aRestrictionOnAnyLevelCounts() {
    longPage(0x50_0007);
    t.poke(0x11000, 0x12005, 8);
    assertThat(fault(PAGE, Guest.WRITE, X86.USER)).isEqualTo("7");
    t.poke(0x11000, 0x12003, 8);
    assertThat(fault(PAGE, Guest.READ, X86.USER)).isEqualTo("5");
  }

  @ParameterizedTest
  @CsvSource({
    "NX without NXE, 8000000000500007, 1",
    "address beyond MAXPHYADDR, 0000010000500007, 1",
    "ignored bits, 07f0000000500e07, 0",
  })
  void reservedBits(String what, String entry, int faults) {
    longPage(Long.parseUnsignedLong(entry, 16));
    assertThat(fault(PAGE, Guest.READ, X86.USER)).as(what).isEqualTo(faults == 1 ? "d" : "ok");
  }

  @Test
  void reservedBitsOfLargePages() {
    longPage(0);
    t.poke(0x12000 + 3 * 8, 0x60_20e7, 8);
    assertThat(fault(0x60_0000, Guest.WRITE, X86.USER)).isEqualTo("f");
    t.poke(0x11000 + 8, 0x4000_0087L, 8);
    assertThat(fault(0x4000_0000L, Guest.READ, X86.USER)).isEqualTo("ok");
    t.poke(0x11000 + 8, 0x4020_0087L, 8);
    t.x86.core.flushTlb();
    assertThat(fault(0x4000_0000L, Guest.READ, X86.USER)).isEqualTo("d");
    t.poke(0x10000 + 8, 0x12087L, 8);
    assertThat(fault(1L << 39, Guest.READ, X86.USER)).isEqualTo("d");
  }

  @Test
  void accessedIsSetByAReadAndDirtyByAWrite() {
    longPage(0x50_0007);
    t.x86.translate(PAGE, Guest.READ, X86.USER);
    assertThat(t.peek(PTE, 8)).isEqualTo(0x50_0027);
    assertThat(t.core.tlb.lookup(X86.USER, PAGE, SoftTlb.READ)).isEqualTo(0x50_0000);
    assertThat(t.core.tlb.lookup(X86.USER, PAGE, SoftTlb.WRITE)).as("a clean page").isEqualTo(-1);
    t.x86.translate(PAGE + 5, Guest.WRITE, X86.USER);
    assertThat(t.peek(PTE, 8)).isEqualTo(0x50_0067);
    assertThat(t.core.tlb.lookup(X86.USER, PAGE, SoftTlb.WRITE)).isEqualTo(0x50_0000);
    assertThat(t.peek(0x12010, 8) & 0x60).as("only leaves are dirty").isEqualTo(0x20);
  }

  @Test
  void aRefusedAccessSetsNothing() {
    longPage(0x50_0005);
    assertThat(fault(PAGE, Guest.WRITE, X86.USER)).isEqualTo("7");
    assertThat(t.peek(PTE, 8)).isEqualTo(0x50_0005);
  }

  @Test
  void aDebuggerSeesTheSameAndChangesNothing() {
    longPage(0x50_0001);
    assertThat(t.x86.peek(PAGE + 0x123)).isEqualTo(0x50_0123);
    assertThat(t.peek(PTE, 8)).isEqualTo(0x50_0001);
    assertThat(t.x86.peek(PAGE + 0x1000)).isEqualTo(-1);
    assertThat(t.x86.peek(1L << 47)).isEqualTo(-1);
  }

  @Test
  void nonCanonicalIsNoPageFault() {
    longPage(0x50_0007);
    assertThat(TestCore.faultOf(() -> t.x86.translate(1L << 47, Guest.READ, X86.SUPERVISOR)))
        .isEqualTo("13:0");
  }

  /**
   * 32-bit paging: directory at 0x10000, table at 0x13000 for the first 4 MiB, a 4 MiB page for the
   * second.
   */
  private void legacyPaging(long cr4) {
    t.protectedMode();
    t.poke(0x10000, PTE | 7, 4);
    t.poke(0x10004, 0x40_00c7, 4);
    t.poke(PTE + 8 * 4, 0x50_0005, 4);
    t.x86.put(X86State.CR3, 0x10000);
    t.x86.put(X86State.CR4, cr4);
    t.x86.put(X86State.CR0, t.x86.get(X86State.CR0) | Bits.CR0_PG | Bits.CR0_WP);
    t.x86.core.flushTlb();
    t.x86.updateMode();
  }

  @Test
  void legacyPagingKnowsSmallAndLargePages() {
    legacyPaging(Bits.CR4_PSE);
    assertThat(t.x86.translate(0x8123, Guest.READ, X86.USER)).isEqualTo(0x50_0123);
    assertThat(fault(0x8000, Guest.WRITE, X86.SUPERVISOR)).isEqualTo("3");
    assertThat(t.x86.translate(0x41_2345, Guest.WRITE, X86.USER)).isEqualTo(0x41_2345);
    assertThat(t.peek(PTE + 8 * 4, 4)).isEqualTo(0x50_0025);
    assertThat(fault(0x9000, Guest.FETCH, X86.USER)).as("no I/D bit").isEqualTo("4");
  }

  @Test
  void pse36ReachesBeyond4GiB() {
    legacyPaging(Bits.CR4_PSE);
    t.poke(0x10004, 0x2087, 4);
    assertThat(t.x86.peek(0x40_0000)).isEqualTo(1L << 32);
    t.poke(0x10004, 0x20_0087, 4);
    assertThat(fault(0x40_0000, Guest.READ, X86.USER)).isEqualTo("d");
  }

  @Test
  void withoutPseTheBitIsIgnored() {
    legacyPaging(0);
    t.poke(0x10004, PTE | 0x87, 4);
    assertThat(t.x86.peek(0x40_8000)).isEqualTo(0x50_0000);
  }

  @Test
  void paeKeepsItsTopEntriesInRegisters() {
    t.protectedMode();
    t.poke(0x10000, 0x11001, 8);
    t.poke(0x11000, 0x87, 8);
    t.x86.put(X86State.CR4, Bits.CR4_PAE);
    t.x86.put(X86State.CR3, 0x10000);
    ControlRegisters.write(t.x86, 0, t.x86.get(X86State.CR0) | Bits.CR0_PG);
    t.poke(0x10000, 0, 8);
    assertThat(t.x86.translate(0x1234, Guest.READ, X86.USER)).isEqualTo(0x1234);
    assertThat(fault(0x4000_0000L, Guest.READ, X86.USER)).isEqualTo("4");
    t.poke(0x11000, 1L << 52 | 0x87, 8);
    t.x86.core.flushTlb();
    assertThat(fault(0x1000, Guest.READ, X86.USER))
        .as("reserved, unlike in long mode")
        .isEqualTo("d");
    t.poke(0x10000, 0x11021, 8);
    assertThat(TestCore.faultOf(() -> ControlRegisters.write(t.x86, 3, 0x10000))).isEqualTo("13:0");
  }
}
