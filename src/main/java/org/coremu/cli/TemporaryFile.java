package org.coremu.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.coremu.cli.option.HostFiles;
import org.coremu.machine.ConfigException;

/**
 * A file that is gone when it is closed, or when the process ends by a signal.
 *
 * @param path the file
 */
record TemporaryFile(Path path, Thread hook) implements AutoCloseable {
  /**
   * Makes an empty file.
   *
   * @throws ConfigException when the host's directory for temporary files takes none
   */
  static TemporaryFile create(String prefix) {
    try {
      Path path = Files.createTempFile(prefix, "");
      Thread hook = new Thread(path.toFile()::delete);
      Runtime.getRuntime().addShutdownHook(hook);
      return new TemporaryFile(path, hook);
    } catch (IOException e) {
      throw new ConfigException("cannot make a temporary file: " + HostFiles.reason(e), e);
    }
  }

  /** Removes the file; what is gone already does not matter. */
  void delete() {
    path.toFile().delete();
  }

  @Override
  public void close() {
    delete();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the JVM is ending
    }
  }
}
