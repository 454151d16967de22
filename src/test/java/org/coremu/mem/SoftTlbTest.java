package org.coremu.mem;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Entries are found where they were made, with the rights they were given, until they are dropped.
 */
class SoftTlbTest {
  private static final long SIZE = 1 << 22;
  private static final long V = 0xffff_8000_1234_5000L;
  private static final int[] ACCESSES = {SoftTlb.READ, SoftTlb.WRITE, SoftTlb.EXECUTE};

  private int moves;
  private final Arena arena = Arena.ofConfined();
  private final Ram ram = new Ram(arena, SIZE);
  private final CodePages pages = new CodePages(SIZE);
  private final SoftTlb tlb =
      new SoftTlb(
          arena,
          StateMemory.allocate(arena, 2L * SoftTlb.SITE_TABLE_BYTES),
          2,
          0,
          ram,
          pages,
          new LargeTables(),
          () -> true,
          () -> this.moves++);

  @AfterEach
  void close() {
    arena.close();
  }

  private void fill(int mode, long address, long offset) {
    tlb.fill(mode, address, offset, true, true, true, 4096);
  }

  private boolean isFast(int mode, long address, int access) {
    long entry = tlb.table(mode) + SoftTlb.offset(address, tlb.indexMask(mode));
    return StateMemory.getLong(entry + access) == (address & -4096);
  }

  @Test
  void neighbouringPagesHaveDifferentEntries() {
    for (int entries : new int[] {SoftTlb.ENTRIES, SoftTlb.ENTRIES * 4, SoftTlb.ENTRIES * 32}) {
      int mask = (entries - 1) * SoftTlb.ENTRY_BYTES;
      for (long page = 0; page < 2L << 32; page += 4096) {
        boolean same = SoftTlb.offset(page, mask) == SoftTlb.offset(page + 4096, mask);
        boolean atCarry = entries == SoftTlb.ENTRIES && (page + 4096 & 0x7FFF_FFFF) == 0;
        assertThat(same).as("%x, %d entries", page, entries).isEqualTo(atCarry);
      }
    }
    for (long second : new long[] {0x8000_0000L, 0x1_0000_0000L}) {
      for (long[] order : new long[][] {{second, second - 4096}, {second - 4096, second}}) {
        tlb.flush();
        fill(0, order[0], 0x1000);
        fill(0, order[1], 0x2000);
        int mask = tlb.indexMask(0);
        assertThat(SoftTlb.offset(second, mask)).isNotEqualTo(SoftTlb.offset(second - 4096, mask));
      }
    }
  }

  @Test
  void aTableGrowsForAGuestThatUsesMorePagesThanItHolds() {
    int pages = SoftTlb.ENTRIES * 2;
    for (int round = 0; round < 3; round++) {
      for (long page = 1; page <= pages; page++) {
        fill(1, page << 12, page % 8 << 12);
      }
    }
    assertThat(moves).isEqualTo(2);
    assertThat(tlb.indexMask(1)).isGreaterThan(tlb.indexMask(0));
    for (long page = 1; page <= pages; page++) {
      fill(1, page << 12, page % 8 << 12);
    }
    for (long page = 1; page <= pages; page++) {
      assertThat(tlb.lookup(1, page << 12, SoftTlb.READ)).isEqualTo(page % 8 << 12);
    }
    tlb.flush();
    for (long page = 1; page <= pages; page++) {
      assertThat(tlb.lookup(1, page << 12, SoftTlb.READ)).isEqualTo(-1);
    }
  }

  @Test
  void tablesOfAMachineGrowWithinItsBudget() {
    LargeTables budget = new LargeTables();
    long sites = StateMemory.allocate(arena, SoftTlb.SITE_TABLE_BYTES);
    long spent = 0;
    int cores = 150;
    int last = 0;
    for (int core = 0; core < cores; core++) {
      budget.addCore();
    }
    for (int core = 0; core < cores; core++) {
      SoftTlb one =
          new SoftTlb(arena, sites, 1, core, ram, this.pages, budget, () -> true, () -> {});
      for (long n = 0; n < SoftTlb.ENTRIES * 24; n++) {
        one.fill(0, 1 << 12 | (n & 1) << 32, n & 1, true, false, false, 4096);
      }
      last = one.indexMask(0) / SoftTlb.ENTRY_BYTES + 1;
      spent += 2L * (last - SoftTlb.ENTRIES) * SoftTlb.ENTRY_BYTES;
    }
    long all = LargeTables.BYTES + cores * LargeTables.BYTES_A_CORE;
    assertThat(spent).isBetween(all * 9 / 10, all);
    assertThat(last).isEqualTo(SoftTlb.ENTRIES);
  }

