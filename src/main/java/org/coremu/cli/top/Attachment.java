package org.coremu.cli.top;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.Optional;
import org.coremu.cli.console.HostTerminal;
import org.coremu.machine.ConfigException;

/** Shows the machine of another process until the user leaves it or it ends. */
public final class Attachment {
  private Attachment() {}

  /**
   * Shows it: live on a terminal, else in lines.
   *
   * @param pid its process; empty if there is only one
   * @param symbols the file that names the guest's functions
   * @param lines number of lines, if there shall be lines at any rate
   * @throws ConfigException if there is no such machine
   */
  public static void run(Optional<Long> pid, Optional<String> symbols, Optional<Long> lines)
      throws IOException, InterruptedException {
    Optional<Symbols> names = symbols.map(SymbolFile::read);
    try (StatsClient machine = StatsClient.attach(StatsSockets.ofUser(), pid)) {
      Optional<HostTerminal> terminal =
          lines.isEmpty() && HostTerminal.hasScreen() ? HostTerminal.open() : Optional.empty();
      if (terminal.isEmpty()) {
        TopLines.print(machine, System.out, lines.orElse(Long.MAX_VALUE));
        return;
      }
      boolean ended;
      try (HostTerminal screen = terminal.get()) {
        ended = live(machine, screen, names);
      }
      if (ended) {
        System.err.println("coremu: the machine has ended");
      }
    }
  }

  private static boolean live(StatsClient machine, HostTerminal screen, Optional<Symbols> names)
      throws InterruptedException {
    TopView view = new TopView(new TopScreen(machine::title, names), "q: quit");
    LiveTop top = new LiveTop(machine, view);
    top.show(screen);
    Thread.ofPlatform().daemon().name("coremu-top-keys").start(() -> readKeys(top));
    return top.awaitHidden();
  }

  private static void readKeys(LiveTop top) {
    byte[] buffer = new byte[256];
    try {
      FileInputStream in = new FileInputStream(FileDescriptor.in);
      for (int n = in.read(buffer); n >= 0 && top.keys(buffer, n); n = in.read(buffer)) {}
    } catch (IOException e) {
      // A terminal that is gone asks to leave.
    }
    top.hide();
  }
}
