package org.coremu.cli.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalInt;
import org.coremu.hw.ByteChannel;

/**
 * The serial line of a machine that runs one command: the init script puts a mark before and after
 * the command's output. What lies between goes to stdout; what lies outside is the kernel's log.
 */
public final class ExecChannel implements ByteChannel, AutoCloseable {
  private static final int TAIL = 2048;

  private final MarkFilter filter;
  private final AsyncOutput stdout;
  private final OutputStream log;
  private final byte[] tail = new byte[TAIL];
  private long logged;
  private boolean running;
  private IOException logFailure;
  private volatile OptionalInt status = OptionalInt.empty();

  /**
   * Connects the streams.
   *
   * @param nonce what init was told to mark its messages with
   * @param stdout takes the command's output; not closed
   * @param log takes everything else, and is flushed after each line; closed with this channel
   * @param onBroken called when stdout takes no more
   */
  public ExecChannel(String nonce, OutputStream stdout, OutputStream log, Runnable onBroken) {
    this.stdout = new AsyncOutput(stdout, onBroken);
    this.log = log;
    filter = new MarkFilter(nonce, this::plain, this::mark);
  }

  /** The command's exit status, once it has ended. */
  public OptionalInt status() {
    return status;
  }

  /** The last of the log, for a message when the machine ended before the command. */
  public synchronized String tail() {
    int n = (int) Math.min(logged, TAIL);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (long i = logged - n; i < logged; i++) {
      text.write(tail[(int) (i % TAIL)]);
    }
    return text.toString(java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public int read() {
    return -1;
  }

  @Override
  public synchronized void write(int value) {
    filter.accept(value);
  }

  @Override
  public void onInput(Runnable listener) {}

  /**
   * Writes out what waits.
   *
   * @throws IOException when the log could not be written whole
   */
  @Override
  public synchronized void close() throws IOException {
    filter.flush();
    stdout.close();
    log.close();
    if (logFailure != null) {
      throw logFailure;
    }
  }

  private void plain(int value) {
    if (running) {
      stdout.write(value);
      return;
    }
    tail[(int) (logged++ % TAIL)] = (byte) value;
    try {
      if (logFailure == null) {
        log.write(value);
        if (value == '\n') {
          // The log of a guest that hangs must not lack the lines that say where.
          log.flush();
        }
      }
    } catch (IOException e) {
      logFailure = e;
    }
  }

  private void mark(String words) {
    if (words.equals("begin")) {
      running = true;
    } else if (words.matches("end [0-9]{1,3}")) {
      running = false;
      status = OptionalInt.of(Integer.parseInt(words.substring("end ".length())));
    }
  }
}
