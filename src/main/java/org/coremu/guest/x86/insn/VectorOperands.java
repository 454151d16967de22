package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Form;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86State;
import org.coremu.guest.x86.fpu.X87Control;
import org.coremu.ir.FpLanes;
import org.coremu.ir.IrOp;
import org.coremu.ir.IrOp.Code;

/**
 * The operands of MMX and SSE instructions. An operand is a vector, of which an MMX register or a
 * smaller memory operand is the low part and the rest 0.
 */
final class VectorOperands {
  private VectorOperands() {}

  /**
   * Begins an instruction: one with an MMX register first raises an x87 exception that waits (SDM
   * vol. 3, 13.2).
   */
  static void begin(X86Ir t) {
    if (usesMmx(t)) {
      t.ir.call(X87Control.WAIT);
    }
  }

  /**
   * Ends an instruction: one with an MMX register has made all x87 registers valid, and TOP 0 (SDM
   * vol. 1, 9.5.1).
   */
  static void end(X86Ir t) {
    if (usesMmx(t)) {
      int zero = t.ir.constant(0);
      t.ir.put(X86State.FTOP, zero);
      t.ir.put(X86State.FEMPTY, zero);
    }
  }

  /** Whether the instruction is one on MMX registers. */
  static boolean usesMmx(X86Ir t) {
    for (Form form : t.insn.row.form) {
      if (form == Form.P || form == Form.N || form == Form.Q && !fromMemoryToXmm(t)) {
        return true;
      }
    }
    return false;
  }

  /**
   * CVTPI2PD from memory leaves the x87 state alone (SDM vol. 2, CVTPI2PD), and on AMD's processors
   * CVTPI2PS does too.
   */
  private static boolean fromMemoryToXmm(X86Ir t) {
    return t.insn.memory && t.insn.row.form[0] == Form.V;
  }

  /** Whether operand 0 is an MMX register, or would be if it were no memory. */
  static boolean isMmx(X86Ir t) {
    Form form = t.insn.row.form[0];
    return form == Form.P || form == Form.N || form == Form.Q;
  }

  /** The immediate byte. */
  static int imm(X86Ir t) {
    return (int) t.insn.imm & 0xff;
  }

  /** Operand {@code n}; in memory, 16 bytes must be aligned. */
  static int read(X86Ir t, int n) {
    return switch (t.insn.row.form[n]) {
      case V -> t.ir.getV(X86State.xmm(t.insn.reg));
      case U -> t.ir.getV(X86State.xmm(t.insn.rm));
      case XMM0 -> t.ir.getV(X86State.xmm(0));
      case P -> pack(t, t.ir.get(X86State.FPR + (t.insn.reg & 7)));
      case N -> pack(t, t.ir.get(X86State.FPR + (t.insn.rm & 7)));
      case Q ->
          t.insn.memory
              ? load(t, t.insn.width(n))
              : pack(t, t.ir.get(X86State.FPR + (t.insn.rm & 7)));
      case M, W -> t.insn.memory ? load(t, t.insn.width(n)) : t.ir.getV(X86State.xmm(t.insn.rm));
      default -> throw new AssertionError("operand " + n + " of " + t.insn.row);
    };
  }

  /**
   * Writes operand {@code n}, all of a register or its width of memory; 16 bytes in memory must be
   * aligned.
   */
  static void write(X86Ir t, int n, int v) {
    if (t.insn.isMemory(n)) {
      int bits = t.insn.width(n);
      t.memory(bits, true);
      if (bits == 128) {
        t.storeV(v, true);
      } else {
        t.storeAt(bits, 0, low(t, v));
      }
      return;
    }
    switch (t.insn.row.form[n]) {
      case V -> t.ir.putV(X86State.xmm(t.insn.reg), v);
      case U, W -> t.ir.putV(X86State.xmm(t.insn.rm), v);
      case P -> writeMmx(t, t.insn.reg & 7, low(t, v));
      case N, Q -> writeMmx(t, t.insn.rm & 7, low(t, v));
      default -> throw new AssertionError("operand " + n + " of " + t.insn.row);
    }
  }

  private static void writeMmx(X86Ir t, int number, int v) {
    t.ir.put(X86State.FPR + number, v);
    t.ir.put(X86State.FPR_EXP + number, t.ir.constant(0xffff));
  }

  /** Loads the memory operand. */
  private static int load(X86Ir t, int bits) {
    t.memory(bits, false);
    return bits == 128 ? t.loadV(true) : pack(t, t.loadAt(bits, 0));
  }

  /** The vector with this low half and high half 0. */
  static int pack(X86Ir t, int low) {
    return pack(t, low, t.ir.constant(0));
  }

  static int pack(X86Ir t, int low, int high) {
    return t.ir.emit(IrOp.VPACK, low, high, -1, 0);
  }

  /** The low half of a vector. */
  static int low(X86Ir t, int v) {
    return t.ir.block().op[v] == Code.VPACK ? t.ir.block().a[v] : t.ir.emit(IrOp.VLO, v, -1, -1, 0);
  }

  /** The high half of a vector. */
  static int high(X86Ir t, int v) {
    return t.ir.block().op[v] == Code.VPACK ? t.ir.block().b[v] : t.ir.emit(IrOp.VHI, v, -1, -1, 0);
  }

  /** Operand 0 becomes {@code op} of operands 0 and 1. */
  static void binary(X86Ir t, IrOp op, int imm) {
    int a = read(t, 0);
    int b = read(t, 1);
    write(t, 0, t.ir.emit(op, a, b, -1, op.form.hasImm ? imm : 0));
  }

  /** As {@link #binary}, of an op that makes each half of its result from one operand. */
  static void pairs(X86Ir t, IrOp op, int imm) {
    int a = read(t, 0);
    int b = read(t, 1);
    if (isMmx(t)) {
      a = pack(t, low(t, a), low(t, b));
      b = a;
    }
    write(t, 0, t.ir.emit(op, a, b, -1, op.form.hasImm ? imm : 0));
  }

  /** Operand 0 becomes {@code op} of operand 1. */
  static void unary(X86Ir t, IrOp op, int imm) {
    write(t, 0, t.ir.emit(op, read(t, 1), -1, -1, op.form.hasImm ? imm : 0));
  }

  /** The {@link FpLanes} that the width of operand {@code n} says. */
  static int lanes(X86Ir t, int n) {
    return switch (t.insn.row.width[n]) {
      case SS -> FpLanes.SCALAR32;
      case SD -> FpLanes.SCALAR64;
      case PS -> FpLanes.PACKED32;
      case PD -> FpLanes.PACKED64;
      default -> throw new AssertionError("operand " + n + " of " + t.insn.row);
    };
  }
}
