package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Ir;

/** The stack, as far as no segment register is loaded. */
public final class Stack implements Family {
  private static final int RSP = 4;
  private static final int RBP = 5;

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "push" -> push(t);
      case "pushSegment" -> pushSegment(t);
      case "pop" -> pop(t);
      case "pusha" -> pusha(t);
      case "popa" -> popa(t);
      case "enter" -> enter(t);
      case "leave" -> leave(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void push(X86Ir t) {
    t.push(t.insn.opSize, t.raw(0));
  }

  static void pushSegment(X86Ir t) {
    t.push(t.insn.opSize, t.raw(0));
  }

  /** An address in terms of RSP is computed with RSP after the pop (SDM, POP). */
  static void pop(X86Ir t) {
    int bits = t.insn.opSize;
    int v = t.loadStack(bits, t.stackPointer(0));
    int pointer = t.stackPointer(bits / 8);
    if (!t.insn.memory) {
      t.setStackPointer(pointer);
      t.write(0, v);
      return;
    }
    if (t.insn.base == RSP) {
      t.addToOffset(t.ir.constant(bits / 8));
    }
    t.write(0, v);
    t.setStackPointer(pointer);
  }

  static void pusha(X86Ir t) {
    int bits = t.insn.opSize;
    for (int r = 0; r < 8; r++) {
      t.storeStack(bits, t.stackPointer(-(r + 1L) * bits / 8), t.gpr(r));
    }
    t.setStackPointer(t.stackPointer(-8L * bits / 8));
  }

  /** The value of SP on the stack is skipped. */
  static void popa(X86Ir t) {
    int bits = t.insn.opSize;
    int[] value = new int[8];
    for (int r = 7; r >= 0; r--) {
      value[r] = t.loadStack(bits, t.stackPointer((7L - r) * bits / 8));
    }
    t.setStackPointer(t.stackPointer(8L * bits / 8));
    for (int r = 0; r < 8; r++) {
      if (r != RSP) {
        t.setReg(r, bits, value[r]);
      }
    }
  }

  /** Faults as a write at the final stack pointer would, too (SDM, ENTER). */
  static void enter(X86Ir t) {
    int bits = t.insn.opSize;
    int bytes = bits / 8;
    int level = t.insn.imm2 & 31;
    int frame = t.stackPointer(-bytes);
    t.storeStack(bits, frame, t.gpr(RBP));
    for (int i = 1; i < level; i++) {
      int outer = t.ir.zext(t.ir.plus(t.gpr(RBP), -(long) i * bytes), t.stackSize());
      t.storeStack(bits, t.stackPointer(-(i + 1L) * bytes), t.loadStack(bits, outer));
    }
    if (level > 0) {
      t.storeStack(bits, t.stackPointer(-(level + 1L) * bytes), frame);
    }
    int last = t.stackPointer(-(level > 0 ? level + 1L : 1L) * bytes - t.insn.imm);
    t.checkStackWritable(bits, last);
    t.setStackPointer(last);
    t.setReg(RBP, bits, frame);
  }

  static void leave(X86Ir t) {
    int bits = t.insn.opSize;
    int frame = t.ir.zext(t.gpr(RBP), t.stackSize());
    int v = t.loadStack(bits, frame);
    t.setStackPointer(t.ir.zext(t.ir.plus(frame, bits / 8), t.stackSize()));
    t.setReg(RBP, bits, v);
  }
}
