package org.coremu.exec;

import java.lang.foreign.Arena;
import java.util.List;
import org.coremu.exec.nativecode.HostFeatures;
import org.coremu.exec.nativecode.StateLayout;
import org.coremu.mem.CodePages;
import org.coremu.mem.Ram;

/**
 * The tier that the machines of tests run on: {@code -Dtier=interp} or {@code native}, which is the
 * default where the host can do it. CI runs the tests of the engine with both.
 */
public final class TestTier {
  public static final boolean NATIVE =
      switch (System.getProperty("tier", HostFeatures.isHostSupported() ? "native" : "interp")) {
        case "native" -> true;
        case "interp" -> false;
        default -> throw new IllegalArgumentException("-Dtier is interp or native");
      };

  private static final long CODE_BYTES = 1 << 20;

  private TestTier() {}

  /** Memory for native code of the tiers that the host can do, in bytes: none, and some. */
  public static List<Long> both() {
    return HostFeatures.isHostSupported() ? List.of(0L, CODE_BYTES) : List.of(0L);
  }

  /** A code cache of this tier. */
  public static CodeCache codeCache(Arena arena, Ram ram, CodePages pages, StateLayout layout) {
    return codeCache(NATIVE ? 16 << 20 : 0, arena, ram, pages, layout);
  }

  /** As the other one, for a guest of which only the hottest slots are known. */
  public static CodeCache codeCache(Arena arena, Ram ram, CodePages pages, int... hotSlots) {
    return codeCache(arena, ram, pages, StateLayout.of(hotSlots));
  }

  /** A code cache of a tier: the native one if it is given memory for code, in bytes. */
  public static CodeCache codeCache(
      long codeBytes, Arena arena, Ram ram, CodePages pages, StateLayout layout) {
    return new CodeCache(
        ram,
        pages,
        Long.MAX_VALUE,
        codeBytes > 0 ? new NativeCode(arena, codeBytes, layout) : null);
  }

  /** As the other one, for a guest of which only the hottest slots are known. */
  public static CodeCache codeCache(
      long codeBytes, Arena arena, Ram ram, CodePages pages, int... hotSlots) {
    return codeCache(codeBytes, arena, ram, pages, StateLayout.of(hotSlots));
  }

  /** Has all native code be traces. */
  public static void traceEverything(Core core) {
    core.codeCache.onlyTraces = true;
  }
}
