package org.coremu.cli.top;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import org.coremu.machine.Sample;

/** The live view without a terminal: a line every two seconds. */
public final class TopLines {
  private static final long INTERVAL_MILLIS = 2000;

  private TopLines() {}

  /** Prints lines on a thread of its own until the process ends. */
  public static void start(Feed feed, PrintStream out) {
    Thread.ofPlatform()
        .daemon()
        .name("coremu-top")
        .start(
            () -> {
              try {
                Thread.sleep(INTERVAL_MILLIS);
                print(feed, out, Long.MAX_VALUE);
              } catch (IOException e) {
                out.println("coremu: top: " + e.getMessage());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /**
   * Prints lines until the machine has ended, or nobody reads them.
   *
   * @param most number of lines
   */
  static void print(Feed feed, PrintStream out, long most)
      throws IOException, InterruptedException {
    Optional<Sample> before = Optional.empty();
    for (long n = 0; n < most; n++) {
      if (n > 0) {
        Thread.sleep(INTERVAL_MILLIS);
      }
      Optional<Sample> now = feed.next();
      if (now.isEmpty()) {
        return;
      }
      out.println("coremu: " + TopLine.of(new Rates(before, now.get())));
      if (out.checkError()) {
        return;
      }
      before = now;
    }
  }
}
