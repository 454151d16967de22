package org.coremu.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.coremu.mem.CodePages;
import org.coremu.mem.Ram;

/**
 * The translated blocks of a machine, keyed by the place of their code in RAM and the mode they
 * were translated for, and shared by all cores.
 *
 * <p>Lookup and publication take no lock. Per page of RAM there is an immutable list of blocks,
 * replaced by CAS. A write to a page that holds code marks the blocks it touches dead, and every
 * core looks at the mark before it enters a block.
 *
 * <p>A translation that races with a write is caught this way: the translator marks the page as
 * code, then reads the code, then enters the block in the page's list, then compares it with RAM; a
 * writer writes, then looks for blocks in the list. Only after that can the block be found by
 * others. Writers that still have a fast TLB entry are told to drop it; each then compares the
 * blocks of the page with RAM once more.
 */
public final class CodeCache implements CodePages.Listener {
  private record Node(CodeBlock block, Node next) {}

  private static final int BUCKET_BITS = 16;

  /** What a block takes besides its code, in words. */
  private static final int BLOCK_OVERHEAD = 32;

  private static final int CHUNK_SHIFT = 12;
  private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;

  /** Blocks of 16 MiB of RAM. */
  private static final class Chunk {
    final AtomicReferenceArray<Node> pages = new AtomicReferenceArray<>(CHUNK_MASK + 1);
  }

  private final AtomicReferenceArray<Chunk> chunks;
  private final AtomicReferenceArray<Node> buckets = new AtomicReferenceArray<>(1 << BUCKET_BITS);
  private final Ram ram;
  private final CodePages codePages;
  private volatile List<Core> cores = List.of();
  private final long capacity;

  /** Where blocks get native code; null if they all have interpreter code. */
  final NativeCode nativeCode;

  /** Whether native code is traces from the start, not only where it is hot: for tests of these. */
  boolean onlyTraces;

  /**
   * Size of the live blocks, in words of interpreter code; a block counts {@link #BLOCK_OVERHEAD}
   * words more.
   */
  private final AtomicLong used = new AtomicLong();

  private final AtomicLong translated = new AtomicLong();
  private final AtomicLong traces = new AtomicLong();
  private final AtomicLong evictions = new AtomicLong();
  private final AtomicLong invalidated = new AtomicLong();

  /**
   * A cache for the code in a RAM.
   *
   * @param capacity words of interpreter code (8 bytes) it holds at most; when they are used up
   *     everything is dropped
   */
  public CodeCache(Ram ram, CodePages codePages, long capacity) {
    this(ram, codePages, capacity, null);
  }

  /** As the other constructor; blocks get native code where that can be. */
  public CodeCache(Ram ram, CodePages codePages, long capacity, NativeCode nativeCode) {
    this.nativeCode = nativeCode;
    this.ram = ram;
    this.capacity = capacity;
    this.codePages = codePages;
    chunks = new AtomicReferenceArray<>((int) (ram.size() >>> Ram.PAGE_SHIFT + CHUNK_SHIFT) + 1);
    codePages.setListener(this);
  }

  /** Names the cores whose TLBs may hold write entries. Before any of them runs. */
  public void setCores(List<Core> all) {
    cores = List.copyOf(all);
    if (nativeCode != null) {
      nativeCode.setCores(cores);
    }
  }

  private Chunk chunk(long page) {
    int i = (int) (page >>> CHUNK_SHIFT);
    Chunk chunk = chunks.get(i);
    if (chunk == null) {
      chunks.compareAndSet(i, null, new Chunk());
      chunk = chunks.get(i);
    }
    return chunk;
  }

  private static int bucket(long ramOffset) {
    return (int) (ramOffset * 0x9e3779b97f4a7c15L >>> 64 - BUCKET_BITS);
  }

