package org.coremu.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.coremu.cli.console.Console;
import org.coremu.cli.console.ExecChannel;
import org.coremu.cli.console.HostTerminal;
import org.coremu.cli.debian.QuickStart;
import org.coremu.cli.initramfs.Initramfs;
import org.coremu.cli.option.HostFiles;
import org.coremu.cli.option.StatsOption;
import org.coremu.machine.ConfigException;
import org.coremu.machine.Exit;
import org.coremu.machine.MachineSpec;
import org.coremu.machine.MachineSpecBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code coremu boot}: Debian's kernel and busybox to a shell, or to one command, with nothing to
 * prepare.
 */
@Command(
    name = "boot",
    description = "Boot Debian's kernel to a shell, or run one command in it.",
    sortOptions = false)
final class BootCommand implements Callable<Integer> {
  /** The exit code when the machine ended before the command of {@code --exec} did. */
  static final int COMMAND_LOST = 125;

  private static final String COMMAND_LINE = "console=ttyS0 panic=-1";
  private static final String QUIET = " quiet";

  @Option(
      names = "--exec",
      paramLabel = "COMMAND",
      description = "Run this shell command; print its output only; exit with its status.")
  private String command;

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "With --exec: where the kernel's log goes.")
  private String log;

  @Option(
      names = "--update",
      description = "Fetch the current kernel and busybox even when the cache holds some.")
  private boolean update;

  @Option(
      names = "-kernel",
      paramLabel = "FILE",
      description = "Boot this kernel instead of Debian's.")
  private String kernel;

  @Option(
      names = "-initrd",
      paramLabel = "FILE",
      description = "Boot with this instead of coremu's initramfs.")
  private String initrd;

  @Option(
      names = "-append",
      paramLabel = "TEXT",
      description = "Kernel command line (default: " + COMMAND_LINE + ").")
  private String append;

  @Mixin private MachineOptions machine;

  @Override
  public Integer call() throws Exception {
    int hostCpus = Runtime.getRuntime().availableProcessors();
    MachineSpecBuilder spec =
        machine.builder(Integer.toString(Math.min(255, hostCpus)), "1G").noReboot(true);
    Optional<StatsOption> stats = machine.stats();
    if (initrd != null && command != null) {
      throw new ConfigException("--exec needs coremu's own initramfs: leave out -initrd");
    }
    if (log != null && command == null) {
      throw new ConfigException(
          "--log needs --exec; without it the kernel's log is on the console");
    }
    Optional<Path> ownKernel =
        Optional.ofNullable(kernel).map(name -> HostFiles.readable("-kernel", name));
    Optional<Path> ownInitrd =
        Optional.ofNullable(initrd).map(name -> HostFiles.readable("-initrd", name));
    String commandLine = COMMAND_LINE + (command != null && log == null ? QUIET : "");
    spec.append(append == null ? commandLine : append)
        .kernel(ownKernel.orElse(Path.of("/dev/null")))
        .build();
    MachineRun run = new MachineRun(stats, machine.top(), machine.symbols(), System.err);
    if (ownKernel.isPresent() && ownInitrd.isPresent()) {
      return withLog(spec.initrd(ownInitrd.get()), s -> plain(run, s));
    }
    QuickStart debian = QuickStart.prepare(QuickStart.defaultCache(), update, System.err);
    spec.kernel(ownKernel.orElse(debian.kernel()));
    if (ownInitrd.isPresent()) {
      return withLog(spec.initrd(ownInitrd.get()), s -> plain(run, s));
    }
    byte[] base = Initramfs.base(debian.busybox());
    // The nonce is in guest memory, so a run that is to be repeatable has one that follows from its
    // seed.
    Random random = machine.deterministic() ? new Random(spec.build().seed()) : new SecureRandom();
    String nonce = new BigInteger(128, random).toString(36);
    return withLog(
        spec, s -> command != null ? exec(run, s, base, nonce) : shell(run, s, base, nonce));
  }

  private interface Body {
    int run(MachineSpecBuilder spec) throws IOException;
  }

  private int withLog(MachineSpecBuilder spec, Body body) throws IOException {
    try (FileLog debug = machine.openLog();
        PerfMap map = machine.openPerfMap()) {
      return body.run(spec.log(debug).codeListener(map.listener()));
    }
  }

  private int plain(MachineRun run, MachineSpecBuilder builder) throws IOException {
    try (Console console = Console.ofProcess(machine.deterministic(), run)) {
      MachineSpec spec = builder.serial(console.channel()).build();
      return EndOfRun.code(run.run(spec, console, () -> {}, machine.deterministic()), System.err);
    }
  }

  private int shell(MachineRun run, MachineSpecBuilder builder, byte[] base, String nonce)
      throws IOException {
    Optional<HostTerminal> terminal = HostTerminal.present() ? announce(builder) : Optional.empty();
    String tty = terminal.map(HostTerminal::settings).orElse("");
    try (Console console =
            terminal.isPresent()
                ? Console.ofTerminal(terminal.get(), run)
                : Console.ofPipedShell(nonce, machine.deterministic(), run);
        TemporaryFile image =
            initramfs(base, Initramfs.overlay(nonce, Optional.empty(), false, tty))) {
      MachineSpec spec = builder.initrd(image.path()).serial(console.channel()).build();
      return EndOfRun.code(
          run.run(spec, console, image::delete, machine.deterministic()), System.err);
    }
  }

  private int exec(MachineRun run, MachineSpecBuilder builder, byte[] base, String nonce)
      throws IOException {
    OutputStream logFile =
        log == null ? OutputStream.nullOutputStream() : HostFiles.writable("--log", Path.of(log));
    ExecChannel channel =
        new ExecChannel(
            nonce, Console.stdout(), new BufferedOutputStream(logFile), run::outputGone);
    byte[] overlay = Initramfs.overlay(nonce, Optional.of(command), log != null, "");
    try (Console console = new Console(channel, channel);
        TemporaryFile image = initramfs(base, overlay)) {
      MachineSpec spec = builder.initrd(image.path()).serial(channel).build();
      Exit exit = run.run(spec, console, image::delete, machine.deterministic());
      if (channel.status().isPresent()) {
        return channel.status().getAsInt();
      }
      System.err.println(channel.tail().stripTrailing());
      System.err.printf(
          "coremu: the machine ended (%s) before the command did; above is the end of its log%n",
          exit.reason());
      return COMMAND_LOST;
    }
  }

  private Optional<HostTerminal> announce(MachineSpecBuilder builder) {
    MachineSpec spec = builder.build();
    System.err.printf(
        "coremu: booting %s on %d CPUs with %d MB; Ctrl-A x quits, Ctrl-A h helps%n",
        spec.kernel().orElseThrow().getFileName(), spec.topology().cpus(), spec.ramBytes() >> 20);
    return HostTerminal.open();
  }

  private static TemporaryFile initramfs(byte[] base, byte[] overlay) throws IOException {
    TemporaryFile file = TemporaryFile.create("coremu-initramfs-");
    try (OutputStream out = Files.newOutputStream(file.path())) {
      out.write(base);
      out.write(overlay);
      return file;
    } catch (IOException e) {
      file.close();
      throw new ConfigException(
          "cannot write the initramfs to %s: %s".formatted(file.path(), HostFiles.reason(e)), e);
    }
  }
}
