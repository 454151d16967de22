package org.coremu.exec.nativecode;

import org.coremu.ir.Block;
import org.coremu.ir.IrOp.Code;

/** Pure integer ops. */
final class IntegerOps {
  private static final int RAX = Assembler.RAX;
  private static final int RCX = Assembler.RCX;
  private static final int RDX = Assembler.RDX;

  private final Assembler asm;
  private final Values values;
  private Block block;

  IntegerOps(Assembler asm, Values values) {
    this.asm = asm;
    this.values = values;
  }

  void begin(Block ir) {
    block = ir;
  }

  /** Emits op {@code i}; operands are released and the result is defined by the caller. */
  int emit(int i) {
    int op = block.op[i];
    return switch (op) {
      case Code.ADD -> add(i, true);
      case Code.SUB -> alu(i, Assembler.SUB, true);
      case Code.AND -> and(i);
      case Code.OR -> alu(i, Assembler.OR, true);
      case Code.XOR -> alu(i, Assembler.XOR, true);
      case Code.ADD32 -> add(i, false);
      case Code.SUB32 -> alu(i, Assembler.SUB, false);
      case Code.AND32 -> alu(i, Assembler.AND, false);
      case Code.OR32 -> alu(i, Assembler.OR, false);
      case Code.XOR32 -> alu(i, Assembler.XOR, false);
      case Code.MUL -> multiply(i, true);
      case Code.MUL32 -> multiply(i, false);
      case Code.SHL -> shift(i, Assembler.SHL, true);
      case Code.SHR -> shift(i, Assembler.SHR, true);
      case Code.SAR -> shift(i, Assembler.SAR, true);
      case Code.ROL -> shift(i, Assembler.ROL, true);
      case Code.ROR -> shift(i, Assembler.ROR, true);
      case Code.SHL32 -> shift(i, Assembler.SHL, false);
      case Code.SHR32 -> shift(i, Assembler.SHR, false);
      case Code.SAR32 -> shift(i, Assembler.SAR, false);
      case Code.ROL32 -> shift(i, Assembler.ROL, false);
      case Code.ROR32 -> shift(i, Assembler.ROR, false);
      case Code.MULHU -> multiplyHigh(i, false);
      case Code.MULHS -> multiplyHigh(i, true);
      case Code.ZEXT8 -> extend(i, 1, false);
      case Code.ZEXT16 -> extend(i, 2, false);
      case Code.ZEXT32 -> extend(i, 4, false);
      case Code.SEXT8 -> extend(i, 1, true);
      case Code.SEXT16 -> extend(i, 2, true);
      case Code.SEXT32 -> extend(i, 4, true);
      case Code.DEP8, Code.DEP16, Code.DEP8H -> deposit(i, op);
      case Code.SHLADD -> shiftAdd(i);
      case Code.CLZ64, Code.CTZ64 -> countZeros(i, op == Code.CLZ64);
      case Code.POPCNT64, Code.EXT8H, Code.NOT, Code.NEG, Code.BSWAP64, Code.BSWAP32 ->
          unary(i, op);
      default -> throw new AssertionError("no integer op: " + block.row(i));
    };
  }

  // ---- comparisons

  /** Whether an op gives 1 or 0 by comparing. */
  static boolean isCompare(int op) {
    return op >= Code.EQ && op <= Code.LES32;
  }

  /** Emits a comparison up to the host's flags; gives the condition under which it is true. */
  int compare(int i) {
    int a = block.a[i];
    int b = block.b[i];
    int op = block.op[i];
    boolean wide = op < Code.EQ32;
    int cond = condition(op);
    if (values.isConstant(a)) {
      int swap = a;
      a = b;
      b = swap;
      cond = swapped(cond);
    }
    if (values.isImmediate(b) || !wide && values.isConstant(b)) {
      int k = (int) values.constant(b);
      if (values.isInMemory(a)) {
        values.atMemory(a);
        asm.aluConstantM(Assembler.CMP, wide, k);
        return cond;
      }
      int r = registerOr(a, RAX);
      if (k == 0 && cond != Assembler.B && cond != Assembler.A) {
        asm.test(wide, r, r);
      } else {
        asm.aluConstant(Assembler.CMP, wide, r, k);
      }
      return cond;
    }
    int r = registerOr(a, RAX);
    aluOperand(Assembler.CMP, wide, r, b);
    return cond;
  }

