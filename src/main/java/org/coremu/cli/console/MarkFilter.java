package org.coremu.cli.console;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Takes marks out of a stream of bytes. A mark is {@code @nonce words@}; because the nonce cannot
 * be guessed, nothing the guest prints by itself is taken for one. Everything else passes
 * unchanged, at once unless it may become a mark.
 */
final class MarkFilter implements IntConsumer {
  private static final int LONGEST_WORDS = 32;

  private final byte[] opening;
  private final IntConsumer others;
  private final Consumer<String> marks;
  private final byte[] held;
  private int count;

  /**
   * Makes one.
   *
   * @param others takes the bytes that belong to no mark
   * @param marks takes the words of each mark, in order with the bytes
   */
  MarkFilter(String nonce, IntConsumer others, Consumer<String> marks) {
    opening = ("@" + nonce + " ").getBytes(StandardCharsets.US_ASCII);
    held = new byte[opening.length + LONGEST_WORDS];
    this.others = others;
    this.marks = marks;
  }

  @Override
  public void accept(int value) {
    if (count < opening.length && value != opening[count]) {
      flush();
      if (value != opening[0]) {
        others.accept(value);
        return;
      }
    }
    if (count >= opening.length && value == '@') {
      String words =
          new String(held, opening.length, count - opening.length, StandardCharsets.US_ASCII);
      count = 0;
      marks.accept(words);
      return;
    }
    held[count++] = (byte) value;
    if (count == held.length) {
      flush();
    }
  }

  /** Gives up on what is held and passes it on. */
  void flush() {
    int n = count;
    count = 0;
    for (int i = 0; i < n; i++) {
      others.accept(held[i] & 0xff);
    }
  }
}
