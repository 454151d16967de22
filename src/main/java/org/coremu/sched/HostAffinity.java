package org.coremu.sched;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * Which host CPUs a thread may run on: sched_setaffinity(2) and sched_getaffinity(2), which only
 * Linux has.
 */
public final class HostAffinity {
  /** Bytes of a set of CPUs; 8192 CPUs are the most that Linux can be built for. */
  private static final int SET_BYTES = 1024;

  /** As the first argument: the calling thread. */
  private static final int SELF = 0;

  private HostAffinity() {}

  /** The host CPUs that the calling thread may use, ascending; empty if the host cannot say. */
  public static List<Integer> allowed() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment set = arena.allocate(SET_BYTES, 8);
      if (call("sched_getaffinity", set) < 0) {
        return List.of();
      }
      List<Integer> cpus = new ArrayList<>();
      for (int cpu = 0; cpu < SET_BYTES * 8; cpu++) {
        if ((set.get(ValueLayout.JAVA_BYTE, cpu / 8) >> cpu % 8 & 1) != 0) {
          cpus.add(cpu);
        }
      }
      return List.copyOf(cpus);
    }
  }

  /**
   * Has the calling thread run on one host CPU only.
   *
   * @return false if the host refuses
   */
  static boolean pin(int cpu) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment set = arena.allocate(SET_BYTES, 8);
      set.set(ValueLayout.JAVA_BYTE, cpu / 8, (byte) (1 << cpu % 8));
      return call("sched_setaffinity", set) >= 0;
    }
  }

  private static int call(String name, MemorySegment set) {
    Linker linker = Linker.nativeLinker();
    MemorySegment function = linker.defaultLookup().find(name).orElse(null);
    if (function == null) {
      return -1;
    }
    MethodHandle handle =
        linker.downcallHandle(
            function,
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS));
    try {
      return (int) handle.invokeExact(SELF, (long) SET_BYTES, set);
    } catch (Throwable e) {
      throw new AssertionError(name, e);
    }
  }
}
