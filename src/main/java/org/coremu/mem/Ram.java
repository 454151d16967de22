package org.coremu.mem;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The memory of a machine: one host mapping that holds RAM and ROM, addressed by offset. Host pages
 * are used from the moment the guest touches them.
 *
 * <p>Every access is bounds-checked. A spare page lies behind the memory, so that a check of an
 * access's first byte suffices for the safety of the host. Loads acquire and stores release, which
 * on an x86 host is a plain move and gives the guest TSO; an aligned access of 1 to 8 bytes is
 * single-copy atomic.
 */
public final class Ram {
  public static final int PAGE_SHIFT = 12;
  public static final int PAGE_SIZE = 1 << PAGE_SHIFT;

  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private final MemorySegment memory;
  private final long address;
  private final long size;

  /**
   * Takes memory from the host.
   *
   * @param size bytes, a multiple of the page size
   */
  public Ram(Arena arena, long size) {
    this.size = size;
    memory = HostMemory.map(arena, size + PAGE_SIZE).asSlice(0, size);
    address = memory.address();
  }

  public long size() {
    return size;
  }

  /** Host address of offset 0; a software TLB entry adds it. */
  public long hostAddress() {
    return address;
  }

  /** The memory, for bulk operations. */
  public MemorySegment segment() {
    return memory;
  }

  public int load8(long offset) {
    int v = memory.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
    VarHandle.acquireFence();
    return v;
  }

  public int load16(long offset) {
    int v = memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset) & 0xffff;
    VarHandle.acquireFence();
    return v;
  }

  public long load32(long offset) {
    long v = memory.get(ValueLayout.JAVA_INT_UNALIGNED, offset) & 0xffffffffL;
    VarHandle.acquireFence();
    return v;
  }

  public long load64(long offset) {
    long v = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
    VarHandle.acquireFence();
    return v;
  }

  public void store8(long offset, long value) {
    VarHandle.releaseFence();
    memory.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
  }

  public void store16(long offset, long value) {
    VarHandle.releaseFence();
    memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, (short) value);
  }

  public void store32(long offset, long value) {
    VarHandle.releaseFence();
    memory.set(ValueLayout.JAVA_INT_UNALIGNED, offset, (int) value);
  }

  public void store64(long offset, long value) {
    VarHandle.releaseFence();
    memory.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, value);
  }

  /** Loads 1, 2, 4 or 8 bytes, zero-extended. */
  public long load(long offset, int bytes) {
    return switch (bytes) {
      case 1 -> load8(offset);
      case 2 -> load16(offset);
      case 4 -> load32(offset);
      default -> load64(offset);
    };
  }

  /** Stores the low 1, 2, 4 or 8 bytes. */
  public void store(long offset, long value, int bytes) {
    switch (bytes) {
      case 1 -> store8(offset, value);
      case 2 -> store16(offset, value);
      case 4 -> store32(offset, value);
      default -> store64(offset, value);
    }
  }

  /** Compare and exchange of an aligned 64-bit word; gives the old value. */
  public long compareExchange64(long offset, long expected, long value) {
    return (long) LONG.compareAndExchange(memory, offset, expected, value);
  }

  /** Compare and exchange of an aligned 32-bit word; gives the old value, zero-extended. */
  public long compareExchange32(long offset, int expected, int value) {
    return (int) INT.compareAndExchange(memory, offset, expected, value) & 0xffffffffL;
  }

  /** Adds to an aligned 64-bit word; gives the old value. */
  public long getAndAdd64(long offset, long value) {
    return (long) LONG.getAndAdd(memory, offset, value);
  }

  /** Adds to an aligned 32-bit word; gives the old value, zero-extended. */
  public long getAndAdd32(long offset, int value) {
    return (int) INT.getAndAdd(memory, offset, value) & 0xffffffffL;
  }

  /** Exchanges an aligned 64-bit word; gives the old value. */
  public long getAndSet64(long offset, long value) {
    return (long) LONG.getAndSet(memory, offset, value);
  }

  /** Exchanges an aligned 32-bit word; gives the old value, zero-extended. */
  public long getAndSet32(long offset, int value) {
    return (int) INT.getAndSet(memory, offset, value) & 0xffffffffL;
  }
}
