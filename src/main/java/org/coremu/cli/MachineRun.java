package org.coremu.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.coremu.cli.console.Console;
import org.coremu.cli.option.HostFiles;
import org.coremu.cli.option.StatsOption;
import org.coremu.machine.ConfigException;
import org.coremu.machine.Exit;
import org.coremu.machine.Machine;
import org.coremu.machine.MachineSpec;

/**
 * Runs one machine to its end for a command: signals and the console's keys stop it, and the
 * reports that were asked for come after it, on stderr.
 */
final class MachineRun implements Console.Events {
  private final Optional<StatsOption> stats;
  private final Optional<OutputStream> json;
  private final PrintStream messages;
  private final AtomicReference<Machine> running = new AtomicReference<>();
  private volatile boolean userQuit;
  private volatile boolean outputGone;

  /**
   * A run to come. Made before the console is opened, which takes stdin for good.
   *
   * @throws ConfigException when the file of the statistics cannot be written
   */
  MachineRun(Optional<StatsOption> stats, PrintStream messages) {
    this.stats = stats;
    this.messages = messages;
    json = stats.flatMap(StatsOption::json).map(path -> HostFiles.writable("--stats", path));
  }

  @Override
  public void quit() {
    userQuit = true;
    stop();
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
    Thread hook = new Thread(this::stop, "machine-stop");
    try (Machine machine = Machine.create(spec)) {
      Runtime.getRuntime().addShutdownHook(hook);
      machine.start();
      running.set(machine);
      loaded.run();
      if (userQuit || outputGone) {
        machine.stop();
      }
      Exit exit = machine.await();
      running.set(null);
      console.close();
      report(machine, hash);
      return userQuit && exit.reason() == Exit.Reason.STOPPED
          ? Exit.of(Exit.Reason.POWER_OFF)
          : exit;
    } finally {
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
