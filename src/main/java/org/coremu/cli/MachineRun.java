package org.coremu.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.coremu.cli.console.Console;
import org.coremu.cli.console.Overlay;
import org.coremu.cli.option.HostFiles;
import org.coremu.cli.option.StatsOption;
import org.coremu.cli.top.LiveTop;
import org.coremu.cli.top.StatsServer;
import org.coremu.cli.top.TopLines;
import org.coremu.machine.ConfigException;
import org.coremu.machine.Exit;
import org.coremu.machine.Machine;
import org.coremu.machine.MachineSpec;
import org.coremu.machine.Sample;

/**
 * Runs one machine to its end for a command: signals and the console's keys stop it, and the
 * reports that were asked for come after it, on stderr.
 */
final class MachineRun implements Console.Events {
  private final Optional<StatsOption> stats;
  private final Optional<OutputStream> json;
  private final PrintStream messages;
  private final LiveTop top;
  private final boolean topFirst;
  private volatile String title = "";
  private final AtomicReference<Machine> running = new AtomicReference<>();
  private volatile boolean userQuit;
  private volatile boolean outputGone;

  /**
   * A run to come. Made before the console is opened, which takes stdin for good.
   *
   * @param topFirst whether to show the live view from the start
   * @param symbols the file that names the guest's functions
   * @throws ConfigException when the file of the statistics cannot be written, or that of the
   *     symbols not be read
   */
  MachineRun(
      Optional<StatsOption> stats,
      boolean topFirst,
      Optional<String> symbols,
      PrintStream messages) {
    this.stats = stats;
    this.topFirst = topFirst;
    this.messages = messages;
    top = LiveTop.ofConsole(this::sample, () -> title, symbols);
    json = stats.flatMap(StatsOption::json).map(path -> HostFiles.writable("--stats", path));
  }

  @Override
  public void quit() {
    userQuit = true;
    stop();
  }

  @Override
  public Overlay top() {
    return top;
  }

  @Override
  public boolean topFirst() {
    return topFirst;
  }

  @Override
  public void outputGone() {
    outputGone = true;
    stop();
  }

  /**
   * Runs a machine.
   *
   * @param console closed before the reports
   * @param loaded called once the machine has read its images
   * @param hash whether to print the hash of the final state
   * @return how it ended; a user's quit counts as a power-off
   */
  Exit run(MachineSpec spec, Console console, Runnable loaded, boolean hash) throws IOException {
    title = title(spec);
    AtomicReference<StatsServer> server = new AtomicReference<>();
    Thread hook = new Thread(() -> stop(server.get()), "machine-stop");
    try (Machine machine = Machine.create(spec)) {
      Runtime.getRuntime().addShutdownHook(hook);
      machine.start();
      running.set(machine);
      server.set(StatsServer.start(title, this::sample));
      if (topFirst && !top.isShown()) {
        TopLines.start(this::sample, messages);
      }
      loaded.run();
      if (userQuit || outputGone) {
        machine.stop();
      }
      Exit exit = machine.await();
      running.set(null);
      close(server.get());
      console.close();
      report(machine, hash);
      return userQuit && exit.reason() == Exit.Reason.STOPPED
          ? Exit.of(Exit.Reason.POWER_OFF)
          : exit;
    } finally {
      running.set(null);
      close(server.get());
      console.close();
      removeHook(hook);
    }
  }

  private void report(Machine machine, boolean hash) throws IOException {
    if (json.isPresent()) {
      try (OutputStream out = json.get()) {
        StatsReport.json(machine.stats(), out);
      }
    } else if (stats.isPresent()) {
      messages.println(StatsReport.line(machine.stats()));
    }
    if (hash) {
      messages.println("state hash: " + machine.stateHash());
    }
  }

  private static String title(MachineSpec spec) {
    Path image = spec.kernel().or(spec::bios).orElseThrow().getFileName();
    return "%s, %d cores, %d MB".formatted(image, spec.topology().cpus(), spec.ramBytes() >> 20);
  }

  /** Looks at the machine; empty before it runs and when it has ended. */
  private Optional<Sample> sample() {
    Machine machine = running.get();
    try {
      return Optional.ofNullable(machine).map(Machine::sample);
    } catch (IllegalStateException e) {
      return Optional.empty(); // it was closed in between
    }
  }

  private void stop(StatsServer server) {
    close(server);
    stop();
  }

  private static void close(StatsServer server) {
    if (server != null) {
      server.close();
    }
  }

  private void stop() {
    Machine machine = running.get();
    if (machine != null) {
      machine.stop();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the JVM is ending
    }
  }
}
