package org.coremu.device.acpi;

import org.coremu.hw.PortDevice;
import org.coremu.hw.PowerControl;
import org.coremu.hw.Saveable;

/**
 * The reset control register, port 0xCF9, which the FADT names as ACPI's reset register. It lies
 * inside the PCI configuration address port and answers to byte accesses only; the board gives it
 * that one port.
 *
 * <p>Source: Intel 82371AB (PIIX4) data sheet (290562), "RC: Reset Control Register"; ACPI
 * Specification 6.5, section 4.8.3.6 "Reset Register".
 *
 * <p>Not modelled: the difference between a soft reset (cores only) and a hard one; both reset the
 * machine.
 */
public final class ResetControl implements PortDevice, Saveable<ResetControl.State> {
  /** What the FADT gives as RESET_VALUE: a hard reset. */
  public static final int RESET_VALUE = 0x06;

  private static final int SYSTEM_RESET = 0x02;
  private static final int RESET_CPU = 0x04;

  private final PowerControl power;
  private int register;

  /**
   * The register.
   *
   * @param register as written
   */
  public record State(int register) {}

  /** Makes the register, cleared. */
  public ResetControl(PowerControl power) {
    this.power = power;
  }

  @Override
  public synchronized int read(int offset, int size) {
    return register;
  }

  /** The reset happens when RCPU goes from 0 to 1. */
  @Override
  public void write(int offset, int value, int size) {
    boolean reset;
    synchronized (this) {
      reset = (value & RESET_CPU) != 0 && (register & RESET_CPU) == 0;
      register = reset ? 0 : value & (SYSTEM_RESET | RESET_CPU);
    }
    if (reset) {
      power.reset();
    }
  }

  @Override
  public synchronized State save() {
    return new State(register);
  }

  @Override
  public synchronized void restore(State state) {
    register = state.register;
  }
}
