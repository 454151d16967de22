package org.coremu.machine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.coremu.device.platform.FwCfg;
import org.coremu.machine.acpi.AcpiTables;

/**
 * What the {@code pc} board tells firmware through its firmware configuration device: cores, RAM,
 * where its console is, and where the ACPI tables are.
 *
 * <p>The tables are in RAM already, at addresses that are reserved in the memory map; firmware has
 * only to put the root pointer where operating systems look for it. Sources: QEMU documentation,
 * "QEMU Firmware Configuration (fw_cfg) Device"; SeaBIOS documentation, "Runtime configuration";
 * the linker/loader commands as SeaBIOS reads them.
 */
final class FirmwareConfig {
  private static final int RAM = 1;
  private static final int RESERVED = 2;

  /** A loader command: its number, 32 bits, then operands; in all 128 bytes. */
  private static final int COMMAND_BYTES = 128;

  private static final int ALLOCATE = 1;
  private static final int NAME_BYTES = 56;
  private static final int IN_F_SEGMENT = 2;
  private static final int ROOT_POINTER_ALIGNMENT = 16;
  private static final String ROOT_POINTER = "etc/acpi/rsdp";

  private FirmwareConfig() {}

  static FwCfg of(MachineSpec spec, PcMemory memory) {
    int cpus = spec.topology().cpus();
    AcpiTables acpi = new AcpiTables(PcBoard.acpi(spec.topology()));
    FwCfg.Builder fw =
        FwCfg.builder()
            .int64(FwCfg.RAM_SIZE, memory.low() + memory.high())
            .int16(FwCfg.NO_GRAPHIC, 1)
            .int16(FwCfg.CPU_COUNT, cpus)
            .int16(FwCfg.MAX_CPU_COUNT, cpus)
            .int64(FwCfg.NUMA, 0)
            .int16(FwCfg.BOOT_MENU, 1)
            .file("etc/show-boot-menu", 1)
            .file("etc/sercon-port", PcBoard.COM1)
            .e820(0, memory.acpiBase(), RAM)
            .e820(memory.acpiBase(), memory.acpi(), RESERVED)
            .file(ROOT_POINTER, acpi.place(0, memory.acpiBase()).getFirst().bytes())
            .file("etc/table-loader", allocate(ROOT_POINTER, ROOT_POINTER_ALIGNMENT));
    if (memory.high() > 0) {
      fw.e820(PcMemory.FOUR_GIB, memory.high(), RAM);
    }
    return fw.build();
  }

  private static byte[] allocate(String file, int alignment) {
    ByteBuffer command = ByteBuffer.allocate(COMMAND_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    command.putInt(ALLOCATE).put(file.getBytes(StandardCharsets.US_ASCII));
    command.position(4 + NAME_BYTES);
    command.putInt(alignment).put((byte) IN_F_SEGMENT);
    return command.array();
  }
}
