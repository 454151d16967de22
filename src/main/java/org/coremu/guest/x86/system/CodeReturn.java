package org.coremu.guest.x86.system;

import org.coremu.exec.CoreState;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;

/**
 * What far RET and IRET have in common: the checks of the code segment returned to, and of the
 * outer stack.
 */
final class CodeReturn {
  private final X86 x86;
  private final Segments segments;
  private final Descriptor code = new Descriptor();
  private final Descriptor ss = new Descriptor();
  private int level;

  CodeReturn(X86 x86) {
    this.x86 = x86;
    segments = x86.segments;
  }

  /**
   * Reads and checks the code segment.
   *
   * @return whether it is of an outer level
   */
  boolean check(int selector, long pc) {
    segments.require(selector, code, X86Fault.GP);
    int attributes = code.attributes();
    int error = selector & 0xfffc;
    level = selector & 3;
    boolean allowed =
        Bits.isCode(attributes)
            && level >= x86.cpl()
            && (Bits.isConforming(attributes) ? code.dpl() <= level : code.dpl() == level);
    boolean bothSizes =
        x86.isLongMode()
            && (attributes & (Bits.LONG_CODE | Bits.BIG)) == (Bits.LONG_CODE | Bits.BIG);
    if (!allowed || bothSizes) {
      throw X86Fault.gp(error);
    }
    if (!code.isPresent()) {
      throw X86Fault.np(error);
    }
    boolean fits = to64() ? Bits.isCanonical(pc) : pc <= code.limit();
    if (!fits) {
      throw X86Fault.gp(0);
    }
    segments.setAccessed(code);
    return level > x86.cpl();
  }

  private boolean to64() {
    return x86.isLongMode() && (code.attributes() & Bits.LONG_CODE) != 0;
  }

  /** Enters the code segment checked, at the same level. */
  void enter(long pc) {
    segments.set(X86State.CS, code.selector, code);
    x86.put(X86State.CPL, level);
    x86.put(CoreState.PC, to64() ? pc : pc & 0xffff_ffffL);
  }

  /** Enters the code segment checked, at its level, with another stack. */
  void outer(int newSs, long sp, long pc) {
    boolean nullStack = Segments.isNull(newSs);
    if (nullStack) {
      if (!to64() || level == 3 || (newSs & 3) != level) {
        throw X86Fault.gp(0);
      }
    } else {
      segments.checkStack(newSs, level, ss, X86Fault.GP);
    }
    int oldLevel = x86.cpl();
    enter(pc);
    if (nullStack) {
      segments.setNull(X86State.SS, newSs);
    } else {
      segments.set(X86State.SS, newSs, ss);
    }
    boolean wide = to64() || nullStack || (ss.attributes() & Bits.BIG) != 0;
    long old = x86.get(X86State.RSP);
    x86.put(X86State.RSP, to64() ? sp : wide ? sp & 0xffff_ffffL : old & ~0xffffL | sp & 0xffff);
    if (level > oldLevel) {
      segments.dropPrivileged(level);
    }
  }
}
