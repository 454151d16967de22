package org.coremu.device.uart;

import java.util.Arrays;

/**
 * The receiver of a {@link Uart16550}: up to 16 bytes the guest can see, and before them what was
 * taken back from a FIFO that the guest cleared. Not thread-safe; the chip's lock guards it.
 */
final class ReceiveFifo {
  static final int DEPTH = 16;

  private final byte[] bytes = new byte[DEPTH];
  private final byte[] returned = new byte[DEPTH];
  private int count;
  private int returnedCount;

  /**
   * Whether a byte in here came from the transmitter by loopback; such bytes are not worth keeping.
   */
  private boolean looped;

  /** The bytes, oldest first, and the flag. */
  record State(byte[] bytes, byte[] returned, boolean looped) {}

  int count() {
    return count;
  }

  void add(int value, boolean fromLoopback) {
    bytes[count++] = (byte) value;
    looped |= fromLoopback;
  }

  /** Takes the oldest byte; there must be one. */
  int remove() {
    int first = bytes[0] & 0xff;
    count--;
    System.arraycopy(bytes, 1, bytes, 0, count);
    looped &= count != 0;
    return first;
  }

  /** Empties the FIFO. Bytes from the line are put back in front of those still to come. */
  void clear() {
    if (!looped) {
      // Both fit: while anything is left in returned, all that is in bytes came from there.
      System.arraycopy(returned, 0, returned, count, returnedCount);
      System.arraycopy(bytes, 0, returned, 0, count);
      returnedCount += count;
    }
    count = 0;
    looped = false;
  }

  /** Takes the first byte that was put back, or -1. */
  int takeReturned() {
    if (returnedCount == 0) {
      return -1;
    }
    int first = returned[0] & 0xff;
    returnedCount--;
    System.arraycopy(returned, 1, returned, 0, returnedCount);
    return first;
  }

  State save() {
    return new State(Arrays.copyOf(bytes, count), Arrays.copyOf(returned, returnedCount), looped);
  }

  void restore(State state) {
    count = state.bytes.length;
    returnedCount = state.returned.length;
    System.arraycopy(state.bytes, 0, bytes, 0, count);
    System.arraycopy(state.returned, 0, returned, 0, returnedCount);
    looped = state.looped;
  }
}
