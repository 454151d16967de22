package org.coremu.machine.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.coremu.machine.ConfigException;
import org.junit.jupiter.api.Test;

class RamLayoutTest {
  private static final long GIB = 1L << 30;

  private static RamLayout layout(MemoryRange... ranges) {
    return new RamLayout(List.of(ranges));
  }

  private static MemoryRange ram(long base, long end) {
    return new MemoryRange(base, end - base, MemoryRange.Kind.USABLE);
  }

  @Test
  void rangesNeverOverlap() {
    RamLayout layout = layout(ram(0x1000, 0x8000));
    assertThat(layout.lowest(0, 0x1000, 0x1000, "a")).isEqualTo(0x1000);
    layout.claim(0x3000, 0x1000, "b");
    assertThat(layout.lowest(0, 0x1001, 0x1000, "c")).isEqualTo(0x4000);
    assertThat(layout.highest(0x8000, 0x1800, 0x1000, "d")).isEqualTo(0x6000);
    assertThat(layout.highest(0x8000, 0x1000, 0x1000, "e")).isEqualTo(0x2000);
    assertThat(layout.highest(0x8000, 0x1000, 0x1000, "f")).isEqualTo(-1);
    assertThat(layout.lowest(0, 0x1000, 0x1000, "g")).isEqualTo(-1);
    assertThatThrownBy(() -> layout.claim(0x3800, 0x100, "h"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("h overlaps b in guest RAM, at 0x3800");
  }

  @Test
  void onlyUsableRamIsGivenAway() {
    RamLayout layout =
        layout(
            ram(0, 0x1000),
            new MemoryRange(0x1000, 0x1000, MemoryRange.Kind.RESERVED),
            ram(0x2000, 0x3000));
    assertThat(layout.isFree(0, 0x1000)).isTrue();
    assertThat(layout.isFree(0, 0x1001)).isFalse();
    assertThat(layout.isFree(0x800, 0x2000)).isFalse();
    assertThat(layout.isFree(0x2fff, 2)).isFalse();
    assertThat(layout.isFree(Long.MAX_VALUE, 2)).isFalse();
    assertThat(layout.isFree(-1, 2)).isFalse();
    assertThat(layout.highest(0x2800, 0x1000, 1, "x")).isZero();
  }

  @Test
  void neighbouringRangesAreOne() {
    assertThat(layout(ram(0, 0x1000), ram(0x1000, 0x2000)).isFree(0x800, 0x1000)).isTrue();
  }

  @Test
  void nothingIsPlacedAboveFourGib() {
    RamLayout layout = layout(ram(0, GIB), ram(4 * GIB, 8 * GIB));
    assertThat(layout.highest(Long.MAX_VALUE, 4096, 4096, "x")).isEqualTo(GIB - 4096);
    assertThat(layout.isFree(4 * GIB, 4096)).isFalse();
    assertThat(layout.lowest(0, 2 * GIB, 4096, "y")).isEqualTo(-1);
    assertThat(layout.totalRam()).isEqualTo(5 * GIB);
  }
}
