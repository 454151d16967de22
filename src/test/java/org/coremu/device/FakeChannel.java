package org.coremu.device;

import java.util.ArrayDeque;
import java.util.Queue;
import org.coremu.hw.ByteChannel;

/** A serial line whose far end is the test. */
public final class FakeChannel implements ByteChannel {
  private final Queue<Integer> input = new ArrayDeque<>();
  private final StringBuilder output = new StringBuilder();
  private Runnable listener = () -> {};
  private int reads;

  /** Lets bytes come in. */
  public void type(String text) {
    text.chars().forEach(input::add);
    listener.run();
  }

  /** What was sent so far. */
  public String output() {
    return output.toString();
  }

  /** How many bytes nobody has taken yet. */
  public int waiting() {
    return input.size();
  }

  /** How often anybody asked for input. */
  public int reads() {
    return reads;
  }

  @Override
  public int read() {
    reads++;
    return input.isEmpty() ? -1 : input.remove();
  }

  @Override
  public void write(int value) {
    output.append((char) value);
  }

  @Override
  public void onInput(Runnable newListener) {
    listener = newListener;
  }
}
