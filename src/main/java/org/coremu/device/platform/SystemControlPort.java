package org.coremu.device.platform;

import java.util.function.BooleanSupplier;
import org.coremu.hw.Clock;
import org.coremu.hw.IrqLine;
import org.coremu.hw.PortDevice;
import org.coremu.hw.Saveable;

/**
 * System control port B, port 0x61: the gate and output of the 8254's channel 2, the speaker, and
 * the memory refresh toggle that old delay loops count.
 *
 * <p>Source: Intel 82371AB (PIIX4) data sheet (290562), "NMISC: NMI Status and Control Register".
 *
 * <p>Not modelled: the speaker's sound; the NMI sources (parity and I/O check), whose status bits
 * read as 0.
 */
public final class SystemControlPort implements PortDevice, Saveable<SystemControlPort.State> {
  private static final int GATE_2 = 0x01;
  private static final int WRITABLE = 0x0f;
  private static final int REFRESH_TOGGLE = 0x10;
  private static final int OUTPUT_2 = 0x20;

  /** A PC refreshes a row of memory every 18 ticks of the 8254's clock. */
  private static final long REFRESH_NANOS = 15_085;

  private final Clock clock;
  private final IrqLine gate2;
  private final BooleanSupplier output2;
  private int control;

  /**
   * The port's state.
   *
   * @param control bits 0 to 3 as written
   */
  public record State(int control) {}

  /**
   * Makes the port with channel 2's gate closed.
   *
   * @param gate2 the gate of the 8254's channel 2
   * @param output2 the output of the 8254's channel 2
   */
  public SystemControlPort(Clock clock, IrqLine gate2, BooleanSupplier output2) {
    this.clock = clock;
    this.gate2 = gate2;
    this.output2 = output2;
  }

  @Override
  public synchronized int read(int offset, int size) {
    boolean toggle = (clock.now() / REFRESH_NANOS & 1) != 0;
    return control | (toggle ? REFRESH_TOGGLE : 0) | (output2.getAsBoolean() ? OUTPUT_2 : 0);
  }

  @Override
  public synchronized void write(int offset, int value, int size) {
    control = value & WRITABLE;
    gate2.set((control & GATE_2) != 0);
  }

  @Override
  public synchronized State save() {
    return new State(control);
  }

  /** Takes back the bits only: the 8254 saves the level of its own gate. */
  @Override
  public synchronized void restore(State state) {
    control = state.control;
  }
}
