package org.coremu.guest.x86.system;

import org.coremu.exec.CoreState;
import org.coremu.exec.Guest;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;
import org.coremu.hw.LogCategory;

/**
 * What interrupts the flow of instructions: faults with their escalation (SDM vol. 3A, 6.15),
 * interrupts, INIT and start-up messages, single steps, halt. Priorities between instructions are
 * those of SDM vol. 3A, table 6-2.
 */
public final class Events {
  /**
   * Values of INTERRUPT_SHADOW: after STI, and after MOV or POP to SS, which also holds off NMIs
   * and debug traps.
   */
  public static final int SHADOW_STI = 1;

  public static final int SHADOW_SS = 2;

  /**
   * As SHADOW_STI, set by translated code, which does not count instructions: holds as long as the
   * PC is in {@link SystemSlots#SHADOW_PC}, and means nothing elsewhere.
   */
  public static final int SHADOW_NEXT = 3;

  /** Exceptions that make a double fault of one another. */
  private static final int CONTRIBUTORY =
      1 << X86Fault.DE | 1 << X86Fault.TS | 1 << X86Fault.NP | 1 << X86Fault.SS | 1 << X86Fault.GP;

  /**
   * What is not in slots: pins, instructions that the interrupt shadow still lasts, whether the
   * instruction being stepped traps, and breakpoints met.
   */
  public record State(int signals, long shadow, boolean stepTraps, long hits) {}

  public final CoreSignals signals;

  public final FarTransfers farTransfers;
  public final InterruptReturn interruptReturn;

  private final X86 x86;
  private final TaskStacks taskStacks;
  private final StackAccess stackAccess;
  private final Delivery delivery;

  /** Value of {@code Core.instructions()} at which the interrupt shadow is over. */
  private long shadowEnd;

  /** Whether the instruction being stepped began with RFLAGS.TF set. */
  private boolean stepTraps;

  /** Maskable interrupts taken since power-on. */
  private long interrupts;

  public Events(X86 x86) {
    this.x86 = x86;
    signals = new CoreSignals(x86.core);
    taskStacks = new TaskStacks(x86);
    stackAccess = new StackAccess(x86);
    delivery = new Delivery(x86, taskStacks);
    farTransfers = new FarTransfers(x86, taskStacks);
    interruptReturn = new InterruptReturn(x86);
  }

  /** Forgets what has arrived. */
  public void powerOn() {
    signals.take(-1);
    stepTraps = false;
  }

  /** As {@code Saveable.save}. */
  public State save() {
    long shadow = Math.max(0, shadowEnd - x86.core.instructions());
    return new State(signals.pending(), shadow, stepTraps, x86.debug.hits());
  }

  /** As {@code Saveable.restore}. */
  public void restore(State state) {
    signals.restore(state.signals());
    shadowEnd = x86.core.instructions() + state.shadow();
    stepTraps = state.stepTraps();
    x86.debug.restore(state.hits());
  }

  // ---- faults

  /**
   * Delivers an exception; a fault on the way becomes another exception, a double fault, or the
   * end.
   */
  public void take(X86Fault fault) {
    x86.debug.dropHits();
    X86Fault first = fault;
    if (fault.vector() == X86Fault.GP && fault.detail() != 0 && stackAccess.isFor(fault.detail())) {
      first = X86Fault.ss(0);
    }
    enter(first, Delivery.EXCEPTION, first.vector(), x86.get(CoreState.PC));
  }

  private void enter(X86Fault first, int kind, int vector, long returnPc) {
    X86Fault current = first;
    if (first == null) {
      try {
        logDelivery(kind, vector, -1);
        delivery.deliver(vector, kind, returnPc, x86.flags(), -1);
        return;
      } catch (X86Fault second) {
        current = second;
      }
    }
    for (; ; ) {
      try {
        deliver(current);
        return;
      } catch (X86Fault second) {
        if (current.vector() == X86Fault.DF) {
          tripleFault();
          return;
        }
        noteAddress(second);
        current = escalates(current.vector(), second.vector()) ? X86Fault.of(X86Fault.DF) : second;
      }
    }
  }

