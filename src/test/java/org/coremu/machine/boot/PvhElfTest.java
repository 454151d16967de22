package org.coremu.machine.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.coremu.machine.ConfigException;
import org.junit.jupiter.api.Test;

class PvhElfTest {
  private final GuestRam ram = new GuestRam(16);

  private CpuEntry load(ByteBuffer image, BootModule... modules) {
    return KernelImage.detect(Images.kernel(image.array()))
        .load(ram.request("quiet", modules), ram);
  }

  @Test
  void segmentsAreLoadedByPhysicalAddressAndTheirRestIsCleared() {
    ram.write(0x10_0000, Images.pattern(0x4000));
    CpuEntry entry = load(Images.pvhElf64());
    assertThat(entry.mode()).isEqualTo(CpuEntry.Mode.PROTECTED32);
    assertThat(entry.ip()).isEqualTo(0x10_0040);
    assertThat(ram.bytes(0x10_0000, 0x1000)).isEqualTo(Images.pattern(0x1000));
    assertThat(ram.bytes(0x10_1000, 0x2000)).containsOnly(0);
    assertThat(ram.u8(0x10_3001)).as("behind the segment").isNotZero();
  }

  @Test
  void theStartInfoTellsTheKernelEverything() {
    CpuEntry entry = load(Images.pvhElf64(), Images.module("disk", 5000, "arg"));
    long info = entry.bx();
    assertThat(ram.u32(info)).isEqualTo(0x336e_c578);
    assertThat(ram.u32(info + 4)).as("version").isEqualTo(1);
    assertThat(ram.string(ram.u64(info + 24))).isEqualTo("quiet");
    assertThat(ram.u64(info + 32)).as("rsdp").isEqualTo(0xe0010);

    assertThat(ram.u32(info + 12)).as("modules").isEqualTo(1);
    long module = ram.u64(info + 16);
    assertThat(ram.bytes(ram.u64(module), (int) ram.u64(module + 8)))
        .isEqualTo(Images.pattern(5000));
    assertThat(ram.string(ram.u64(module + 16))).isEqualTo("arg");

    long map = ram.u64(info + 40);
    assertThat(ram.u32(info + 48)).isEqualTo(ram.map().size());
    for (MemoryRange range : ram.map()) {
      assertThat(ram.u64(map)).isEqualTo(range.base());
      assertThat(ram.u64(map + 8)).isEqualTo(range.size());
      assertThat(ram.u32(map + 16)).isEqualTo(range.kind().code());
      map += 24;
    }
  }

  @Test
  void nonsenseIsRefused() {
    refused(Images.pvhElf64().putInt(0x200 + 20 + 8, 17), "without a PVH note");
    refused(Images.pvhElf64().putLong(0x200 + 20 + 16, 0x50_0000), "outside its segments");
    refused(Images.pvhElf64().putLong(64 + 32, 0x1001), "truncated");
    refused(Images.pvhElf64().putLong(64 + 40, 0xfff), "larger in the file");
    refused(Images.pvhElf64().putLong(64 + 8, -1), "truncated");
    refused(Images.pvhElf64().putShort(56, (short) 0), "program header");
    refused(Images.pvhElf64().putShort(16, (short) 1), "not an executable");
    refused(Images.pvhElf64().put(5, (byte) 2), "big-endian");
    refused(Images.elfHeader64(183, 1), "AArch64");
    refused(Images.pvhElf64().putLong(64 + 40, 0x1000_0000), "does not have");
    refused(Images.pvhElf64().putLong(64 + 40, Long.MAX_VALUE), "does not have");
  }

  private void refused(ByteBuffer image, String why) {
    assertThatThrownBy(() -> load(image))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(why);
  }
}
