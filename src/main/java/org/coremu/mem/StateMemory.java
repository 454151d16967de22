package org.coremu.mem;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Off-heap memory of cores, by absolute address: registers, the TLB and what else native code
 * shares with Java.
 *
 * <p>The one segment behind it spans the whole address space, so that HotSpot compiles an access to
 * a bare move; callers address only blocks they got from {@link #allocate}, at offsets that are
 * masked or constant. Guest memory is reached through it by the interpreter only, which checks the
 * offset in RAM first.
 */
public final class StateMemory {
  /** All memory, for code in which HotSpot does not inline the methods of this class. */
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  private StateMemory() {}

  /**
   * Allocates zeroed memory that lives as long as the arena.
   *
   * @return its address, a multiple of 64
   */
  public static long allocate(Arena arena, long bytes) {
    return arena.allocate(bytes, 64).address();
  }

  /**
   * Takes zeroed memory that lives as long as the arena; the host provides its pages as they are
   * touched.
   *
   * @return its address, a multiple of the host's page size
   */
  public static long reserve(Arena arena, long bytes) {
    return HostMemory.map(arena, bytes).address();
  }

  public static long getLong(long address) {
    return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
  }

  public static void putLong(long address, long value) {
    ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
  }

  public static int getInt(long address) {
    return ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
  }

  public static void putInt(long address, int value) {
    ALL.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
  }

  /** Reads an int that other threads write; never cached in a register. */
  public static int getIntOpaque(long address) {
    return (int) INT.getOpaque(ALL, address);
  }

  /** Writes an int that other threads read; ordered after all earlier writes. */
  public static void putIntRelease(long address, int value) {
    INT.setRelease(ALL, address, value);
  }

  /** Fills memory with a byte. */
  public static void fill(long address, long bytes, byte value) {
    ALL.asSlice(address, bytes).fill(value);
  }

  /** A view of memory, for saving and restoring it. */
  public static MemorySegment view(long address, long bytes) {
    return ALL.asSlice(address, bytes);
  }
}
