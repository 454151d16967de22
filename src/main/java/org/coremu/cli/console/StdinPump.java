package org.coremu.cli.console;

import java.io.IOException;
import java.io.InputStream;

/** Reads a stream on a thread of its own and hands its bytes on. */
final class StdinPump {
  /** Takes what was read. */
  interface Receiver {
    /** The first {@code count} bytes are new; the array is reused. */
    void bytes(byte[] buffer, int count);

    /** There will be no more. */
    void end();
  }

  private StdinPump() {}

  static void start(InputStream in, Receiver receiver) {
    Thread.ofPlatform().name("console-in").daemon().start(() -> pump(in, receiver));
  }

  /** Reads to the end on the calling thread. */
  static void pump(InputStream in, Receiver receiver) {
    byte[] buffer = new byte[4096];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        receiver.bytes(buffer, n);
      }
    } catch (IOException e) {
      // A closed stdin is an empty one.
    }
    receiver.end();
  }
}
