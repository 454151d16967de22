package org.coremu.exec.nativecode;

import java.util.Arrays;

/**
 * The places where a block may come back to Java, as native code names them. A site is {@link
 * #WORDS} ints; what they mean depends on its kind.
 */
public final class Sites {
  public static final int WORDS = 4;

  /** The block could not be entered: budget, a request to stop, or it is dead. */
  public static final int ENTRY = 0;

  /** A direct jump that leads nowhere yet: end of its displacement, delta, its stub. */
  public static final int LINK = 1;

  /** An op that Java does: where to go on, IR op, an argument of the op. */
  public static final int SLOW = 2;

  /** The block ends; the core must look at its events: unused, delta. */
  public static final int EXIT = 3;

  /** As EXIT; a helper has set the PC. */
  public static final int LEAVE = 4;

  /**
   * Bytes of what goes to Java at the stub of a LINK. The look into the jump cache comes after it.
   */
  public static final int LEAVE_BYTES = 19;

  /** What {@code CoreState.EXIT} holds when a jump target was not in the jump cache. */
  public static final int INDIRECT = -1;

  /** Multiplier and shift that hash a PC; masked, it is the byte offset of its jump cache entry. */
  public static final int HASH = 0x9E3779B1;

  public static final int HASH_SHIFT = 12;

  private int[] words = new int[64 * WORDS];
  private short[] insn = new short[64];
  private int count;

  /** Whether a jump stays within its page, so that it may be linked. */
  public static boolean isInPage(int pageOffset, long delta) {
    return pageOffset + delta >>> 12 == 0;
  }

  void clear() {
    count = 0;
  }

  /** Adds a site and gives its number. */
  int add(int kind, int instruction, int x, int y, int z) {
    if (count == insn.length) {
      words = Arrays.copyOf(words, words.length * 2);
      insn = Arrays.copyOf(insn, insn.length * 2);
    }
    int at = count * WORDS;
    words[at] = kind;
    words[at + 1] = x;
    words[at + 2] = y;
    words[at + 3] = z;
    insn[count] = (short) instruction;
    return count++;
  }

  void set(int site, int word, int value) {
    words[site * WORDS + word] = value;
  }

  /** The sites of the block compiled last. */
  public int[] words() {
    return Arrays.copyOf(words, count * WORDS);
  }

  /** Per site: the number of its instruction in the block. */
  public short[] instructions() {
    return Arrays.copyOf(insn, count);
  }
}
