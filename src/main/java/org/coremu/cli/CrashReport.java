package org.coremu.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a user can send when the emulator itself fails: one file, named in one line. */
final class CrashReport {
  private CrashReport() {}

  /** Writes the report beside other temporary files and says where it is. */
  static void write(List<String> args, Throwable failure, PrintStream messages) {
    String what = failure.toString().lines().findFirst().orElse("");
    try {
      Path file = Files.createTempFile("coremu-crash-", ".txt");
      try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
        out.println("coremu " + VersionCommand.version());
        out.println("java   " + Runtime.version() + " on " + System.getProperty("os.name"));
        out.println("args   " + args);
        failure.printStackTrace(out);
      }
      messages.println("coremu: an error in coremu itself: " + what + "; the report is in " + file);
    } catch (IOException e) {
      messages.println(
          "coremu: an error in coremu itself: " + what + "; the report could not be written: " + e);
    }
  }
}
