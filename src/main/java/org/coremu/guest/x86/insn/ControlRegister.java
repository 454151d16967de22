package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86Mode;
import org.coremu.guest.x86.X86State;
import org.coremu.guest.x86.system.Bits;
import org.coremu.guest.x86.system.ControlRegisters;
import org.coremu.ir.Effect;

/** Control registers, debug registers and XCR0. */
public final class ControlRegister implements Family {
  private static final int READ =
      X86Helpers.add(
          "read_cr",
          Effect.ANY,
          (core, number, b, c) -> ControlRegisters.read(X86.of(core), (int) number));

  private static final int WRITE =
      X86Helpers.add(
          "write_cr",
          Effect.ANY,
          (core, number, value, c) -> {
            ControlRegisters.write(X86.of(core), (int) number, value);
            return 0;
          });

  private static final int READ_DEBUG =
      X86Helpers.add(
          "read_dr", Effect.ANY, (core, number, b, c) -> X86.of(core).debug.read((int) number));

  private static final int WRITE_DEBUG =
      X86Helpers.add(
          "write_dr",
          Effect.ANY,
          (core, number, value, c) -> {
            X86.of(core).debug.write((int) number, value);
            return 0;
          });

  private static final int LMSW =
      X86Helpers.add(
          "lmsw",
          Effect.ANY,
          (core, value, b, c) -> {
            ControlRegisters.loadMachineStatus(X86.of(core), value);
            return 0;
          });

  private static final int CLTS =
      X86Helpers.add(
          "clts",
          Effect.ANY,
          (core, a, b, c) -> {
            core.state.put(X86State.CR0, core.state.get(X86State.CR0) & ~Bits.CR0_TS);
            X86.of(core).updateMode();
            return 0;
          });

  /** XCR number a. */
  private static final int XGETBV =
      X86Helpers.add(
          "xgetbv",
          Effect.FAULTS | Effect.READS_STATE | Effect.VISIBLE,
          (core, number, b, c) -> {
            if (number != 0) {
              throw X86Fault.gp(0);
            }
            return core.state.get(X86State.XCR0);
          });

  /** XCR number a, low and high half of the value b and c. */
  private static final int XSETBV =
      X86Helpers.add(
          "xsetbv",
          Effect.ANY,
          (core, number, low, high) -> {
            ControlRegisters.writeXcr(X86.of(core), (int) number, high << 32 | low);
            return 0;
          });

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "movFromControl" -> movFromControl(t);
      case "movToControl" -> movToControl(t);
      case "movFromDebug" -> movFromDebug(t);
      case "movToDebug" -> movToDebug(t);
      case "smsw" -> smsw(t);
      case "lmsw" -> lmsw(t);
      case "clts" -> clts(t);
      case "xgetbv" -> xgetbv(t);
      case "xsetbv" -> xsetbv(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void movFromControl(X86Ir t) {
    t.setReg(t.insn.rm, t.insn.mode == 64 ? 64 : 32, t.ir.call(READ, t.ir.constant(t.insn.reg)));
  }

  static void movToControl(X86Ir t) {
    int value = t.is64() ? t.gpr(t.insn.rm) : t.ir.zext(t.gpr(t.insn.rm), 32);
    t.ir.call(WRITE, t.ir.constant(t.insn.reg), value);
    t.ir.exit(t.next());
  }

  static void movFromDebug(X86Ir t) {
    t.setReg(
        t.insn.rm, t.insn.mode == 64 ? 64 : 32, t.ir.call(READ_DEBUG, t.ir.constant(t.insn.reg)));
  }

  static void movToDebug(X86Ir t) {
    int value = t.is64() ? t.gpr(t.insn.rm) : t.ir.zext(t.gpr(t.insn.rm), 32);
    t.ir.call(WRITE_DEBUG, t.ir.constant(t.insn.reg), value);
    t.ir.exit(t.next());
  }

  static void smsw(X86Ir t) {
    Privilege.requireNoUmip(t);
    t.write(0, t.ir.get(X86State.CR0));
  }

  static void lmsw(X86Ir t) {
    if (Privilege.isKernel(t)) {
      t.ir.call(LMSW, t.zx(0));
      t.ir.exit(t.next());
    }
  }

  static void clts(X86Ir t) {
    if (Privilege.isKernel(t)) {
      t.ir.call(CLTS);
      t.ir.exit(t.next());
    }
  }

  private static boolean isXsaveOn(X86Ir t) {
    if ((t.mode & X86Mode.XSAVE) != 0) {
      return true;
    }
    t.raise(X86Fault.UD);
    return false;
  }

  static void xgetbv(X86Ir t) {
    if (isXsaveOn(t)) {
      int value = t.ir.call(XGETBV, t.ir.zext(t.gpr(1), 32));
      t.setReg(0, 32, value);
      t.setReg(2, 32, t.ir.shr(value, 32));
    }
  }

  static void xsetbv(X86Ir t) {
    if (isXsaveOn(t) && Privilege.isKernel(t)) {
      t.ir.call(XSETBV, t.ir.zext(t.gpr(1), 32), t.ir.zext(t.gpr(0), 32), t.ir.zext(t.gpr(2), 32));
      t.ir.exit(t.next());
    }
  }
}
