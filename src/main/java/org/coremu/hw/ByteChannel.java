package org.coremu.hw;

/** The far end of a serial line: a terminal, a file, a socket, a test. */
public interface ByteChannel {
  /** A line nobody is connected to. */
  ByteChannel DISCONNECTED =
      new ByteChannel() {
        @Override
        public int read() {
          return -1;
        }

        @Override
        public void write(int value) {}

        @Override
        public void onInput(Runnable listener) {}
      };

  /**
   * Takes the next byte that has come in, without waiting.
   *
   * @return 0 to 255, or -1 when there is none now
   */
  int read();

  /**
   * Sends a byte to the outside. May buffer; must not block for long.
   *
   * @param value 0 to 255
   */
  void write(int value);

  /**
   * Registers who is told that {@link #read()} may have something.
   *
   * @param listener called on any thread; it must be quick
   */
  void onInput(Runnable listener);
}
