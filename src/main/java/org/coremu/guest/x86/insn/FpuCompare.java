package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.fpu.X87Comparison;
import org.coremu.guest.x86.fpu.X87Site;

/** x87 comparisons: calls of {@link X87Comparison}. */
public final class FpuCompare implements Family {
  private static final int QUIET = X87Site.operation(X87Comparison.QUIET);

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "fcom" -> fcom(t, 0);
      case "fcomp" -> fcom(t, X87Site.POP);
      case "fcompp" -> Fpu.call(t, X87Comparison.REGISTERS, X87Site.POP_TWICE);
      case "ficom" -> ficom(t, 0);
      case "ficomp" -> ficom(t, X87Site.POP);
      case "fucom" -> Fpu.call(t, X87Comparison.REGISTERS, QUIET);
      case "fucomp" -> Fpu.call(t, X87Comparison.REGISTERS, QUIET | X87Site.POP);
      case "fucompp" -> Fpu.call(t, X87Comparison.REGISTERS, QUIET | X87Site.POP_TWICE);
      case "fcomi" -> toFlags(t, 0);
      case "fcomip" -> toFlags(t, X87Site.POP);
      case "fucomi" -> toFlags(t, QUIET);
      case "fucomip" -> toFlags(t, QUIET | X87Site.POP);
      case "ftst" -> Fpu.call(t, X87Comparison.TEST, 0);
      case "fxam" -> Fpu.call(t, X87Comparison.EXAMINE, 0);
      default -> throw Family.unknown(method, t);
    }
  }

  private static void fcom(X86Ir t, int pop) {
    if (t.insn.memory) {
      Fpu.callWithMemory(
          t, t.insn.width(0) == 32 ? X87Comparison.FLOAT : X87Comparison.DOUBLE, pop, false);
    } else {
      Fpu.call(t, X87Comparison.REGISTERS, pop);
    }
  }

  private static void ficom(X86Ir t, int pop) {
    Fpu.callWithMemory(
        t, t.insn.width(0) == 32 ? X87Comparison.INT32 : X87Comparison.INT16, pop, false);
  }

  private static void toFlags(X86Ir t, int more) {
    t.ir.setFlags(Fpu.call(t, X87Comparison.TO_FLAGS, more));
  }
}
