package org.coremu.cli.console;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Attributes.OutputFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The user's terminal in raw mode: every key reaches the guest, Ctrl-C included. The settings it
 * had come back when it is closed and, by a shutdown hook, when a signal ends the process; after a
 * crash of the JVM itself the launcher's OnError command restores them.
 */
public final class HostTerminal implements Closeable {
  private final Terminal terminal;
  private final Attributes saved;
  private final Thread hook = new Thread(this::restore, "terminal-restore");

  private HostTerminal(Terminal terminal) {
    this.terminal = terminal;
    saved = terminal.getAttributes();
  }

  /** Whether this process's stdin is a terminal. */
  public static boolean present() {
    return isTerminal(0);
  }

  /** Whether a file descriptor of this process is a terminal. */
  static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    if (!Files.exists(Path.of("/proc/self/fd"))) {
      return System.console() != null && System.console().isTerminal();
    }
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Puts the terminal into raw mode.
   *
   * @return empty when there is none that can be
   */
  public static Optional<HostTerminal> open() {
    try {
      // JLine's exec provider runs stty, which restores every setting; its FFM provider (3.30.6)
      // loses the line speed.
      Terminal terminal =
          TerminalBuilder.builder()
              .system(true)
              .provider("exec")
              .dumb(false)
              .nativeSignals(false)
              .build();
      HostTerminal host = new HostTerminal(terminal);
      Runtime.getRuntime().addShutdownHook(host.hook);
      host.makeRaw();
      return Optional.of(host);
    } catch (IOException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  /** The terminal's kind and size as shell assignments, for the guest's init. */
  public String settings() {
    Size size = terminal.getSize();
    String type = System.getenv("TERM");
    boolean plain = type != null && type.matches("[A-Za-z0-9._+-]+");
    String text = "TERM=" + (plain ? type : "vt100") + "\n";
    return size.getRows() > 0 && size.getColumns() > 0
        ? text + "ROWS=%d\nCOLS=%d\n".formatted(size.getRows(), size.getColumns())
        : text;
  }

  @Override
  public void close() {
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the JVM is ending: the hook has run or will
    }
  }

  private synchronized void restore() {
    terminal.setAttributes(saved);
  }

  private void makeRaw() {
    terminal.enterRawMode();
    Attributes raw = terminal.getAttributes();
    raw.setLocalFlag(LocalFlag.ISIG, false);
    raw.setOutputFlag(OutputFlag.OPOST, false);
    raw.setControlChar(ControlChar.VMIN, 1);
    raw.setControlChar(ControlChar.VTIME, 0);
    terminal.setAttributes(raw);
  }
}
