package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.Cond;
import org.coremu.ir.Effect;
import org.coremu.ir.FlagKind;
import org.coremu.ir.IrOp;

/** Addition, subtraction, comparison, increment and negation. */
public final class Arithmetic implements Family {
  /** Atomic negation of b bytes at address a: gives the old value. No single atomic op does it. */
  private static final int LOCKED_NEG =
      X86Helpers.add(
          "lockedNeg",
          Effect.ANY,
          (core, address, size, c) -> {
            for (; ; ) {
              long old = core.memory.loadForUpdate(address, (int) size);
              if (core.memory.compareExchange(address, (int) size, old, -old) == old) {
                return old;
              }
            }
          });

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "add" -> add(t);
      case "adc" -> adc(t);
      case "sub" -> sub(t);
      case "sbb" -> sbb(t);
      case "cmp" -> cmp(t);
      case "inc" -> inc(t);
      case "dec" -> dec(t);
      case "neg" -> neg(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void add(X86Ir t) {
    int b = t.raw(1);
    int a = fetch(t, b);
    if (!t.insn.lock) {
      t.write(0, t.op(IrOp.ADD, IrOp.ADD32, a, b));
    }
    t.flags(FlagKind.ADD, a, b);
  }

  static void adc(X86Ir t) {
    int carry = t.ir.cond(Cond.B);
    int b = t.raw(1);
    int addend = t.ir.add(b, carry);
    int a = fetch(t, addend);
    if (!t.insn.lock) {
      t.write(0, t.op(IrOp.ADD, IrOp.ADD32, a, addend));
    }
    t.ir.flags(FlagKind.ADC, t.insn.opSize, a, b, carry);
  }

  static void sub(X86Ir t) {
    int b = t.raw(1);
    int a = t.insn.lock ? fetch(t, t.ir.unary(IrOp.NEG, b)) : t.update(0);
    if (!t.insn.lock) {
      t.write(0, t.op(IrOp.SUB, IrOp.SUB32, a, b));
    }
    t.flags(FlagKind.SUB, a, b);
  }

  static void sbb(X86Ir t) {
    int carry = t.ir.cond(Cond.B);
    int b = t.raw(1);
    int subtrahend = t.ir.add(b, carry);
    int a = t.insn.lock ? fetch(t, t.ir.unary(IrOp.NEG, subtrahend)) : t.update(0);
    if (!t.insn.lock) {
      t.write(0, t.op(IrOp.SUB, IrOp.SUB32, a, subtrahend));
    }
    t.ir.flags(FlagKind.SBB, t.insn.opSize, a, b, carry);
  }

  static void cmp(X86Ir t) {
    t.flags(FlagKind.SUB, t.raw(0), t.raw(1));
  }

  static void inc(X86Ir t) {
    step(t, 1, FlagKind.INC);
  }

  static void dec(X86Ir t) {
    step(t, -1, FlagKind.DEC);
  }

  private static void step(X86Ir t, int by, int kind) {
    int carry = t.ir.cond(Cond.B);
    int k = t.ir.constant(by);
    int result = t.op(IrOp.ADD, IrOp.ADD32, fetch(t, k), k);
    if (!t.insn.lock) {
      t.write(0, result);
    }
    t.ir.flags(kind, t.insn.opSize, result, result, carry);
  }

  static void neg(X86Ir t) {
    int zero = t.ir.constant(0);
    int a;
    if (t.insn.lock) {
      t.memory(t.insn.opSize, true);
      a = t.ir.call(LOCKED_NEG, t.address(), t.ir.constant(t.insn.opSize / 8));
    } else {
      a = t.update(0);
      t.write(0, t.op(IrOp.SUB, IrOp.SUB32, zero, a));
    }
    t.flags(FlagKind.SUB, zero, a);
  }

  /**
   * The old value of operand 0; with LOCK, {@code addend} is added to it in memory in the same
   * step.
   */
  private static int fetch(X86Ir t, int addend) {
    if (!t.insn.lock) {
      return t.update(0);
    }
    t.memory(t.insn.opSize, true);
    return t.ir.atomic(IrOp.FADD, t.insn.opSize, t.address(), addend);
  }
}
