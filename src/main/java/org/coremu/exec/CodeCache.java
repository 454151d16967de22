package org.coremu.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.coremu.mem.CodePages;
import org.coremu.mem.Ram;

/**
 * The translated blocks of a machine, keyed by the place of their code in RAM and the mode they were translated for, and
 * shared by all cores.
 *
 * <p>Lookup and publication take no lock. Per page of RAM there is an immutable list of blocks, replaced by CAS. A write to
 * a page that holds code marks the blocks it touches dead, and every core looks at the mark before it enters a block.
 *
 * <p>A translation that races with a write is caught this way: the translator marks the page as code, then reads the code,
 * then publishes, then checks the page's write count; a writer writes, then counts, then looks for blocks. Writers that
 * still have a fast TLB entry are told to drop it; when all have, the blocks of the page are compared with RAM once more.
 */
public final class CodeCache implements CodePages.Listener {
  private record Node(CodeBlock block, Node next) {}

  private static final int BUCKET_BITS = 16;
  private static final int CHUNK_SHIFT = 12;
  private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;

  /** Blocks of 16 MiB of RAM. */
  private static final class Chunk {
    final AtomicReferenceArray<Node> pages = new AtomicReferenceArray<>(CHUNK_MASK + 1);
    final AtomicIntegerArray writes = new AtomicIntegerArray(CHUNK_MASK + 1);
  }

  private final AtomicReferenceArray<Chunk> chunks;
  private final AtomicReferenceArray<Node> buckets = new AtomicReferenceArray<>(1 << BUCKET_BITS);
  private final Ram ram;
  private final CodePages codePages;
  private volatile List<Core> cores = List.of();
  private final AtomicLong translated = new AtomicLong();
  private final AtomicLong invalidated = new AtomicLong();

  /** A cache for the code in a RAM. */
  public CodeCache(Ram ram, CodePages codePages) {
    this.ram = ram;
    this.codePages = codePages;
    chunks = new AtomicReferenceArray<>((int) (ram.size() >>> Ram.PAGE_SHIFT + CHUNK_SHIFT) + 1);
    codePages.setListener(this);
  }

  /** Names the cores whose TLBs may hold write entries. Before any of them runs. */
  public void setCores(List<Core> all) {
    cores = List.copyOf(all);
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

  /** The live block at a place, or null. If it reaches into a second page, the caller checks that this is the one mapped now. */
  CodeBlock find(long ramOffset, long mode) {
    for (Node n = buckets.get(bucket(ramOffset)); n != null; n = n.next) {
      CodeBlock b = n.block;
      if (b.ramOffset == ramOffset && b.mode == mode && !b.dead) {
        return b;
      }
    }
    return null;
  }

  /** Number of writes seen to a page, to be read before its code is. */
  int writes(long page) {
    return chunk(page).writes.get((int) page & CHUNK_MASK);
  }

  /**
   * Announces that code of a page is about to be translated by a core: from here on writes to it are seen.
   */
  void prepare(long page, Core by) {
    int writers = codePages.markCode(page);
    if (writers == CodePages.NOBODY) {
      return;
    }
    if (writers == by.index + 1) {
      by.tlb.protect(page);
      return;
    }
    Recheck recheck = new Recheck(page);
    int told = 0;
    for (Core core : cores) {
      if (core != by && (writers == CodePages.SEVERAL || writers == core.index + 1) && core.tlb.fills() != 0) {
        told++;
        recheck.pending.incrementAndGet();
        core.post(recheck);
      }
    }
    if (writers == CodePages.SEVERAL) {
      by.tlb.protect(page);
    }
    if (told > 0) {
      recheck.done();
    }
  }

  /** Makes cores drop their write entries for a page, then compares its blocks with RAM. */
  private final class Recheck implements CoreMessage {
    final long page;
    final AtomicInteger pending = new AtomicInteger(1);

    Recheck(long page) {
      this.page = page;
    }

    @Override
    public void deliver(Core core) {
      core.tlb.protect(page);
      done();
    }

    void done() {
      if (pending.decrementAndGet() == 0) {
        recheck(page);
      }
    }
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

  /** Publishes a block. */
  void add(CodeBlock block) {
    translated.incrementAndGet();
    push(block.ramOffset >>> Ram.PAGE_SHIFT, block);
    publish(block);
    if (block.secondPage >= 0) {
      push(block.secondPage >>> Ram.PAGE_SHIFT, block);
    }
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

  /** Whether writes to a page are still watched as {@link #prepare} made them. */
  boolean isWatched(long page) {
    return codePages.isCode(page);
  }

  void kill(CodeBlock block) {
    if (!block.dead) {
      block.dead = true;
      block.taken = null;
      block.otherwise = null;
      invalidated.incrementAndGet();
    }
  }

  @Override
  public void codeWritten(long ramOffset, int length) {
    long page = ramOffset >>> Ram.PAGE_SHIFT;
    Chunk chunk = chunk(page);
    int i = (int) page & CHUNK_MASK;
    chunk.writes.incrementAndGet(i);
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

  /** Drops the dead blocks of a page from its list, and stops watching the page when none is left. */
  private void prune(Chunk chunk, long page, Node head) {
    Node live = null;
    for (Node n = head; n != null; n = n.next) {
      if (!n.block.dead) {
        live = new Node(n.block, live);
      }
    }
    if (chunk.pages.compareAndSet((int) page & CHUNK_MASK, head, live) && live == null) {
      codePages.clearCode(page);
    }
  }

  /** Blocks translated since the start. */
  public long translated() {
    return translated.get();
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
