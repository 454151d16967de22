package org.coremu.machine.boot;

/**
 * One line of the memory map that the board gives to the guest, as firmware would.
 *
 * @param base first guest-physical address
 * @param size bytes, at least 1
 * @param kind what the guest may do with it
 */
public record MemoryRange(long base, long size, Kind kind) {
  /**
   * Address range types, ACPI 6.4 table 15.7; the values are those of INT 15h E820h, PVH and
   * multiboot.
   */
  public enum Kind {
    USABLE(1),
    RESERVED(2),
    ACPI_RECLAIMABLE(3),
    ACPI_NVS(4),
    UNUSABLE(5);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The number that stands for this kind in a memory map. */
    public int code() {
      return code;
    }
  }

  public MemoryRange {
    if (base < 0 || size <= 0 || base + size < 0) {
      throw new IllegalArgumentException("memory range base=%#x size=%#x".formatted(base, size));
    }
  }

  /** The first address behind the range. */
  public long end() {
    return base + size;
  }
}
