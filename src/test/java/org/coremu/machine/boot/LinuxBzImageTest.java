package org.coremu.machine.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.coremu.machine.ConfigException;
import org.junit.jupiter.api.Test;

class LinuxBzImageTest {
  private final GuestRam ram = new GuestRam(64);

  private CpuEntry load(ByteBuffer image, String commandLine, BootModule... modules) {
    return KernelImage.detect(Images.kernel(image.array()))
        .load(ram.request(commandLine, modules), ram);
  }

  @Test
  void theKernelLandsWhereItPrefersAndNothingElseOfTheFileDoes() {
    CpuEntry entry = load(Images.bzImage(), "");
    assertThat(entry.mode()).isEqualTo(CpuEntry.Mode.LONG64);
    assertThat(entry.ip()).isEqualTo(0x100_0200);
    assertThat(ram.bytes(0x100_0000, Images.KERNEL_BYTES))
        .isEqualTo(Images.pattern(Images.KERNEL_BYTES));
    assertThat(ram.bytes(0x100_0000 + Images.KERNEL_BYTES, 64)).containsOnly(0);
  }

  @Test
  void theZeroPageTellsTheKernelEverything() {
    CpuEntry entry =
        load(Images.bzImage(), "console=ttyS0 panic=-1", Images.module("disk", 5000, ""));
    long zeroPage = entry.si();
    assertThat(zeroPage % 4096).isZero();
    assertThat(ram.u64(zeroPage + 0x70)).as("acpi_rsdp_addr").isEqualTo(0xe0010);
    assertThat(ram.u32(zeroPage + 0x202)).as("HdrS").isEqualTo(0x5372_6448);
    assertThat(ram.u8(zeroPage + 0x1ef)).as("sentinel").isZero();
    assertThat(ram.u8(zeroPage + 0x210)).as("type_of_loader").isEqualTo(0xff);
    assertThat(ram.u8(zeroPage + 0x211)).as("loadflags").isEqualTo(1);
    assertThat(ram.u32(zeroPage + 0x214)).as("code32_start").isEqualTo(0x100_0000);
    assertThat(ram.string(ram.u32(zeroPage + 0x228))).isEqualTo("console=ttyS0 panic=-1");

    long disk = ram.u32(zeroPage + 0x218);
    assertThat(disk % 4096).isZero();
    assertThat(disk).isEqualTo((ram.top() - 5000) & -4096);
    assertThat(ram.u32(zeroPage + 0x21c)).isEqualTo(5000);
    assertThat(ram.bytes(disk, 5000)).isEqualTo(Images.pattern(5000));

    List<MemoryRange> map = ram.map();
    assertThat(ram.u8(zeroPage + 0x1e8)).isEqualTo(map.size());
    for (int i = 0; i < map.size(); i++) {
      assertThat(ram.u64(zeroPage + 0x2d0 + 20L * i)).isEqualTo(map.get(i).base());
      assertThat(ram.u64(zeroPage + 0x2d8 + 20L * i)).isEqualTo(map.get(i).size());
      assertThat(ram.u32(zeroPage + 0x2e0 + 20L * i)).isEqualTo(map.get(i).kind().code());
    }
  }

  @Test
  void pageTablesMapTheFirstFourGibOntoThemselves() {
    CpuEntry entry = load(Images.bzImage(), "");
    for (long address :
        new long[] {0, 0x100_0200, 0x3fff_ffffL, 0x4000_0000L, 0xfee0_0000L, 0xffff_ffffL}) {
      long pml4e = ram.u64(entry.cr3());
      long pdpte = ram.u64((pml4e & -4096) + 8 * (address >> 30));
      long pde = ram.u64((pdpte & -4096) + 8 * (address >> 21 & 511));
      assertThat(pml4e & 3 & pdpte & pde).as("present, writable").isEqualTo(3);
      assertThat(pde & 0x80).as("2 MiB page").isEqualTo(0x80);
      assertThat((pde & -0x20_0000) + (address & 0x1f_ffff)).isEqualTo(address);
    }
    assertThat(ram.u64(ram.u64(entry.cr3()) - 3 + 8 * 4)).as("above 4 GiB").isZero();
  }

