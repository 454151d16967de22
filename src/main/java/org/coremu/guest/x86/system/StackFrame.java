package org.coremu.guest.x86.system;

import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;

/**
 * A stack that a transfer of control pushes to or pops from. Nothing of it reaches the registers
 * before {@link #commit}, so that a fault in between leaves the old stack. One object is used again
 * and again.
 */
final class StackFrame {
  private final X86 x86;
  private long base;
  private long limit;
  private int attributes;
  private long mask;
  private boolean flat64;
  private int mmuMode;
  private int errorCode;
  private long pointer;

  StackFrame(X86 x86) {
    this.x86 = x86;
  }

  /** The current stack. */
  void current() {
    begin(
        x86.get(X86State.SEG_BASE + X86State.SS),
        x86.get(X86State.SEG_LIMIT + X86State.SS),
        (int) x86.get(X86State.SEG_ATTR + X86State.SS),
        x86.get(X86State.RSP),
        x86.core.mmuMode(),
        0);
  }

  /**
   * A stack of legacy modes in a segment just looked up, or the flat stack of 64-bit mode for
   * {@link #flat}.
   */
  void begin(long base, long limit, int attributes, long pointer, int mmuMode, int errorCode) {
    this.base = base;
    this.limit = limit;
    this.attributes = attributes;
    this.mmuMode = mmuMode;
    this.errorCode = errorCode;
    flat64 = x86.isCode64();
    mask = flat64 ? -1 : (attributes & Bits.BIG) != 0 ? 0xffff_ffffL : 0xffff;
    this.pointer = pointer;
  }

  /** The stack of 64-bit code. */
  void flat(long pointer, int mmuMode) {
    begin(0, 0, 0, pointer, mmuMode, 0);
    flat64 = true;
    mask = -1;
  }

  void push(long value, int size) {
    long next = pointer - size;
    x86.core.memory.store(address(next, size), value, size, mmuMode);
    pointer = next;
  }

  long pop(int size) {
    long value = peek(0, size);
    pointer += size;
    return value;
  }

  /** Reads above the top of the stack. */
  long peek(int offset, int size) {
    return x86.core.memory.load(address(pointer + offset, size), size, mmuMode);
  }

  void skip(long bytes) {
    pointer += bytes;
  }

  long pointer() {
    return pointer;
  }

  /** The stack pointer in RSP with the bits outside the stack's size kept. */
  long commit() {
    long old = x86.get(X86State.RSP);
    long rsp = flat64 ? pointer : mask == 0xffff ? old & ~mask | pointer & mask : pointer & mask;
    x86.put(X86State.RSP, rsp);
    return rsp;
  }

  private long address(long at, int size) {
    if (flat64) {
      if (!Bits.isCanonical(at)) {
        throw X86Fault.ss(errorCode);
      }
      return at;
    }
    long low = at & mask;
    if (!within(low, low + size - 1)) {
      throw X86Fault.ss(errorCode);
    }
    return x86.linear32(base + low);
  }

  private boolean within(long low, long high) {
    boolean down = (attributes & (Bits.CODE | Bits.CONFORMING)) == Bits.CONFORMING;
    if (down) {
      return low > limit && high <= mask;
    }
    return high <= limit;
  }
}
