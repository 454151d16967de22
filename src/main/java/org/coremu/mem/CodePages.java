package org.coremu.mem;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Which pages of {@link Ram} hold translated code, and which cores may write them without being
 * seen.
 *
 * <p>A core's TLB lets it write a page on the fast path only while the page holds no translations.
 * So each page has one word: whether it holds code, and who may have a fast write entry for it
 * (nobody, one core, or several). Setting the code bit and reading the writers is one atomic step,
 * and so is becoming a writer and seeing the code bit.
 */
public final class CodePages {
  /** No core has a fast write entry for the page. */
  public static final int NOBODY = 0;

  /** More than one core may have a fast write entry for the page. */
  public static final int SEVERAL = 0xffff;

  private static final int WRITERS = 0xffff;
  private static final int CODE = 0x10000;

  /**
   * The rest of the word counts marks and translations, so that neither is overlooked by who has
   * seen an older word.
   */
  private static final int VERSION = 0xfffe0000;

  private static final int NEXT_VERSION = 0x20000;

  /**
   * Pages a chunk of the table covers: 128 MiB of guest RAM for 128 KiB of table, made when first
   * needed.
   */
  private static final int CHUNK_SHIFT = 15;

  private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;

  /** Told of writes to pages that hold code. */
  public interface Listener {
    /**
     * Bytes at this offset of RAM have changed; they may be translated code. The range lies in one
     * page.
     */
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
      int writers = word & WRITERS;
      int next = word & VERSION | (writers == NOBODY || writers == core + 1 ? core + 1 : SEVERAL);
      if (word == next || words.compareAndSet(i, word, next)) {
        return true;
      }
    }
  }

  /**
   * Marks a page as holding code. The caller tells the {@link #writers} to drop their fast write
   * entries, then says so with {@link #writersTold}; until then others who mark the page tell them,
   * too, and need not wait for the caller.
   */
  public int markCode(long page) {
    AtomicIntegerArray words = chunk(page);
    int i = (int) page & CHUNK_MASK;
    for (; ; ) {
      int word = words.get(i);
      if ((word & CODE) != 0) {
        return word;
      }
      int next = word + NEXT_VERSION | CODE;
      if (words.compareAndSet(i, word, next)) {
        return next;
      }
    }
  }

  /**
   * Who may have fast write entries: {@link #NOBODY}, a core's number + 1, or {@link #SEVERAL}, by
   * what {@link #markCode} gave.
   */
  public static int writers(int mark) {
    return mark & WRITERS;
  }

  /** Notes that the writers have been told; {@code mark} is what {@link #markCode} gave. */
  public void writersTold(long page, int mark) {
    chunk(page).compareAndSet((int) page & CHUNK_MASK, mark, mark & ~WRITERS);
  }

  /**
   * To be called when a translation has been entered for lookup by writers.
   *
   * @return false if the page is not marked as code any more: writes to it may have been overlooked
   */
  public boolean confirmCode(long page) {
    AtomicIntegerArray words = chunk(page);
    int i = (int) page & CHUNK_MASK;
    for (; ; ) {
      int word = words.get(i);
      if ((word & CODE) == 0) {
        return false;
      }
      if (words.compareAndSet(i, word, word + NEXT_VERSION)) {
        return true;
      }
    }
  }

  /**
   * What {@link #clearCode} wants to know, to be read before the translations of the page are
   * looked at.
   */
  public int stamp(long page) {
    return chunk(page).get((int) page & CHUNK_MASK);
  }

  /**
   * Notes that a page holds no code any more; does nothing if translations were confirmed since the
   * stamp was read.
   */
  public void clearCode(long page, int stamp) {
    if ((stamp & CODE) != 0) {
      chunk(page).compareAndSet((int) page & CHUNK_MASK, stamp, stamp & ~CODE);
    }
  }

  /**
   * To be called after every write to RAM that does not go through a fast TLB entry. The write must
   * be visible to all, by a full fence or because it is atomic: who marks the page as code in the
   * meantime then reads what was written.
   */
  public void written(long ramOffset, int length) {
    if (isCode(ramOffset >>> Ram.PAGE_SHIFT)) {
      listener.codeWritten(ramOffset, length);
    }
  }
}
