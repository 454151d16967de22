package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86State;
import org.coremu.guest.x86.system.Bits;
import org.coremu.ir.Effect;

/** The registers that point to descriptor tables and the task-state segment. */
public final class DescriptorTable implements Family {
  /** #GP unless a is canonical. */
  private static final int CANONICAL =
      X86Helpers.add(
          "require_canonical",
          Effect.FAULTS | Effect.READS_STATE | Effect.VISIBLE,
          (core, address, b, c) -> {
            if (!Bits.isCanonical(address)) {
              throw X86Fault.gp(0);
            }
            return 0;
          });

  private static final int LOAD_LDT =
      X86Helpers.add(
          "lldt",
          Effect.ANY,
          (core, selector, b, c) -> {
            X86.of(core).segments.loadLdt((int) selector);
            return 0;
          });

  private static final int LOAD_TASK =
      X86Helpers.add(
          "ltr",
          Effect.ANY,
          (core, selector, b, c) -> {
            X86.of(core).segments.loadTask((int) selector);
            return 0;
          });

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "sgdt" -> sgdt(t);
      case "sidt" -> sidt(t);
      case "lgdt" -> lgdt(t);
      case "lidt" -> lidt(t);
      case "sldt" -> sldt(t);
      case "str" -> str(t);
      case "lldt" -> lldt(t);
      case "ltr" -> ltr(t);
      default -> throw Family.unknown(method, t);
    }
  }

  private static void store(X86Ir t, int base, int limit) {
    Privilege.requireNoUmip(t);
    int baseBits = t.is64() ? 64 : 32;
    t.memory(16 + baseBits, true);
    t.storeAt(16, 0, t.ir.get(limit));
    t.storeAt(baseBits, 2, t.ir.get(base));
  }

  static void sgdt(X86Ir t) {
    store(t, X86State.GDT_BASE, X86State.GDT_LIMIT);
  }

  static void sidt(X86Ir t) {
    store(t, X86State.IDT_BASE, X86State.IDT_LIMIT);
  }

  /** A 16-bit operand size takes 24 bits of the base. */
  private static void load(X86Ir t, int base, int limit) {
    if (!Privilege.isKernel(t)) {
      return;
    }
    int baseBits = t.is64() ? 64 : 32;
    t.memory(16 + baseBits, false);
    int newLimit = t.loadAt(16, 0);
    int newBase = t.loadAt(baseBits, 2);
    if (t.is64()) {
      t.ir.call(CANONICAL, newBase);
    } else if (t.insn.opSize == 16) {
      newBase = t.ir.mask(newBase, 0xff_ffff);
    }
    t.ir.put(limit, newLimit);
    t.ir.put(base, newBase);
  }

  static void lgdt(X86Ir t) {
    load(t, X86State.GDT_BASE, X86State.GDT_LIMIT);
  }

  static void lidt(X86Ir t) {
    load(t, X86State.IDT_BASE, X86State.IDT_LIMIT);
  }

  private static void storeSelector(X86Ir t, int segment) {
    if (Privilege.isProtected(t)) {
      Privilege.requireNoUmip(t);
      t.write(0, t.ir.get(X86State.SELECTOR + segment));
    }
  }

  static void sldt(X86Ir t) {
    storeSelector(t, X86State.LDTR);
  }

  static void str(X86Ir t) {
    storeSelector(t, X86State.TR);
  }

  private static void loadSelector(X86Ir t, int helper) {
    if (Privilege.isProtected(t) && Privilege.isKernel(t)) {
      t.ir.call(helper, t.zx(0));
    }
  }

  static void lldt(X86Ir t) {
    loadSelector(t, LOAD_LDT);
  }

  static void ltr(X86Ir t) {
    loadSelector(t, LOAD_TASK);
  }
}
