package org.coremu.cli.console;

import java.io.OutputStream;
import org.coremu.hw.ByteChannel;

/**
 * The serial line between a pipe and the guest's shell. A terminal's user waits for the prompt; a
 * pipe does not, and a kernel that boots loses what comes too early. So a line is let through at
 * each prompt, which init marks; at the end of the pipe the prompt is answered with Ctrl-D. A
 * program that reads from the terminal gives no prompt: when the guest has been silent for a while,
 * a line is let through as well, unless the run must be repeatable.
 */
public final class PipedShellChannel implements ByteChannel, StdinPump.Receiver, AutoCloseable {
  private static final int CTRL_D = 4;
  private static final long FIRST_PATIENCE_MILLIS = 400;
  private static final long LONGEST_PATIENCE_MILLIS = 10_000;
  private static final byte[] CURSOR_QUERY = {0x1b, '[', '6', 'n'};

  private final MarkFilter filter;
  private final AsyncOutput output;
  private final SerialInput pending = new SerialInput();
  private final SerialInput passed = new SerialInput();
  private int queryBytes;
  private boolean open;
  private boolean ended;
  private boolean prompted;
  private boolean midLine;
  private volatile boolean closed;
  private volatile long outputs;

  /**
   * Connects the output.
   *
   * @param nonce what init was told to mark its prompts with
   * @param patient whether silence lets a line through; it makes runs depend on the host's time
   * @param onBroken called when the output takes no more
   */
  public PipedShellChannel(String nonce, OutputStream stdout, boolean patient, Runnable onBroken) {
    output = new AsyncOutput(stdout, onBroken);
    filter = new MarkFilter(nonce, this::plain, this::mark);
    if (patient) {
      Thread.ofPlatform().name("console-idle").daemon().start(this::watchSilence);
    }
  }

  @Override
  public int read() {
    return passed.read();
  }

  @Override
  public void write(int value) {
    outputs++;
    filter.accept(value);
  }

  @Override
  public void onInput(Runnable listener) {
    passed.onInput(listener);
  }

  @Override
  public void bytes(byte[] buffer, int count) {
    pending.add(buffer, 0, count);
    letThrough();
  }

  @Override
  public void end() {
    synchronized (this) {
      ended = true;
    }
    letThrough();
  }

  @Override
  public void close() {
    closed = true;
    filter.flush();
    output.close();
  }

  private void mark(String words) {
    if (words.equals("prompt")) {
      admit();
    }
  }

  private void admit() {
    synchronized (this) {
      prompted = true;
      open = true;
    }
    letThrough();
  }

  /** Passes bytes up to the end of one line, or answers the end of the pipe. */
  private void letThrough() {
    byte[] line = new byte[256];
    int n = 0;
    synchronized (this) {
      while (open && n < line.length) {
        int value = pending.read();
        if (value < 0 && !ended) {
          break;
        }
        if (value < 0) {
          value = midLine ? '\n' : CTRL_D;
        }
        line[n++] = (byte) value;
        midLine = value != '\n' && value != CTRL_D;
        open = midLine;
      }
    }
    passed.add(line, 0, n);
    if (n == line.length) {
      letThrough();
    }
  }

  private void watchSilence() {
    long patience = FIRST_PATIENCE_MILLIS;
    long seen = -1;
    while (!closed) {
      try {
        Thread.sleep(patience);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      boolean silent = outputs == seen;
      boolean waiting;
      synchronized (this) {
        waiting = prompted && !open && passed.isEmpty() && (ended || !pending.isEmpty());
      }
      if (silent && waiting) {
        patience = Math.min(2 * patience, LONGEST_PATIENCE_MILLIS);
        admit();
      } else if (!silent) {
        patience = FIRST_PATIENCE_MILLIS;
      }
      seen = outputs;
    }
  }

  /** Busybox asks where the cursor is; a pipe has none. */
  private void plain(int value) {
    if (value == CURSOR_QUERY[queryBytes]) {
      if (++queryBytes == CURSOR_QUERY.length) {
        queryBytes = 0;
      }
      return;
    }
    for (int i = 0; i < queryBytes; i++) {
      output.write(CURSOR_QUERY[i]);
    }
    queryBytes = value == CURSOR_QUERY[0] ? 1 : 0;
    if (queryBytes == 0) {
      output.write(value);
    }
  }
}
