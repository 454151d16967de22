package org.coremu.machine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.coremu.hw.ByteChannel;

/** The far end of a machine's serial line, for a test to talk to it. */
public final class TestConsole implements ByteChannel {
  private static final long PATIENCE_SECONDS = 120;

  private final Deque<Integer> input = new ArrayDeque<>();
  private final StringBuilder output = new StringBuilder();
  private Runnable listener = () -> {};

  @Override
  public synchronized int read() {
    Integer next = input.poll();
    return next == null ? -1 : next;
  }

  @Override
  public synchronized void write(int value) {
    output.append((char) value);
    notifyAll();
  }

  @Override
  public synchronized void onInput(Runnable newListener) {
    listener = newListener;
  }

  /** Types a text. */
  public void type(String text) {
    Runnable told;
    synchronized (this) {
      for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
        input.add(b & 0xff);
      }
      told = listener;
    }
    told.run();
  }

  /** Waits until the machine has written a text. */
  public synchronized void await(String text) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (output.indexOf(text) < 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("no '" + text + "' in:\n" + output);
      }
      wait(left);
    }
  }

  public synchronized String output() {
    return output.toString();
  }
}
