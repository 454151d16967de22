package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.Cond;
import org.coremu.ir.Effect;
import org.coremu.ir.IrOp;

/** Near jumps, calls and returns, loops, and instructions that only raise an exception. */
public final class ControlFlow implements Family {
  private static final int PAUSE =
      X86Helpers.add(
          "pause",
          Effect.VISIBLE,
          (core, a, b, c) -> {
            core.yield();
            return 0;
          });

  /** #BR unless low (b) &lt;= index (a) &lt;= high (c), signed. */
  private static final int BOUND =
      X86Helpers.add(
          "bound",
          Effect.FAULTS | Effect.READS_STATE | Effect.VISIBLE,
          (core, index, low, high) -> {
            if (index < low || index > high) {
              throw X86Fault.of(X86Fault.BR);
            }
            return 0;
          });

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "jmp" -> jmp(t);
      case "jmpIndirect" -> jmpIndirect(t);
      case "jcc" -> jcc(t);
      case "jcxz" -> jcxz(t);
      case "loop" -> loop(t);
      case "call" -> call(t);
      case "callIndirect" -> callIndirect(t);
      case "ret" -> ret(t);
      case "pause" -> pause(t);
      case "bound" -> bound(t);
      case "undefined" -> undefined(t);
      case "tooLong" -> tooLong(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void jmp(X86Ir t) {
    t.jumpRelative();
  }

  static void jmpIndirect(X86Ir t) {
    int target = t.zx(0);
    t.checkTarget(target);
    t.ir.jumpIndirect(target);
  }

  static void jcc(X86Ir t) {
    t.branchRelative(t.ir.cond(t.insn.opcode & 15));
  }

  static void jcxz(X86Ir t) {
    int count = t.ir.zext(t.gpr(1), t.insn.addrSize);
    t.branchRelative(t.ir.binary(IrOp.EQ, count, t.ir.constant(0)));
  }

  /** LOOPNE, LOOPE, LOOP are opcodes E0, E1, E2. */
  static void loop(X86Ir t) {
    int count = t.ir.zext(t.ir.plus(t.gpr(1), -1), t.insn.addrSize);
    int again = t.ir.binary(IrOp.NE, count, t.ir.constant(0));
    if (t.insn.opcode != 0xe2) {
      again = t.ir.and(again, t.ir.cond(t.insn.opcode == 0xe0 ? Cond.NE : Cond.E));
    }
    t.setReg(1, t.insn.addrSize, count);
    t.branchRelative(again);
  }

  static void call(X86Ir t) {
    t.push(t.insn.opSize, t.nextIp());
    t.jumpRelative();
  }

  static void callIndirect(X86Ir t) {
    int target = t.zx(0);
    t.checkTarget(target);
    t.push(t.insn.opSize, t.nextIp());
    t.ir.jumpIndirect(target);
  }

  static void ret(X86Ir t) {
    int bytes = t.insn.opSize / 8 + (t.insn.row.operandCount() > 0 ? (int) t.insn.imm : 0);
    int target = t.loadStack(t.insn.opSize, t.stackPointer(0));
    t.checkTarget(target);
    t.setStackPointer(t.stackPointer(bytes));
    t.ir.jumpIndirect(target);
  }

  static void pause(X86Ir t) {
    t.ir.call(PAUSE);
    t.ir.exit(t.next()); // the quantum ends with the block
  }

  /** The bounds are a pair in memory, the lower one first. */
  static void bound(X86Ir t) {
    int bits = t.insn.opSize;
    t.memory(2 * bits, false);
    int low = t.ir.sext(t.loadAt(bits, 0), bits);
    int high = t.ir.sext(t.loadAt(bits, bits / 8), bits);
    t.ir.call(BOUND, t.sx(0), low, high);
  }

  static void undefined(X86Ir t) {
    t.raise(X86Fault.UD);
  }

  static void tooLong(X86Ir t) {
    t.raise(X86Fault.GP, 0);
  }
}