  /**
   * The live block at a place, or null.
   *
   * @param linear where a core has the place mapped: a block that reaches into a second page is
   *     only given if that page follows for this core, too
   */
  CodeBlock find(long ramOffset, long mode, Core core, long linear) {
    boolean known = false;
    long next = -1;
    for (Node n = buckets.get(bucket(ramOffset)); n != null; n = n.next) {
      CodeBlock b = n.block;
      if (b.ramOffset == ramOffset && b.mode == mode && !b.dead) {
        if (b.secondPage < 0) {
          return b;
        }
        if (!known) {
          known = true;
          next = core.nextCodePage(linear);
        }
        if (b.secondPage == next) {
          return b;
        }
      }
    }
    return null;
  }

  /**
   * Announces that code of a page is about to be translated by a core: from here on writes to it
   * are seen.
   */
  void prepare(long page, Core by) {
    int mark = codePages.markCode(page);
    int writers = CodePages.writers(mark);
    if (writers == CodePages.NOBODY) {
      return;
    }
    if (writers == CodePages.SEVERAL || writers == by.index + 1) {
      by.tlb.protect(page);
    }
    if (writers != by.index + 1) {
      for (Core core : cores) {
        if (core != by
            && (writers == CodePages.SEVERAL || writers == core.index + 1)
            && core.tlb.fills() != 0) {
          core.post(writer -> protect(writer, page));
        }
      }
    }
    codePages.writersTold(page, mark);
  }

  /**
   * Makes a core drop its write entries for a page, then compares the page's blocks with RAM: what
   * the core wrote unseen is found before its next block.
   */
  private void protect(Core writer, long page) {
    writer.tlb.protect(page);
    recheck(page);
  }

  private void recheck(long page) {
    for (Node n = chunk(page).pages.get((int) page & CHUNK_MASK); n != null; n = n.next) {
      if (!n.block.dead && changed(n.block)) {
        kill(n.block);
      }
    }
  }

