package org.coremu.device.irq;

import org.coremu.hw.IrqLine;

/**
 * The sixteen ISA interrupt requests of a PC. Each wire ends at both controllers; the operating
 * system masks it in one. The I/O APIC has the timer's request, 0, at pin 2 (ACPI tells so by an
 * interrupt source override), the others at the pin of their number.
 */
public final class IsaIrqs {
  private static final int TIMER_PIN = 2;

  private final Pic8259 pic;
  private final IoApic ioApic;

  public IsaIrqs(Pic8259 pic, IoApic ioApic) {
    this.pic = pic;
    this.ioApic = ioApic;
  }

  /**
   * The wire of a request.
   *
   * @param irq 0 to 15 but not 2, which is the 8259's cascade
   */
  public IrqLine line(int irq) {
    IrqLine toPic = pic.line(irq);
    IrqLine toIoApic = ioApic.line(ioApicPin(irq));
    return level -> {
      toPic.set(level);
      toIoApic.set(level);
    };
  }

  /** The I/O APIC pin, and so the global system interrupt, of a request. */
  public static int ioApicPin(int irq) {
    return irq == 0 ? TIMER_PIN : irq;
  }
}