  private static int condition(int op) {
    return switch (op) {
      case Code.EQ, Code.EQ32 -> Assembler.E;
      case Code.NE, Code.NE32 -> Assembler.NE;
      case Code.LTU, Code.LTU32 -> Assembler.B;
      case Code.LEU, Code.LEU32 -> Assembler.BE;
      case Code.LTS, Code.LTS32 -> Assembler.L;
      default -> Assembler.LE;
    };
  }

  private static int swapped(int cond) {
    return switch (cond) {
      case Assembler.B -> Assembler.A;
      case Assembler.BE -> Assembler.AE;
      case Assembler.L -> Assembler.G;
      case Assembler.LE -> Assembler.GE;
      default -> cond;
    };
  }

  /** The register a value is in; one that is in none is copied to {@code scratch}. */
  int registerOr(int v, int scratch) {
    int r = values.registerOf(v);
    if (r < 0) {
      values.copyTo(scratch, v);
      r = scratch;
    }
    return r;
  }

  /** {@code dst = dst op v}, whatever place v is in; may use RCX. */
  private void aluOperand(int op, boolean wide, int dst, int v) {
    if (values.isImmediate(v) || !wide && values.isConstant(v)) {
      asm.aluConstant(op, wide, dst, (int) values.constant(v));
    } else if (values.isInMemory(v)) {
      values.atMemory(v);
      asm.aluM(op, wide, dst);
    } else {
      asm.alu(op, wide, dst, registerOr(v, RCX));
    }
  }

  // ---- arithmetic

  private void lockOperands(int i) {
    values.lock(block.a[i]);
    if (block.b[i] >= 0) {
      values.lock(block.b[i]);
    }
  }

  private int alu(int i, int op, boolean wide) {
    lockOperands(i);
    int a = block.a[i];
    int b = block.b[i];
    int rb = values.registerOf(b);
    int ra = values.registerOf(a);
    int d = values.target(i);
    if (d == rb && d != ra && a != b) {
      if (op == Assembler.SUB) {
        values.copyTo(RAX, a);
        asm.alu(op, wide, RAX, rb);
        asm.mov(wide, d, RAX);
      } else {
        // d holds b: the operation commutes.
        aluOperand(op, wide, d, a);
      }
      return d;
    }
    copyOperand(wide, d, a, ra);
    if (rb >= 0) {
      asm.alu(op, wide, d, rb);
    } else {
      aluOperand(op, wide, d, b);
    }
    return d;
  }

  /** Copies operand a, which was in register {@code ra} or in none, to the target. */
  private void copyOperand(boolean wide, int d, int a, int ra) {
    if (ra == d) {
      return;
    }
    if (ra >= 0) {
      asm.mov(wide, d, ra);
    } else if (wide) {
      values.copyTo(d, a);
    } else {
      values.copyLowTo(d, a);
    }
  }

  private int add(int i, boolean wide) {
    int ra = values.registerOf(block.a[i]);
    int b = block.b[i];
    boolean constant = values.isImmediate(b) || !wide && values.isConstant(b);
    if (ra < 0 || !constant && !values.isInRegister(b)) {
      return alu(i, Assembler.ADD, wide);
    }
    lockOperands(i);
    int rb = values.registerOf(b);
    int d = values.target(i);
    lea(wide, d, ra, rb, rb >= 0 ? 0 : (int) values.constant(b));
    return d;
  }

