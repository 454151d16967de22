package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.Form;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.fpu.X87Arithmetic;
import org.coremu.guest.x86.fpu.X87Site;

/** x87 arithmetic: calls of {@link X87Arithmetic}. */
public final class FpuArith implements Family {
  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "fadd" -> binary(t, X87Arithmetic.ADD, 0);
      case "faddp" -> binary(t, X87Arithmetic.ADD, X87Site.POP);
      case "fiadd" -> integer(t, X87Arithmetic.ADD);
      case "fmul" -> binary(t, X87Arithmetic.MUL, 0);
      case "fmulp" -> binary(t, X87Arithmetic.MUL, X87Site.POP);
      case "fimul" -> integer(t, X87Arithmetic.MUL);
      case "fsub" -> binary(t, X87Arithmetic.SUB, 0);
      case "fsubp" -> binary(t, X87Arithmetic.SUB, X87Site.POP);
      case "fisub" -> integer(t, X87Arithmetic.SUB);
      case "fsubr" -> binary(t, X87Arithmetic.SUB_REVERSED, 0);
      case "fsubrp" -> binary(t, X87Arithmetic.SUB_REVERSED, X87Site.POP);
      case "fisubr" -> integer(t, X87Arithmetic.SUB_REVERSED);
      case "fdiv" -> binary(t, X87Arithmetic.DIV, 0);
      case "fdivp" -> binary(t, X87Arithmetic.DIV, X87Site.POP);
      case "fidiv" -> integer(t, X87Arithmetic.DIV);
      case "fdivr" -> binary(t, X87Arithmetic.DIV_REVERSED, 0);
      case "fdivrp" -> binary(t, X87Arithmetic.DIV_REVERSED, X87Site.POP);
      case "fidivr" -> integer(t, X87Arithmetic.DIV_REVERSED);
      case "fscale" -> Fpu.call(t, X87Arithmetic.STEP, X87Site.operation(X87Arithmetic.SCALE));
      case "fprem" -> Fpu.call(t, X87Arithmetic.STEP, X87Site.operation(X87Arithmetic.REMAINDER));
      case "fprem1" ->
          Fpu.call(t, X87Arithmetic.STEP, X87Site.operation(X87Arithmetic.REMAINDER_NEAREST));
      case "fsqrt" ->
          Fpu.call(t, X87Arithmetic.UNARY, X87Site.operation(X87Arithmetic.SQUARE_ROOT));
      case "frndint" -> Fpu.call(t, X87Arithmetic.UNARY, X87Site.operation(X87Arithmetic.ROUND));
      case "fchs" -> Fpu.call(t, X87Arithmetic.SIGN, X87Site.operation(X87Arithmetic.CHANGE_SIGN));
      case "fabs" -> Fpu.call(t, X87Arithmetic.SIGN, X87Site.operation(X87Arithmetic.ABSOLUTE));
      default -> throw Family.unknown(method, t);
    }
  }

  /** With a float or double in memory, or between ST(0) and ST(i). */
  private static void binary(X86Ir t, int operation, int pop) {
    int site = X87Site.operation(operation) | pop;
    if (t.insn.memory) {
      Fpu.callWithMemory(
          t, t.insn.width(0) == 32 ? X87Arithmetic.FLOAT : X87Arithmetic.DOUBLE, site, false);
    } else {
      Fpu.call(
          t, X87Arithmetic.REGISTERS, site | (t.insn.row.form[0] == Form.STI ? X87Site.TO_STI : 0));
    }
  }

  /** With an integer in memory. */
  private static void integer(X86Ir t, int operation) {
    int helper = t.insn.width(0) == 32 ? X87Arithmetic.INT32 : X87Arithmetic.INT16;
    Fpu.callWithMemory(t, helper, X87Site.operation(operation), false);
  }
}
