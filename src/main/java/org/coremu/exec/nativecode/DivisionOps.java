package org.coremu.exec.nativecode;

import org.coremu.ir.Block;
import org.coremu.ir.IrOp.Code;

/**
 * Division by the host's DIV and IDIV where these can't fault; else Java does it, or raises the
 * guest's fault.
 */
final class DivisionOps {
  private static final int RAX = Assembler.RAX;
  private static final int RCX = Assembler.RCX;
  private static final int RDX = Assembler.RDX;

  private final Assembler asm;
  private final Values values;
  private final Exits exits;
  private Block block;

  DivisionOps(Assembler asm, Values values, Exits exits) {
    this.asm = asm;
    this.values = values;
    this.exits = exits;
  }

  void begin(Block ir) {
    block = ir;
  }

  /**
   * Emits DIVU or DIVS, and the remainder op with the same operands if that is next.
   *
   * @param quotient register for the quotient
   * @param remainder register for the remainder, or -1
   */
  void emit(int i, int quotient, int remainder) {
    boolean signed = block.op[i] == Code.DIVS;
    int bits = (int) block.imm[i];
    int a = block.a[i];
    // The high half of the dividend may need a register, and it is not to be one of these.
    values.lockRegister(quotient);
    if (remainder >= 0) {
      values.lockRegister(remainder);
    }
    if (bits == 64 && !values.isInMemory(a) && !values.isImmediate(a)) {
      values.inRegister(a);
    }
    Exits.Slow slow = exits.new Slow(i, bits).plain().result(RAX, false).remainder(remainder >= 0);
    if (signed && bits < 32) {
      slow.emit(); // rare, and the range of the quotient would have to be checked
    } else {
      divide(i, signed, bits, slow);
    }
    asm.move(quotient, RAX);
    if (remainder >= 0) {
      asm.move(remainder, RCX);
    }
  }

  /** The quotient to RAX, the remainder to RCX. */
  private void divide(int i, boolean signed, int bits, Exits.Slow slow) {
    values.copyTo(RCX, block.c[i]);
    values.copyTo(RAX, block.b[i]);
    int[] refused = signed ? checkSigned(i, bits) : checkUnsigned(i, bits);
    asm.push(RDX);
    boolean wide = bits == 64;
    if (signed) {
      asm.cdq(wide);
      asm.idiv(wide, RCX);
    } else {
      loadHigh(i, bits);
      asm.div(wide, RCX);
    }
    if (signed && !wide) {
      asm.signExtend(4, RAX, RAX);
      asm.signExtend(4, RCX, RDX);
    } else {
      asm.mov(true, RCX, RDX);
    }
    asm.pop(RDX);
    exits.later(slow, asm.size(), refused);
  }

  /** The high half of the dividend, to RDX, and the low half to EAX. */
  private void loadHigh(int i, int bits) {
    if (bits == 64) {
      values.copyTo(RDX, block.a[i]);
    } else if (bits == 32) {
      asm.mov(true, RDX, RAX);
      asm.shift(Assembler.SHR, true, RDX, 32);
    } else {
      asm.alu(Assembler.XOR, false, RDX, RDX);
    }
  }

  /** The quotient fits if the high half is below the divisor. */
  private int[] checkUnsigned(int i, int bits) {
    if (bits == 64) {
      compareHigh(RCX, i);
    } else {
      asm.push(RAX);
      asm.shift(Assembler.SHR, true, RAX, bits);
      asm.alu(Assembler.CMP, true, RCX, RAX);
      asm.pop(RAX);
    }
    return new int[] {asm.jcc(Assembler.BE)};
  }

  /**
   * The quotient fits if the dividend is the sign extension of its low half and the divisor is
   * neither 0 nor -1.
   */
  private int[] checkSigned(int i, int bits) {
    asm.test(true, RCX, RCX);
    int zero = asm.jcc(Assembler.E);
    asm.aluConstant(Assembler.CMP, true, RCX, -1);
    int minusOne = asm.jcc(Assembler.E);
    asm.push(RAX);
    if (bits == 64) {
      asm.shift(Assembler.SAR, true, RAX, 63);
      compareHigh(RAX, i);
    } else {
      asm.signExtend(4, RAX, RAX);
      asm.at(Assembler.RSP, 0);
      asm.aluM(Assembler.CMP, true, RAX);
    }
    asm.pop(RAX);
    return new int[] {zero, minusOne, asm.jcc(Assembler.NE)};
  }

  private void compareHigh(int r, int i) {
    int a = block.a[i];
    if (values.isInMemory(a)) {
      values.atMemory(a);
      asm.aluM(Assembler.CMP, true, r);
    } else if (values.isImmediate(a)) {
      asm.aluConstant(Assembler.CMP, true, r, (int) values.constant(a));
    } else {
      asm.alu(Assembler.CMP, true, r, values.registerOf(a));
    }
  }
}