  /** {@code d = a + b} or {@code a + k}, as ADD where that is shorter. */
  private void lea(boolean wide, int d, int a, int b, int k) {
    if (d == a) {
      if (b >= 0) {
        asm.alu(Assembler.ADD, wide, d, b);
      } else {
        asm.aluConstant(Assembler.ADD, wide, d, k);
      }
    } else if (d == b) {
      asm.alu(Assembler.ADD, wide, d, a);
    } else {
      if (b >= 0) {
        asm.at(a, b, 0, 0);
      } else {
        asm.at(a, k);
      }
      asm.leaM(wide, d);
    }
  }

  private int and(int i) {
    int b = block.b[i];
    if (values.isConstant(b)) {
      long k = values.constant(b);
      if (k == 0xff || k == 0xffff || k == 0xffff_ffffL) {
        return extend(i, k == 0xff ? 1 : k == 0xffff ? 2 : 4, false);
      }
      if (k >>> 31 == 0) {
        return alu(i, Assembler.AND, false); // the upper half of the result is 0
      }
    }
    return alu(i, Assembler.AND, true);
  }

  private int multiply(int i, boolean wide) {
    lockOperands(i);
    int a = block.a[i];
    int b = block.b[i];
    int ra = values.registerOf(a);
    int rb = values.registerOf(b);
    int d = values.target(i);
    if (values.isImmediate(b) || !wide && values.isConstant(b)) {
      int source = ra >= 0 ? ra : registerOr(a, RAX);
      asm.imulConstant(wide, d, source, (int) values.constant(b));
    } else if (d == rb) {
      asm.imul(wide, d, ra >= 0 ? ra : registerOr(a, RAX));
    } else {
      int source = rb >= 0 ? rb : registerOr(b, RCX);
      copyOperand(wide, d, a, ra);
      asm.imul(wide, d, source);
    }
    return d;
  }

  private int multiplyHigh(int i, boolean signed) {
    lockOperands(i);
    int d = values.target(i);
    // MUL changes RDX, which may hold a value; the operand may be in it, too.
    int b = block.b[i];
    int rb = values.registerOf(b);
    values.copyTo(RAX, block.a[i]);
    asm.mov(true, RCX, RDX);
    if (rb < 0) {
      values.copyTo(RDX, b);
      rb = RDX;
    }
    if (signed) {
      asm.imulWide(true, rb);
    } else {
      asm.mul(true, rb);
    }
    asm.mov(true, RAX, RDX);
    asm.mov(true, RDX, RCX);
    asm.move(d, RAX);
    return d;
  }

  private int shift(int i, int op, boolean wide) {
    lockOperands(i);
    int a = block.a[i];
    int b = block.b[i];
    int ra = values.registerOf(a);
    int rb = values.registerOf(b);
    int d = values.target(i);
    if (values.isConstant(b)) {
      copyOperand(wide, d, a, ra);
      asm.shift(op, wide, d, (int) values.constant(b) & (wide ? 63 : 31));
      if (!wide && ((int) values.constant(b) & 31) == 0) {
        asm.mov(false, d, d);
      }
      return d;
    }
    if (rb >= 0) {
      asm.mov(false, RCX, rb);
    } else {
      values.copyLowTo(RCX, b);
    }
    if (wide) {
      copyOperand(true, d, a, ra);
    } else if (ra >= 0) {
      asm.mov(false, d, ra);
    } else {
      values.copyLowTo(d, a);
    }
    asm.shiftCl(op, wide, d);
    return d;
  }

  private int extend(int i, int bytes, boolean signed) {
    values.lock(block.a[i]);
    int a = block.a[i];
    int ra = values.registerOf(a);
    int d = values.target(i);
    if (ra < 0 && values.isInMemory(a)) {
      values.atMemory(a);
      if (!signed) {
        asm.loadM(bytes, d);
        return d;
      }
    }
    if (ra < 0) {
      values.copyTo(d, a);
      ra = d;
    }
    if (signed) {
      asm.signExtend(bytes, d, ra);
    } else {
      asm.zeroExtend(bytes, d, ra);
    }
    return d;
  }

