package org.coremu.cli.option;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.coremu.machine.ConfigException;

/** Files the user names on the command line, and what went wrong with them in words. */
public final class HostFiles {
  private HostFiles() {}

  /**
   * A file that is to be read.
   *
   * @param option who names it, for the message
   * @throws ConfigException unless it is a readable file
   */
  public static Path readable(String option, String name) {
    try {
      Path path = Path.of(name);
      if (Files.isDirectory(path)) {
        throw new ConfigException("%s: %s is a directory".formatted(option, name));
      }
      if (!Files.exists(path)) {
        throw new ConfigException("%s: there is no file %s".formatted(option, name));
      }
      if (!Files.isReadable(path)) {
        throw new ConfigException(
            "%s: %s may not be read (permission denied)".formatted(option, name));
      }
      return path;
    } catch (InvalidPathException e) {
      throw new ConfigException("%s: '%s' is no file name".formatted(option, name), e);
    }
  }

  /**
   * Creates or empties a file.
   *
   * @throws ConfigException when that is refused
   */
  public static OutputStream writable(String option, Path path) {
    try {
      return Files.newOutputStream(path);
    } catch (IOException e) {
      throw new ConfigException("%s: cannot write %s: %s".formatted(option, path, reason(e)), e);
    }
  }

  /** What the host said, in a few words. */
  public static String reason(Exception e) {
    return switch (e) {
      case NoSuchFileException f -> "no such file or directory";
      case AccessDeniedException f -> "permission denied";
      case NotDirectoryException f -> "not a directory";
      case FileAlreadyExistsException f -> "a file is in the way";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
