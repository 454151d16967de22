package org.coremu.device.rtc;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.device.rtc.CmosLayout.BootDevice;
import org.junit.jupiter.api.Test;

class CmosLayoutTest {
  private static int word(byte[] cells, int index) {
    return cells[index] & 0xff | (cells[index + 1] & 0xff) << 8;
  }

  @Test
  void memoryAndCores() {
    byte[] cells = new CmosLayout().memory(3L << 30, 5L << 30).cores(16).cells();
    assertThat(word(cells, 0x15)).isEqualTo(640);
    assertThat(word(cells, 0x17)).isEqualTo(0xffff);
    assertThat(word(cells, 0x30)).isEqualTo(0xffff);
    assertThat(word(cells, 0x34)).isEqualTo(((3 << 10) - 16) * 16);
    assertThat(word(cells, 0x5b) | cells[0x5d] << 16).isEqualTo(5 << 14);
    assertThat(cells[0x5f]).isEqualTo((byte) 15);
  }

  @Test
  void littleMemory() {
    byte[] cells = new CmosLayout().memory(8 << 20, 0).cells();
    assertThat(word(cells, 0x17)).isEqualTo(7 * 1024);
    assertThat(word(cells, 0x34)).isZero();
    assertThat(word(cells, 0x5b)).isZero();
  }

  @Test
  void bootOrderNamesThreeDevices() {
    byte[] cells =
        new CmosLayout()
            .bootOrder(BootDevice.CDROM, BootDevice.HARD_DISK, BootDevice.NETWORK)
            .cells();
    assertThat(cells[0x3d]).isEqualTo((byte) 0x23);
    assertThat(cells[0x38]).isEqualTo((byte) 0x41);
  }
}
