package org.coremu.cli.top;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Names of the guest's functions by address. */
final class Symbols {
  /** Where Linux has SYSCALL enter (arch/x86/entry/entry_64.S), whatever it was moved by. */
  static final String SYSTEM_CALL_ENTRY = "entry_SYSCALL_64";

  /** The longest function that is believed when its size is not known. */
  private static final long LONGEST = 1 << 20;

  private record Function(String name, long size) {}

  private final TreeMap<Long, Function> functions = new TreeMap<>(Long::compareUnsigned);
  private long systemCallEntry;

  /**
   * Adds a function.
   *
   * @param size in bytes; 0 if it is not known
   */
  void add(long address, String name, long size) {
    functions.merge(
        address, new Function(name, size), (old, other) -> old.size() > 0 ? old : other);
    if (name.equals(SYSTEM_CALL_ENTRY)) {
      systemCallEntry = address;
    }
  }

  boolean isEmpty() {
    return functions.isEmpty();
  }

  /**
   * The function at an address.
   *
   * @param entry where the running kernel has SYSCALL enter, 0 if it has not said so; a kernel that
   *     chose its place at random (KASLR) is found by it
   */
  Optional<String> find(long pc, long entry) {
    boolean inKernel = pc < 0;
    long moved = inKernel && entry != 0 && systemCallEntry != 0 ? entry - systemCallEntry : 0;
    long address = pc - moved;
    Map.Entry<Long, Function> below = functions.floorEntry(address);
    if (below == null) {
      return Optional.empty();
    }
    Function f = below.getValue();
    long limit = f.size() > 0 ? f.size() : LONGEST;
    return Long.compareUnsigned(address - below.getKey(), limit) < 0
        ? Optional.of(f.name())
        : Optional.empty();
  }
}
