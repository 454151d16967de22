package org.coremu.mem;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Which pages of {@link Ram} hold translated code, and which cores may write them without being seen.
 *
 * <p>A core's TLB lets it write a page on the fast path only while the page holds no translations. So each page has one
 * word: whether it holds code, and who may have a fast write entry for it (nobody, one core, or several). Setting the code
 * bit and reading the writers is one atomic step, and so is becoming a writer and seeing the code bit; the caller of
 * {@link #markCode} makes the writers it is told of drop their entries.
 */
public final class CodePages {
  /** No core has a fast write entry for the page. */
  public static final int NOBODY = 0;

  /** More than one core may have a fast write entry for the page. */
  public static final int SEVERAL = 0xffff;

  private static final int CODE = 0x10000;
  private static final int WRITERS = 0xffff;

  /** Pages a chunk of the table covers: 128 MiB of guest RAM for 128 KiB of table, made when first needed. */
  private static final int CHUNK_SHIFT = 15;

  private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;

  /** Told of writes to pages that hold code. */
  public interface Listener {
    /** Bytes at this offset of RAM have changed; they may be translated code. The range lies in one page. */
    void codeWritten(long ramOffset, int length);
  }

  private final AtomicReferenceArray<AtomicIntegerArray> chunks;
  private volatile Listener listener = (offset, length) -> {};

  /**
   * A table for a RAM.
   *
   * @param ramSize bytes
   */
  public CodePages(long ramSize) {
    long pages = ramSize >>> Ram.PAGE_SHIFT;
    chunks = new AtomicReferenceArray<>((int) (pages >>> CHUNK_SHIFT) + 1);
  }

  public void setListener(Listener listener) {
    this.listener = listener;
  }

  private AtomicIntegerArray chunk(long page) {
    int i = (int) (page >>> CHUNK_SHIFT);
    AtomicIntegerArray chunk = chunks.get(i);
    if (chunk == null) {
      chunks.compareAndSet(i, null, new AtomicIntegerArray(CHUNK_MASK + 1));
      chunk = chunks.get(i);
    }
    return chunk;
  }

  /** Whether the page with this number (offset >>> 12) holds translated code. */
  public boolean isCode(long page) {
    return (chunk(page).get((int) page & CHUNK_MASK) & CODE) != 0;
  }

  /**
   * Notes that a core is about to have a fast write entry for a page.
   *
   * @param core number of the core, 0 to 65533
   * @return false if it may not have one, because the page holds code
   */
  public boolean becomeWriter(long page, int core) {
    AtomicIntegerArray words = chunk(page);
    int i = (int) page & CHUNK_MASK;
    for (; ; ) {
      int word = words.get(i);
      if ((word & CODE) != 0) {
        return false;
      }
      int next = word == NOBODY || word == core + 1 ? core + 1 : SEVERAL;
      if (word == next || words.compareAndSet(i, word, next)) {
        return true;
      }
    }
  }

  /**
   * Marks a page as holding code.
   *
   * @return who had fast write entries until now: {@link #NOBODY}, a core's number + 1, or {@link #SEVERAL}
   */
  public int markCode(long page) {
    AtomicIntegerArray words = chunk(page);
    int i = (int) page & CHUNK_MASK;
    for (; ; ) {
      int word = words.get(i);
      if (word == CODE || words.compareAndSet(i, word, CODE)) {
        return word & WRITERS;
      }
    }
  }

  /** Notes that a page holds no code any more. */
  public void clearCode(long page) {
    AtomicIntegerArray words = chunk(page);
    int i = (int) page & CHUNK_MASK;
    words.compareAndSet(i, CODE, NOBODY);
  }

  /** To be called after every write to RAM that does not go through a fast TLB entry. */
  public void written(long ramOffset, int length) {
    if (isCode(ramOffset >>> Ram.PAGE_SHIFT)) {
      listener.codeWritten(ramOffset, length);
    }
  }
}
