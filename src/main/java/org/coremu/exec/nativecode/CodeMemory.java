package org.coremu.exec.nativecode;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Memory for machine code: one piece of memory mapped twice, once to write and once to execute, so
 * that no page is ever both. Host pages are used from the moment they are written.
 *
 * <p>It is shared anonymous memory, not a memfd, because Linux perf looks into the map of {@code
 * --perf-map} only for memory that has no file; {@code scripts/crash-in-code} finds it as the
 * process's executable part of {@code /dev/zero}.
 */
public final class CodeMemory {
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int EXECUTE = 4;
  private static final int MAP_SHARED = 1;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MREMAP_MAYMOVE = 1;
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private static final Linker LINKER = Linker.nativeLinker();
  private static final ValueLayout.OfLong SIZE = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfInt FLAGS = ValueLayout.JAVA_INT;

  private final MemorySegment writable;
  private final long executable;

  /**
   * Takes memory that lives as long as the arena.
   *
   * @param size in bytes, a multiple of the host's page size
   * @throws OutOfMemoryError if the host refuses it
   */
  public CodeMemory(Arena arena, long size) {
    int access = READ | WRITE;
    long address = (long) call("mmap", SIZE, 0L, size, access, MAP_SHARED | MAP_ANONYMOUS, -1, 0L);
    writable = segment(arena, address, size);
    // Of shared memory, a mapping of old length 0 makes a second one: mremap(2).
    executable = (long) call("mremap", SIZE, address, 0L, size, MREMAP_MAYMOVE);
    segment(arena, executable, size);
    if ((int) call("mprotect", FLAGS, executable, size, READ | EXECUTE) != 0) {
      throw new OutOfMemoryError("the host refuses to execute machine code");
    }
  }

  private static MemorySegment segment(Arena arena, long address, long size) {
    if (address == -1) {
      throw new OutOfMemoryError("the host has no " + (size >> 20) + " MiB for machine code");
    }
    return MemorySegment.ofAddress(address)
        .reinterpret(size, arena, ignored -> call("munmap", FLAGS, address, size));
  }

  /** Calls a function of the C library; only at start and end, so that its cost does not matter. */
  private static Object call(String function, ValueLayout result, Object... arguments) {
    ValueLayout[] types = new ValueLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      types[i] =
          switch (arguments[i]) {
            case Integer ignored -> FLAGS;
            case Long ignored -> SIZE;
            default -> ValueLayout.ADDRESS;
          };
    }
    MethodHandle handle =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow(function), FunctionDescriptor.of(result, types));
    try {
      return handle.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(function, e);
    }
  }

  /** Address at which offset 0 is executed. */
  public long address() {
    return executable;
  }

  public long size() {
    return writable.byteSize();
  }

  /** Copies code to an offset; nobody may execute there yet. */
  public void write(long offset, byte[] code, int length) {
    MemorySegment.copy(code, 0, writable, ValueLayout.JAVA_BYTE, offset, length);
  }

  /**
   * Replaces four bytes of code at once, which others may be executing; they must not cross a
   * multiple of 8.
   */
  public void patchInt(long offset, int value) {
    writable.set(ValueLayout.JAVA_INT_UNALIGNED, offset, value);
    VarHandle.fullFence();
  }

  /** As {@link #patchInt}, eight bytes at a multiple of 8. */
  public void patchLong(long offset, long value) {
    LONG.setVolatile(writable, offset, value);
  }

  /** Reads eight bytes of code at a multiple of 8. */
  public long longAt(long offset) {
    return (long) LONG.getVolatile(writable, offset);
  }
}
