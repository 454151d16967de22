package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86Mode;
import org.coremu.guest.x86.X86State;
import org.coremu.guest.x86.fpu.X87Control;
import org.coremu.guest.x86.fpu.X87Environment;
import org.coremu.guest.x86.fpu.X87Site;

/**
 * x87 control and state, and EMMS: mostly calls of {@link X87Control} and {@link X87Environment}.
 */
public final class FpuControl implements Family {
  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "fnop" -> fnop(t);
      case "fwait" -> fwait(t);
      case "ffree" -> Fpu.call(t, X87Control.FREE, 0);
      case "ffreep" -> Fpu.call(t, X87Control.FREE, X87Site.POP);
      case "fincstp" -> Fpu.call(t, X87Control.ROTATE, X87Site.operation(1));
      case "fdecstp" -> Fpu.call(t, X87Control.ROTATE, X87Site.operation(7));
      case "fnclex" -> t.ir.call(X87Control.CLEAR);
      case "fninit" -> t.ir.call(X87Control.INITIALISE);
      case "fldcw" -> Fpu.callWithMemory(t, X87Control.LOAD_CONTROL, 0, false);
      case "fnstcw" -> t.write(0, t.ir.get(X86State.FCW));
      case "fnstsw" -> t.write(0, t.ir.call(X87Control.STATUS));
      case "fldenv" -> image(t, X87Environment.LOAD, 0, false);
      case "fnstenv" -> image(t, X87Environment.STORE, 0, true);
      case "frstor" -> image(t, X87Environment.RESTORE, 80, false);
      case "fnsave" -> image(t, X87Environment.SAVE, 80, true);
      case "emms" -> t.ir.call(X87Control.LEAVE_MMX);
      default -> throw Family.unknown(method, t);
    }
  }

  /**
   * FNOP proper waits; what the 8087 and 287 knew as FENI, FDISI and FSETPM does nothing at all.
   */
  private static void fnop(X86Ir t) {
    if (t.insn.opcode == 0xd9) {
      Fpu.call(t, X87Control.NOTHING, 0);
    }
  }

  /** WAIT heeds CR0.TS only together with CR0.MP (SDM vol. 3, 2.5). */
  private static void fwait(X86Ir t) {
    int both = X86Mode.MONITOR | X86Mode.TASK_SWITCHED;
    if ((t.mode & both) == both) {
      t.raise(X86Fault.NM);
    } else {
      t.ir.call(X87Control.WAIT);
    }
  }

  private static void image(X86Ir t, int helper, int registerBytes, boolean write) {
    boolean wide = t.insn.opSize != 16;
    boolean real = (t.mode & X86Mode.PROTECTED) == 0 || (t.mode & X86Mode.VM86) != 0;
    int format = (wide ? X87Environment.WIDE : 0) | (real ? X87Environment.REAL : 0);
    t.memory(((wide ? 28 : 14) + registerBytes) * 8, write);
    t.ir.call(helper, t.ir.constant(format), t.address());
  }
}