  /** Whether the code of a block is no longer what it was made from. */
  boolean changed(CodeBlock b) {
    int first = b.firstPageBytes();
    for (int i = 0; i < b.source.length; i++) {
      long at = i < first ? b.ramOffset + i : b.secondPage + i - first;
      if (ram.load8(at) != (b.source[i] & 0xff)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Publishes a block whose pages were prepared before its code was read.
   *
   * @return false if the code has been written since; the block must not be used then
   */
  boolean add(CodeBlock block) {
    long first = block.ramOffset >>> Ram.PAGE_SHIFT;
    long second = block.secondPage >>> Ram.PAGE_SHIFT;
    push(first, block);
    if (block.secondPage >= 0) {
      push(second, block);
    }
    boolean watched =
        codePages.confirmCode(first) && (block.secondPage < 0 || codePages.confirmCode(second));
    if (!watched || changed(block)) {
      markDead(block);
      return false;
    }
    translated.incrementAndGet();
    if (block.isTrace) {
      traces.incrementAndGet();
    }
    used.addAndGet(size(block));
    publish(block);
    return true;
  }

  private void push(long page, CodeBlock block) {
    AtomicReferenceArray<Node> pages = chunk(page).pages;
    int i = (int) page & CHUNK_MASK;
    Node head;
    do {
      head = pages.get(i);
    } while (!pages.compareAndSet(i, head, new Node(block, head)));
  }

  /** Enters a block for lookup, and drops the dead ones it meets. */
  private void publish(CodeBlock block) {
    int i = bucket(block.ramOffset);
    Node head;
    Node next;
    do {
      head = buckets.get(i);
      next = new Node(block, null);
      for (Node n = head; n != null; n = n.next) {
        if (!n.block.dead) {
          next = new Node(n.block, next);
        }
      }
    } while (!buckets.compareAndSet(i, head, next));
  }

  void kill(CodeBlock block) {
    if (markDead(block)) {
      used.addAndGet(-size(block));
      invalidated.incrementAndGet();
      CodeEvents.invalidated(block);
    }
  }

  /** Kills a block that is about to be translated anew. */
  void replace(CodeBlock block) {
    markDead(block);
  }

  private boolean markDead(CodeBlock block) {
    if (block.isNative()) {
      return nativeCode.kill(block);
    }
    if (block.dead) {
      return false;
    }
    block.dead = true;
    block.taken = null;
    block.otherwise = null;
    return true;
  }

  private static long size(CodeBlock block) {
    return block.isNative() ? 0 : block.code.length + BLOCK_OVERHEAD;
  }

  /** Kills a block whose native code must make room, and forgets it. */
  void evict(CodeBlock block) {
    markDead(block);
    prune(block.ramOffset >>> Ram.PAGE_SHIFT);
    if (block.secondPage >= 0) {
      prune(block.secondPage >>> Ram.PAGE_SHIFT);
    }
    unpublish(bucket(block.ramOffset));
  }

  private void prune(long page) {
    Chunk chunk = chunk(page);
    Node head = chunk.pages.get((int) page & CHUNK_MASK);
    if (head != null) {
      prune(chunk, page, head);
    }
  }

  /** Drops the dead blocks from a bucket. */
  private void unpublish(int bucket) {
    Node head = buckets.get(bucket);
    Node live = null;
    for (Node n = head; n != null; n = n.next) {
      if (!n.block.dead) {
        live = new Node(n.block, live);
      }
    }
    buckets.compareAndSet(bucket, head, live); // who wins a race drops them, too
  }

  /** Drops all blocks if the capacity is used up. Before a translation begins. */
  void makeRoom() {
    if (used.get() > capacity) {
      evictAll();
    }
  }

  /**
   * Drops all blocks. Translators that are at work notice that their page is no longer watched, and
   * begin again.
   */
  private synchronized void evictAll() {
    if (used.get() <= capacity) {
      return; // somebody else was quicker
    }
    evictions.incrementAndGet();
    for (int c = 0; c < chunks.length(); c++) {
      Chunk chunk = chunks.get(c);
      if (chunk != null) {
        for (int i = 0; i <= CHUNK_MASK; i++) {
          Node head = chunk.pages.get(i);
          for (Node n = head; n != null; n = n.next) {
            markDead(n.block);
          }
          if (head != null) {
            prune(chunk, ((long) c << CHUNK_SHIFT) + i, head);
          }
        }
      }
    }
    for (int i = 0; i < buckets.length(); i++) {
      buckets.set(i, null);
    }
    used.set(0);
  }

  @Override
  public void codeWritten(long ramOffset, int length) {
    long page = ramOffset >>> Ram.PAGE_SHIFT;
    Chunk chunk = chunk(page);
    int i = (int) page & CHUNK_MASK;
    Node head = chunk.pages.get(i);
    boolean killed = false;
    for (Node n = head; n != null; n = n.next) {
      if (n.block.covers(ramOffset, length)) {
        kill(n.block);
      }
      killed |= n.block.dead;
    }
    if (killed || head == null) {
      prune(chunk, page, head);
    }
  }

  /**
   * Drops the dead blocks of a page from its list, and stops watching the page when none is left.
   */
  private void prune(Chunk chunk, long page, Node head) {
    int stamp = codePages.stamp(page);
    Node live = null;
    for (Node n = head; n != null; n = n.next) {
      if (!n.block.dead) {
        live = new Node(n.block, live);
      }
    }
    if (chunk.pages.compareAndSet((int) page & CHUNK_MASK, head, live) && live == null) {
      codePages.clearCode(page, stamp);
    }
  }

  /** Blocks translated since the start. */
  public long translated() {
    return translated.get();
  }

  /** Blocks among them that go on along the likely way through branches. */
  public long traces() {
    return traces.get();
  }

  /** Times that all blocks, or a segment of native code, were dropped to make room. */
  public long evictions() {
    return evictions.get() + (nativeCode == null ? 0 : nativeCode.evictions());
  }

  /** Bytes of native code in use. */
  public long nativeBytes() {
    return nativeCode == null ? 0 : nativeCode.used();
  }

  /** Blocks killed by writes to their code since the start. */
  public long invalidated() {
    return invalidated.get();
  }

  /** The live blocks, for tests. */
  List<CodeBlock> live(long page) {
    List<CodeBlock> blocks = new ArrayList<>();
    for (Node n = chunk(page).pages.get((int) page & CHUNK_MASK); n != null; n = n.next) {
      if (!n.block.dead) {
        blocks.add(n.block);
      }
    }
    return blocks;
  }
}
