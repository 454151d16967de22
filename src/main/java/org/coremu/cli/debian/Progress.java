package org.coremu.cli.debian;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Says on stderr what a long wait is for: first after 2 seconds, then every 2, with the bytes that
 * have come.
 */
final class Progress implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 2000;

  private final PrintStream out;
  private final Path growing;
  private final Thread thread;
  private volatile String doing;

  /**
   * Starts watching.
   *
   * @param growing the directory whose size shows that something happens
   */
  Progress(PrintStream out, Path growing, String doing) {
    this.out = out;
    this.growing = growing;
    this.doing = doing;
    thread = Thread.ofVirtual().start(this::watch);
  }

  void step(String nowDoing) {
    doing = nowDoing;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(INTERVAL_MILLIS);
        out.printf("coremu: %s (%.1f MB)%n", doing, size() / 1e6);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long size() {
    try (Stream<Path> tree = Files.walk(growing)) {
      return tree.mapToLong(path -> path.toFile().length()).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }
}
