package org.coremu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.coremu.hw.LogCategory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Firmware at the reset vector: Debian's SeaBIOS, and a ROM of our own that visits all processor
 * modes.
 */
@Timeout(600)
class FirmwareTest {
  private static final Path SEABIOS = Path.of("/usr/share/seabios/bios-256k.bin");
  private static final Path GCC = Path.of("/usr/bin/gcc");
  private static final String ESCAPE = "\033";

  @TempDir private Path directory;

  private static MachineSpecBuilder seabios(TestConsole console) {
    assumeThat(SEABIOS).as("SeaBIOS, from Debian's package seabios").isReadable();
    return MachineSpec.builder().bios(SEABIOS).ramBytes(64 << 20).serial(console).noReboot(true);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void seabiosReachesItsBootMenu(int cores) throws InterruptedException {
    TestConsole console = new TestConsole();
    TestLog log = new TestLog(LogCategory.FIRMWARE, LogCategory.UNIMP);
    MachineSpec spec = seabios(console).topology(Topology.ofCpus(cores)).log(log).build();
    try (Machine machine = Machine.create(spec)) {
      machine.start();
      console.await("Press ESC for boot menu.");
      console.type(ESCAPE);
      console.await("Select boot device:");
    }
    assertThat(log.text())
        .contains("Running on QEMU (i440fx)", "Found QEMU fw_cfg", "sercon: using ioport 0x3f8")
        .contains("Found " + cores + " cpu(s) max supported " + cores + " cpu(s)")
        .contains("[RAM]", "ACPI: parse DSDT at 0x03ff0040")
        .doesNotContain("WARNING", "Unable", "cpu 0 rip");
  }

  @Test
  void withoutAKeySeabiosFindsNothingToBootAndResetsTheMachine() {
    TestConsole console = new TestConsole();
    MachineSpec spec =
        seabios(console)
            .ramBytes(4L << 30)
            .topology(Topology.ofCpus(2))
            .deterministic(true)
            .clock(ClockPolicy.ICOUNT)
            .build();
    try (Machine machine = Machine.create(spec)) {
      machine.start();
      assertThat(machine.await().reason()).isEqualTo(Exit.Reason.RESET);
      assertThat(machine.stats().guestNanos()).isGreaterThan(60_000_000_000L);
    }
    assertThat(console.output())
        .contains("SeaBIOS (version", "No bootable device.  Retrying in 60 seconds.");
  }

  @Test
  void aRomRunsInAllModes() throws IOException, InterruptedException {
    assertThat(runModesRom(new TestLog(LogCategory.BOOT)))
        .isEqualTo("real\nbig real\nprotected\nlong\nreal again\n");
  }

  @Test
  void theTraceHasEveryInstructionInItsMode() throws IOException, InterruptedException {
    TestLog log = new TestLog(LogCategory.EXEC, LogCategory.IN_ASM, LogCategory.OP);
    assertThat(runModesRom(log)).endsWith("real again\n");
    assertThat(log.text())
        .containsSubsequence(
            "cpu 0 f000:fff0 (fffffff0, 16-bit)  fff0: ea000000f0             jmp 0xf000:0x0",
            "32-bit)",
            "rdmsr",
            "64-bit)",
            "movabs rax",
            "iret")
        .contains(
            "cpu 0 block at f000:0 (f0000, 16-bit)\n  0: fa                     cli\n", "v0 = ");
  }

  private String runModesRom(TestLog log) throws IOException, InterruptedException {
    assumeThat(GCC).as("gcc").isExecutable();
    Path rom = directory.resolve("modes.bin");
    Path messages = directory.resolve("gcc.log");
    Process gcc =
        new ProcessBuilder(
                GCC.toString(),
                "-nostdlib",
                "-static",
                "-no-pie",
                "-Wl,-n,-Ttext=0,--build-id=none,--oformat=binary",
                "-o",
                rom.toString(),
                "src/test/guest/rom/modes.S")
            .redirectErrorStream(true)
            .redirectOutput(messages.toFile())
            .start();
    assertThat(gcc.waitFor()).as(Files.readString(messages)).isZero();
    TestConsole console = new TestConsole();
    MachineSpec spec =
        MachineSpec.builder().bios(rom).ramBytes(16 << 20).serial(console).log(log).build();
    try (Machine machine = Machine.create(spec)) {
      machine.start();
      assertThat(machine.await().reason()).isEqualTo(Exit.Reason.POWER_OFF);
    }
    return console.output();
  }
}
