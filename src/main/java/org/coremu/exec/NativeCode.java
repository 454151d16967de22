package org.coremu.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.coremu.exec.nativecode.BlockCompiler;
import org.coremu.exec.nativecode.CodeMemory;
import org.coremu.exec.nativecode.HostFeatures;
import org.coremu.exec.nativecode.Optimisation;
import org.coremu.exec.nativecode.Sites;
import org.coremu.exec.nativecode.StateLayout;
import org.coremu.exec.nativecode.Trampolines;

/**
 * The machine code of a machine's blocks: bounded memory in segments that are filled in turn, the
 * jumps between blocks, and the way in.
 *
 * <p>Jumps are set and taken back by replacing an aligned word. A dead block's entry becomes a jump
 * out, and jumps to it are taken back; a core that is inside finishes the block. When a segment has
 * been filled, the blocks of the one after the next are killed, and its memory is used again when
 * every core has since been in Java between two blocks; nobody waits for that.
 */
public final class NativeCode {
  private static final int SEGMENTS = 8;
  private static final int ALIGNMENT = 16;

  /**
   * In front of a block's code: this mark, which reads "coremu:B", then the offset of its guest
   * code in its page and, in the high half, its guest instructions. {@code scripts/crash-in-code}
   * looks for it when the JVM has died in the block.
   */
  private static final long HEADER_MARK = 0x42_3A_75_6D_65_72_6F_63L;

  private static final int HEADER = 16;
  private static final int JMP = 0xE9;

  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

  /** A piece of the memory, and the blocks in it. */
  private static final class Segment {
    final long start;
    final List<CodeBlock> blocks = new ArrayList<>();

    /** Whether its blocks have been killed and its memory waits to be used again. */
    boolean evicted;

    /** Epoch that every core must have reached before it is. */
    long freeAt;

    Segment(long start) {
      this.start = start;
    }
  }

  /**
   * A jump that leads to a block, and those that were led there before it.
   *
   * @param count of all of them, those from dead blocks included
   * @param limit count at which to drop the latter
   */
  record Link(CodeBlock from, int site, Link next, int count, int limit) {
    private static final int FEW = 16;

    /** The links with one more, without those from dead blocks if these may be many. */
    static Link add(Link links, CodeBlock from, int site) {
      Link kept = links != null && links.count >= links.limit ? living(links) : links;
      return kept == null
          ? new Link(from, site, null, 1, FEW)
          : new Link(from, site, kept, kept.count + 1, kept.limit);
    }

    private static Link living(Link links) {
      int count = 0;
      for (Link l = links; l != null; l = l.next) {
        count += l.from.dead ? 0 : 1;
      }
      int limit = Math.max(FEW, 2 * count);
      Link kept = null;
      for (Link l = links; l != null; l = l.next) {
        if (!l.from.dead) {
          kept = new Link(l.from, l.site, kept, kept == null ? 1 : kept.count + 1, limit);
        }
      }
      return kept;
    }
  }

  private final CodeMemory memory;
  private final long segmentBytes;
  private final Segment[] segments = new Segment[SEGMENTS];

  /** The segment that is being filled, and how far. */
  private int current;

  private long top;

  private final CodeListener listener;
  private final StateLayout layout;
  private final HostFeatures features = HostFeatures.detect();
  private final Trampolines trampolines;
  private final MemorySegment enter;
  private final MemorySegment resume;
  private final AtomicLong epoch = new AtomicLong();
  private final AtomicInteger patching = new AtomicInteger();
  private volatile List<Core> cores = List.of();
  private volatile CodeBlock[] byId = new CodeBlock[4096];
  private int idsUsed;
  private int[] freeIds = new int[64];
  private int freeIdCount;
  private final AtomicLong evictions = new AtomicLong();

  /**
   * Takes memory for code.
   *
   * @param bytes at least 1 MiB
   * @param layout what native code must know of the guest's state
   */
  public NativeCode(Arena arena, long bytes, StateLayout layout) {
    this(arena, bytes, layout, CodeListener.NONE);
  }

  /** As the other one; {@code listener} is told of every block. */
  public NativeCode(Arena arena, long bytes, StateLayout layout, CodeListener listener) {
    this.listener = listener;
    this.layout = Optimisation.PINNING.isOn() ? layout : layout.unpinned();
    memory = new CodeMemory(arena, bytes & -(long) (SEGMENTS * 4096));
    segmentBytes = memory.size() / SEGMENTS;
    for (int i = 0; i < SEGMENTS; i++) {
      segments[i] = new Segment(i * segmentBytes);
    }
    trampolines = Trampolines.install(memory, this.layout);
    top = trampolines.size();
    enter = MemorySegment.ofAddress(memory.address() + trampolines.enter());
    resume = MemorySegment.ofAddress(memory.address() + trampolines.resume());
  }

  /** Names the cores that may run the code. Before any of them runs. */
  void setCores(List<Core> all) {
    cores = List.copyOf(all);
  }

  BlockCompiler newCompiler() {
    return new BlockCompiler(layout, features);
  }

  // ---- running

  /** Runs a block, with the guest state in its slots. */
  void enter(long state, CodeBlock block) {
    call(enter, state, memory.address() + block.entry);
  }

  /** Goes on in a block after Java has done an op for it. */
  void resume(long state, CodeBlock block, int offset) {
    call(resume, state, memory.address() + block.entry + offset);
  }

  private static void call(MemorySegment function, long state, long address) {
    try {
      CALL.invokeExact(function, state, address);
    } catch (Throwable e) {
      throw new AssertionError("native code", e);
    }
  }

  /** Host address of a block's code. */
  long address(CodeBlock block) {
    return memory.address() + block.entry;
  }

