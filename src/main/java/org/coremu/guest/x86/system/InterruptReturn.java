package org.coremu.guest.x86.system;

import org.coremu.exec.CoreState;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;
import org.coremu.ir.Flags;

/** IRET, IRETD and IRETQ (SDM vol. 2). A return to a nested task is refused with #GP. */
public final class InterruptReturn {
  /** Flags that any IRET loads. */
  private static final long ALWAYS = Flags.ALL | Bits.TF | Bits.DF | Bits.NT;

  /** Flags that IRET with 32- or 64-bit operands loads besides. */
  private static final long WIDE = Bits.RF | Bits.AC | Bits.ID;

  private static final long REAL16 = ALWAYS | Bits.IF | Bits.IOPL;

  private final X86 x86;
  private final Segments segments;
  private final StackFrame stack;
  private final CodeReturn codeReturn;

  InterruptReturn(X86 x86) {
    this.x86 = x86;
    segments = x86.segments;
    stack = new StackFrame(x86);
    codeReturn = new CodeReturn(x86);
  }

  /** Returns; {@code bytes} is the operand size: 2, 4 or 8. */
  public void iret(int bytes) {
    if (!x86.isProtected()) {
      toReal(bytes);
    } else {
      if ((x86.get(X86State.RFLAGS) & Bits.NT) != 0) {
        if (!x86.isLongMode()) {
          x86.unimplemented("IRET to a nested task");
        }
        throw X86Fault.gp(0);
      }
      toProtected(bytes);
    }
    x86.put(SystemSlots.NMI_BLOCKED, 0);
    x86.updateMode();
  }

  private void toReal(int bytes) {
    boolean virtual = x86.isVirtual8086();
    if (virtual && x86.iopl() < 3) {
      throw X86Fault.gp(0);
    }
    stack.current();
    long pc = stack.pop(bytes);
    int selector = (int) stack.pop(bytes) & 0xffff;
    long flags = stack.pop(bytes);
    if (pc > segments.limit(X86State.CS)) {
      throw X86Fault.gp(0);
    }
    long mask = bytes == 2 ? REAL16 : REAL16 | WIDE;
    if (virtual) {
      mask &= ~Bits.IOPL;
      segments.setVirtual(X86State.CS, selector);
    } else {
      segments.setReal(X86State.CS, selector);
    }
    stack.commit();
    x86.put(CoreState.PC, pc);
    loadFlags(flags, mask);
  }

  private void toProtected(int bytes) {
    int cpl = x86.cpl();
    boolean from64 = x86.isCode64();
    stack.current();
    long pc = stack.pop(bytes);
    int selector = (int) stack.pop(bytes) & 0xffff;
    long flags = stack.pop(bytes);
    if ((flags & Bits.VM) != 0 && bytes == 4 && cpl == 0 && !x86.isLongMode()) {
      toVirtual(pc, selector, flags);
      return;
    }
    long mask = flagsMask(bytes, cpl);
    if (codeReturn.check(selector, pc) || from64) {
      long sp = stack.pop(bytes);
      int ss = (int) stack.pop(bytes) & 0xffff;
      codeReturn.outer(ss, sp, pc);
    } else {
      stack.commit();
      codeReturn.enter(pc);
    }
    loadFlags(flags, mask);
  }

  /**
   * The flags that IRET and POPF may load at a privilege level; VIF and VIP need CPL 0 and are not
   * kept.
   */
  private long flagsMask(int bytes, int cpl) {
    long mask = bytes == 2 ? ALWAYS : ALWAYS | WIDE;
    if (cpl <= x86.iopl()) {
      mask |= Bits.IF;
    }
    return cpl == 0 ? mask | Bits.IOPL : mask;
  }

  /** POPF: loads the flags that the privilege level may change; RF becomes 0. */
  public void popf(long value, int bytes) {
    boolean virtual = x86.isVirtual8086();
    if (virtual && x86.iopl() < 3) {
      throw X86Fault.gp(0);
    }
    loadFlags(value & ~Bits.RF, flagsMask(bytes, x86.cpl()));
    x86.updateMode();
  }

  private void loadFlags(long value, long mask) {
    long loaded = x86.flags() & ~mask | value & mask;
    // RF matters to instruction breakpoints only; without any it would linger, as nothing clears
    // it.
    x86.setFlags(x86.debug.active() ? loaded : loaded & ~Bits.RF);
  }

  private void toVirtual(long pc, int cs, long flags) {
    long sp = stack.pop(4);
    int ss = (int) stack.pop(4) & 0xffff;
    int es = (int) stack.pop(4) & 0xffff;
    int ds = (int) stack.pop(4) & 0xffff;
    int fs = (int) stack.pop(4) & 0xffff;
    int gs = (int) stack.pop(4) & 0xffff;
    segments.setVirtual(X86State.CS, cs);
    segments.setVirtual(X86State.SS, ss);
    segments.setVirtual(X86State.ES, es);
    segments.setVirtual(X86State.DS, ds);
    segments.setVirtual(X86State.FS, fs);
    segments.setVirtual(X86State.GS, gs);
    x86.put(X86State.RSP, sp);
    x86.put(CoreState.PC, pc & 0xffff);
    x86.put(X86State.CPL, 3);
    x86.setFlags(flags & (ALWAYS | WIDE | Bits.IF | Bits.IOPL | Bits.VM));
  }
}
