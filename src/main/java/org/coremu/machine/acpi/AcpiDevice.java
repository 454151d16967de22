package org.coremu.machine.acpi;

import java.util.List;

/**
 * A device that the DSDT lists, with the addresses and interrupts the board has given it.
 *
 * @param name four characters, A to Z, 0 to 9 and underscore, the first not a digit; unique on the
 *     board
 * @param hardwareId {@code PNP0501} and the like (an EISA id), or an ACPI id of another form such
 *     as {@code LNRO0005}
 * @param uid tells devices of one hardware id apart; not negative
 * @param resources in the order a driver expects them
 */
public record AcpiDevice(String name, String hardwareId, int uid, List<Resource> resources) {
  /** 8259 pair. */
  static final String PIC = "PNP0000";

  /** AT keyboard on an i8042. */
  static final String KEYBOARD = "PNP0303";

  /** MC146818-compatible real-time clock. */
  static final String RTC = "PNP0B00";

  public AcpiDevice {
    resources = List.copyOf(resources);
    if (!name.matches("[A-Z_][A-Z0-9_]{3}") || uid < 0) {
      throw new IllegalArgumentException("ACPI device '" + name + "', uid " + uid);
    }
  }

  /** What a device takes of the address and interrupt space. */
  public sealed interface Resource {}

  /**
   * I/O ports.
   *
   * @param base first port
   * @param count how many, 1 to 255
   */
  public record Ports(int base, int count) implements Resource {}

  /**
   * An edge-triggered, active-high ISA interrupt.
   *
   * @param irq 0 to 15
   */
  public record IsaInterrupt(int irq) implements Resource {}

  /**
   * An interrupt by its global number.
   *
   * @param gsi global system interrupt
   * @param level true for level-triggered
   * @param activeLow true for active-low
   */
  public record GlobalInterrupt(int gsi, boolean level, boolean activeLow) implements Resource {}

  /**
   * Memory-mapped registers.
   *
   * @param base guest-physical, below 4 GiB
   * @param size bytes
   */
  public record Memory(long base, long size) implements Resource {}

  /** A 16550A at its port and interrupt; {@code number} 1 is COM1. */
  public static AcpiDevice uart(int number, int port, int irq) {
    return new AcpiDevice(
        "COM" + number, "PNP0501", number, List.of(new Ports(port, 8), new IsaInterrupt(irq)));
  }

  /** The CMOS real-time clock. */
  public static AcpiDevice rtc() {
    return new AcpiDevice("RTC_", RTC, 0, List.of(new Ports(0x70, 2), new IsaInterrupt(8)));
  }

  /** The pair of 8259s. */
  public static AcpiDevice pic() {
    return new AcpiDevice(
        "PIC_",
        PIC,
        0,
        List.of(new Ports(0x20, 2), new Ports(0xa0, 2), new Ports(0x4d0, 2), new IsaInterrupt(2)));
  }

  /** The 8254. */
  public static AcpiDevice timer() {
    return new AcpiDevice("TIMR", "PNP0100", 0, List.of(new Ports(0x40, 4), new IsaInterrupt(0)));
  }

  /** A keyboard on the i8042. Only for boards whose i8042 has one: the guest will probe it. */
  public static AcpiDevice keyboard() {
    return new AcpiDevice(
        "KBD_", KEYBOARD, 0, List.of(new Ports(0x60, 1), new Ports(0x64, 1), new IsaInterrupt(1)));
  }

  /** The HPET's registers. */
  public static AcpiDevice hpet(long base) {
    return new AcpiDevice("HPET", "PNP0103", 0, List.of(new Memory(base, 0x400)));
  }

  /** Addresses the board uses for itself, so that the guest gives them to nobody else. */
  public static AcpiDevice motherboard(List<Resource> resources) {
    return new AcpiDevice("MBRD", "PNP0C02", 0, resources);
  }
}
