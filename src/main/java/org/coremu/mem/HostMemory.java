package org.coremu.mem;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Memory taken from the host in pages, which it provides as they are touched. */
final class HostMemory {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x02 | 0x20 | 0x4000;

  private HostMemory() {}

  /**
   * Maps zeroed memory that lives as long as the arena.
   *
   * @throws OutOfMemoryError if the host refuses the address space
   */
  static MemorySegment map(Arena arena, long bytes) {
    if (!System.getProperty("os.name").equals("Linux")) {
      return arena.allocate(bytes, 4096);
    }
    try {
      Linker linker = Linker.nativeLinker();
      ValueLayout.OfLong size = ValueLayout.JAVA_LONG;
      ValueLayout.OfInt flags = ValueLayout.JAVA_INT;
      MethodHandle mmap =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("mmap"),
              FunctionDescriptor.of(size, size, size, flags, flags, flags, size));
      MethodHandle munmap =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("munmap"),
              FunctionDescriptor.of(flags, size, size));
      long address =
          (long)
              mmap.invokeExact(0L, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
      if (address == -1) {
        throw new OutOfMemoryError(
            "the host has no " + (bytes >> 20) + " MiB of address space for the machine");
      }
      return MemorySegment.ofAddress(address)
          .reinterpret(bytes, arena, ignored -> unmap(munmap, address, bytes));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("mmap", e);
    }
  }

  private static void unmap(MethodHandle munmap, long address, long bytes) {
    try {
      int ignored = (int) munmap.invokeExact(address, bytes);
    } catch (Throwable e) {
      throw new AssertionError("munmap", e);
    }
  }
}
