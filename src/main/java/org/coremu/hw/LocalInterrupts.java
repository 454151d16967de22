package org.coremu.hw;

/**
 * The local interrupt controller of one core, as that core sees it without going through memory:
 * interrupt acknowledge, CR8 and the model-specific registers (Intel SDM volume 3, "Advanced
 * Programmable Interrupt Controller").
 *
 * <p>Only the thread that runs the core calls these methods, except {@link #pending()}, which any
 * thread may. None allocates. A call may drive {@link CoreLines} of this and of other cores before
 * it returns.
 */
public interface LocalInterrupts {
  /**
   * What {@link #readMsr} gives for a register that can't be read. No register has this value: all
   * are 32 bits wide but the ICR, which has bits that always read as 0.
   */
  long REFUSED = -1;

  /**
   * Takes the pending interrupt of the highest priority, from the local controller or from the
   * external (8259) one; the core then calls its handler. To be called only when the core really
   * accepts it.
   *
   * @return the vector, 0 to 255, or -1 when nothing is deliverable (any more)
   */
  int acknowledge();

  /** Whether {@link #acknowledge()} would find something now. */
  boolean pending();

  /**
   * Resets the controller as INIT does. The identity and IA32_APIC_BASE, with its x2APIC mode, stay
   * (SDM 3A, "Local APIC State After It Receives an INIT-Deassert IPI", "x2APIC States").
   */
  void reset();

  /**
   * RDMSR of an x2APIC register.
   *
   * @param msr 0x800 to 0x8ff
   * @return the value, or {@link #REFUSED}: the core raises #GP(0); also when x2APIC mode is off
   */
  long readMsr(int msr);

  /**
   * WRMSR of an x2APIC register.
   *
   * @param msr 0x800 to 0x8ff
   * @param value all 64 bits as the guest gave them
   * @return false when the register is reserved or read-only, a reserved bit is set, or x2APIC mode
   *     is off: nothing has changed and the core raises #GP(0)
   */
  boolean writeMsr(int msr, long value);

  /**
   * IA32_APIC_BASE (MSR 0x1b): base address, bit 8 bootstrap processor, bit 10 x2APIC, bit 11
   * enabled.
   */
  long apicBase();

  /**
   * WRMSR of IA32_APIC_BASE.
   *
   * @return false when a reserved bit is set or the change of mode is illegal (SDM 3A, "x2APIC
   *     State Transitions"): nothing has changed and the core raises #GP(0)
   */
  boolean setApicBase(long value);

  /** CR8: bits 7 to 4 of the task priority register, 0 to 15. */
  int taskPriority();

  /**
   * Writes CR8.
   *
   * @param priority 0 to 15; interrupts of this and lower priority classes wait
   */
  void setTaskPriority(int priority);

  /**
   * IA32_TSC_DEADLINE, in machine time instead of TSC ticks.
   *
   * @return {@link Clock} time in nanoseconds; 0 when disarmed, fired, or the timer is in another
   *     mode
   */
  long tscDeadline();

  /**
   * Writes IA32_TSC_DEADLINE, in machine time instead of TSC ticks. Ignored while the timer is in
   * another mode.
   *
   * @param deadline {@link Clock} time in nanoseconds, 0 or more; 0 disarms, one in the past fires
   *     at once. The core turns any non-zero TSC value into at least 1.
   */
  void setTscDeadline(long deadline);
}
