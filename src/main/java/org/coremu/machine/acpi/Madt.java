package org.coremu.machine.acpi;

import java.util.List;

/**
 * Multiple APIC Description Table, ACPI 6.4, 5.2.12: cores, I/O APICs and how interrupts are wired.
 */
final class Madt {
  private static final int REVISION = 5;
  private static final int PCAT_COMPAT = 1;

  private static final int LOCAL_APIC = 0;
  private static final int IO_APIC = 1;
  private static final int INTERRUPT_SOURCE_OVERRIDE = 2;
  private static final int LOCAL_APIC_NMI = 4;
  private static final int LOCAL_X2APIC = 9;
  private static final int LOCAL_X2APIC_NMI = 10;

  private static final int ENABLED = 1;
  private static final int ALL_UIDS_8 = 0xff;
  private static final int ALL_UIDS_32 = 0xffff_ffff;
  private static final int NMI_LINT = 1;
  private static final int FIRST_X2APIC_ONLY_ID = 255;

  private Madt() {}

  static byte[] build(AcpiBoard board) {
    TableWriter out = TableWriter.table("APIC", REVISION);
    out.u32((int) board.localApicAddress()).u32(board.has(AcpiDevice.PIC) ? PCAT_COMPAT : 0);
    cores(out, board.apicIds());
    for (AcpiBoard.IoApic io : board.ioApics()) {
      out.u8(IO_APIC).u8(12).u8(io.id()).u8(0).u32((int) io.address()).u32(io.gsiBase());
    }
    for (AcpiBoard.InterruptOverride wire : board.overrides()) {
      int flags = (wire.activeLow() ? 3 : 1) | (wire.level() ? 3 : 1) << 2;
      out.u8(INTERRUPT_SOURCE_OVERRIDE).u8(10).u8(0).u8(wire.isaIrq()).u32(wire.gsi()).u16(flags);
    }
    out.u8(LOCAL_APIC_NMI).u8(6).u8(ALL_UIDS_8).u16(0).u8(NMI_LINT);
    if (board.apicIds().stream().anyMatch(Madt::needsX2Apic)) {
      out.u8(LOCAL_X2APIC_NMI).u8(12).u16(0).u32(ALL_UIDS_32).u8(NMI_LINT).zeros(3);
    }
    return out.finish();
  }

  /** A core's UID is its number, in both forms of entry and in the DSDT. */
  private static void cores(TableWriter out, List<Integer> apicIds) {
    for (int uid = 0; uid < apicIds.size(); uid++) {
      int id = apicIds.get(uid);
      if (needsX2Apic(id) || uid >= ALL_UIDS_8) {
        out.u8(LOCAL_X2APIC).u8(16).u16(0).u32(id).u32(ENABLED).u32(uid);
      } else {
        out.u8(LOCAL_APIC).u8(8).u8(uid).u8(id).u32(ENABLED);
      }
    }
  }

  private static boolean needsX2Apic(int apicId) {
    return apicId >= FIRST_X2APIC_ONLY_ID;
  }
}
