package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.Form;
import org.coremu.guest.x86.Insn;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.FlagKind;
import org.coremu.ir.IrOp;

/** Bitwise logic on whole operands. */
public final class Logic implements Family {
  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "and" -> and(t);
      case "or" -> or(t);
      case "xor" -> xor(t);
      case "test" -> test(t);
      case "not" -> not(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void and(X86Ir t) {
    update(t, IrOp.AND, IrOp.AND32, IrOp.FAND);
  }

  static void or(X86Ir t) {
    update(t, IrOp.OR, IrOp.OR32, IrOp.FOR);
  }

  static void xor(X86Ir t) {
    if (sameRegister(t.insn) && t.insn.opSize >= 32) {
      int zero = t.ir.constant(0);
      t.write(0, zero);
      t.flags(FlagKind.LOGIC, zero, zero);
      return;
    }
    update(t, IrOp.XOR, IrOp.XOR32, IrOp.FXOR);
  }

  static void test(X86Ir t) {
    int a = t.raw(0);
    int r = sameRegister(t.insn) ? a : t.op(IrOp.AND, IrOp.AND32, a, t.raw(1));
    t.flags(FlagKind.LOGIC, r, r);
  }

  static void not(X86Ir t) {
    if (t.insn.lock) {
      t.memory(t.insn.opSize, true);
      t.ir.atomic(IrOp.FXOR, t.insn.opSize, t.address(), t.ir.constant(-1));
    } else {
      t.write(0, t.ir.unary(IrOp.NOT, t.update(0)));
    }
  }

  private static void update(X86Ir t, IrOp op64, IrOp op32, IrOp atomic) {
    int b = t.raw(1);
    int a;
    if (t.insn.lock) {
      t.memory(t.insn.opSize, true);
      a = t.ir.atomic(atomic, t.insn.opSize, t.address(), b);
    } else {
      a = t.update(0);
    }
    int r = t.op(op64, op32, a, b);
    if (!t.insn.lock) {
      t.write(0, r);
    }
    t.flags(FlagKind.LOGIC, r, r);
  }

  private static boolean sameRegister(Insn insn) {
    return !insn.memory
            && insn.row.form[1] == Form.G
            && insn.row.form[0] == Form.E
            && insn.reg == insn.rm
        || !insn.memory
            && insn.row.form[0] == Form.G
            && insn.row.form[1] == Form.E
            && insn.reg == insn.rm;
  }
}
