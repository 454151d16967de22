package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Ir;

/**
 * Moves and sets that depend on a condition: the low four bits of the opcode, numbered as {@code
 * ir.Cond}.
 */
public final class Conditional implements Family {
  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "cmov" -> cmov(t);
      case "setcc" -> setcc(t);
      default -> throw Family.unknown(method, t);
    }
  }

  /**
   * Loads, and clears the upper half for 32 bits, whether the condition holds or not (SDM, CMOVcc).
   */
  static void cmov(X86Ir t) {
    int source = t.raw(1);
    t.write(0, t.ir.select(t.ir.cond(t.insn.opcode & 15), source, t.raw(0)));
  }

  static void setcc(X86Ir t) {
    t.write(0, t.ir.cond(t.insn.opcode & 15));
  }
}