  @Test
  void globalPagesOutliveALocalFlush() {
    tlb.fill(0, V, 0x3000, true, true, true, 4096, true);
    fill(0, V + 4096, 0x4000);
    tlb.flushLocal();
    assertThat(tlb.isGlobal(0, V)).isTrue();
    assertThat(tlb.lookup(0, V, SoftTlb.READ)).isEqualTo(0x3000);
    assertThat(tlb.lookup(0, V + 4096, SoftTlb.READ)).isEqualTo(-1);
    fill(0, V, 0x3000);
    tlb.flushLocal();
    assertThat(tlb.lookup(0, V, SoftTlb.READ)).isEqualTo(-1);
  }

  @Test
  void aNewTlbIsEmpty() {
    for (int access : ACCESSES) {
      assertThat(tlb.lookup(0, 0, access)).isEqualTo(-1);
      assertThat(tlb.lookup(1, -4096, access)).isEqualTo(-1);
      assertThat(tlb.lookup(1, -1, access)).isEqualTo(-1);
    }
  }

  @Test
  void anEntryCoversItsPageInItsMode() {
    fill(1, V + 0x123, 0x7000);
    for (int access : ACCESSES) {
      assertThat(tlb.lookup(1, V, access)).isEqualTo(0x7000);
      assertThat(tlb.lookup(1, V + 0xfff, access)).isEqualTo(0x7fff);
      assertThat(tlb.lookup(1, V + 0x1000, access)).isEqualTo(-1);
      assertThat(tlb.lookup(1, V - 1, access)).isEqualTo(-1);
      assertThat(tlb.lookup(0, V, access)).isEqualTo(-1);
    }
    assertThat(tlb.lookup(1, V + SoftTlb.ENTRIES * 4096L, SoftTlb.READ))
        .as("another page in its place")
        .isEqualTo(-1);
  }

  @Test
  void rightsAreSeparate() {
    for (int right = 0; right < 3; right++) {
      tlb.fill(0, V, 0x7000, right == 0, right == 1, right == 2, 4096);
      for (int access = 0; access < 3; access++) {
        assertThat(tlb.lookup(0, V, ACCESSES[access])).isEqualTo(access == right ? 0x7000 : -1);
      }
    }
  }

  @Test
  void flushDropsEverythingInAllModes() {
    fill(0, V, 0x7000);
    fill(1, V + 0x1000, 0x8000);
    tlb.flush();
    assertThat(tlb.lookup(0, V, SoftTlb.READ)).isEqualTo(-1);
    assertThat(tlb.lookup(1, V + 0x1000, SoftTlb.READ)).isEqualTo(-1);
  }

  @Test
  void flushPageDropsOnePageInAllModes() {
    fill(0, V, 0x7000);
    fill(1, V, 0x7000);
    fill(1, V + 0x1000, 0x8000);
    tlb.flushPage(V + 0xabc);
    assertThat(tlb.lookup(0, V, SoftTlb.READ)).isEqualTo(-1);
    assertThat(tlb.lookup(1, V, SoftTlb.READ)).isEqualTo(-1);
    assertThat(tlb.lookup(1, V + 0x1000, SoftTlb.READ)).isEqualTo(0x8000);
  }

  @Test
  void flushOfAPageInALargePageDropsAllOfTheLargePage() {
    long large = 0xffff_8000_0020_0000L;
    tlb.fill(0, large + 0x3000, 0x3000, true, true, true, 2 << 20);
    tlb.fill(0, large + 0x9000, 0x9000, true, true, true, 2 << 20);
    tlb.flushPage(large + 0x1f_f000);
    assertThat(tlb.lookup(0, large + 0x3000, SoftTlb.READ)).isEqualTo(-1);
    assertThat(tlb.lookup(0, large + 0x9000, SoftTlb.READ)).isEqualTo(-1);
    fill(0, V, 0x7000);
    tlb.flushPage(large);
    assertThat(tlb.lookup(0, V, SoftTlb.READ)).as("the large page is forgotten").isEqualTo(0x7000);
  }

