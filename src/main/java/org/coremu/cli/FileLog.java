package org.coremu.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.coremu.cli.option.HostFiles;
import org.coremu.hw.GuestLog;
import org.coremu.hw.LogCategory;
import org.coremu.machine.ConfigException;

/** The debug log of {@code -d} and {@code -D}: lines in a file or on stderr. */
final class FileLog implements GuestLog, AutoCloseable {
  private final Set<LogCategory> categories;
  private final PrintStream out;
  private final boolean owned;

  /** Keeps what is buffered when the process is told to end. */
  private final Thread atExit = new Thread(this::flush, "coremu-log");

  private FileLog(Set<LogCategory> categories, PrintStream out, boolean owned) {
    this.categories = categories;
    this.out = out;
    this.owned = owned;
  }

  private FileLog flushedAtExit() {
    Runtime.getRuntime().addShutdownHook(atExit);
    return this;
  }

  private void flush() {
    out.flush();
  }

  static FileLog none() {
    return new FileLog(EnumSet.noneOf(LogCategory.class), System.err, false);
  }

  /**
   * Opens the log.
   *
   * @throws ConfigException when the file cannot be written
   */
  static FileLog open(Set<LogCategory> categories, Optional<String> file) {
    if (file.isEmpty()) {
      return new FileLog(categories, stream(new FileOutputStream(FileDescriptor.err)), false)
          .flushedAtExit();
    }
    try {
      return new FileLog(categories, stream(Files.newOutputStream(Path.of(file.get()))), true)
          .flushedAtExit();
    } catch (IOException | InvalidPathException e) {
      throw new ConfigException("-D: cannot write " + file.get() + ": " + HostFiles.reason(e), e);
    }
  }

  @Override
  public boolean enabled(LogCategory category) {
    return categories.contains(category);
  }

  @Override
  public void log(LogCategory category, String line) {
    if (categories.contains(category)) {
      out.println(line);
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process is ending already, and the hook does its work.
    }
    out.flush();
    if (owned) {
      out.close();
    }
  }

  private static PrintStream stream(java.io.OutputStream out) {
    return new PrintStream(new BufferedOutputStream(out, 1 << 16), false, StandardCharsets.UTF_8);
  }
}
