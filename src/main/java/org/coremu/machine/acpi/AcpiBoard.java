package org.coremu.machine.acpi;

import java.util.List;
import java.util.Optional;

/**
 * What an x86 board tells its guest through ACPI.
 *
 * @param apicIds the APIC id of each core, in order of their numbers; ids from 255 on are
 *     x2APIC-only
 * @param localApicAddress where every core sees its own local APIC
 * @param ioApics the I/O APICs
 * @param overrides ISA interrupts that are not wired as edge-triggered, active-high, to the GSI of
 *     the same number
 * @param power power management registers
 * @param hpet the HPET, if there is one
 * @param devices what the DSDT lists; FADT flags about an 8259, an i8042 and an RTC follow from it
 * @param processorDevices whether the DSDT has a device per core. Linux does not need them, and at
 *     a thousand cores they cost it time to enumerate
 */
public record AcpiBoard(
    List<Integer> apicIds,
    long localApicAddress,
    List<IoApic> ioApics,
    List<InterruptOverride> overrides,
    PowerBlocks power,
    Optional<Hpet> hpet,
    List<AcpiDevice> devices,
    boolean processorDevices) {
  /** The most cores whose names ({@code C000} to {@code CFFF}) and tables this package can make. */
  public static final int MAX_CORES = 4096;

  public AcpiBoard {
    apicIds = List.copyOf(apicIds);
    ioApics = List.copyOf(ioApics);
    overrides = List.copyOf(overrides);
    devices = List.copyOf(devices);
    if (apicIds.isEmpty() || apicIds.size() > MAX_CORES) {
      throw new IllegalArgumentException(apicIds.size() + " cores");
    }
  }

  boolean has(String hardwareId) {
    return devices.stream().anyMatch(d -> d.hardwareId().equals(hardwareId));
  }

  /**
   * An I/O APIC.
   *
   * @param id its APIC id, 0 to 255
   * @param address guest-physical, below 4 GiB
   * @param gsiBase global system interrupt of its first pin
   */
  public record IoApic(int id, long address, int gsiBase) {}

  /**
   * An ISA interrupt that is wired in its own way.
   *
   * @param isaIrq 0 to 15
   * @param gsi global system interrupt it reaches
   * @param level true for level-triggered
   * @param activeLow true for active-low
   */
  public record InterruptOverride(int isaIrq, int gsi, boolean level, boolean activeLow) {}

  /**
   * A high precision event timer block.
   *
   * @param address guest-physical
   * @param capabilities the low half of its capabilities register
   * @param minimumTick main counter ticks, the shortest period its timers keep up with
   */
  public record Hpet(long address, int capabilities, int minimumTick) {}

  /**
   * Fixed ACPI hardware, all in I/O space. The machine is in ACPI mode from reset on: there is no
   * SMI command port, and SCI_EN reads as 1.
   *
   * @param sciIrq the ISA interrupt of the SCI
   * @param pm1EventPort PM1 status and enable, 4 bytes
   * @param pm1ControlPort PM1 control, 2 bytes
   * @param timerPort PM timer, 4 bytes, or 0 for none
   * @param timer32 whether the PM timer counts 32 bits instead of 24
   * @param gpe0Port general purpose events, or 0 for none
   * @param gpe0Bytes bytes of that block: half status, half enable
   * @param powerButton whether PM1 events report a power button
   * @param softOffType the SLP_TYP that switches the machine off, 0 to 7
   * @param resetPort the port that resets the machine
   * @param resetValue the byte to write there
   */
  public record PowerBlocks(
      int sciIrq,
      int pm1EventPort,
      int pm1ControlPort,
      int timerPort,
      boolean timer32,
      int gpe0Port,
      int gpe0Bytes,
      boolean powerButton,
      int softOffType,
      int resetPort,
      int resetValue) {}
}