  private static boolean escalates(int first, int second) {
    boolean contributory = (CONTRIBUTORY >> second & 1) != 0;
    if (first == X86Fault.PF) {
      return contributory || second == X86Fault.PF;
    }
    return (CONTRIBUTORY >> first & 1) != 0 && contributory;
  }

  private void noteAddress(X86Fault fault) {
    if (fault.vector() == X86Fault.PF) {
      x86.put(X86State.CR2, fault.detail());
    }
  }

  private void deliver(X86Fault fault) {
    int vector = fault.vector();
    int code = X86Fault.hasErrorCode(vector) ? fault.errorCode() : -1;
    logDelivery(Delivery.EXCEPTION, vector, code);
    noteAddress(fault);
    long flags = x86.flags();
    if (vector == X86Fault.DB) {
      x86.debug.report(fault.detail());
    } else if (vector != X86Fault.BP && vector != X86Fault.OF) {
      flags |= Bits.RF;
    }
    boolean realMode = (x86.get(X86State.CR0) & Bits.CR0_PE) == 0;
    delivery.deliver(
        vector, Delivery.EXCEPTION, x86.get(CoreState.PC), flags, realMode ? -1 : code);
  }

  private void logDelivery(int kind, int vector, int code) {
    if (x86.config.log().enabled(LogCategory.INT)) {
      String name =
          kind == Delivery.EXCEPTION
              ? "exception"
              : kind == Delivery.INTERRUPT ? "interrupt" : "int";
      x86.log(
          LogCategory.INT,
          String.format(
              "%s %d error %x cpl %d cr2 %x",
              name, vector, code, x86.cpl(), x86.get(X86State.CR2)));
    }
  }

  private void tripleFault() {
    x86.log(LogCategory.INT, "triple fault");
    x86.put(SystemSlots.SHUTDOWN, 1);
    x86.config.tripleFault().run();
  }

  /** INT n, INT3, INTO: faults of the delivery come out, as faults of the instruction. */
  public void software(int vector, long returnPc) {
    logDelivery(Delivery.SOFTWARE, vector, -1);
    delivery.deliver(vector, Delivery.SOFTWARE, returnPc, x86.flags(), -1);
    stepTraps = false;
  }

  /** INT1: a debug trap with none of DR6's bits, without the privilege check of INT n. */
  public void icebp(long returnPc) {
    delivery.deliver(X86Fault.DB, Delivery.EXCEPTION, returnPc, x86.flags(), -1);
    stepTraps = false;
  }

  // ---- between instructions

  /**
   * Holds off interrupts until the instruction after the current one has ended; called by the
   * current one.
   */
  public void shadow(int kind) {
    long shadow = x86.get(X86State.INTERRUPT_SHADOW);
    if (shadow == SHADOW_NEXT
        ? x86.core.currentPc() == x86.get(SystemSlots.SHADOW_PC)
        : shadow != 0 && x86.core.instructions() < shadowEnd) {
      // A second one in a row does not prolong it (SDM vol. 2, STI and MOV).
      return;
    }
    x86.put(X86State.INTERRUPT_SHADOW, kind);
    shadowEnd = x86.core.instructions() + 2;
  }

  /** The interrupt shadow between two instructions, 0 if there is none. */
  private long shadowNow() {
    long shadow = x86.get(X86State.INTERRUPT_SHADOW);
    if (shadow == SHADOW_NEXT) {
      boolean here = x86.get(CoreState.PC) == x86.get(SystemSlots.SHADOW_PC);
      shadow = here ? SHADOW_STI : 0;
      x86.put(X86State.INTERRUPT_SHADOW, shadow);
      shadowEnd = x86.core.instructions() + 1;
    } else if (shadow != 0 && x86.core.instructions() >= shadowEnd) {
      shadow = 0;
      x86.put(X86State.INTERRUPT_SHADOW, 0);
    }
    return shadow;
  }

