package org.coremu.machine.boot;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.coremu.machine.ConfigException;

/** Places initial RAM disks, boot modules and strings in guest RAM. */
final class ModuleLoader {
  private static final int PAGE = 4096;
  private static final long ONE_MIB = 1 << 20;

  /** A module in guest RAM. */
  record Placed(long base, long size, String arguments) {}

  private ModuleLoader() {}

  /**
   * Loads modules page-aligned, as high as they may go: out of the way of a kernel that grows
   * behind its image.
   *
   * @param limit the last module ends at or below this address
   * @throws ConfigException when there is no room
   */
  static List<Placed> loadHigh(
      List<BootModule> modules, RamLayout layout, GuestImageWriter memory, long limit) {
    List<Placed> placed = new ArrayList<>();
    for (BootModule module : modules) {
      placed.add(
          load(
              module,
              layout,
              memory,
              layout.highest(limit, module.file().size(), PAGE, label(module))));
    }
    return placed;
  }

  /**
   * Loads modules page-aligned, behind the kernel in ascending order, as multiboot kernels expect
   * them.
   *
   * @param from the first module begins at or above this address
   * @throws ConfigException when there is no room
   */
  static List<Placed> loadUpward(
      List<BootModule> modules, RamLayout layout, GuestImageWriter memory, long from) {
    List<Placed> placed = new ArrayList<>();
    long at = Math.max(from, ONE_MIB);
    for (BootModule module : modules) {
      Placed done =
          load(
              module, layout, memory, layout.lowest(at, module.file().size(), PAGE, label(module)));
      placed.add(done);
      at = done.base() + done.size();
    }
    return placed;
  }

  private static Placed load(
      BootModule module, RamLayout layout, GuestImageWriter memory, long base) {
    ImageFile file = module.file();
    if (base < 0) {
      throw new ConfigException(
          "%s is %s (%d bytes) and does not fit beside the kernel in %s of guest RAM; give the guest more (-m)"
              .formatted(
                  file.label(),
                  RamLayout.megabytes(file.size()),
                  file.size(),
                  RamLayout.megabytes(layout.totalRam())));
    }
    file.copyTo(0, file.size(), "the file", memory, base);
    return new Placed(base, file.size(), module.arguments());
  }

  /** Places a zero-terminated string in low RAM. */
  static long string(String text, String what, RamLayout layout, GuestImageWriter memory) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] terminated = Arrays.copyOf(bytes, bytes.length + 1);
    long base = layout.table(terminated.length, 8, what);
    memory.write(base, terminated);
    return base;
  }

  private static String label(BootModule module) {
    return module.file().label();
  }
}
