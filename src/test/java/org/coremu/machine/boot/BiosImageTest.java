package org.coremu.machine.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.coremu.machine.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BiosImageTest {
  private static BiosImage rom(int size) {
    return BiosImage.read(ImageFile.of("rom", "bios", Images.pattern(size)));
  }

  @ParameterizedTest
  @CsvSource({"64, 64", "128, 128", "256, 256", "4096, 256"})
  void theRomEndsAtFourGibAndItsTailAtOneMib(int kib, int shadowKib) {
    BiosImage rom = rom(kib << 10);
    assertThat(rom.romBase() + rom.rom().length).isEqualTo(1L << 32);
    assertThat(rom.shadowSize()).isEqualTo(shadowKib << 10);
    byte[] low = new byte[1 << 20];
    CpuEntry entry =
        rom.load(
            (address, data, from, count) ->
                System.arraycopy(data, from, low, (int) address, count));
    assertThat(entry.mode()).isEqualTo(CpuEntry.Mode.REAL_RESET);
    byte[] tail = Arrays.copyOfRange(rom.rom(), (kib - shadowKib) << 10, kib << 10);
    assertThat(Arrays.copyOfRange(low, low.length - tail.length, low.length)).isEqualTo(tail);
    assertThat(Arrays.copyOf(low, low.length - tail.length)).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65535, 65537, (16 << 20) + 65536})
  void otherSizesAreRefused(int size) {
    assertThatThrownBy(() -> rom(size))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("64 KiB");
  }

  @Test
  void theWholeRomIsKept() {
    assertThat(rom(128 << 10).rom()).isEqualTo(Images.pattern(128 << 10));
  }
}
