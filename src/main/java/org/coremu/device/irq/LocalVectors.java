package org.coremu.device.irq;

import static org.coremu.device.irq.ApicRegister.LVT_ERROR;
import static org.coremu.device.irq.ApicRegister.LVT_LINT0;
import static org.coremu.device.irq.ApicRegister.LVT_LINT1;
import static org.coremu.device.irq.ApicRegister.LVT_TIMER;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.coremu.hw.CoreLines;

/**
 * The local vector table of a local APIC and its LINT0 and LINT1 pins (SDM 3A, "Local Vector
 * Table"). Pins and timer act on any thread, so entries are atomic; the only bit that doesn't
 * belong to the core is remote IRR.
 *
 * <p>A pin in ExtINT mode is looked at rather than remembered, as it is a level. LINT1 is always
 * edge-triggered.
 */
final class LocalVectors {
  private static final int ENTRIES = LVT_ERROR - LVT_TIMER + 1;
  private static final int MODE = 7 << 8;
  private static final int POLARITY = 1 << 13;
  private static final int REMOTE_IRR = 1 << 14;
  private static final int LEVEL = 1 << 15;
  private static final int MASKED = 1 << 16;
  private static final int TIMER_MODE = 3 << 17;

  /** Entries in the order of their registers, and the two pins. */
  record State(int[] entries, boolean lint0, boolean lint1) {}

  private final LocalApic apic;
  private final LocalTimer timer;
  private final CoreLines core;
  private final AtomicIntegerArray entries = new AtomicIntegerArray(ENTRIES);
  private final AtomicIntegerArray pins = new AtomicIntegerArray(2);

  LocalVectors(LocalApic apic, LocalTimer timer, CoreLines core) {
    this.apic = apic;
    this.timer = timer;
    this.core = core;
  }

  int entry(int register) {
    return entries.get(register - LVT_TIMER);
  }

  boolean masked(int register) {
    return (entry(register) & MASKED) != 0;
  }

  /** What {@link LocalTimer} calls the mode; the reserved encoding counts as one-shot. */
  int timerMode() {
    int mode = (entry(LVT_TIMER) & TIMER_MODE) >>> 17;
    return mode == 3 ? LocalTimer.ONE_SHOT : mode;
  }

  void write(int register, int value) {
    int written = value & writable(register) | (apic.enabledBySoftware() ? 0 : MASKED);
    boolean level = register == LVT_LINT0 && isLevel(written);
    entries.updateAndGet(register - LVT_TIMER, old -> written | (level ? old & REMOTE_IRR : 0));
    if (register == LVT_TIMER) {
      timer.configure(timerMode(), masked(LVT_TIMER));
    } else if (level) {
      raiseLevel();
    }
  }

  void maskAll() {
    for (int i = 0; i < ENTRIES; i++) {
      entries.updateAndGet(i, old -> old | MASKED);
    }
    timer.configure(timerMode(), true);
  }

  void reset() {
    for (int i = 0; i < ENTRIES; i++) {
      entries.set(i, MASKED);
    }
  }

  /**
   * The event of an entry has happened: the timer expired, an error was recorded, a pin was
   * asserted.
   */
  void raise(int register) {
    int entry = entry(register);
    if ((entry & MASKED) != 0) {
      return;
    }
    switch (register == LVT_TIMER || register == LVT_ERROR
        ? DeliveryMode.FIXED
        : DeliveryMode.in(entry)) {
      case FIXED -> {
        if (register == LVT_LINT0 && isLevel(entry)) {
          raiseLevel();
        } else {
          apic.acceptVector(entry & 0xff, false);
        }
      }
      case NMI -> core.nmi();
      case INIT -> core.init();
      case EXT_INT -> apic.signal();
      case LOWEST_PRIORITY, SMI, RESERVED, STARTUP -> {}
    }
  }

  /**
   * Drives a pin. While the APIC is switched off the pins are the INTR and NMI pins of the core.
   */
  void setPin(int register, boolean level) {
    boolean before = pins.getAndSet(register - LVT_LINT0, level ? 1 : 0) != 0;
    if (before == level) {
      return;
    }
    if (level && apic.enabled()) {
      raise(register);
    } else if (register == LVT_LINT0) {
      apic.signal();
    } else if (level) {
      core.nmi();
    }
  }

  /** Whether an 8259 asks for an acknowledge cycle through LINT0 or LINT1. */
  boolean externalPending() {
    return externalPending(LVT_LINT0) || externalPending(LVT_LINT1);
  }

  private boolean externalPending(int register) {
    if (pins.get(register - LVT_LINT0) == 0) {
      return false;
    }
    if (!apic.enabled()) {
      return register == LVT_LINT0;
    }
    return !masked(register) && DeliveryMode.in(entry(register)) == DeliveryMode.EXT_INT;
  }

  /** A level-triggered pin that is still asserted interrupts again. */
  void endOfInterrupt(int vector) {
    int entry = entry(LVT_LINT0);
    if ((entry & REMOTE_IRR) != 0 && (entry & 0xff) == vector) {
      entries.updateAndGet(LVT_LINT0 - LVT_TIMER, old -> old & ~REMOTE_IRR);
      raiseLevel();
    }
  }

  /** Remote IRR is taken first, so that the pin and the core together raise it once. */
  private void raiseLevel() {
    int entry = entry(LVT_LINT0);
    boolean ready = pins.get(0) != 0 && isLevel(entry) && (entry & (MASKED | REMOTE_IRR)) == 0;
    if (ready && entries.compareAndSet(LVT_LINT0 - LVT_TIMER, entry, entry | REMOTE_IRR)) {
      apic.acceptVector(entry & 0xff, true);
    }
  }

  private static boolean isLevel(int entry) {
    return (entry & LEVEL) != 0 && DeliveryMode.in(entry) == DeliveryMode.FIXED;
  }

  private static int writable(int register) {
    return switch (register) {
      case LVT_TIMER -> 0xff | MASKED | TIMER_MODE;
      case LVT_LINT0, LVT_LINT1 -> 0xff | MODE | POLARITY | LEVEL | MASKED;
      case LVT_ERROR -> 0xff | MASKED;
      default -> 0xff | MODE | MASKED;
    };
  }

  State save() {
    int[] saved = new int[ENTRIES];
    for (int i = 0; i < ENTRIES; i++) {
      saved[i] = entries.get(i);
    }
    return new State(saved, pins.get(0) != 0, pins.get(1) != 0);
  }

  void restore(State state) {
    for (int i = 0; i < ENTRIES; i++) {
      entries.set(i, state.entries[i]);
    }
    pins.set(0, state.lint0 ? 1 : 0);
    pins.set(1, state.lint1 ? 1 : 0);
  }
}