  private int deposit(int i, int op) {
    lockOperands(i);
    int a = block.a[i];
    int b = block.b[i];
    int ra = values.registerOf(a);
    int rb = values.registerOf(b);
    int d = values.target(i);
    if (rb >= 0) {
      asm.mov(false, RCX, rb);
    } else {
      values.copyLowTo(RCX, b);
    }
    copyOperand(true, d, a, ra);
    switch (op) {
      case Code.DEP8 -> asm.op8(0x88, RCX, d);
      case Code.DEP16 -> asm.op(Assembler.PREFIX_66 | 0x89, false, RCX, d);
      default -> {
        asm.zeroExtend(1, RCX, RCX);
        asm.shift(Assembler.SHL, false, RCX, 8);
        asm.aluConstant(Assembler.AND, true, d, ~0xff00);
        asm.alu(Assembler.OR, true, d, RCX);
      }
    }
    return d;
  }

  private int shiftAdd(int i) {
    lockOperands(i);
    int a = block.a[i];
    int b = block.b[i];
    int ra = values.registerOf(a);
    int rb = values.registerOf(b);
    int d = values.target(i);
    if (ra < 0) {
      values.copyTo(RAX, a);
      ra = RAX;
    }
    if (rb < 0) {
      values.copyTo(RCX, b);
      rb = RCX;
    }
    asm.at(ra, rb, (int) block.imm[i], 0);
    asm.leaM(true, d);
    return d;
  }

  private int countZeros(int i, boolean leading) {
    values.lock(block.a[i]);
    int d = values.target(i);
    int source = registerOr(block.a[i], RCX);
    asm.op(leading ? 0x0FBD : 0x0FBC, true, RAX, source); // BSR, BSF: ZF if there is no bit
    asm.constant(RCX, leading ? 127 : 64);
    asm.cmov(Assembler.E, true, RAX, RCX);
    if (leading) {
      asm.aluConstant(Assembler.XOR, false, RAX, 63);
    }
    asm.move(d, RAX);
    return d;
  }

  private int unary(int i, int op) {
    values.lock(block.a[i]);
    int a = block.a[i];
    int ra = values.registerOf(a);
    int d = values.target(i);
    if (op == Code.POPCNT64) {
      int source = ra >= 0 ? ra : registerOr(a, RAX);
      asm.op(Assembler.PREFIX_F3 | 0x0FB8, true, d, source);
      return d;
    }
    copyOperand(op != Code.BSWAP32, d, a, ra);
    switch (op) {
      case Code.NOT -> asm.not(true, d);
      case Code.NEG -> asm.neg(true, d);
      case Code.BSWAP64 -> asm.bswap(true, d);
      case Code.BSWAP32 -> asm.bswap(false, d);
      default -> {
        asm.shift(Assembler.SHR, false, d, 8);
        asm.zeroExtend(1, d, d);
      }
    }
    return d;
  }

  /** {@code a != 0 ? b : c}; the test may be a comparison that has been put off. */
  int select(int i) {
    int b = block.b[i];
    int d = values.target(i);
    int cond = test(block.a[i]);
    // Only moves from here on: they leave the host's flags alone.
    if (values.isInMemory(b)) {
      values.copyTo(RAX, block.c[i]);
      values.atMemory(b);
      asm.opM(0x0F40 | cond, true, RAX);
    } else {
      int source = registerOr(b, RCX);
      values.copyTo(RAX, block.c[i]);
      asm.cmov(cond, true, RAX, source);
    }
    asm.move(d, RAX);
    return d;
  }

  /** A comparison as a value. */
  int compareToValue(int i) {
    int d = values.target(i);
    asm.setcc(compare(i), d);
    return d;
  }

  /** Emits a test of a value against 0, or the comparison it is; gives the condition if true. */
  int test(int v) {
    if (values.isDelayed(v)) {
      return compare(v);
    }
    if (values.isInMemory(v)) {
      values.atMemory(v);
      asm.aluConstantM(Assembler.CMP, true, 0);
    } else {
      int r = registerOr(v, RAX);
      asm.test(true, r, r);
    }
    return Assembler.NE;
  }
}
