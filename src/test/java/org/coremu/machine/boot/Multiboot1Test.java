package org.coremu.machine.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.coremu.machine.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Multiboot1Test {
  private final GuestRam ram = new GuestRam(16);

  private CpuEntry load(ByteBuffer image, BootModule... modules) {
    return KernelImage.detect(Images.kernel(image.array()))
        .load(ram.request("verbose", modules), ram);
  }

  @Test
  void anElfIsLoadedAndEnteredWithTheMagicNumber() {
    CpuEntry entry = load(Images.multibootElf32(3));
    assertThat(entry.mode()).isEqualTo(CpuEntry.Mode.PROTECTED32);
    assertThat(entry.ip()).isEqualTo(0x10_0020);
    assertThat(entry.ax()).isEqualTo(0x2bad_b002);
    assertThat(ram.u32(0x10_0000)).isEqualTo(0x1bad_b002);
    assertThat(ram.bytes(0x10_0040, 0x1fc0))
        .isEqualTo(Arrays.copyOfRange(Images.pattern(0x2000), 0x40, 0x2000));
  }

  @Test
  void anEntryLinkedHighIsEnteredWhereItIsLoaded() {
    assertThat(load(Images.multibootElf32(3).putInt(24, 0xc010_0020)).ip()).isEqualTo(0x10_0020);
  }

  @Test
  void aFlatImageGoesWhereItsHeaderSays() {
    ram.write(0x20_0000, Images.pattern(0x4000));
    CpuEntry entry = load(Images.multibootFlat());
    assertThat(entry.ip()).isEqualTo(0x20_0200);
    byte[] image = Images.multibootFlat().array();
    assertThat(ram.bytes(0x20_0000, 0x2000)).isEqualTo(Arrays.copyOfRange(image, 0x40, 0x2040));
    assertThat(ram.bytes(0x20_2000, 0x1000)).containsOnly(0);
    assertThat(ram.u8(0x20_3001)).as("behind bss").isNotZero();
  }

  @Test
  void theInformationTellsTheKernelEverything() {
    CpuEntry entry =
        load(
            Images.multibootElf32(3),
            Images.module("a.bin", 5000, "one two"),
            Images.module("b.bin", 10, ""));
    long info = entry.bx();
    assertThat(ram.u32(info)).as("flags").isEqualTo(1 | 1 << 2 | 1 << 3 | 1 << 6 | 1 << 9);
    assertThat(ram.u32(info + 4)).as("mem_lower").isEqualTo(0x9fc00 >> 10);
    assertThat(ram.u32(info + 8)).as("mem_upper").isEqualTo((ram.top() - GuestRam.MIB) >> 10);
    assertThat(ram.string(ram.u32(info + 16))).isEqualTo("kernel.img verbose");
    assertThat(ram.string(ram.u32(info + 64))).isEqualTo("coremu");

    assertThat(ram.u32(info + 20)).as("modules").isEqualTo(2);
    long first = ram.u32(info + 24);
    long start = ram.u32(first);
    assertThat(start % 4096).isZero();
    assertThat(start).as("behind the kernel's bss").isGreaterThanOrEqualTo(0x10_5000);
    assertThat(ram.u32(first + 4)).isEqualTo(start + 5000);
    assertThat(ram.bytes(start, 5000)).isEqualTo(Images.pattern(5000));
    assertThat(ram.string(ram.u32(first + 8))).isEqualTo("a.bin one two");
    assertThat(ram.u32(first + 16)).isEqualTo(start + 8192);
    assertThat(ram.string(ram.u32(first + 24))).isEqualTo("b.bin");

    long at = ram.u32(info + 48);
    assertThat(ram.u32(info + 44)).isEqualTo(24L * ram.map().size());
    for (MemoryRange range : ram.map()) {
      assertThat(ram.u32(at)).isEqualTo(20);
      assertThat(ram.u64(at + 4)).isEqualTo(range.base());
      assertThat(ram.u64(at + 12)).isEqualTo(range.size());
      assertThat(ram.u32(at + 20)).isEqualTo(range.kind().code());
      at += 24;
    }
  }

  @Test
  void whatCannotBeDoneIsRefused() {
    refused(Images.multibootElf32(3 | 1 << 4), "features");
    refused(Images.multibootElf32(3 | 1 << 2).putInt(0x1000 + 32, 0), "graphics");
    load(Images.multibootElf32(3 | 1 << 2).putInt(0x1000 + 32, 1));
    refused(
        Images.multibootFlat().put(0x140 + 6, (byte) 0).putInt(0x148, -0x1bad_b002), "not an ELF");
    refused(Images.multibootFlat().putInt(0x140 + 12, 0x20_0200), "make no sense");
    refused(
        Images.multibootFlat().putInt(0x140 + 20, 0x20_3001).putInt(0x140 + 24, 0), "truncated");
    refused(Images.multibootFlat().putInt(0x140 + 24, 0xf000_0000), "does not have");
    refused(Images.multibootElf32(3).putInt(24, 0x4000), "outside its segments");
  }

  private void refused(ByteBuffer image, String why) {
    assertThatThrownBy(() -> load(image))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(why);
  }

  @Test
  void modulesAreSpelledAsAList(@TempDir Path directory) throws IOException {
    Path one = Files.write(directory.resolve("one.bin"), new byte[5]);
    Path comma = Files.write(directory.resolve("t,wo.bin"), new byte[7]);
    KernelImage kernel = KernelImage.detect(Images.kernel(Images.multibootElf32(3).array()));
    List<BootModule> modules = kernel.modules(one + " a b," + comma.toString().replace(",", ",,"));
    assertThat(modules).extracting(m -> m.file().size()).containsExactly(5L, 7L);
    assertThat(modules).extracting(BootModule::arguments).containsExactly("a b", "");
    assertThatThrownBy(() -> kernel.modules(one + ","))
        .isInstanceOf(ConfigException.class)
        .hasMessage("empty file name for module");
    assertThatThrownBy(() -> kernel.modules(directory.resolve("none").toString()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no such file");
  }
}