  @Test
  void whatLiesBetweenLargePagesIsDroppedAlone() {
    long direct = 0xffff_8880_0000_0000L;
    long text = 0xffff_ffff_8100_0000L;
    long between = 0xffff_c900_0000_1000L;
    tlb.fill(0, direct, 0, true, true, false, 2 << 20);
    tlb.fill(0, direct + (512 << 20), 0x2000, true, true, false, 2 << 20);
    tlb.fill(0, text + 0x4000, 0x4000, true, false, true, 2 << 20);
    fill(0, between, 0x5000);
    tlb.flushPage(between);
    assertThat(tlb.lookup(0, between, SoftTlb.READ)).isEqualTo(-1);
    assertThat(tlb.lookup(0, text + 0x4000, SoftTlb.READ)).isEqualTo(0x4000);
    tlb.flushPage(direct + (512 << 20) + 0x1f_f000);
    assertThat(tlb.lookup(0, direct + (512 << 20), SoftTlb.READ)).isEqualTo(-1);
  }

  @Test
  void moreLargePagesThanRangesAreAllDropped() {
    for (long flushed : new long[] {0, 7, 8, 39}) {
      for (long n = 0; n < 40; n++) {
        tlb.fill(0, (n * 5 << 31) + (n << 12), n << 12, true, true, true, 2 << 20);
      }
      long large = flushed * 5 << 31;
      tlb.flushPage(large + 0x1f_f000);
      assertThat(tlb.lookup(0, large + (flushed << 12), SoftTlb.READ)).isEqualTo(-1);
    }
  }

  @Test
  void largePagesAtBothEndsOfTheAddressSpace() {
    tlb.fill(0, 0x1000, 0x1000, true, true, true, 2 << 20);
    tlb.flushPage(0x5000);
    assertThat(tlb.lookup(0, 0x1000, SoftTlb.READ)).isEqualTo(-1);
    tlb.fill(0, -0x1000, 0x1000, true, true, true, 2 << 20);
    tlb.flushPage(-0x5000);
    assertThat(tlb.lookup(0, -0x1000, SoftTlb.READ)).isEqualTo(-1);
  }

  @Test
  void writesToPagesWithCodeAreSlowFromTheStart() {
    pages.markCode(7);
    fill(0, V, 0x7000);
    assertThat(isFast(0, V, SoftTlb.READ)).isTrue();
    assertThat(isFast(0, V, SoftTlb.WRITE)).isFalse();
    assertThat(tlb.lookup(0, V, SoftTlb.WRITE)).as("the translation is known").isEqualTo(0x7000);
  }

  @Test
  void protectReachesAllAliasesOfAPage() {
    fill(0, V, 0x7000);
    fill(1, V, 0x7000);
    fill(1, 0x4_3000, 0x7000);
    fill(0, V + 0x1000, 0x8000);
    tlb.protect(7);
    assertThat(isFast(0, V, SoftTlb.WRITE)).isFalse();
    assertThat(isFast(1, V, SoftTlb.WRITE)).isFalse();
    assertThat(isFast(1, 0x4_3000, SoftTlb.WRITE)).isFalse();
    assertThat(isFast(0, V + 0x1000, SoftTlb.WRITE)).isTrue();
    assertThat(tlb.lookup(0, V + 8, SoftTlb.WRITE)).isEqualTo(0x7008);
  }

  @Test
  void unprotectMakesWritesFastAgainOnceThereIsNoCode() {
    fill(0, V, 0x7000);
    pages.markCode(7);
    tlb.protect(7);
    tlb.unprotect(0, V, 0x7000);
    assertThat(isFast(0, V, SoftTlb.WRITE)).isFalse();
    pages.clearCode(7, pages.stamp(7));
    tlb.unprotect(0, V, 0x7000);
    assertThat(isFast(0, V, SoftTlb.WRITE)).isTrue();
    tlb.fill(0, V, 0x7000, true, false, true, 4096);
    tlb.unprotect(0, V, 0x7000);
    assertThat(tlb.lookup(0, V, SoftTlb.WRITE))
        .as("a page that is read-only stays so")
        .isEqualTo(-1);
  }
}
