package org.coremu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineSpecTest {
  private static MachineSpecBuilder bootable() {
    return MachineSpec.builder().kernel(Path.of("vmlinuz"));
  }

  @Test
  void deterministicModeBringsItsClock() {
    assertThat(bootable().deterministic(true).build().clock()).isEqualTo(ClockPolicy.ICOUNT);
    assertThat(bootable().build().clock()).isEqualTo(ClockPolicy.ADAPTIVE);
  }

  @Test
  void refusesWhatDoesNotFitTogether() {
    refused(MachineSpec.builder(), "nothing to boot");
    refused(MachineSpec.builder().bios(Path.of("b")).initrd(Path.of("i")), "-initrd needs -kernel");
    refused(MachineSpec.builder().bios(Path.of("b")).append("x"), "-append needs -kernel");
    refused(bootable().board("virt"), "'virt'");
    refused(bootable().ramBytes(1 << 20), "-m");
    refused(bootable().ramBytes(1L << 50), "-m");
    refused(bootable().ramBytes((64 << 20) + 1), "multiple of 4096");
    refused(bootable().quantum(0), "--quantum");
    refused(bootable().quantum(1000).maxSkew(999), "--max-skew");
    refused(bootable().deterministic(true).clock(ClockPolicy.HOST), "--clock icount");
    refused(bootable().workers(0), "workers");
  }

  @Test
  void aWorkerForEachPinnedCpu() {
    int cpu = HostCpus.allowed().getFirst();
    assertThat(bootable().affinity(List.of(cpu)).build().workers()).isEqualTo(1);
    assertThat(bootable().affinity(List.of(cpu)).workers(3).build().workers()).isEqualTo(3);
    refused(bootable().affinity(List.of(-1)), "no host CPU -1");
  }

  @Test
  void debugExitCodesAreOdd() {
    assertThat(Exit.debugExit(0x10).code()).isEqualTo(0x21);
    assertThat(Exit.debugExit(0xff).code()).isEqualTo(0xff);
    assertThatThrownBy(() -> new DebugExit(0xffff, 2)).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> new DebugExit(0xf4, 5)).isInstanceOf(ConfigException.class);
  }

  private static void refused(MachineSpecBuilder builder, String because) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(because);
  }
}
