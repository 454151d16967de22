package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86State;
import org.coremu.ir.Cond;
import org.coremu.ir.Flags;
import org.coremu.ir.IrOp;

/** Instructions on the arithmetic flags and the direction flag alone. */
public final class FlagOps implements Family {
  /** What AH holds of the flags. */
  private static final int IN_AH = Flags.SF | Flags.ZF | Flags.AF | Flags.PF | Flags.CF;

  private static final long DF = 1 << 10;

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "clc" -> clc(t);
      case "stc" -> stc(t);
      case "cmc" -> cmc(t);
      case "cld" -> cld(t);
      case "std" -> std(t);
      case "lahf" -> lahf(t);
      case "sahf" -> sahf(t);
      case "salc" -> salc(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void clc(X86Ir t) {
    t.ir.setFlags(t.ir.mask(t.ir.getFlags(), ~(long) Flags.CF));
  }

  static void stc(X86Ir t) {
    t.ir.setFlags(t.ir.or(t.ir.getFlags(), t.ir.constant(Flags.CF)));
  }

  static void cmc(X86Ir t) {
    t.ir.setFlags(t.ir.xor(t.ir.getFlags(), t.ir.constant(Flags.CF)));
  }

  static void cld(X86Ir t) {
    t.ir.put(X86State.RFLAGS, t.ir.mask(t.ir.get(X86State.RFLAGS), ~DF));
  }

  static void std(X86Ir t) {
    t.ir.put(X86State.RFLAGS, t.ir.or(t.ir.get(X86State.RFLAGS), t.ir.constant(DF)));
  }

  /** Bit 1 is always set. */
  static void lahf(X86Ir t) {
    int flags = t.ir.or(t.ir.mask(t.ir.getFlags(), IN_AH), t.ir.constant(2));
    t.ir.put(X86State.RAX, t.ir.binary(IrOp.DEP8H, t.gpr(0), flags));
  }

  static void sahf(X86Ir t) {
    t.setFlags(IN_AH, t.ir.mask(t.ir.unary(IrOp.EXT8H, t.gpr(0)), IN_AH));
  }

  /** AL becomes 0 or FF, as CF says; undocumented. */
  static void salc(X86Ir t) {
    t.setReg(0, 8, t.ir.unary(IrOp.NEG, t.ir.cond(Cond.B)));
  }
}
