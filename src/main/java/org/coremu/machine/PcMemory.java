package org.coremu.machine;

import java.util.ArrayList;
import java.util.List;
import org.coremu.machine.boot.MemoryRange;
import org.coremu.machine.boot.MemoryRange.Kind;
import org.coremu.mem.PhysicalBus;

/**
 * Where the RAM of the {@code pc} board is: up to 3 GiB from address 0, the rest from 4 GiB on; a
 * ROM ends at 4 GiB.
 *
 * @param low bytes of RAM from address 0
 * @param high bytes of RAM from 4 GiB
 * @param rom bytes of ROM, 0 for none
 * @param acpi bytes at the end of low RAM that hold the ACPI tables, a multiple of 64 KiB
 */
record PcMemory(long low, long high, long rom, long acpi) {
  static final long FOUR_GIB = 1L << 32;
  private static final long LOW_LIMIT = 3L << 30;

  /**
   * Extended BIOS data area, and the legacy area up to 1 MiB, which is RAM here but not offered to
   * the guest.
   */
  private static final long EBDA = 0x9fc00;

  private static final long LEGACY = 0xa0000;
  private static final long BIOS = 0xf0000;
  private static final long ONE_MIB = 0x100000;

  static PcMemory of(long ramBytes, long romBytes, long acpiBytes) {
    long low = Math.min(ramBytes, LOW_LIMIT);
    return new PcMemory(low, ramBytes - low, romBytes, acpiBytes + 0xffff & ~0xffffL);
  }

  /** Host memory needed. */
  long total() {
    return low + high + rom;
  }

  void map(PhysicalBus bus) {
    bus.mapRam(0, low, 0, true);
    if (high > 0) {
      bus.mapRam(FOUR_GIB, high, low, true);
    }
    if (rom > 0) {
      bus.mapRam(FOUR_GIB - rom, rom, low + high, false);
    }
  }

  /** Where the ACPI tables go. */
  long acpiBase() {
    return low - acpi;
  }

  /** The memory map that firmware would report. */
  List<MemoryRange> ranges() {
    List<MemoryRange> ranges = new ArrayList<>();
    ranges.add(new MemoryRange(0, EBDA, Kind.USABLE));
    ranges.add(new MemoryRange(EBDA, LEGACY - EBDA, Kind.RESERVED));
    ranges.add(new MemoryRange(BIOS, ONE_MIB - BIOS, Kind.RESERVED));
    ranges.add(new MemoryRange(ONE_MIB, acpiBase() - ONE_MIB, Kind.USABLE));
    ranges.add(new MemoryRange(acpiBase(), acpi, Kind.ACPI_NVS));
    if (high > 0) {
      ranges.add(new MemoryRange(FOUR_GIB, high, Kind.USABLE));
    }
    return ranges;
  }
}
