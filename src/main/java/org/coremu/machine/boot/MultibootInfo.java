package org.coremu.machine.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The multiboot information structure (Multiboot Specification 0.6.96, 3.3) and what it points to,
 * in low RAM.
 */
final class MultibootInfo {
  private static final int SIZE = 116;
  private static final int MODULE_BYTES = 16;
  private static final int RANGE_BYTES = 24;

  private static final int HAS_MEMORY = 1;
  private static final int HAS_COMMAND_LINE = 1 << 2;
  private static final int HAS_MODULES = 1 << 3;
  private static final int HAS_MEMORY_MAP = 1 << 6;
  private static final int HAS_LOADER_NAME = 1 << 9;

  private static final int MEM_LOWER = 4;
  private static final int MEM_UPPER = 8;
  private static final int COMMAND_LINE = 16;
  private static final int MODULE_COUNT = 20;
  private static final int MODULE_LIST = 24;
  private static final int MAP_LENGTH = 44;
  private static final int MAP = 48;
  private static final int LOADER_NAME = 64;

  private static final long ONE_MIB = 1 << 20;
  private static final long LOWER_MAX_KIB = 640;

  private MultibootInfo() {}

  /**
   * Writes it and returns its address. By custom the command line begins with the kernel's name.
   */
  static long write(
      BootRequest request,
      String kernelName,
      List<ModuleLoader.Placed> modules,
      RamLayout layout,
      GuestImageWriter memory) {
    ByteBuffer info = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    int flags = HAS_MEMORY | HAS_COMMAND_LINE | HAS_MODULES | HAS_MEMORY_MAP | HAS_LOADER_NAME;
    info.putInt(0, flags);
    info.putInt(MEM_LOWER, (int) Math.min(LOWER_MAX_KIB, usableFrom(request.memoryMap(), 0) >> 10));
    info.putInt(
        MEM_UPPER, (int) Math.min(0xffff_ffffL, usableFrom(request.memoryMap(), ONE_MIB) >> 10));
    String line =
        request.commandLine().isEmpty() ? kernelName : kernelName + " " + request.commandLine();
    info.putInt(COMMAND_LINE, (int) ModuleLoader.string(line, "the command line", layout, memory));
    info.putInt(MODULE_COUNT, modules.size());
    info.putInt(MODULE_LIST, (int) moduleList(request.modules(), modules, layout, memory));
    info.putInt(MAP_LENGTH, request.memoryMap().size() * RANGE_BYTES);
    info.putInt(MAP, (int) memoryMap(request.memoryMap(), layout, memory));
    info.putInt(
        LOADER_NAME, (int) ModuleLoader.string("coremu", "the boot loader name", layout, memory));
    long base = layout.table(SIZE, 8, "the multiboot information");
    memory.write(base, info.array());
    return base;
  }

  /** Bytes of usable RAM that are contiguous from an address on. */
  private static long usableFrom(List<MemoryRange> map, long address) {
    long at = address;
    for (MemoryRange range : map) {
      if (range.kind() == MemoryRange.Kind.USABLE && range.base() <= at && at < range.end()) {
        at = range.end();
      }
    }
    return at - address;
  }

  private static long moduleList(
      List<BootModule> files,
      List<ModuleLoader.Placed> modules,
      RamLayout layout,
      GuestImageWriter memory) {
    if (modules.isEmpty()) {
      return 0;
    }
    ByteBuffer list =
        ByteBuffer.allocate(modules.size() * MODULE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < modules.size(); i++) {
      ModuleLoader.Placed module = modules.get(i);
      String name = files.get(i).file().name();
      String line = module.arguments().isEmpty() ? name : name + " " + module.arguments();
      list.putInt((int) module.base()).putInt((int) (module.base() + module.size()));
      list.putInt((int) ModuleLoader.string(line, "a module's arguments", layout, memory))
          .putInt(0);
    }
    long base = layout.table(list.capacity(), 8, "the multiboot module list");
    memory.write(base, list.array());
    return base;
  }

  private static long memoryMap(
      List<MemoryRange> ranges, RamLayout layout, GuestImageWriter memory) {
    ByteBuffer map =
        ByteBuffer.allocate(ranges.size() * RANGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (MemoryRange range : ranges) {
      map.putInt(RANGE_BYTES - 4)
          .putLong(range.base())
          .putLong(range.size())
          .putInt(range.kind().code());
    }
    long base = layout.table(map.capacity(), 8, "the multiboot memory map");
    memory.write(base, map.array());
    return base;
  }
}
