package org.coremu.cli.console;

/** A queue of bytes on their way to the guest. It grows as needed: a paste must not get lost. */
final class SerialInput {
  private byte[] bytes = new byte[256];
  private int head;
  private int count;
  private Runnable listener = () -> {};

  /** Takes the next byte, or -1 when there is none. */
  synchronized int read() {
    if (count == 0) {
      return -1;
    }
    int value = bytes[head] & 0xff;
    head = (head + 1) % bytes.length;
    count--;
    return value;
  }

  synchronized boolean isEmpty() {
    return count == 0;
  }

  synchronized void onInput(Runnable whenAny) {
    listener = whenAny;
  }

  /** Adds bytes and tells the listener, outside the lock. */
  void add(byte[] source, int from, int to) {
    if (from == to) {
      return;
    }
    Runnable told;
    synchronized (this) {
      for (int i = from; i < to; i++) {
        append(source[i]);
      }
      told = listener;
    }
    told.run();
  }

  private void append(byte value) {
    if (count == bytes.length) {
      byte[] larger = new byte[2 * count];
      for (int i = 0; i < count; i++) {
        larger[i] = bytes[(head + i) % count];
      }
      bytes = larger;
      head = 0;
    }
    bytes[(head + count++) % bytes.length] = value;
  }
}
