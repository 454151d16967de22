package org.coremu.guest.x86.insn;

import org.coremu.exec.Helper;
import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86Mode;
import org.coremu.guest.x86.X86State;
import org.coremu.guest.x86.system.StateImage;
import org.coremu.ir.Effect;

/** Saving and restoring x87 and SSE state as a whole, and MXCSR. */
public final class FpuState implements Family {
  /** Address a, whether pointers are 64 bits wide b. */
  private static final int FXSAVE =
      add(
          "fxsave",
          (core, address, wide, c) -> {
            StateImage.fxsave(X86.of(core), address, wide != 0);
            return 0;
          });

  private static final int FXRSTOR =
      add(
          "fxrstor",
          (core, address, wide, c) -> {
            StateImage.fxrstor(X86.of(core), address, wide != 0);
            return 0;
          });

  /** Address a, whether pointers are 64 bits wide b, components c. */
  private static final int XSAVE =
      add(
          "xsave",
          (core, address, wide, mask) -> {
            StateImage.xsave(X86.of(core), address, mask, wide != 0);
            return 0;
          });

  private static final int XRSTOR =
      add(
          "xrstor",
          (core, address, wide, mask) -> {
            StateImage.xrstor(X86.of(core), address, mask, wide != 0);
            return 0;
          });

  private static final int LDMXCSR =
      add(
          "ldmxcsr",
          (core, value, b, c) -> {
            if ((value & ~StateImage.MXCSR_MASK) != 0) {
              throw X86Fault.gp(0);
            }
            core.state.put(X86State.MXCSR, value);
            return 0;
          });

  private static int add(String name, Helper body) {
    return X86Helpers.add(name, Effect.ANY, body);
  }

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "fxsave" -> image(t, FXSAVE, X86Mode.FPU_EMULATED);
      case "fxrstor" -> image(t, FXRSTOR, X86Mode.FPU_EMULATED);
      case "ldmxcsr" -> ldmxcsr(t);
      case "stmxcsr" -> stmxcsr(t);
      case "xsave", "xsaveopt" -> extended(t, XSAVE);
      case "xrstor" -> extended(t, XRSTOR);
      // No model has the compacted format and supervisor components.
      case "xsavec", "xsaves", "xrstors" -> t.raise(X86Fault.UD);
      default -> throw Family.unknown(method, t);
    }
  }

  private static void image(X86Ir t, int helper, int unavailable) {
    if ((t.mode & (unavailable | X86Mode.TASK_SWITCHED)) != 0) {
      t.raise(X86Fault.NM);
      return;
    }
    t.memory(64, helper == FXSAVE);
    t.ir.call(helper, t.address(), t.ir.constant(t.insn.opSize == 64 ? 1 : 0));
  }

  private static void extended(X86Ir t, int helper) {
    if ((t.mode & X86Mode.XSAVE) == 0) {
      t.raise(X86Fault.UD);
      return;
    }
    if ((t.mode & X86Mode.TASK_SWITCHED) != 0) {
      t.raise(X86Fault.NM);
      return;
    }
    t.memory(64, helper == XSAVE);
    int components = t.ir.or(t.ir.shl(t.ir.zext(t.gpr(2), 32), 32), t.ir.zext(t.gpr(0), 32));
    t.ir.call(helper, t.address(), t.ir.constant(t.insn.opSize == 64 ? 1 : 0), components);
  }

  private static boolean isSseOn(X86Ir t) {
    if ((t.mode & X86Mode.FPU_EMULATED) != 0 || (t.mode & X86Mode.SSE) == 0) {
      t.raise(X86Fault.UD);
      return false;
    }
    if ((t.mode & X86Mode.TASK_SWITCHED) != 0) {
      t.raise(X86Fault.NM);
      return false;
    }
    return true;
  }

  static void ldmxcsr(X86Ir t) {
    if (isSseOn(t)) {
      t.ir.call(LDMXCSR, t.zx(0));
    }
  }

  static void stmxcsr(X86Ir t) {
    if (isSseOn(t)) {
      t.write(0, t.ir.get(X86State.MXCSR));
    }
  }
}
