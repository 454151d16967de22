package org.coremu.cli.console;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Takes bytes from a core's thread and writes them to a stream from its own, so that a slow reader
 * does not hold the core up until {@value #CAPACITY} bytes wait.
 */
final class AsyncOutput implements AutoCloseable {
  private static final int CAPACITY = 1 << 16;

  private final OutputStream stream;
  private final Runnable onBroken;
  private final Thread writer;
  private final Object lock = new Object();
  private byte[] waiting = new byte[CAPACITY];
  private byte[] writing = new byte[CAPACITY];
  private int count;
  private boolean busy;
  private boolean closed;
  private boolean broken;

  /**
   * Starts the writer.
   *
   * @param onBroken called once when the stream takes no more, for instance because the reader of a
   *     pipe is gone
   */
  AsyncOutput(OutputStream stream, Runnable onBroken) {
    this.stream = stream;
    this.onBroken = onBroken;
    writer = Thread.ofPlatform().name("console-out").daemon().start(this::run);
  }

  /** Takes a byte; waits only while the buffer is full and the stream alive. */
  void write(int value) {
    synchronized (lock) {
      while (count == CAPACITY && !broken && !closed) {
        if (!pause()) {
          return;
        }
      }
      if (broken || closed) {
        return;
      }
      waiting[count++] = (byte) value;
      if (count == 1) {
        lock.notifyAll();
      }
    }
  }

  /** Waits until all that was taken is written, but not long: the stream may have stopped. */
  void awaitWritten() {
    synchronized (lock) {
      for (int tenths = 0; (count > 0 || busy) && !broken && tenths < 5; tenths++) {
        try {
          lock.wait(100);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  /** Writes what waits, then ends the writer. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    try {
      writer.join(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean pause() {
    try {
      lock.wait();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void run() {
    try {
      for (int n = take(); n > 0; n = take()) {
        stream.write(writing, 0, n);
        stream.flush();
      }
    } catch (IOException e) {
      synchronized (lock) {
        broken = true;
        lock.notifyAll();
      }
      onBroken.run();
    }
  }

  /** Waits for bytes and swaps the buffers; 0 at the end. */
  private int take() {
    synchronized (lock) {
      busy = false;
      lock.notifyAll();
      while (count == 0 && !closed) {
        if (!pause()) {
          return 0;
        }
      }
      byte[] taken = waiting;
      waiting = writing;
      writing = taken;
      int n = count;
      count = 0;
      busy = true;
      lock.notifyAll();
      return n;
    }
  }
}
