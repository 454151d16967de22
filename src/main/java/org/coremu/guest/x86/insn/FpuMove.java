package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.Insn;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.fpu.X87Move;
import org.coremu.guest.x86.fpu.X87Site;
import org.coremu.guest.x86.fpu.X87Store;
import org.coremu.ir.Cond;

/** x87 loads, stores and moves: calls of {@link X87Move} and {@link X87Store}. */
public final class FpuMove implements Family {
  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "fld" -> fld(t);
      case "fild" -> fild(t);
      case "fbld" -> Fpu.callWithMemory(t, X87Move.LOAD_DECIMAL, 0, false);
      case "fst" -> store(t, 0);
      case "fstp" -> store(t, X87Site.POP);
      case "fist" -> storeInteger(t, 0);
      case "fistp" -> storeInteger(t, X87Site.POP);
      case "fisttp" -> storeInteger(t, X87Site.POP | X87Site.operation(X87Store.TRUNCATING));
      case "fbstp" -> Fpu.callWithMemory(t, X87Store.DECIMAL, X87Site.POP, true);
      case "fxch" -> Fpu.call(t, X87Move.EXCHANGE, 0);
      case "fcmov" -> fcmov(t);
      case "loadConstant" -> Fpu.call(t, X87Move.LOAD_CONSTANT, X87Site.operation(t.insn.rm & 7));
      default -> throw Family.unknown(method, t);
    }
  }

  private static void fld(X86Ir t) {
    if (!t.insn.memory) {
      Fpu.call(t, X87Move.LOAD_REGISTER, 0);
      return;
    }
    int helper =
        switch (t.insn.width(0)) {
          case 32 -> X87Move.LOAD_FLOAT;
          case 64 -> X87Move.LOAD_DOUBLE;
          default -> X87Move.LOAD_EXTENDED;
        };
    Fpu.callWithMemory(t, helper, 0, false);
  }

  private static void fild(X86Ir t) {
    int helper =
        switch (t.insn.width(0)) {
          case 16 -> X87Move.LOAD_INT16;
          case 32 -> X87Move.LOAD_INT32;
          default -> X87Move.LOAD_INT64;
        };
    Fpu.callWithMemory(t, helper, 0, false);
  }

  private static void store(X86Ir t, int pop) {
    if (!t.insn.memory) {
      // FSTP1 is FSTP but for this, as processors do it.
      boolean fstp1 = t.insn.opcode == 0xd9;
      int operation = X87Site.operation(fstp1 ? X87Store.EMPTY_IS_NOTHING : 0);
      Fpu.call(t, X87Store.REGISTER, operation | pop);
      return;
    }
    int helper =
        switch (t.insn.width(0)) {
          case 32 -> X87Store.FLOAT;
          case 64 -> X87Store.DOUBLE;
          default -> X87Store.EXTENDED;
        };
    Fpu.callWithMemory(t, helper, pop, true);
  }

  private static void storeInteger(X86Ir t, int more) {
    int helper =
        switch (t.insn.width(0)) {
          case 16 -> X87Store.INT16;
          case 32 -> X87Store.INT32;
          default -> X87Store.INT64;
        };
    Fpu.callWithMemory(t, helper, more, true);
  }

  /** DA has the conditions B, E, BE and U in ModRM.reg, DB their negations. */
  private static void fcmov(X86Ir t) {
    Insn insn = t.insn;
    int condition =
        switch (insn.reg & 3) {
          case 0 -> Cond.B;
          case 1 -> Cond.E;
          case 2 -> Cond.BE;
          default -> Cond.P;
        };
    int holds = t.ir.cond(insn.opcode == 0xdb ? condition ^ 1 : condition);
    t.ir.call(X87Move.MOVE_IF, t.ir.constant(X87Site.of(t, 0)), holds);
  }
}
