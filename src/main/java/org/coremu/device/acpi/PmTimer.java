package org.coremu.device.acpi;

import org.coremu.hw.Clock;
import org.coremu.hw.Frequency;
import org.coremu.hw.PortDevice;

/**
 * ACPI power management timer: a free-running counter of 24 or 32 bits at 3.579545 MHz. Stateless,
 * since it is virtual time in other units; its overflow status is in {@link PowerManagement}.
 *
 * <p>Source: ACPI Specification 6.5, section 4.8.2.1 "Power Management Timer".
 *
 * <p>Not modelled: the ripple that made three reads necessary on old chip sets.
 */
public final class PmTimer implements PortDevice {
  /** The timer's clock: a quarter of the PC's 14.31818 MHz crystal. */
  public static final Frequency INPUT = new Frequency(3_579_545);

  /** How many ports the register takes. */
  public static final int PORTS = 4;

  private final Clock clock;
  private final int bits;

  /**
   * Makes a timer.
   *
   * @param bits 24 or 32; the FADT's TMR_VAL_EXT flag must say the same
   */
  public PmTimer(Clock clock, int bits) {
    if (bits != 24 && bits != 32) {
      throw new IllegalArgumentException("a PM timer has 24 or 32 bits, not " + bits);
    }
    this.clock = clock;
    this.bits = bits;
  }

  @Override
  public int read(int offset, int size) {
    long counter = INPUT.ticksAt(clock.now()) & (1L << bits) - 1;
    return (int) (counter >>> offset * 8);
  }

  /** The register is read-only. */
  @Override
  public void write(int offset, int value, int size) {}

  /**
   * How often the counter's top bit has changed since power-on; each change sets the timer status.
   */
  long carries() {
    return INPUT.ticksAt(clock.now()) >>> bits - 1;
  }

  /** When {@link #carries} changes next, in nanoseconds of virtual time. */
  long nextCarry() {
    return INPUT.nanosAt(carries() + 1 << bits - 1);
  }
}
