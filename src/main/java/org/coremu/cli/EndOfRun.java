package org.coremu.cli;

import java.io.PrintStream;
import org.coremu.machine.Exit;

/**
 * Turns the end of a machine into the process's exit code, and says a word when the end is not an
 * ordinary one.
 */
final class EndOfRun {
  private EndOfRun() {}

  /** The exit code; see the README's table. */
  static int code(Exit exit, PrintStream messages) {
    switch (exit.reason()) {
      case RESET ->
          messages.println("coremu: the guest reset the machine, which ends the run (-no-reboot)");
      case TRIPLE_FAULT ->
          messages.println("coremu: a core met a triple fault, which ends the run");
      case INTERNAL_ERROR ->
          messages.println("coremu: the emulator failed; the lines above name the report");
      case POWER_OFF, DEBUG_EXIT, STOPPED -> {
        return exit.code();
      }
    }
    return exit.code();
  }
}
