package org.coremu.ir;

/** Conditions on flags whose operands are at hand, as comparisons of these operands. */
final class FlagConditions {
  private FlagConditions() {}

  /**
   * A value for the condition after FLAGS op {@code flags}, or -1 when only the general COND can
   * tell.
   */
  static int value(IrBuilder ir, int cond, int flags) {
    Block block = ir.block();
    int kind = (int) block.imm[flags];
    int bits = FlagKind.bits(kind);
    int a = block.a[flags];
    int b = block.b[flags];
    return switch (kind & ~3) {
      case FlagKind.SUB -> afterSub(ir, cond, bits, a, b);
      case FlagKind.LOGIC -> afterLogic(ir, cond, bits, a);
      case FlagKind.ADD -> afterAdd(ir, cond, bits, a, b);
      case FlagKind.INC, FlagKind.DEC ->
          cond >> 1 == 1 ? carry(ir, cond, block.c[flags]) : ofResult(ir, cond, bits, a);
      default -> -1;
    };
  }

  private static int carry(IrBuilder ir, int cond, int carry) {
    return cond == Cond.B ? carry : ir.binary(IrOp.XOR, carry, ir.constant(1));
  }

  private static int afterSub(IrBuilder ir, int cond, int bits, int a, int b) {
    switch (cond) {
      case Cond.E:
        return unsigned(ir, IrOp.EQ, IrOp.EQ32, bits, a, b);
      case Cond.NE:
        return unsigned(ir, IrOp.NE, IrOp.NE32, bits, a, b);
      case Cond.B:
        return unsigned(ir, IrOp.LTU, IrOp.LTU32, bits, a, b);
      case Cond.AE:
        return unsigned(ir, IrOp.LEU, IrOp.LEU32, bits, b, a);
      case Cond.BE:
        return unsigned(ir, IrOp.LEU, IrOp.LEU32, bits, a, b);
      case Cond.A:
        return unsigned(ir, IrOp.LTU, IrOp.LTU32, bits, b, a);
      case Cond.L:
        return signed(ir, IrOp.LTS, IrOp.LTS32, bits, a, b);
      case Cond.GE:
        return signed(ir, IrOp.LES, IrOp.LES32, bits, b, a);
      case Cond.LE:
        return signed(ir, IrOp.LES, IrOp.LES32, bits, a, b);
      case Cond.G:
        return signed(ir, IrOp.LTS, IrOp.LTS32, bits, b, a);
      case Cond.S, Cond.NS:
        return ofResult(ir, cond, bits, ir.sub(a, b));
      default:
        return -1;
    }
  }

  private static int afterLogic(IrBuilder ir, int cond, int bits, int result) {
    int zero = ir.constant(0);
    return switch (cond) {
      case Cond.B, Cond.O -> zero;
      case Cond.AE, Cond.NO -> ir.constant(1);
      case Cond.BE -> ofResult(ir, Cond.E, bits, result);
      case Cond.A -> ofResult(ir, Cond.NE, bits, result);
      case Cond.L -> ofResult(ir, Cond.S, bits, result);
      case Cond.GE -> ofResult(ir, Cond.NS, bits, result);
      case Cond.LE -> signed(ir, IrOp.LES, IrOp.LES32, bits, result, zero);
      case Cond.G -> signed(ir, IrOp.LTS, IrOp.LTS32, bits, zero, result);
      default -> ofResult(ir, cond, bits, result);
    };
  }

  private static int afterAdd(IrBuilder ir, int cond, int bits, int a, int b) {
    if (cond >> 1 == 1) {
      IrOp sum = bits == 32 ? IrOp.ADD32 : IrOp.ADD;
      int r = ir.binary(sum, a, b);
      return cond == Cond.B
          ? unsigned(ir, IrOp.LTU, IrOp.LTU32, bits, r, a)
          : unsigned(ir, IrOp.LEU, IrOp.LEU32, bits, a, r);
    }
    return switch (cond) {
      case Cond.E, Cond.NE, Cond.S, Cond.NS -> ofResult(ir, cond, bits, ir.add(a, b));
      default -> -1;
    };
  }

  /** Conditions on ZF and SF, which depend on the result alone. */
  private static int ofResult(IrBuilder ir, int cond, int bits, int r) {
    int zero = ir.constant(0);
    return switch (cond) {
      case Cond.E -> unsigned(ir, IrOp.EQ, IrOp.EQ32, bits, r, zero);
      case Cond.NE -> unsigned(ir, IrOp.NE, IrOp.NE32, bits, r, zero);
      case Cond.S -> signed(ir, IrOp.LTS, IrOp.LTS32, bits, r, zero);
      case Cond.NS -> signed(ir, IrOp.LES, IrOp.LES32, bits, zero, r);
      default -> -1;
    };
  }

  private static int unsigned(IrBuilder ir, IrOp op64, IrOp op32, int bits, int a, int b) {
    return bits == 32 ? ir.binary(op32, a, b) : ir.binary(op64, ir.zext(a, bits), ir.zext(b, bits));
  }

  private static int signed(IrBuilder ir, IrOp op64, IrOp op32, int bits, int a, int b) {
    return bits == 32 ? ir.binary(op32, a, b) : ir.binary(op64, ir.sext(a, bits), ir.sext(b, bits));
  }
}
