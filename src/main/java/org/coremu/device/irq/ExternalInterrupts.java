package org.coremu.device.irq;

/** The controller outside the local APICs that supplies vectors for ExtINT: the 8259 pair. */
@FunctionalInterface
public interface ExternalInterrupts {
  /**
   * Runs an interrupt acknowledge cycle.
   *
   * @return the vector, 0 to 255; a spurious one when the request has gone
   */
  int acknowledge();
}
