package org.coremu.machine.boot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.coremu.machine.ConfigException;

/**
 * Which parts of the guest's usable RAM below 4 GiB a loader has given away. Boot protocols pass
 * 32-bit addresses, so nothing is ever placed above.
 */
final class RamLayout {
  private static final long FOUR_GIB = 1L << 32;
  private static final long MIB = 1L << 20;

  /** Where the loader's tables begin: clear of 0x7c00 and 0x8000, which boot code likes to use. */
  private static final long LOW_TABLES = 0x10000;

  private record Claim(long base, long end, String what) {}

  private final List<MemoryRange> usable;
  private final long totalRam;
  private final List<Claim> claims = new ArrayList<>();

  RamLayout(List<MemoryRange> memoryMap) {
    usable =
        memoryMap.stream()
            .filter(r -> r.kind() == MemoryRange.Kind.USABLE && r.base() < FOUR_GIB)
            .sorted(Comparator.comparingLong(MemoryRange::base))
            .toList();
    totalRam =
        memoryMap.stream()
            .filter(r -> r.kind() == MemoryRange.Kind.USABLE)
            .mapToLong(MemoryRange::size)
            .sum();
  }

  /**
   * Takes a fixed range.
   *
   * @throws ConfigException when it is not wholly RAM, or taken
   */
  void claim(long base, long size, String what) {
    long end = base + size;
    if (base < 0 || size < 0 || end < base || !isRam(base, end)) {
      throw new ConfigException(
          "%s needs guest RAM from %#x to %#x, which a guest with %s of RAM does not have"
              .formatted(what, base, end, megabytes(totalRam)));
    }
    Claim clash = clash(base, end);
    if (clash != null) {
      throw new ConfigException(
          "%s overlaps %s in guest RAM, at %#x"
              .formatted(what, clash.what, Math.max(base, clash.base)));
    }
    claims.add(new Claim(base, end, what));
  }

  /** Whether a fixed range is RAM and free. */
  boolean isFree(long base, long size) {
    long end = base + size;
    return base >= 0 && size >= 0 && end >= base && isRam(base, end) && clash(base, end) == null;
  }

  /**
   * Takes the lowest free range at or above an address.
   *
   * @param alignment a power of two
   * @return its base, or -1 when there is none
   */
  long lowest(long from, long size, long alignment, String what) {
    for (MemoryRange range : usable) {
      long base = alignUp(Math.max(range.base(), from), alignment);
      while (base + size <= Math.min(range.end(), FOUR_GIB)) {
        Claim clash = clash(base, base + size);
        if (clash == null) {
          claims.add(new Claim(base, base + size, what));
          return base;
        }
        base = alignUp(clash.end, alignment);
      }
    }
    return -1;
  }

  /**
   * Takes the highest free range that ends at or below an address.
   *
   * @param alignment a power of two
   * @return its base, or -1 when there is none
   */
  long highest(long limit, long size, long alignment, String what) {
    for (MemoryRange range : usable.reversed()) {
      long base = (Math.min(Math.min(range.end(), limit), FOUR_GIB) - size) & -alignment;
      while (base >= range.base()) {
        Claim clash = clash(base, base + size);
        if (clash == null) {
          claims.add(new Claim(base, base + size, what));
          return base;
        }
        base = (clash.base - size) & -alignment;
      }
    }
    return -1;
  }

  /**
   * Takes a small range for the loader's own tables, above the real-mode vectors and BIOS data.
   *
   * @throws ConfigException when the guest has no room even for that
   */
  long table(int size, int alignment, String what) {
    long base = lowest(LOW_TABLES, size, alignment, what);
    if (base < 0) {
      throw new ConfigException(
          "no room for %s in %s of guest RAM".formatted(what, megabytes(totalRam)));
    }
    return base;
  }

  /** All usable RAM of the guest, above 4 GiB too, in bytes. */
  long totalRam() {
    return totalRam;
  }

  /** A size for a message: exact bytes below 1 MiB, else MiB rounded to the nearest. */
  static String megabytes(long bytes) {
    return bytes < MIB ? bytes + " bytes" : (bytes + MIB / 2) / MIB + " MiB";
  }

  private boolean isRam(long base, long end) {
    long at = base;
    for (MemoryRange range : usable) {
      if (range.base() <= at && at < range.end()) {
        at = range.end();
      }
    }
    return at >= end && end <= FOUR_GIB;
  }

  private Claim clash(long base, long end) {
    for (Claim claim : claims) {
      if (base < claim.end && claim.base < end) {
        return claim;
      }
    }
    return null;
  }

  private static long alignUp(long value, long alignment) {
    return (value + alignment - 1) & -alignment;
  }
}
