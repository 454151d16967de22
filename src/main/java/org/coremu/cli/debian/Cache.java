package org.coremu.cli.debian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.coremu.machine.ConfigException;

/**
 * The user's cache of downloaded files. A file is there whole or not at all: it is written beside
 * its place, flushed to the disk and moved. {@code SHA256SUMS} names the files in use with their
 * hashes and is written last; {@code sha256sum -c} reads it.
 */
final class Cache {
  private static final String SUMS = "SHA256SUMS";
  private static final String WORK = "work-";

  private final Path directory;

  Cache(Path directory) {
    this.directory = directory;
  }

  /** Where caches belong: {@code $XDG_CACHE_HOME/coremu}, or {@code ~/.cache/coremu}. */
  static Path defaultDirectory(Map<String, String> environment, String home) {
    String base = environment.getOrDefault("XDG_CACHE_HOME", "");
    return (base.startsWith("/") ? Path.of(base) : Path.of(home, ".cache")).resolve("coremu");
  }

  Path directory() {
    return directory;
  }

  /** Holds other processes off until it is closed. */
  FileChannel lock() throws IOException {
    Files.createDirectories(directory);
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.lock();
    if (!lock.isValid()) {
      throw new IOException("cannot lock " + directory);
    }
    return channel;
  }

  /**
   * An empty directory for work in progress; what ended processes left is removed. Needs the lock.
   */
  Path workDirectory() throws IOException {
    try (DirectoryStream<Path> old = Files.newDirectoryStream(directory, WORK + "*")) {
      for (Path path : old) {
        delete(path);
      }
    }
    return Files.createDirectory(directory.resolve(WORK + ProcessHandle.current().pid()));
  }

  /**
   * Fails unless the disk has so many bytes left for this user.
   *
   * @throws ConfigException that says what is needed and what there is
   */
  void needSpace(long bytes) throws IOException {
    long left = Files.getFileStore(directory).getUsableSpace();
    if (left < bytes) {
      throw new ConfigException(
          "%s has %d MB of disk space left, %d MB are needed"
              .formatted(directory, left >> 20, bytes >> 20));
    }
  }

  /**
   * Replaces the contents: the new files, then the list of them; then files no longer named are
   * removed.
   */
  void replace(Map<String, byte[]> files) throws IOException {
    StringBuilder sums = new StringBuilder();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      write(file.getKey(), file.getValue());
      sums.append(sha256(file.getValue())).append("  ").append(file.getKey()).append('\n');
    }
    write(SUMS, sums.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, Files::isRegularFile)) {
      for (Path path : all) {
        String name = path.getFileName().toString();
        if (!files.containsKey(name) && !name.equals(SUMS) && !name.equals("lock")) {
          Files.deleteIfExists(path);
        }
      }
    }
  }

  /**
   * The files in use with their contents, or empty when one is missing or is not what was written.
   */
  Optional<Map<String, byte[]>> read() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(directory.resolve(SUMS))) {
        String[] parts = line.split(" {2}", 2);
        byte[] content = Files.readAllBytes(directory.resolve(parts[1]));
        if (!sha256(content).equals(parts[0])) {
          return Optional.empty();
        }
        files.put(parts[1], content);
      }
    } catch (NoSuchFileException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
    return files.isEmpty() ? Optional.empty() : Optional.of(files);
  }

  /** Removes a directory with all it holds; what is gone already does not matter. */
  static void delete(Path root) {
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      return; // removed by the next process that takes the lock
    }
  }

  private void write(String name, byte[] content) throws IOException {
    Path temporary = directory.resolve("." + name + ".part");
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        for (ByteBuffer rest = ByteBuffer.wrap(content); rest.hasRemaining(); ) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
