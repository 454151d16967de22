package org.coremu.guest.x86.system;

import org.coremu.exec.CoreState;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;

/**
 * SYSCALL, SYSRET, SYSENTER and SYSEXIT, as Intel processors have them (SDM vol. 2, and vol. 3A,
 * 5.8.7 and 5.8.8).
 */
public final class SystemCalls {
  private static final long LIMIT = 0xffff_ffffL;
  private static final int CODE64 = 0xa09b;
  private static final int CODE32 = 0xc09b;
  private static final int DATA = 0xc093;
  private static final int USER = 3 << Bits.DPL_SHIFT;
  private static final long SYSRET_FLAGS = 0x3c7fd7;

  private SystemCalls() {}

  private static void requireSyscall(X86 x86) {
    if (!x86.isCode64() || (x86.get(X86State.EFER) & Bits.EFER_SCE) == 0) {
      throw X86Fault.ud();
    }
  }

  private static void flat(X86 x86, int cs, int codeAttributes, int ss, int cpl) {
    int dpl = cpl == 0 ? 0 : USER;
    x86.segments.set(X86State.CS, cs, 0, LIMIT, codeAttributes | dpl);
    x86.segments.set(X86State.SS, ss, 0, LIMIT, DATA | dpl);
    x86.put(X86State.CPL, cpl);
  }

  /** SYSCALL; {@code next} is the address of the next instruction. */
  public static void syscall(X86 x86, long next) {
    requireSyscall(x86);
    long flags = x86.flags() & ~Bits.RF;
    x86.put(X86State.RCX, next);
    x86.put(X86State.GPR + 11, flags);
    x86.setFlags(flags & ~x86.get(X86State.FMASK));
    int cs = (int) (x86.get(X86State.STAR) >>> 32) & 0xfffc;
    flat(x86, cs, CODE64, cs + 8, 0);
    x86.put(CoreState.PC, x86.get(X86State.LSTAR));
    x86.updateMode();
  }

  /** SYSRET; {@code wide} with REX.W. */
  public static void sysret(X86 x86, boolean wide) {
    requireSyscall(x86);
    x86.requirePrivilege();
    long pc = x86.get(X86State.RCX);
    if (wide && !Bits.isCanonical(pc)) {
      throw X86Fault.gp(0);
    }
    x86.setFlags(x86.get(X86State.GPR + 11) & SYSRET_FLAGS);
    int star = (int) (x86.get(X86State.STAR) >>> 48);
    int ss = star + 8 | 3;
    if (wide) {
      flat(x86, star + 16 | 3, CODE64, ss, 3);
      x86.put(CoreState.PC, pc);
    } else {
      flat(x86, star | 3, CODE32, ss, 3);
      x86.put(CoreState.PC, pc & LIMIT);
    }
    x86.updateMode();
  }

  private static int sysenterSelector(X86 x86) {
    int selector = (int) x86.get(X86State.SYSENTER_CS) & 0xfffc;
    if (!protectedOrVirtual(x86) || selector == 0) {
      throw X86Fault.gp(0);
    }
    return selector;
  }

  private static boolean protectedOrVirtual(X86 x86) {
    return (x86.get(X86State.CR0) & Bits.CR0_PE) != 0;
  }

  /** SYSENTER. */
  public static void sysenter(X86 x86) {
    int cs = sysenterSelector(x86);
    x86.clearFlags(Bits.VM | Bits.IF | Bits.RF);
    flat(x86, cs, x86.isLongMode() ? CODE64 : CODE32, cs + 8, 0);
    boolean wide = x86.isLongMode();
    x86.put(
        X86State.RSP,
        wide ? x86.get(X86State.SYSENTER_ESP) : x86.get(X86State.SYSENTER_ESP) & LIMIT);
    x86.put(
        CoreState.PC,
        wide ? x86.get(X86State.SYSENTER_EIP) : x86.get(X86State.SYSENTER_EIP) & LIMIT);
    x86.updateMode();
  }

  /** SYSEXIT; {@code wide} with REX.W. */
  public static void sysexit(X86 x86, boolean wide) {
    int base = sysenterSelector(x86);
    x86.requirePrivilege();
    long pc = x86.get(X86State.RDX);
    long sp = x86.get(X86State.RCX);
    if (wide && !(Bits.isCanonical(pc) && Bits.isCanonical(sp))) {
      throw X86Fault.gp(0);
    }
    int cs = base + (wide ? 32 : 16) | 3;
    flat(x86, cs, wide ? CODE64 : CODE32, cs + 8, 3);
    x86.put(X86State.RSP, wide ? sp : sp & LIMIT);
    x86.put(CoreState.PC, wide ? pc : pc & LIMIT);
    x86.updateMode();
  }
}
