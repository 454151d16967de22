package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86Mode;
import org.coremu.guest.x86.system.Bits;
import org.coremu.ir.Effect;

/**
 * Checks of privilege and mode at the head of system instructions: as far as possible when they are
 * translated.
 */
final class Privilege {
  private static final int CHECKS = Effect.FAULTS | Effect.READS_STATE | Effect.VISIBLE;

  private static final int IOPL3 =
      X86Helpers.add(
          "require_iopl3",
          CHECKS,
          (core, a, b, c) -> {
            if (X86.of(core).iopl() != 3) {
              throw X86Fault.gp(0);
            }
            return 0;
          });

  /** Raises #GP if UMIP is on; for CPL 1 to 3. */
  private static final int UMIP =
      X86Helpers.add(
          "require_no_umip",
          CHECKS,
          (core, a, b, c) -> {
            if ((X86.of(core).get(org.coremu.guest.x86.X86State.CR4) & Bits.CR4_UMIP) != 0) {
              throw X86Fault.gp(0);
            }
            return 0;
          });

  private Privilege() {}

  /** Raises #GP(0) unless CPL is 0; tells whether to go on. */
  static boolean isKernel(X86Ir t) {
    if (X86Mode.cpl(t.mode) == 0) {
      return true;
    }
    t.raise(X86Fault.GP);
    return false;
  }

  /** Raises #UD in real and virtual-8086 mode; tells whether to go on. */
  static boolean isProtected(X86Ir t) {
    if ((t.mode & (X86Mode.PROTECTED | X86Mode.VM86)) == X86Mode.PROTECTED) {
      return true;
    }
    t.raise(X86Fault.UD);
    return false;
  }

  /** Raises #GP(0) in virtual-8086 mode unless IOPL is 3. */
  static void requireIoplInVirtual8086(X86Ir t) {
    if ((t.mode & X86Mode.VM86) != 0) {
      t.ir.call(IOPL3);
    }
  }

  /** Raises #GP(0) outside CPL 0 if user-mode instruction prevention is on. */
  static void requireNoUmip(X86Ir t) {
    if (X86Mode.cpl(t.mode) != 0) {
      t.ir.call(UMIP);
    }
  }
}
