package org.coremu.cli.console;

import java.nio.charset.StandardCharsets;

/**
 * The guest's output on its way to the terminal, which can be held back while the terminal shows
 * something else. The last {@value #CAPACITY} bytes are kept.
 */
final class HeldOutput {
  private static final int CAPACITY = 1 << 18;

  private final AsyncOutput output;
  private byte[] held = new byte[0];
  private long count;
  private boolean holding;

  HeldOutput(AsyncOutput output) {
    this.output = output;
  }

  synchronized void write(int value) {
    if (holding) {
      held[(int) (count++ % CAPACITY)] = (byte) value;
    } else {
      output.write(value);
    }
  }

  /** Holds output back from now on, and waits until what came before is written. */
  void hold() {
    synchronized (this) {
      if (!holding) {
        held = new byte[CAPACITY];
        count = 0;
        holding = true;
      }
    }
    output.awaitWritten();
  }

  /** Lets output pass again, what was held back first. */
  synchronized void release() {
    if (!holding) {
      return;
    }
    holding = false;
    if (count > CAPACITY) {
      String lost = "\r\n[coremu: %d bytes of output left out]\r\n".formatted(count - CAPACITY);
      for (byte b : lost.getBytes(StandardCharsets.US_ASCII)) {
        output.write(b);
      }
    }
    for (long i = Math.max(0, count - CAPACITY); i < count; i++) {
      output.write(held[(int) (i % CAPACITY)]);
    }
    held = new byte[0];
  }
}
