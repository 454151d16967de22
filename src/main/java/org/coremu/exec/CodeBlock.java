package org.coremu.exec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A translated block, ready to run; shared by all cores. It has interpreter code or native code.
 */
final class CodeBlock {
  private static final VarHandle INCOMING;

  static {
    try {
      INCOMING =
          MethodHandles.lookup().findVarHandle(CodeBlock.class, "incoming", NativeCode.Link.class);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  static final long NO_JUMP = Long.MIN_VALUE;

  /** Offset in RAM of the first byte, or -1 if the code is not in RAM and must not be kept. */
  final long ramOffset;

  /** Offset in RAM of the second page the code reaches into, or -1. */
  final long secondPage;

  final long mode;
  final int insns;

  /** Guest code bytes it was made from, to see whether they have changed. */
  final byte[] source;

  /** Interpreter code, see {@link Lowering}; null if the block has native code. */
  final long[] code;

  /**
   * Native code: its number, the ways out of it as {@code nativecode.Sites} says, and its place.
   */
  final int id;

  final int[] sites;
  long entry;

  /** Whether it goes on along the likely way through branches. */
  final boolean isTrace;

  /** How many quanta have ended here: what the time is spent on. Racy; a lost count is no harm. */
  int samples;

  /** Native code: jumps of other blocks that lead here. */
  volatile NativeCode.Link incoming;

  /** Per word of {@link #code}, or per site: number of the guest instruction. */
  final short[] insnOf;

  /** Per guest instruction: its address minus the block's. */
  final int[] insnDelta;

  /**
   * Where the direct jump that ends the block leads, relative to the block; {@link #NO_JUMP} if it
   * ends otherwise.
   */
  final long takenDelta;

  final long otherwiseDelta;

  /**
   * Targets of the direct jump that ends the block that lie in the same page, once known. Racy,
   * checked by {@link #dead}.
   */
  CodeBlock taken;

  CodeBlock otherwise;

  /**
   * Whether only one core runs it, once, and it is not in the {@link CodeCache}: it does not keep
   * its pages watched.
   */
  boolean alone;

  /** Set when the guest code has changed; a core looks before it enters. */
  volatile boolean dead;

  CodeBlock(
      long ramOffset,
      long secondPage,
      long mode,
      byte[] source,
      long[] code,
      short[] insnOf,
      int[] insnDelta,
      long takenDelta,
      long otherwiseDelta) {
    this.ramOffset = ramOffset;
    this.secondPage = secondPage;
    this.mode = mode;
    this.insns = insnDelta.length;
    this.source = source;
    this.code = code;
    this.insnOf = insnOf;
    this.insnDelta = insnDelta;
    this.takenDelta = takenDelta;
    this.otherwiseDelta = otherwiseDelta;
    id = -1;
    sites = null;
    isTrace = false;
  }

  /** A block of native code, which is still to get its {@link #entry}. */
  CodeBlock(
      boolean isTrace,
      long ramOffset,
      long secondPage,
      long mode,
      byte[] source,
      int id,
      int[] sites,
      short[] insnOf,
      int[] insnDelta) {
    this.ramOffset = ramOffset;
    this.secondPage = secondPage;
    this.mode = mode;
    this.insns = insnDelta.length;
    this.source = source;
    this.id = id;
    this.sites = sites;
    this.insnOf = insnOf;
    this.insnDelta = insnDelta;
    this.isTrace = isTrace;
    code = null;
    takenDelta = NO_JUMP;
    otherwiseDelta = NO_JUMP;
  }

  boolean isNative() {
    return code == null;
  }

  boolean replaceIncoming(NativeCode.Link expected, NativeCode.Link value) {
    return INCOMING.compareAndSet(this, expected, value);
  }

  /** Offset of the code in its page. */
  int pageOffset() {
    return (int) (ramOffset & 4095);
  }

  /** Whether bytes in RAM belong to this block. */
  boolean covers(long offset, int length) {
    int first = firstPageBytes();
    if (offset < ramOffset + first && ramOffset < offset + length) {
      return true;
    }
    return secondPage >= 0
        && offset < secondPage + source.length - first
        && secondPage < offset + length;
  }

  /** Whether a place in RAM is on a page that it has code of. */
  boolean isOnPageOf(long offset) {
    long page = offset & -4096;
    return page == (ramOffset & -4096) || page == secondPage;
  }

  /** Remembers the block that a jump by {@code delta} at this block's end leads to. */
  void link(long delta, CodeBlock to) {
    if (delta == takenDelta) {
      taken = to;
    } else if (delta == otherwiseDelta) {
      otherwise = to;
    }
  }

  /** Number of source bytes on the first page. */
  int firstPageBytes() {
    return Math.min(source.length, 4096 - (int) (ramOffset & 4095));
  }
}
