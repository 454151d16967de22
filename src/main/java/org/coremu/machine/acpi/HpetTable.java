package org.coremu.machine.acpi;

/** HPET description table: IA-PC HPET Specification 1.0a, 3.2.4. */
final class HpetTable {
  private static final int REVISION = 1;

  private HpetTable() {}

  static byte[] build(AcpiBoard.Hpet hpet) {
    TableWriter out = TableWriter.table("HPET", REVISION);
    out.u32(hpet.capabilities()).memoryAddress(hpet.address());
    return out.u8(0).u16(hpet.minimumTick()).u8(0).finish();
  }
}
