package org.coremu.device.irq;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One bit for each of the 256 vectors: IRR, ISR or TMR of a local APIC. Lock-free, sequentially
 * consistent.
 */
final class VectorSet {
  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] words = new long[4];

  /** Adds a vector; false when it was there already. */
  boolean add(int vector) {
    long bit = 1L << vector;
    return ((long) WORD.getAndBitwiseOr(words, vector >>> 6, bit) & bit) == 0;
  }

  /** Removes a vector; false when it was not there. */
  boolean remove(int vector) {
    long bit = 1L << vector;
    return ((long) WORD.getAndBitwiseAnd(words, vector >>> 6, ~bit) & bit) != 0;
  }

  boolean contains(int vector) {
    return (word(vector >>> 6) >>> vector & 1) != 0;
  }

  /** The highest vector, or -1 when the set is empty. */
  int highest() {
    for (int i = 3; i >= 0; i--) {
      long word = word(i);
      if (word != 0) {
        return i << 6 | 63 - Long.numberOfLeadingZeros(word);
      }
    }
    return -1;
  }

  /** Vectors {@code 32 * index} to {@code 32 * index + 31}, as one register shows them. */
  int register(int index) {
    return (int) (word(index >>> 1) >>> ((index & 1) << 5));
  }

  void clear() {
    for (int i = 0; i < words.length; i++) {
      WORD.setVolatile(words, i, 0L);
    }
  }

  long[] save() {
    return new long[] {word(0), word(1), word(2), word(3)};
  }

  void restore(long[] saved) {
    for (int i = 0; i < words.length; i++) {
      WORD.setVolatile(words, i, saved[i]);
    }
  }

  private long word(int index) {
    return (long) WORD.getVolatile(words, index);
  }
}
