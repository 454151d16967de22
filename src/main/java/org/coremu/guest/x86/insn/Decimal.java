package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.Effect;
import org.coremu.ir.FlagKind;
import org.coremu.ir.Flags;

/**
 * Decimal adjustment: SDM volume 2, the instructions' pseudo-code. Helpers give AX in bits 15:0 and
 * the flags above.
 */
public final class Decimal implements Family {
  private static final int DAA =
      X86Helpers.add("daa", Effect.NONE, (core, ax, flags, c) -> adjustPacked((int) ax, flags, 1));
  private static final int DAS =
      X86Helpers.add("das", Effect.NONE, (core, ax, flags, c) -> adjustPacked((int) ax, flags, -1));
  private static final int AAA =
      X86Helpers.add(
          "aaa", Effect.NONE, (core, ax, flags, c) -> adjustUnpacked((int) ax, flags, 1));
  private static final int AAS =
      X86Helpers.add(
          "aas", Effect.NONE, (core, ax, flags, c) -> adjustUnpacked((int) ax, flags, -1));
  private static final int AAM =
      X86Helpers.add(
          "aam",
          Effect.NONE,
          (core, ax, base, c) -> {
            long al = ax & 0xff;
            return withFlags(al / base << 8 | al % base, 0);
          });
  private static final int AAD =
      X86Helpers.add(
          "aad",
          Effect.NONE,
          (core, ax, base, c) -> withFlags((ax & 0xff) + (ax >> 8 & 0xff) * base & 0xff, 0));

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "daa" -> daa(t);
      case "das" -> das(t);
      case "aaa" -> aaa(t);
      case "aas" -> aas(t);
      case "aam" -> aam(t);
      case "aad" -> aad(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void daa(X86Ir t) {
    adjust(t, DAA, t.ir.getFlags());
  }

  static void das(X86Ir t) {
    adjust(t, DAS, t.ir.getFlags());
  }

  static void aaa(X86Ir t) {
    adjust(t, AAA, t.ir.getFlags());
  }

  static void aas(X86Ir t) {
    adjust(t, AAS, t.ir.getFlags());
  }

  static void aam(X86Ir t) {
    if (t.insn.imm == 0) {
      t.raise(X86Fault.DE);
    } else {
      adjust(t, AAM, t.ir.constant(t.insn.imm));
    }
  }

  static void aad(X86Ir t) {
    adjust(t, AAD, t.ir.constant(t.insn.imm));
  }

  private static void adjust(X86Ir t, int helper, int operand) {
    int r = t.ir.call(helper, t.gpr(0), operand);
    t.setReg(0, 16, r);
    t.ir.setFlags(t.ir.shr(r, 16));
  }

  private static long adjustPacked(int ax, long flags, int sign) {
    int al = ax & 0xff;
    int r = al;
    long out = 0;
    if ((al & 15) > 9 || (flags & Flags.AF) != 0) {
      r += sign * 6;
      out = Flags.AF | (r < 0 || r > 0xff ? Flags.CF : flags & Flags.CF);
    }
    if (al > 0x99 || (flags & Flags.CF) != 0) {
      r += sign * 0x60;
      out |= Flags.CF;
    } else if (sign > 0) {
      out &= ~Flags.CF;
    }
    return withFlags(ax & 0xff00 | r & 0xff, out);
  }

  private static long adjustUnpacked(int ax, long flags, int sign) {
    boolean adjust = (ax & 15) > 9 || (flags & Flags.AF) != 0;
    int r = adjust ? ax + sign * 0x106 : ax;
    return withFlags(r & 0xff0f, adjust ? Flags.AF | Flags.CF : 0);
  }

  /** AX with its flags: SF, ZF and PF of AL, and {@code out}. */
  private static long withFlags(long ax, long out) {
    return ax & 0xffff | (Flags.pack(FlagKind.LOGIC, ax, ax, 0) | out) << 16;
  }
}
