package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.fpu.X87Site;

/**
 * How x87 families call their helpers: one call an instruction, which also does the access to
 * memory.
 */
final class Fpu {
  private Fpu() {}

  /** Calls a helper of registers; {@code more} are bits of {@link X87Site}. */
  static int call(X86Ir t, int helper, int more) {
    return t.ir.call(helper, t.ir.constant(X87Site.of(t, more)));
  }

  /** Calls a helper with the address of the memory operand 0. */
  static void callWithMemory(X86Ir t, int helper, int more, boolean write) {
    t.memory(t.insn.width(0), write);
    t.ir.call(helper, t.ir.constant(X87Site.of(t, more)), t.address());
  }
}
