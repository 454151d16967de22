package org.coremu.guest.x86.fpu;

import org.coremu.guest.x86.Insn;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86State;
import org.coremu.ir.Intrinsic;

/**
 * What a helper must know of the instruction that calls it, packed into one constant: the opcode
 * for FOP, the segment of the memory operand, ST(i), how many registers to pop, and which operation
 * of several.
 */
public final class X87Site {
  /** Pops one or two registers in the end. */
  public static final int POP = 1 << 20;

  public static final int POP_TWICE = 2 << 20;

  /** ST(i), not ST(0), is the destination (and first operand). */
  public static final int TO_STI = 1 << 19;

  private static final int STI_SHIFT = 16;
  private static final int OPERATION_SHIFT = 24;

  private X87Site() {}

  /** Packs the decoded instruction; {@code more} are bits above and {@link #operation}. */
  public static int of(X86Ir t, int more) {
    Insn insn = t.insn;
    int opcode = (insn.opcode & 7) << 8 | insn.modrm;
    if (!insn.memory) {
      return more | Intrinsic.x87(opcode) | (insn.rm & 7) << STI_SHIFT;
    }
    return more | Intrinsic.x87(opcode, insn.segment, insn.segment >= X86State.FS || !t.is64());
  }

  /** Bits that select one of up to 16 operations. */
  public static int operation(int number) {
    return number << OPERATION_SHIFT;
  }

  static int operationOf(long site) {
    return (int) site >>> OPERATION_SHIFT & 15;
  }

  static int sti(long site) {
    return (int) site >>> STI_SHIFT & 7;
  }

  static boolean toSti(long site) {
    return (site & TO_STI) != 0;
  }

  static int pops(long site) {
    return (int) site >>> 20 & 3;
  }
}
