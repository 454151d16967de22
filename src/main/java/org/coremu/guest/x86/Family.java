package org.coremu.guest.x86;

/**
 * A family of instructions: one class of {@code org.coremu.guest.x86.insn}. Its static methods,
 * named in the last column of {@code opcodes.txt}, each translate the instruction in {@code t.insn}
 * to IR.
 *
 * <p>Order in each of them: first what may fault (loads, then stores), then writes of registers,
 * then flags.
 */
public interface Family {
  /**
   * Calls the method of this family with the name {@code method}; an AssertionError if it has none.
   */
  void translate(String method, X86Ir t);

  /** Reports a method that the table names and the family lacks. */
  static AssertionError unknown(String method, X86Ir t) {
    return new AssertionError("no " + method + " for " + t.insn.row);
  }
}
