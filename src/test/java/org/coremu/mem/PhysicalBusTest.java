package org.coremu.mem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.coremu.hw.MmioDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What answers at a physical address. */
class PhysicalBusTest {
  private static final long SIZE = 0x10000;
  private static final long HIGH = 1L << 32;
  private static final long ROM = 0xfff0_0000L;
  private static final long DEVICE = 0xfec0_0000L;

  private final Arena arena = Arena.ofConfined();
  private final Ram ram = new Ram(arena, SIZE);
  private final CodePages pages = new CodePages(SIZE);
  private final PhysicalBus bus = new PhysicalBus(ram, pages);
  private final List<String> accesses = new ArrayList<>();

  PhysicalBusTest() {
    bus.mapRam(0, 0x8000, 0, true);
    bus.mapRam(HIGH, 0x4000, 0x8000, true);
    bus.mapRam(ROM, 0x4000, 0xc000, false);
    bus.mapDevice(
        DEVICE,
        0x400,
        new MmioDevice() {
          @Override
          public long read(long offset, int size) {
            accesses.add("read " + offset + " " + size);
            return -2;
          }

          @Override
          public void write(long offset, long value, int size) {
            accesses.add("write " + offset + " " + size + " " + value);
          }
        });
  }

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void windowsOfRamAreWhereTheyAreMapped() {
    bus.write(0x7ff8, 0x1122334455667788L, 8);
    bus.write(HIGH + 0x10, 0xaabbccdd, 4);
    assertThat(ram.load64(0x7ff8)).isEqualTo(0x1122334455667788L);
    assertThat(bus.read(0x7ffc, 2)).isEqualTo(0x3344);
    assertThat(ram.load32(0x8010)).isEqualTo(0xaabbccddL);
    assertThat(bus.ramOffset(HIGH + 0x3fff)).isEqualTo(0xbfff);
    assertThat(bus.ramOffset(HIGH + 0x4000)).isEqualTo(-1);
    assertThat(bus.ramOffset(0x8000)).isEqualTo(-1);
    assertThat(bus.ramOffset(DEVICE)).isEqualTo(-1);
  }

  @Test
  void romIsWrittenByLoadersOnly() {
    bus.write(ROM, new byte[] {1, 2, 3, 4}, 0, 4);
    bus.write(ROM, 0x99, 4);
    assertThat(bus.read(ROM, 4)).isEqualTo(0x04030201);
    assertThat(bus.isWritableRam(ROM)).isFalse();
    assertThat(bus.isWritableRam(HIGH)).isTrue();
    assertThat(bus.isWritableRam(DEVICE)).isFalse();
  }

  @Test
  void devicesSeeOffsetsAndSizes() {
    assertThat(bus.read(DEVICE + 0x10, 2)).isEqualTo(0xfffe);
    bus.write(DEVICE + 0x3ff, 7, 1);
    assertThat(accesses).containsExactly("read 16 2", "write 1023 1 7");
  }

  @Test
  void whereNothingIsReadsAsOnes() {
    for (long address : new long[] {0x8000, DEVICE + 0x400, HIGH + 0x4000, -8}) {
      assertThat(bus.read(address, 1)).isEqualTo(0xff);
      assertThat(bus.read(address, 4)).isEqualTo(0xffffffffL);
      assertThat(bus.read(address, 8)).isEqualTo(-1);
      bus.write(address, 1, 4);
    }
  }

  @Test
  void blocksOfBytesCrossPagesAndWindows() {
    byte[] bytes = new byte[0x3000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 >>> 3);
    }
    // The last page of the window is the last that there is: the rest is lost.
    bus.write(0x6800, bytes, 5, 0x2000);
    byte[] back = new byte[0x2004];
    bus.read(0x6800, back, 4, 0x2000);
    assertThat(Arrays.copyOfRange(back, 4, 0x1804)).isEqualTo(Arrays.copyOfRange(bytes, 5, 0x1805));
    assertThat(Arrays.copyOfRange(back, 0x1804, 0x2004)).containsOnly(0xff);
    assertThat(Arrays.copyOfRange(back, 0, 4)).containsOnly(0);
  }

  @Test
  void writesToCodeAreToldPageByPage() {
    List<String> told = new ArrayList<>();
    pages.setListener((offset, length) -> told.add(Long.toHexString(offset) + " " + length));
    for (int page = 0; page < 16; page++) {
      pages.markCode(page);
    }
    bus.write(0x1ffe, new byte[0x1004], 0, 0x1004);
    bus.write(HIGH + 8, 1, 2);
    bus.write(ROM, 1, 2);
    assertThat(told).containsExactly("1ffe 2", "2000 4096", "3000 2", "8008 2");
  }

  @Test
  void windowsMustNotOverlap() {
    assertThatThrownBy(() -> bus.mapRam(0x7000, 0x1000, 0, true))
        .isInstanceOf(AssertionError.class);
  }
}
