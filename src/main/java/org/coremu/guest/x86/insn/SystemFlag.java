package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86Mode;
import org.coremu.guest.x86.X86State;
import org.coremu.guest.x86.system.Bits;
import org.coremu.guest.x86.system.Events;
import org.coremu.guest.x86.system.SystemSlots;
import org.coremu.ir.Effect;

/** RFLAGS as a whole, and its system flags. */
public final class SystemFlag implements Family {
  /** Value a, operand size in bytes b. */
  private static final int POPF =
      X86Helpers.add(
          "popf",
          Effect.ANY,
          (core, value, bytes, c) -> {
            X86.of(core).events.interruptReturn.popf(value, (int) bytes);
            return 0;
          });

  private static final int CLI =
      X86Helpers.add(
          "cli",
          Effect.ANY,
          (core, a, b, c) -> {
            X86 x86 = X86.of(core);
            requireIopl(x86);
            x86.clearFlags(Bits.IF);
            return 0;
          });

  private static final int STI =
      X86Helpers.add(
          "sti",
          Effect.ANY,
          (core, a, b, c) -> {
            X86 x86 = X86.of(core);
            requireIopl(x86);
            long flags = x86.get(X86State.RFLAGS);
            if ((flags & Bits.IF) == 0) {
              x86.put(X86State.RFLAGS, flags | Bits.IF);
              x86.events.shadow(Events.SHADOW_STI);
            }
            return 0;
          });

  /** New value of RFLAGS.AC, which switches SMAP off: a. */
  private static final int SET_AC =
      X86Helpers.add(
          "set_ac",
          Effect.ANY,
          (core, on, b, c) -> {
            X86 x86 = X86.of(core);
            x86.put(X86State.RFLAGS, x86.get(X86State.RFLAGS) & ~Bits.AC | (on != 0 ? Bits.AC : 0));
            core.setMmuMode(x86.mmuModeOf(x86.cpl()));
            return 0;
          });

  private static void requireIopl(X86 x86) {
    if (x86.cpl() > x86.iopl()) {
      throw X86Fault.gp(0);
    }
  }

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "pushf" -> pushf(t);
      case "popf" -> popf(t);
      case "cli" -> cli(t);
      case "sti" -> sti(t);
      case "clac" -> setAc(t, 0);
      case "stac" -> setAc(t, 1);
      default -> throw Family.unknown(method, t);
    }
  }

  static void pushf(X86Ir t) {
    Privilege.requireIoplInVirtual8086(t);
    int flags = t.ir.or(t.ir.getFlags(), t.ir.get(X86State.RFLAGS));
    t.push(t.insn.opSize, t.ir.mask(flags, ~(Bits.VM | Bits.RF)));
  }

  static void popf(X86Ir t) {
    int bytes = t.insn.opSize / 8;
    int pointer = t.stackPointer(bytes);
    t.ir.call(POPF, t.loadStack(t.insn.opSize, t.stackPointer(0)), t.ir.constant(bytes));
    t.setStackPointer(pointer);
    t.ir.exit(t.next());
  }

  /** Interrupts are taken between blocks, so that the block may go on with IF clear. */
  static void cli(X86Ir t) {
    if (X86Mode.cpl(t.mode) == 0) {
      t.ir.put(X86State.RFLAGS, t.ir.mask(t.ir.get(X86State.RFLAGS), ~Bits.IF));
    } else {
      t.ir.call(CLI);
    }
  }

  /**
   * Ends the block: at the beginning of the next one the core looks at its events if an interrupt
   * waits. The instruction there is still to be executed before.
   */
  static void sti(X86Ir t) {
    if (X86Mode.cpl(t.mode) != 0) {
      t.ir.call(STI);
      t.ir.exit(t.next());
      return;
    }
    int flags = t.ir.get(X86State.RFLAGS);
    int was = t.ir.mask(flags, Bits.IF);
    t.ir.put(X86State.RFLAGS, t.ir.or(flags, t.ir.constant(Bits.IF)));
    putUnless(t, was, X86State.INTERRUPT_SHADOW, t.ir.constant(Events.SHADOW_NEXT));
    putUnless(t, was, SystemSlots.SHADOW_PC, t.ir.pcRelative(t.next()));
    t.ir.attend(t.ir.get(SystemSlots.INTERRUPT_WAITS));
    t.ir.jump(t.next());
  }

  private static void putUnless(X86Ir t, int test, int slot, int v) {
    t.ir.put(slot, t.ir.select(test, t.ir.get(slot), v));
  }

  private static void setAc(X86Ir t, int on) {
    if (X86Mode.cpl(t.mode) != 0) {
      t.raise(X86Fault.UD);
      return;
    }
    t.ir.call(SET_AC, t.ir.constant(on));
    t.ir.exit(t.next());
  }
}
