package org.coremu.cli.console;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the user types at a terminal, less the commands that are meant for coremu: after Ctrl-A,
 * {@code x} quits, {@code t} shows or leaves the live view, {@code h} or {@code ?} helps, Ctrl-A
 * sends itself; anything else goes to the guest with its Ctrl-A.
 */
final class Keys {
  /** What to do besides passing bytes on. */
  interface Commands {
    void quit();

    void help();

    /** Shows the live view, or leaves it. */
    void top();
  }

  static final String HELP =
      """
      \r
      Ctrl-A x       quit\r
      Ctrl-A t       what the cores do, and back\r
      Ctrl-A h       this help\r
      Ctrl-A Ctrl-A  send Ctrl-A to the guest\r
      """;

  private static final int CTRL_A = 1;

  private final Commands commands;
  private boolean escaped;

  Keys(Commands commands) {
    this.commands = commands;
  }

  /** The prefix as text, for messages. */
  static byte[] helpBytes() {
    return HELP.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Takes the commands out of what was typed.
   *
   * @return what is for the guest
   */
  byte[] filter(byte[] typed, int count) {
    byte[] passed = new byte[count + 1];
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (!escaped && typed[i] == CTRL_A) {
        escaped = true;
      } else if (!escaped) {
        passed[n++] = typed[i];
      } else {
        escaped = false;
        switch (typed[i]) {
          case 'x', 'X' -> commands.quit();
          case 'h', 'H', '?' -> commands.help();
          case 't', 'T' -> commands.top();
          case CTRL_A -> passed[n++] = CTRL_A;
          default -> {
            passed = n + 2 > passed.length ? Arrays.copyOf(passed, 2 * passed.length) : passed;
            passed[n++] = CTRL_A;
            passed[n++] = typed[i];
          }
        }
      }
    }
    return Arrays.copyOf(passed, n);
  }
}
