package org.coremu.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.coremu.cli.option.HostFiles;
import org.coremu.exec.CodeListener;
import org.coremu.machine.ConfigException;

/**
 * The map that Linux perf reads to name machine code that no file has (tools/perf/Documentation,
 * jit-interface.txt): a line for each block, {@code start size name}, in hexadecimal. Each line is
 * written at once, so that the map serves a process that was killed, too, and it stays when the
 * process has ended, since perf reads it afterwards.
 */
final class PerfMap implements CodeListener, AutoCloseable {
  private final OutputStream out;

  private PerfMap(OutputStream out) {
    this.out = out;
  }

  /** A map that nobody has asked for. */
  static PerfMap none() {
    return new PerfMap(null);
  }

  /** Makes this process's map where perf looks for it. */
  static PerfMap ofProcess() {
    return create(Path.of("/tmp/perf-" + ProcessHandle.current().pid() + ".map"));
  }

  /**
   * Makes a map. The file must be new: who else may write to the directory could have put a link
   * there, and perf does not read the file of another user.
   *
   * @throws ConfigException if that cannot be done
   */
  static PerfMap create(Path file) {
    try {
      Files.deleteIfExists(file);
      return new PerfMap(
          Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw new ConfigException("--perf-map: cannot write " + file + ": " + HostFiles.reason(e), e);
    }
  }

  /** Who is to be told of code. */
  CodeListener listener() {
    return out == null ? CodeListener.NONE : this;
  }

  @Override
  public void installed(long address, int bytes, long guestAddress, boolean trace) {
    String line =
        "%x %x guest_%016x%s%n".formatted(address, bytes, guestAddress, trace ? "_trace" : "");
    write(line.getBytes(StandardCharsets.US_ASCII));
  }

  private synchronized void write(byte[] line) {
    try {
      out.write(line);
    } catch (IOException e) {
      return; // a full disk costs names, not the run
    }
  }

  @Override
  public void close() {
    if (out != null) {
      try {
        out.close();
      } catch (IOException e) {
        return; // nothing was buffered
      }
    }
  }
}
