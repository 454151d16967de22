package org.coremu.machine.acpi;

/** Fixed ACPI Description Table, ACPI 6.4, 5.2.9, with its firmware control structure (5.2.10). */
final class Fadt {
  private static final int REVISION = 6;
  private static final int MINOR_REVISION = 4;

  private static final int DESKTOP = 1;

  // Fixed feature flags, table 5.10.
  private static final int WBINVD = 1;
  private static final int PROC_C1 = 1 << 2;
  private static final int NO_FIXED_POWER_BUTTON = 1 << 4;
  private static final int NO_FIXED_SLEEP_BUTTON = 1 << 5;
  private static final int NO_FIXED_RTC_WAKE = 1 << 6;
  private static final int TMR_VAL_EXT = 1 << 8;
  private static final int RESET_REG_SUP = 1 << 10;

  // IA-PC boot architecture flags, table 5.11.
  private static final int LEGACY_DEVICES = 1;
  private static final int KEYBOARD_8042 = 1 << 1;
  private static final int VGA_NOT_PRESENT = 1 << 2;
  private static final int MSI_NOT_SUPPORTED = 1 << 3;
  private static final int CMOS_RTC_NOT_PRESENT = 1 << 5;

  /** Latencies above 100 and 1000 microseconds mean that there is no C2 and no C3. */
  private static final int NO_C2 = 101;

  private static final int NO_C3 = 1001;
  private static final int CENTURY_REGISTER = 0x32;

  private Fadt() {}

  /**
   * Builds the table.
   *
   * @param facs where the FACS is, below 4 GiB
   * @param dsdt where the DSDT is, below 4 GiB
   */
  static byte[] build(AcpiBoard board, long facs, long dsdt) {
    AcpiBoard.PowerBlocks power = board.power();
    TableWriter out = TableWriter.table("FACP", REVISION);
    out.u32((int) facs).u32((int) dsdt).u8(0).u8(DESKTOP).u16(power.sciIrq());
    out.u32(0).u8(0).u8(0).u8(0).u8(0); // SMI_CMD and its values: always in ACPI mode
    out.u32(power.pm1EventPort()).u32(0).u32(power.pm1ControlPort()).u32(0).u32(0);
    out.u32(power.timerPort()).u32(power.gpe0Port()).u32(0);
    out.u8(4).u8(2).u8(0).u8(power.timerPort() == 0 ? 0 : 4);
    out.u8(power.gpe0Port() == 0 ? 0 : power.gpe0Bytes()).u8(0).u8(0).u8(0);
    out.u16(NO_C2).u16(NO_C3).u16(0).u16(0).u8(0).u8(0);
    out.u8(0).u8(0).u8(board.has(AcpiDevice.RTC) ? CENTURY_REGISTER : 0);
    out.u16(bootArchitecture(board)).u8(0).u32(features(power));
    out.ioAddress(power.resetPort(), 8, 1).u8(power.resetValue()).u16(0).u8(MINOR_REVISION);
    out.u64(0).u64(dsdt); // X_FIRMWARE_CTRL stays 0 where FIRMWARE_CTRL is used
    out.ioAddress(power.pm1EventPort(), 32, 2).zeros(12);
    out.ioAddress(power.pm1ControlPort(), 16, 2).zeros(12).zeros(12);
    out.ioAddress(power.timerPort(), 32, 3);
    out.ioAddress(power.gpe0Port(), power.gpe0Bytes() * 8, 1).zeros(12);
    out.zeros(12).zeros(12); // sleep control and status: hardware-reduced ACPI only
    return out.u64(0).finish();
  }

  private static int features(AcpiBoard.PowerBlocks power) {
    return WBINVD
        | PROC_C1
        | NO_FIXED_SLEEP_BUTTON
        | NO_FIXED_RTC_WAKE
        | (power.powerButton() ? 0 : NO_FIXED_POWER_BUTTON)
        | (power.timer32() ? TMR_VAL_EXT : 0)
        | (power.resetPort() == 0 ? 0 : RESET_REG_SUP);
  }

  private static int bootArchitecture(AcpiBoard board) {
    return LEGACY_DEVICES
        | VGA_NOT_PRESENT
        | MSI_NOT_SUPPORTED
        | (board.has(AcpiDevice.KEYBOARD) ? KEYBOARD_8042 : 0)
        | (board.has(AcpiDevice.RTC) ? 0 : CMOS_RTC_NOT_PRESENT);
  }

  /** An idle FACS, version 2: no waking vector, global lock free. */
  static byte[] facs() {
    TableWriter out = new TableWriter();
    out.text("FACS", 4).u32(64).u32(0).u32(0).u32(0).u32(0).u64(0).u8(2);
    return out.zeros(64 - out.size()).toArray();
  }
}
