package org.coremu.device.platform;

import org.coremu.hw.IrqLine;
import org.coremu.hw.PortDevice;
import org.coremu.hw.PowerControl;
import org.coremu.hw.Saveable;

/**
 * System control port A, port 0x92: the fast way to gate address line 20 and to reset.
 *
 * <p>Source: Intel 82371AB (PIIX4) data sheet (290562), "P92: Port 92 Register".
 *
 * <p>Not modelled: the security lock and the activity lights of the PS/2; their bits read as 0.
 */
public final class FastControlPort implements PortDevice, Saveable<FastControlPort.State> {
  private static final int RESET = 0x01;
  private static final int A20 = 0x02;

  private final IrqLine a20;
  private final PowerControl power;
  private int register = A20;

  /**
   * The port's register.
   *
   * @param register bits 0 and 1 as written
   */
  public record State(int register) {}

  /**
   * Makes the port with A20 enabled.
   *
   * @param a20 told when the guest opens (true) or masks address line 20
   */
  public FastControlPort(IrqLine a20, PowerControl power) {
    this.a20 = a20;
    this.power = power;
  }

  @Override
  public synchronized int read(int offset, int size) {
    return register;
  }

  /** Setting bit 0 resets; it has to be cleared before it can do so again. */
  @Override
  public void write(int offset, int value, int size) {
    boolean reset;
    synchronized (this) {
      reset = (value & RESET) != 0 && (register & RESET) == 0;
      register = value & (RESET | A20);
      a20.set((register & A20) != 0);
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
    a20.set((register & A20) != 0);
  }
}
