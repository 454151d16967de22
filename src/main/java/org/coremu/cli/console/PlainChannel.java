package org.coremu.cli.console;

import java.io.OutputStream;
import org.coremu.hw.ByteChannel;

/**
 * A serial line on plain byte streams: what a pipe or file brings goes to the guest as it comes.
 */
public final class PlainChannel implements ByteChannel, AutoCloseable {
  private final SerialInput input = new SerialInput();
  private final AsyncOutput output;
  private final HeldOutput held;

  /**
   * Connects the streams.
   *
   * @param output not closed
   * @param onBroken called when the output takes no more
   */
  public PlainChannel(OutputStream output, Runnable onBroken) {
    this.output = new AsyncOutput(output, onBroken);
    held = new HeldOutput(this.output);
  }

  /** Adds bytes for the guest. */
  public void send(byte[] bytes, int count) {
    input.add(bytes, 0, count);
  }

  /** Shows bytes that do not come from the guest. */
  void show(byte[] bytes) {
    for (byte b : bytes) {
      output.write(b);
    }
  }

  @Override
  public int read() {
    return input.read();
  }

  /** Holds the guest's output back until {@link #release}. */
  void hold() {
    held.hold();
  }

  void release() {
    held.release();
  }

  @Override
  public void write(int value) {
    held.write(value);
  }

  @Override
  public void onInput(Runnable listener) {
    input.onInput(listener);
  }

  @Override
  public void close() {
    output.close();
  }
}
