package org.coremu.cli;

import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.coremu.cli.console.Console;
import org.coremu.cli.option.DeviceOption;
import org.coremu.cli.option.HostFiles;
import org.coremu.cli.option.SerialOption;
import org.coremu.cli.option.StatsOption;
import org.coremu.machine.ConfigException;
import org.coremu.machine.Exit;
import org.coremu.machine.MachineSpecBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coremu run}: a machine as the options say, in QEMU's spellings. */
@Command(
    name = "run",
    description =
        "Run a machine from a kernel or firmware image; the options are spelled as QEMU's.",
    sortOptions = false)
final class RunCommand implements Callable<Integer> {
  @Option(
      names = "-kernel",
      paramLabel = "FILE",
      description = "A bzImage, or an ELF with PVH or multiboot 1.")
  private String kernel;

  @Option(
      names = "-initrd",
      paramLabel = "FILE",
      description = "Initial RAM disk, or the module of a multiboot image.")
  private String initrd;

  @Option(names = "-append", paramLabel = "TEXT", description = "Kernel command line.")
  private String append;

  @Option(
      names = "-bios",
      paramLabel = "FILE",
      description = "An image that ends at the reset vector.")
  private String bios;

  @Mixin private MachineOptions machine;

  @Option(
      names = "-serial",
      paramLabel = "WHERE",
      description = "Serial line: stdio, file:PATH or none.")
  private String serial;

  @Option(
      names = "-nographic",
      description =
          "The serial line is this terminal (as it is without; the machine has no display).")
  private boolean noGraphic;

  @Option(
      names = "-no-reboot",
      description = "A reset ends the run (exit code 3; a triple fault: 4).")
  private boolean noReboot;

  @Option(
      names = "-device",
      paramLabel = "DEVICE",
      description = "A further device; 'help' lists all.")
  private List<String> devices = List.of();

  @Override
  public Integer call() throws Exception {
    MachineSpecBuilder spec = machine.builder("1", "512M").noReboot(noReboot);
    setImages(spec);
    if (devices.size() > 1) {
      throw new ConfigException("-device: there can be only one isa-debug-exit");
    }
    devices.forEach(device -> spec.debugExit(DeviceOption.parse(device)));
    SerialOption line = serial == null ? new SerialOption.Stdio() : SerialOption.parse(serial);
    Optional<StatsOption> stats = machine.stats();
    try (FileLog log = machine.openLog()) {
      spec.log(log).build(); // refuses what does not fit before the terminal is touched
      MachineRun run = new MachineRun(stats, machine.top(), machine.symbols(), System.err);
      try (PerfMap map = machine.openPerfMap();
          Console console = console(line, run)) {
        spec.codeListener(map.listener());
        Exit exit =
            run.run(
                spec.serial(console.channel()).build(), console, () -> {}, machine.deterministic());
        return EndOfRun.code(exit, System.err);
      }
    }
  }

  private void setImages(MachineSpecBuilder spec) {
    if (kernel != null) {
      spec.kernel(HostFiles.readable("-kernel", kernel));
    }
    if (initrd != null) {
      spec.initrd(HostFiles.readable("-initrd", initrd));
    }
    if (append != null) {
      spec.append(append);
    }
    if (bios != null) {
      spec.bios(HostFiles.readable("-bios", bios));
    }
  }

  private Console console(SerialOption line, MachineRun run) {
    return switch (line) {
      case SerialOption.Stdio s -> Console.ofProcess(machine.deterministic(), run);
      case SerialOption.None n -> Console.none();
      case SerialOption.ToFile(var path) -> {
        OutputStream file = HostFiles.writable("-serial", path);
        yield Console.ofFile(file, run);
      }
    };
  }
}
