package org.coremu.ir;

import org.coremu.bits.UInt128;
import org.coremu.ir.IrOp.Code;

/** What the division ops compute; see the rows of {@link IrOp} for the words. */
public final class Division {
  private Division() {}

  /** Whether op DIVU or DIVS has a result: the divisor is not 0 and the quotient fits. */
  public static boolean isDefined(int op, long high, long low, long divisor, int bits) {
    if (divisor == 0) {
      return false;
    }
    if (op == Code.DIVU) {
      return !UInt128.divideOverflowsUnsigned(high, divisor)
          && (bits == 64 || UInt128.divideUnsigned(high, low, divisor) >>> bits == 0);
    }
    if (UInt128.divideOverflowsSigned(high, low, divisor)) {
      return false;
    }
    long quotient = UInt128.divideSigned(high, low, divisor);
    return quotient << 64 - bits >> 64 - bits == quotient;
  }

  /** The quotient of DIVU or REMU ({@code signed} false), DIVS or REMS; it must be defined. */
  public static long quotient(boolean signed, long high, long low, long divisor) {
    return signed
        ? UInt128.divideSigned(high, low, divisor)
        : UInt128.divideUnsigned(high, low, divisor);
  }

  /** The remainder that goes with {@link #quotient}. */
  public static long remainder(boolean signed, long high, long low, long divisor) {
    return UInt128.remainder(low, quotient(signed, high, low, divisor), divisor);
  }
}