  /** As {@link Guest#attend}. */
  public int attend() {
    int pending = signals.pending();
    if ((pending & (CoreSignals.INIT | CoreSignals.SIPI)) != 0) {
      reset(pending);
    }
    if (x86.get(SystemSlots.WAIT_FOR_SIPI) != 0 || x86.get(SystemSlots.SHUTDOWN) != 0) {
      return Guest.HALT;
    }
    long shadow = shadowNow();
    boolean waiting =
        (pending & (CoreSignals.NMI | CoreSignals.INTERRUPT)) != 0
            && takeInterrupt(pending, shadow);
    noteWaiting();
    if (x86.get(X86State.HALTED) != 0) {
      return Guest.HALT;
    }
    if (x86.debug.active() || (x86.get(X86State.RFLAGS) & Bits.TF) != 0) {
      return prepareStep();
    }
    stepTraps = false;
    return waiting ? Guest.STEP : Guest.RUN;
  }

  private void reset(int pending) {
    if ((pending & CoreSignals.INIT) != 0) {
      signals.take(CoreSignals.INIT);
      x86.init();
    }
    if ((signals.pending() & CoreSignals.SIPI) != 0) {
      int vector = signals.takeStartup();
      if (x86.get(SystemSlots.WAIT_FOR_SIPI) != 0) {
        x86.startup(vector);
      }
    }
  }

  /** Takes an interrupt that may be taken; true if there is one that only the shadow holds off. */
  private boolean takeInterrupt(int pending, long shadow) {
    if ((pending & CoreSignals.NMI) != 0 && x86.get(SystemSlots.NMI_BLOCKED) == 0) {
      if (shadow == SHADOW_SS) {
        return true;
      }
      signals.take(CoreSignals.NMI);
      x86.put(X86State.HALTED, 0);
      x86.put(SystemSlots.NMI_BLOCKED, 1);
      enter(null, Delivery.INTERRUPT, X86Fault.NMI, x86.get(CoreState.PC));
      return false;
    }
    if ((pending & CoreSignals.INTERRUPT) == 0 || (x86.get(X86State.RFLAGS) & Bits.IF) == 0) {
      return false;
    }
    if (shadow != 0) {
      return true;
    }
    int vector = x86.local().acknowledge();
    if (vector >= 0) {
      interrupts++;
      x86.put(X86State.HALTED, 0);
      enter(null, Delivery.INTERRUPT, vector, x86.get(CoreState.PC));
    }
    return false;
  }

  /** What arrives later has the core look at its events by itself. */
  private void noteWaiting() {
    boolean waits =
        (signals.pending() & CoreSignals.INTERRUPT) != 0
            && (x86.get(X86State.RFLAGS) & Bits.IF) == 0;
    x86.put(SystemSlots.INTERRUPT_WAITS, waits ? 1 : 0);
  }

  private int prepareStep() {
    long flags = x86.get(X86State.RFLAGS);
    if ((flags & Bits.RF) == 0) {
      long hit =
          x86.debug.instructionHit(x86.core.codeBase + x86.get(CoreState.PC) & x86.core.linearMask);
      if (hit != 0) {
        take(X86Fault.debugFault(hit));
        flags = x86.get(X86State.RFLAGS);
      }
    } else {
      x86.clearFlags(Bits.RF);
    }
    stepTraps = (flags & Bits.TF) != 0;
    return Guest.STEP;
  }

  /** As {@link Guest#stepped}. */
  public void stepped() {
    if (shadowNow() == SHADOW_SS) {
      return;
    }
    long hits = x86.debug.takeHits();
    if (stepTraps) {
      hits |= DebugRegisters.DR6_BS;
    }
    if (hits != 0) {
      take(X86Fault.debugTrap(hits));
    }
  }

  /** Maskable interrupts taken since power-on; other threads may see an older count. */
  public long interrupts() {
    return interrupts;
  }
}
