package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.fpu.X87Function;
import org.coremu.guest.x86.fpu.X87Site;

/** x87 functions: calls of {@link X87Function}. */
public final class FpuTranscendental implements Family {
  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "f2xm1" -> Fpu.call(t, X87Function.ONE, X87Site.operation(X87Function.EXP2_MINUS_1));
      case "fsin" -> Fpu.call(t, X87Function.ONE, X87Site.operation(X87Function.SIN));
      case "fcos" -> Fpu.call(t, X87Function.ONE, X87Site.operation(X87Function.COS));
      case "fptan" -> Fpu.call(t, X87Function.PUSHING, X87Site.operation(X87Function.TAN));
      case "fsincos" -> Fpu.call(t, X87Function.PUSHING, X87Site.operation(X87Function.SIN_COS));
      case "fxtract" -> Fpu.call(t, X87Function.PUSHING, X87Site.operation(X87Function.EXTRACT));
      case "fpatan" -> Fpu.call(t, X87Function.TWO, X87Site.operation(X87Function.ARC_TAN));
      case "fyl2x" -> Fpu.call(t, X87Function.TWO, X87Site.operation(X87Function.Y_LOG2));
      case "fyl2xp1" -> Fpu.call(t, X87Function.TWO, X87Site.operation(X87Function.Y_LOG2_PLUS_1));
      default -> throw Family.unknown(method, t);
    }
  }
}
