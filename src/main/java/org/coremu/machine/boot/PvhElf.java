package org.coremu.machine.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.coremu.machine.ConfigException;

/**
 * An ELF kernel entered by the x86/HVM direct boot ABI (PVH): 32-bit protected mode without paging,
 * EBX pointing to a start-info structure, version 1. Source: Xen, docs/misc/pvh and
 * public/arch-x86/hvm/start_info.h.
 *
 * <p>Not modelled: start flags other than 0, hypercall pages.
 */
public final class PvhElf implements KernelImage {
  private static final int XEN_ELFNOTE_PHYS32_ENTRY = 18;
  private static final int START_MAGIC = 0x336e_c578;
  private static final int START_VERSION = 1;
  private static final int START_BYTES = 56;
  private static final int MODULE_BYTES = 32;
  private static final int RANGE_BYTES = 24;

  private final ElfImage elf;
  private final long entry;

  private PvhElf(ElfImage elf, long entry) {
    this.elf = elf;
    this.entry = entry;
  }

  /**
   * Checks that an ELF file has a PVH entry.
   *
   * @throws ConfigException when it has none
   */
  static PvhElf of(ElfImage elf) {
    long entry =
        elf.noteNumber("Xen", XEN_ELFNOTE_PHYS32_ENTRY)
            .orElseThrow(
                () ->
                    new ConfigException(
                        elf.file().label()
                            + " is an ELF file without a PVH note or multiboot header: nothing says how"
                            + " to enter it"));
    if (!elf.covers(entry)) {
      throw new ConfigException(
          "%s is damaged: its PVH entry %#x is outside its segments"
              .formatted(elf.file().label(), entry));
    }
    return new PvhElf(elf, entry);
  }

  @Override
  public String description() {
    return "ELF with PVH entry at %#x".formatted(entry);
  }

  @Override
  public CpuEntry load(BootRequest request, GuestImageWriter memory) {
    RamLayout layout = new RamLayout(request.memoryMap());
    elf.load(layout, memory);
    List<ModuleLoader.Placed> modules =
        ModuleLoader.loadHigh(request.modules(), layout, memory, Long.MAX_VALUE);
    long startInfo = startInfo(request, modules, layout, memory);
    return StartTables.protected32(layout, memory, entry, 0, startInfo, 0);
  }

  private static long startInfo(
      BootRequest request,
      List<ModuleLoader.Placed> modules,
      RamLayout layout,
      GuestImageWriter memory) {
    ByteBuffer info = ByteBuffer.allocate(START_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    info.putInt(START_MAGIC).putInt(START_VERSION).putInt(0).putInt(modules.size());
    info.putLong(modules.isEmpty() ? 0 : moduleList(modules, layout, memory));
    info.putLong(ModuleLoader.string(request.commandLine(), "the command line", layout, memory));
    info.putLong(request.rsdp());
    info.putLong(memoryMap(request.memoryMap(), layout, memory));
    info.putInt(request.memoryMap().size()).putInt(0);
    long base = layout.table(START_BYTES, 8, "the PVH start info");
    memory.write(base, info.array());
    return base;
  }

  private static long moduleList(
      List<ModuleLoader.Placed> modules, RamLayout layout, GuestImageWriter memory) {
    ByteBuffer list =
        ByteBuffer.allocate(modules.size() * MODULE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (ModuleLoader.Placed module : modules) {
      long arguments =
          module.arguments().isEmpty()
              ? 0
              : ModuleLoader.string(module.arguments(), "a module's arguments", layout, memory);
      list.putLong(module.base()).putLong(module.size()).putLong(arguments).putLong(0);
    }
    long base = layout.table(list.capacity(), 8, "the PVH module list");
    memory.write(base, list.array());
    return base;
  }

  private static long memoryMap(
      List<MemoryRange> ranges, RamLayout layout, GuestImageWriter memory) {
    ByteBuffer map =
        ByteBuffer.allocate(ranges.size() * RANGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (MemoryRange range : ranges) {
      map.putLong(range.base()).putLong(range.size()).putInt(range.kind().code()).putInt(0);
    }
    long base = layout.table(map.capacity(), 8, "the PVH memory map");
    memory.write(base, map.array());
    return base;
  }
}
