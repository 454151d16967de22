package org.coremu.guest.x86.insn;

import org.coremu.exec.Core;
import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86Mode;
import org.coremu.guest.x86.X86State;
import org.coremu.ir.Effect;
import org.coremu.ir.FlagKind;

/**
 * String instructions on memory. One iteration is IR; a REP prefix calls a helper, which does a
 * stretch of iterations and tells whether there are more: then the instruction is left and entered
 * again, so that interrupts get in.
 */
public final class Strings implements Family {
  private static final int RAX = 0;
  private static final int RSI = 6;
  private static final int RDI = 7;

  private static final int REP_MOVS =
      add("repMovs", (core, how) -> RepeatedStrings.movs(core, how));
  private static final int REP_STOS =
      add("repStos", (core, how) -> RepeatedStrings.stos(core, how));
  private static final int REP_LODS =
      add("repLods", (core, how) -> RepeatedStrings.lods(core, how));
  private static final int REP_CMPS =
      add("repCmps", (core, how) -> RepeatedStrings.cmps(core, how));
  private static final int REP_SCAS =
      add("repScas", (core, how) -> RepeatedStrings.scas(core, how));

  /** A repeated instruction: gives whether iterations are left. */
  @FunctionalInterface
  private interface Repeated {
    boolean run(Core core, int how);
  }

  private static int add(String name, Repeated repeated) {
    return X86Helpers.add(
        name, Effect.ANY, (core, how, b, c) -> repeated.run(core, (int) how) ? 1 : 0);
  }

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "movs" -> movs(t);
      case "stos" -> stos(t);
      case "lods" -> lods(t);
      case "cmps" -> cmps(t);
      case "scas" -> scas(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void movs(X86Ir t) {
    if (repeat(t, REP_MOVS)) {
      return;
    }
    int bits = t.insn.opSize;
    int v = loadSource(t);
    t.ir.store(bits, t.linear(X86State.ES, pointer(t, RDI), bits, true), 0, v);
    advance(t, RSI);
    advance(t, RDI);
  }

  static void stos(X86Ir t) {
    if (repeat(t, REP_STOS)) {
      return;
    }
    int bits = t.insn.opSize;
    t.ir.store(bits, t.linear(X86State.ES, pointer(t, RDI), bits, true), 0, t.gpr(RAX));
    advance(t, RDI);
  }

  static void lods(X86Ir t) {
    if (repeat(t, REP_LODS)) {
      return;
    }
    int v = loadSource(t);
    advance(t, RSI);
    t.setReg(RAX, t.insn.opSize, v);
  }

  static void cmps(X86Ir t) {
    if (repeat(t, REP_CMPS)) {
      return;
    }
    // processors read the destination first
    int b = loadDestination(t);
    int a = loadSource(t);
    advance(t, RSI);
    advance(t, RDI);
    t.flags(FlagKind.SUB, a, b);
  }

  static void scas(X86Ir t) {
    if (repeat(t, REP_SCAS)) {
      return;
    }
    int b = loadDestination(t);
    advance(t, RDI);
    t.flags(FlagKind.SUB, t.gpr(RAX), b);
  }

  /** Translates the repeated form, if this is one. */
  private static boolean repeat(X86Ir t, int helper) {
    if (!t.insn.isRepeated()) {
      return false;
    }
    boolean once = (t.mode & X86Mode.SINGLE_STEP) != 0;
    int how =
        RepeatedStrings.how(
            t.insn.opSize, t.insn.addrSize, t.insn.segment, t.insn.rep == 0xf2, once);
    t.ir.exitIf(t.ir.call(helper, t.ir.constant(how)), t.delta);
    return true;
  }

  private static int pointer(X86Ir t, int register) {
    return t.ir.zext(t.gpr(register), t.insn.addrSize);
  }

  private static int loadSource(X86Ir t) {
    int bits = t.insn.opSize;
    return t.ir.load(bits, t.linear(t.insn.segment, pointer(t, RSI), bits, false), 0);
  }

  private static int loadDestination(X86Ir t) {
    int bits = t.insn.opSize;
    return t.ir.load(bits, t.linear(X86State.ES, pointer(t, RDI), bits, false), 0);
  }

  /** Moves an index register by the operand size, down if DF (bit 10) is set. */
  private static void advance(X86Ir t, int register) {
    int bytes = t.insn.opSize / 8;
    int down = t.ir.mask(t.ir.shr(t.ir.get(X86State.RFLAGS), 10), 1);
    int twice = t.ir.shl(down, Integer.numberOfTrailingZeros(bytes) + 1);
    int step = t.ir.sub(t.ir.constant(bytes), twice);
    t.setReg(register, t.insn.addrSize, t.ir.add(t.gpr(register), step));
  }
}
