package org.coremu.cli.console;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Attributes.OutputFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.Signals;

/**
 * The user's terminal in raw mode: every key reaches the guest, Ctrl-C included. The settings it
 * had come back when it is closed and, by a shutdown hook, when a signal ends the process; after a
 * crash of the JVM itself the launcher's OnError command restores them.
 */
public final class HostTerminal implements Closeable {
  private static final int DEFAULT_COLUMNS = 80;
  private static final int DEFAULT_ROWS = 24;

  private final Terminal terminal;
  private final Attributes saved;
  private final Thread hook = new Thread(this::restore, "terminal-restore");
  private final OutputStream out = new FileOutputStream(FileDescriptor.out);

  /** The size; null when it is to be asked for. */
  private volatile Size size;

  private boolean screenOpen;

  private HostTerminal(Terminal terminal) {
    this.terminal = terminal;
    saved = terminal.getAttributes();
  }

  /** Whether this process's stdin is a terminal. */
  public static boolean present() {
    return isTerminal(0);
  }

  /** Whether stdin and stdout are a terminal that can move its cursor. */
  public static boolean hasScreen() {
    String type = System.getenv("TERM");
    return isTerminal(0) && isTerminal(1) && type != null && !type.equals("dumb");
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
    closeScreen();
    terminal.setAttributes(saved);
  }

  // ---- a screen of its own (the codes of ECMA-48 and xterm, which all terminals of today know)

  /** Turns to a blank screen without a cursor, and remembers the one before. */
  public synchronized void openScreen() {
    if (!screenOpen) {
      size = null;
      Signals.register("WINCH", () -> size = null);
      write("\033[?1049h\033[?25l\033[2J");
      screenOpen = true;
    }
  }

  /** Goes back to the screen before. */
  public synchronized void closeScreen() {
    if (screenOpen) {
      write("\033[m\033[?25h\033[?1049l");
      screenOpen = false;
    }
  }

  public int columns() {
    int columns = currentSize().getColumns();
    return columns > 0 ? columns : DEFAULT_COLUMNS;
  }

  public int rows() {
    int rows = currentSize().getRows();
    return rows > 0 ? rows : DEFAULT_ROWS;
  }

  /** Asks the terminal only when it has changed, since asking runs a program. */
  private Size currentSize() {
    Size known = size;
    if (known == null) {
      known = terminal.getSize();
      size = known;
    }
    return known;
  }

  /**
   * Draws lines on the open screen, from its top.
   *
   * @param heading index of the one to stress, or -1
   */
  public synchronized void draw(List<String> lines, int heading) {
    if (!screenOpen) {
      return;
    }
    StringBuilder text = new StringBuilder("\033[H");
    for (int i = 0; i < lines.size(); i++) {
      text.append(i == 0 ? "" : "\r\n").append(i == heading ? "\033[7m" : "");
      text.append(lines.get(i)).append("\033[K").append(i == heading ? "\033[m" : "");
    }
    write(text.append("\033[J").toString());
  }

  private void write(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      return; // a terminal that is gone shows nothing
    }
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
