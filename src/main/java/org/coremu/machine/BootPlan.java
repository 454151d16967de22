package org.coremu.machine;

import java.util.ArrayList;
import java.util.List;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.system.BootEntry;
import org.coremu.hw.LogCategory;
import org.coremu.machine.acpi.AcpiTables;
import org.coremu.machine.boot.BiosImage;
import org.coremu.machine.boot.BootModule;
import org.coremu.machine.boot.BootRequest;
import org.coremu.machine.boot.CpuEntry;
import org.coremu.machine.boot.ImageFile;
import org.coremu.machine.boot.KernelImage;
import org.coremu.machine.boot.MemoryRange;

/**
 * What a machine boots, read and checked once; puts it into the RAM of a board at every power-on.
 */
final class BootPlan {
  /** Where a guest without a boot loader's pointer looks for the ACPI root pointer. */
  private static final long RSDP = 0xf0000;

  private static final int RAX = 0;
  private static final int RBX = 3;
  private static final int RSP = 4;
  private static final int RSI = 6;

  private final MachineSpec spec;
  private final BiosImage bios;
  private final KernelImage kernel;
  private final List<BootModule> modules;
  private final AcpiTables acpi;
  final PcMemory memory;

  /**
   * Reads the images.
   *
   * @throws ConfigException if one cannot be read or booted
   */
  BootPlan(MachineSpec spec) {
    this.spec = spec;
    bios = spec.bios().map(path -> BiosImage.read(ImageFile.open(path, "bios"))).orElse(null);
    kernel = spec.kernel().map(KernelImage::detect).orElse(null);
    modules = spec.initrd().map(path -> kernel.modules(path.toString())).orElse(List.of());
    acpi = new AcpiTables(PcBoard.acpi(spec.topology()));
    memory = PcMemory.of(spec.ramBytes(), bios == null ? 0 : bios.rom().length, acpi.size());
  }

  /**
   * Loads everything and sets the boot core.
   *
   * @throws ConfigException if something does not fit
   */
  void load(PcBoard board) {
    say("ACPI tables: %d bytes at %x", acpi.size(), memory.acpiBase());
    for (AcpiTables.Blob blob : acpi.place(RSDP, memory.acpiBase())) {
      board.bus.write(blob.address(), blob.bytes(), 0, blob.bytes().length);
    }
    if (bios != null) {
      // over the root pointer, of which firmware makes its own
      board.bus.write(bios.romBase(), bios.rom(), 0, bios.rom().length);
      bios.load(board.bus::write);
      say(
          "firmware of %d KiB, mapped at %x, copied to %x",
          bios.rom().length >> 10, bios.romBase(), bios.shadowBase());
      return;
    }
    List<MemoryRange> map = new ArrayList<>(memory.ranges());
    map.forEach(range -> say("memory map: %s", range));
    CpuEntry entry =
        kernel.load(new BootRequest(spec.append(), modules, map, RSDP), board.bus::write);
    say("kernel: %s; starts at %s", kernel.description(), entry);
    board.localApics.getFirst().enableVirtualWire();
    if (board.needsX2Apic()) {
      board.cores.forEach(core -> X86.of(core).bootEntry().x2Apic());
    }
    board.cores.forEach(core -> X86.of(core).bootEntry().cachedMemory());
    enter(X86.of(board.cores.getFirst()).bootEntry(), entry);
  }

  private void say(String format, Object... what) {
    if (spec.log().enabled(LogCategory.BOOT)) {
      spec.log().log(LogCategory.BOOT, String.format(format, what));
    }
  }

  private static void enter(BootEntry core, CpuEntry entry) {
    if (entry.mode() == CpuEntry.Mode.LONG64) {
      core.long64(
          entry.ip(),
          entry.codeSelector(),
          entry.dataSelector(),
          entry.gdtBase(),
          entry.gdtLimit(),
          entry.cr3());
    } else {
      core.protected32(
          entry.ip(),
          entry.codeSelector(),
          entry.dataSelector(),
          entry.gdtBase(),
          entry.gdtLimit());
    }
    core.register(RAX, entry.ax());
    core.register(RBX, entry.bx());
    core.register(RSP, entry.sp());
    core.register(RSI, entry.si());
  }
}