  /** The block that native code calls by this number. */
  CodeBlock block(int id) {
    return byId[id];
  }

  // ---- publishing

  synchronized int newId() {
    if (freeIdCount > 0) {
      return freeIds[--freeIdCount];
    }
    if (idsUsed == byId.length) {
      byId = Arrays.copyOf(byId, idsUsed * 2);
    }
    return idsUsed++;
  }

  synchronized void freeId(int id) {
    if (freeIdCount == freeIds.length) {
      freeIds = Arrays.copyOf(freeIds, freeIdCount * 2);
    }
    freeIds[freeIdCount++] = id;
  }

  /**
   * Puts the code that a compiler has just made into memory, and lets {@code block.entry} be its
   * place.
   *
   * @param linear address of its guest code
   * @return false if there is no room at present, or never: a few guest instructions can become so
   *     much code that it does not fit into a small memory
   */
  synchronized boolean install(
      BlockCompiler compiler, CodeBlock block, long linear, CodeCache cache) {
    int size = HEADER + compiler.size() + ALIGNMENT - 1 & -ALIGNMENT;
    if (size > segmentBytes - trampolines.size()) {
      return false;
    }
    if (top + size > segments[current].start + segmentBytes && !advance(cache)) {
      return false;
    }
    // The block must be complete when another thread gets to evict it.
    memory.patchLong(top, HEADER_MARK);
    memory.patchLong(top + 8, (long) block.insns << 32 | block.pageOffset());
    long entry = top + HEADER;
    memory.write(entry, compiler.relocated(entry, trampolines), compiler.size());
    block.entry = entry;
    byId[block.id] = block;
    segments[current].blocks.add(block);
    listener.installed(memory.address() + entry, compiler.size(), linear, block.isTrace);
    top += size;
    return true;
  }

  /** Goes to the next segment, if its memory is free, and empties the one after it. */
  private boolean advance(CodeCache cache) {
    int next = (current + 1) % SEGMENTS;
    Segment s = segments[next];
    if (s.evicted && !reclaim(s)) {
      return false;
    }
    current = next;
    top = next == 0 ? trampolines.size() : s.start;
    evict((next + 1) % SEGMENTS, cache);
    return true;
  }

  private void evict(int segment, CodeCache cache) {
    Segment s = segments[segment];
    if (s.blocks.isEmpty()) {
      return;
    }
    for (CodeBlock b : s.blocks) {
      cache.evict(b);
    }
    evictions.incrementAndGet();
    CodeEvents.evicted(segment, s.blocks.size(), segmentBytes);
    s.evicted = true;
    s.freeAt = epoch.incrementAndGet();
    for (Core core : cores) {
      core.leaveNativeCode();
    }
  }

  private boolean reclaim(Segment s) {
    if (patching.get() != 0) {
      return false;
    }
    for (Core core : cores) {
      if (core.reachedEpoch() < s.freeAt) {
        return false;
      }
    }
    for (CodeBlock b : s.blocks) {
      byId[b.id] = null;
      freeId(b.id);
    }
    s.blocks.clear();
    s.evicted = false;
    return true;
  }

  /** The epoch that a core between two blocks has reached. */
  long epoch() {
    return epoch.get();
  }

  /** Segments emptied because the memory was used up. */
  long evictions() {
    return evictions.get();
  }

  /** Bytes of code memory in use. */
  synchronized long used() {
    long sum = top - segments[current].start;
    for (int i = 0; i < SEGMENTS; i++) {
      if (i != current && !segments[i].blocks.isEmpty()) {
        sum += segmentBytes;
      }
    }
    return sum;
  }

  // ---- jumps

  /** Lets the jump at a site lead to a block. */
  void link(CodeBlock from, int site, CodeBlock to) {
    Link head;
    do {
      head = to.incoming;
    } while (!to.replaceIncoming(head, Link.add(head, from, site)));
    int end = from.sites[site * Sites.WORDS + 1];
    patchJump(from, end, to.entry - from.entry - end);
    if (to.dead) {
      unlink(from, site);
    }
  }

  /** Lets the jump at a site, which leads to Java, look into the jump cache first. */
  void linkToCache(CodeBlock from, int site) {
    int end = from.sites[site * Sites.WORDS + 1];
    patchJump(from, end, from.sites[site * Sites.WORDS + 3] + Sites.LEAVE_BYTES - end);
  }

  private void unlink(CodeBlock from, int site) {
    int end = from.sites[site * Sites.WORDS + 1];
    patchJump(from, end, from.sites[site * Sites.WORDS + 3] - end);
  }

  /** Replaces the displacement that ends at an offset of a block, unless its memory may be gone. */
  private void patchJump(CodeBlock block, int end, long displacement) {
    patching.incrementAndGet();
    try {
      if (!block.dead) {
        memory.patchInt(block.entry + end - 4, (int) displacement);
      }
    } finally {
      patching.decrementAndGet();
    }
  }

  /** Marks a block dead, if it was not, and makes it unreachable. */
  boolean kill(CodeBlock block) {
    patching.incrementAndGet();
    try {
      // If it is not dead by now, its memory is not used again before this is done.
      if (block.dead) {
        return false;
      }
      block.dead = true;
      long before = memory.longAt(block.entry);
      long jump = (block.sites[1] - 5 & 0xffff_ffffL) << 8 | JMP;
      memory.patchLong(block.entry, before & -1L << 40 | jump);
    } finally {
      patching.decrementAndGet();
    }
    for (Link l = block.incoming; l != null; l = l.next()) {
      unlink(l.from(), l.site());
    }
    return true;
  }
}