  @Test
  void theGdtHoldsTheSelectorsTheProtocolNames() {
    CpuEntry entry = load(Images.bzImage(), "");
    assertThat(entry.codeSelector()).isEqualTo(0x10);
    assertThat(entry.dataSelector()).isEqualTo(0x18);
    assertThat(entry.gdtLimit()).isGreaterThanOrEqualTo(0x1f);
    assertThat(ram.u64(entry.gdtBase())).isZero();
    assertThat(ram.u64(entry.gdtBase() + 0x10) >>> 40 & 0xf0ff)
        .as("code, 64 bits")
        .isEqualTo(0xa09b);
    assertThat(ram.u64(entry.gdtBase() + 0x18) >>> 40 & 0xf0ff)
        .as("data, 32 bits")
        .isEqualTo(0xc093);
  }

  @Test
  void withoutA64BitEntryThe32BitOneIsUsed() {
    for (ByteBuffer image :
        List.of(
            Images.bzImage().putShort(0x206, (short) 0x20b),
            Images.bzImage().putShort(0x236, (short) 0))) {
      CpuEntry entry = load(image, "");
      assertThat(entry.mode()).isEqualTo(CpuEntry.Mode.PROTECTED32);
      assertThat(entry.ip()).isEqualTo(0x100_0000);
      assertThat(ram.u32(entry.si() + 0x202)).isEqualTo(0x5372_6448);
      assertThat(ram.u64(entry.gdtBase() + 0x10) >>> 40 & 0xf0ff)
          .as("code, 32 bits")
          .isEqualTo(0xc09b);
    }
  }

  @Test
  void aRelocatableKernelMovesUpAndAnotherIsRefused() {
    long taken = 0x100_0000;
    List<MemoryRange> map =
        List.of(
            new MemoryRange(0, taken + 4096, MemoryRange.Kind.USABLE),
            new MemoryRange(taken + 4096, 4096, MemoryRange.Kind.RESERVED),
            new MemoryRange(taken + 8192, 0x200_0000, MemoryRange.Kind.USABLE));
    BootRequest request = new BootRequest("", List.of(), map, 0);
    CpuEntry entry = KernelImage.detect(Images.kernel(Images.bzImage().array())).load(request, ram);
    assertThat(entry.ip()).isEqualTo(0x120_0200);
    KernelImage fixed =
        KernelImage.detect(Images.kernel(Images.bzImage().put(0x234, (byte) 0).array()));
    assertThatThrownBy(() -> fixed.load(request, ram)).isInstanceOf(ConfigException.class);
  }

  @Test
  void theInitrdStaysBelowTheKernelsLimit() {
    CpuEntry entry =
        load(Images.bzImage().putInt(0x22c, 0x2ff_ffff), "", Images.module("disk", 5000, ""));
    assertThat(ram.u32(entry.si() + 0x218)).isEqualTo((0x300_0000 - 5000) & -4096);
  }

  @Test
  void whatDoesNotFitIsSaidWithSizes() {
    assertThatThrownBy(() -> load(Images.bzImage(), "", Images.module("disk", 80 << 20, "")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("initrd 'disk' is 80 MiB")
        .hasMessageContaining("64 MiB of guest RAM");
    assertThatThrownBy(() -> load(Images.bzImage().putInt(0x260, 200 << 20), ""))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("needs 200 MiB of guest RAM")
        .hasMessageContaining("has 64 MiB");
    assertThatThrownBy(() -> load(Images.bzImage(), "x".repeat(101)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("101 bytes")
        .hasMessageContaining("at most 100");
    load(Images.bzImage(), "x".repeat(100));
  }

  @Test
  void aTruncatedKernelIsRefusedAtOnce() {
    byte[] whole = Images.bzImage().array();
    int end = Images.SETUP_BYTES + Images.KERNEL_BYTES;
    for (int length : new int[] {0x206, 0x28f, Images.SETUP_BYTES, end - 1}) {
      assertThatThrownBy(() -> KernelImage.detect(Images.kernel(Arrays.copyOf(whole, length))))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("truncated");
    }
    KernelImage.detect(Images.kernel(Arrays.copyOf(whole, end)));
  }

  @Test
  void theDescriptionNamesTheRelease() {
    assertThat(KernelImage.detect(Images.kernel(Images.bzImage().array())).description())
        .isEqualTo("Linux 6.1.0-test bzImage, boot protocol 2.15, 64-bit entry");
  }

  @Test
  void loadingAgainGivesTheSameMachine() {
    KernelImage kernel = KernelImage.detect(Images.kernel(Images.bzImage().array()));
    CpuEntry first = kernel.load(ram.request("a"), ram);
    assertThat(kernel.load(ram.request("a"), ram)).isEqualTo(first);
  }
}
