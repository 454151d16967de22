package org.coremu.exec.nativecode;

import java.util.Arrays;

/**
 * Encodes x86-64 instructions into a buffer: only the forms that the emitter uses. Encodings are
 * those of the Intel SDM, vol. 2.
 *
 * <p>Registers are numbers 0 to 15 in encoding order, general and XMM alike. An instruction with a
 * memory operand has a name that ends in {@code M} and uses the address of the last {@link #at}. An
 * opcode is written as an int whose bytes are the mandatory prefix (or 0), the escape bytes and the
 * opcode: {@code 0x0FAF} is IMUL, {@code 0x660F38_00} would not fit and is {@code PREFIX_66 |
 * 0x0F3800}.
 */
public final class Assembler {
  public static final int RAX = 0;
  public static final int RCX = 1;
  public static final int RDX = 2;
  public static final int RBX = 3;
  public static final int RSP = 4;
  public static final int RBP = 5;
  public static final int RSI = 6;
  public static final int RDI = 7;
  public static final int R8 = 8;
  public static final int R9 = 9;
  public static final int R10 = 10;
  public static final int R11 = 11;
  public static final int R12 = 12;
  public static final int R13 = 13;
  public static final int R14 = 14;
  public static final int R15 = 15;

  /** Arithmetic of {@link #alu}: the opcode extensions of group 1. */
  public static final int ADD = 0;

  public static final int OR = 1;
  public static final int ADC = 2;
  public static final int SBB = 3;
  public static final int AND = 4;
  public static final int SUB = 5;
  public static final int XOR = 6;
  public static final int CMP = 7;

  /** Shifts and rotations of {@link #shift}: the opcode extensions of group 2. */
  public static final int ROL = 0;

  public static final int ROR = 1;
  public static final int SHL = 4;
  public static final int SHR = 5;
  public static final int SAR = 7;

  /** Conditions of jcc, setcc and cmovcc. */
  public static final int O = 0;

  public static final int B = 2;
  public static final int AE = 3;
  public static final int E = 4;
  public static final int NE = 5;
  public static final int BE = 6;
  public static final int A = 7;
  public static final int S = 8;
  public static final int NS = 9;
  public static final int P = 10;
  public static final int NP = 11;
  public static final int L = 12;
  public static final int GE = 13;
  public static final int LE = 14;
  public static final int G = 15;

  /** Mandatory prefixes, to be or-ed to an opcode. */
  public static final int PREFIX_66 = 0x66 << 24;

  public static final int PREFIX_F2 = 0xF2 << 24;
  public static final int PREFIX_F3 = 0xF3 << 24;

  private byte[] code = new byte[4096];
  private int size;

  private int base;
  private int index;
  private int scale;
  private int disp;

  /** Forgets the code. */
  public void clear() {
    size = 0;
  }

  /** Number of bytes so far: the offset of the next instruction. */
  public int size() {
    return size;
  }

  /** The buffer, valid up to {@link #size}. */
  public byte[] bytes() {
    return code;
  }

  // ---- memory operands

  /** The next memory operand is {@code [base + disp]}. */
  public void at(int base, int disp) {
    this.base = base;
    this.index = -1;
    this.disp = disp;
  }

  /** The next memory operand is {@code [base + (index << scale) + disp]}; index is not RSP. */
  public void at(int base, int index, int scale, int disp) {
    this.base = base;
    this.index = index;
    this.scale = scale;
    this.disp = disp;
  }

  // ---- any instruction

  /**
   * An instruction of register operands.
   *
   * @param wide 64-bit operand size (REX.W)
   * @param reg the operand in ModRM.reg, or an opcode extension
   * @param rm the operand in ModRM.rm
   */
  public void op(int opcode, boolean wide, int reg, int rm) {
    begin(opcode, wide, reg, 0, rm, false);
    u8(0xC0 | (reg & 7) << 3 | rm & 7);
  }

  /** As {@link #op} on the low bytes of general registers. */
  public void op8(int opcode, int reg, int rm) {
    begin(opcode, false, reg, 0, rm, reg >= RSP || rm >= RSP);
    u8(0xC0 | (reg & 7) << 3 | rm & 7);
  }

  /** An instruction whose ModRM.rm is the memory operand. */
  public void opM(int opcode, boolean wide, int reg) {
    begin(opcode, wide, reg, Math.max(index, 0), base, false);
    address(reg);
  }

  /** As {@link #opM} with the low byte of a general register as ModRM.reg. */
  public void op8M(int opcode, int reg) {
    begin(opcode, false, reg, Math.max(index, 0), base, reg >= RSP);
    address(reg);
  }

  private void begin(int opcode, boolean wide, int reg, int x, int b, boolean force) {
    ensure();
    if (opcode >>> 24 != 0) {
      code[size++] = (byte) (opcode >>> 24);
    }
    int rex = (wide ? 8 : 0) | (reg & 8) >> 1 | (x & 8) >> 2 | (b & 8) >> 3;
    if (rex != 0 || force) {
      code[size++] = (byte) (0x40 | rex);
    }
    if ((opcode & 0xFF0000) != 0) {
      code[size++] = (byte) (opcode >>> 16);
    }
    if ((opcode & 0xFFFF00) != 0) {
      code[size++] = (byte) (opcode >>> 8);
    }
    code[size++] = (byte) opcode;
  }

  private void address(int reg) {
    int r = (reg & 7) << 3;
    // A base of RBP or R13 has no form without displacement; one of RSP or R12 needs a SIB byte.
    int mod = disp == 0 && (base & 7) != RBP ? 0 : disp == (byte) disp ? 0x40 : 0x80;
    if (index >= 0) {
      u8(mod | r | 4);
      u8(scale << 6 | (index & 7) << 3 | base & 7);
    } else if ((base & 7) == RSP) {
      u8(mod | r | 4);
      u8(0x24);
    } else {
      u8(mod | r | base & 7);
    }
    if (mod == 0x40) {
      u8(disp);
    } else if (mod == 0x80) {
      i32(disp);
    }
  }

  // ---- moves

  public void mov(boolean wide, int dst, int src) {
    op(0x89, wide, src, dst);
  }

  /** Moves 64 bits unless the registers are the same. */
  public void move(int dst, int src) {
    if (dst != src) {
      mov(true, dst, src);
    }
  }

  /** Loads a constant in the shortest form; changes no flags. */
  public void constant(int dst, long value) {
    if (value >>> 32 == 0) {
      begin(0xB8 | dst & 7, false, 0, 0, dst, false);
      i32((int) value);
    } else if (value == (int) value) {
      op(0xC7, true, 0, dst);
      i32((int) value);
    } else {
      begin(0xB8 | dst & 7, true, 0, 0, dst, false);
      i32((int) value);
      i32((int) (value >> 32));
    }
  }

  /** Loads 1, 2, 4 or 8 bytes, zero-extended to 64 bits. */
  public void loadM(int bytes, int dst) {
    switch (bytes) {
      case 1 -> opM(0x0FB6, false, dst);
      case 2 -> opM(0x0FB7, false, dst);
      case 4 -> opM(0x8B, false, dst);
      default -> opM(0x8B, true, dst);
    }
  }

  /** Stores the low 1, 2, 4 or 8 bytes of a register. */
  public void storeM(int bytes, int src) {
    switch (bytes) {
      case 1 -> op8M(0x88, src);
      case 2 -> {
        operandSizePrefix();
        opM(0x89, false, src);
      }
      case 4 -> opM(0x89, false, src);
      default -> opM(0x89, true, src);
    }
  }

  /** Stores a constant: 1, 2 or 4 bytes of it, or 8 by sign extension. */
  public void storeConstantM(int bytes, int value) {
    switch (bytes) {
      case 1 -> {
        opM(0xC6, false, 0);
        u8(value);
      }
      case 2 -> {
        operandSizePrefix();
        opM(0xC7, false, 0);
        u8(value);
        u8(value >> 8);
      }
      default -> {
        opM(0xC7, bytes == 8, 0);
        i32(value);
      }
    }
  }

  private void operandSizePrefix() {
    ensure();
    code[size++] = 0x66;
  }

  public void leaM(boolean wide, int dst) {
    opM(0x8D, wide, dst);
  }

  /** Loads the address of a place in this code. */
  public void ripLea(int dst, int target) {
    begin(0x8D, true, dst, 0, 0, false);
    u8((dst & 7) << 3 | 5);
    i32(target - size - 4);
  }

  /** The low 1, 2 or 4 bytes of a register, zero-extended to 64 bits. */
  public void zeroExtend(int bytes, int dst, int src) {
    switch (bytes) {
      case 1 -> op8(0x0FB6, dst, src);
      case 2 -> op(0x0FB7, false, dst, src);
      default -> mov(false, dst, src);
    }
  }

  /** The low 1, 2 or 4 bytes of a register, sign-extended to 64 bits. */
  public void signExtend(int bytes, int dst, int src) {
    switch (bytes) {
      case 1 -> {
        begin(0x0FBE, true, dst, 0, src, false);
        u8(0xC0 | (dst & 7) << 3 | src & 7);
      }
      case 2 -> op(0x0FBF, true, dst, src);
      default -> op(0x63, true, dst, src);
    }
  }

  public void xchg(boolean wide, int a, int b) {
    op(0x87, wide, a, b);
  }

  // ---- arithmetic

  /** {@code dst = dst op src}. */
  public void alu(int op, boolean wide, int dst, int src) {
    op(op << 3 | 1, wide, src, dst);
  }

  /** {@code dst = dst op memory}. */
  public void aluM(int op, boolean wide, int dst) {
    opM(op << 3 | 3, wide, dst);
  }

  /** {@code dst = dst op value}, the value sign-extended. */
  public void aluConstant(int op, boolean wide, int dst, int value) {
    if (value == (byte) value) {
      op(0x83, wide, op, dst);
      u8(value);
    } else {
      op(0x81, wide, op, dst);
      i32(value);
    }
  }

  /** As {@link #aluConstant} in the form with four bytes of constant. */
  public void aluConstant32(int op, boolean wide, int dst, int value) {
    op(0x81, wide, op, dst);
    i32(value);
  }

  /** {@code memory = memory op value}. */
  public void aluConstantM(int op, boolean wide, int value) {
    if (value == (byte) value) {
      opM(0x83, wide, op);
      u8(value);
    } else {
      opM(0x81, wide, op);
      i32(value);
    }
  }

  /** Compares a byte in memory with a constant. */
  public void cmpByteM(int value) {
    opM(0x80, false, CMP);
    u8(value);
  }

  public void test(boolean wide, int a, int b) {
    op(0x85, wide, b, a);
  }

  /** Tests the low 32 bits of a register against a constant. */
  public void testConstant(int a, int value) {
    op(0xF7, false, 0, a);
    i32(value);
  }

  public void imul(boolean wide, int dst, int src) {
    op(0x0FAF, wide, dst, src);
  }

  public void imulConstant(boolean wide, int dst, int src, int value) {
    op(0x69, wide, dst, src);
    i32(value);
  }

  public void neg(boolean wide, int dst) {
    op(0xF7, wide, 3, dst);
  }

  public void not(boolean wide, int dst) {
    op(0xF7, wide, 2, dst);
  }

  /** {@code RDX:RAX = RAX * src}, unsigned. */
  public void mul(boolean wide, int src) {
    op(0xF7, wide, 4, src);
  }

  /** {@code RDX:RAX = RAX * src}, signed. */
  public void imulWide(boolean wide, int src) {
    op(0xF7, wide, 5, src);
  }

  /** {@code RAX, RDX = RDX:RAX / src, remainder}, unsigned. */
  public void div(boolean wide, int src) {
    op(0xF7, wide, 6, src);
  }

  /** {@code RAX, RDX = RDX:RAX / src, remainder}, signed. */
  public void idiv(boolean wide, int src) {
    op(0xF7, wide, 7, src);
  }

  /** Shifts or rotates by a constant. */
  public void shift(int op, boolean wide, int dst, int count) {
    op(0xC1, wide, op, dst);
    u8(count);
  }

  /** Shifts or rotates by CL. */
  public void shiftCl(int op, boolean wide, int dst) {
    op(0xD3, wide, op, dst);
  }

  /** Sign-extends EAX into EDX, or RAX into RDX. */
  public void cdq(boolean wide) {
    if (wide) {
      u8(0x48);
    }
    u8(0x99);
  }

  public void bswap(boolean wide, int dst) {
    begin(0x0FC8 | dst & 7, wide, 0, 0, dst, false);
  }

  /** Sets a register to 0 or 1; all 64 bits. Changes no flags. */
  public void setcc(int cond, int dst) {
    op8(0x0F90 | cond, 0, dst);
    op8(0x0FB6, dst, dst);
  }

  public void cmov(int cond, boolean wide, int dst, int src) {
    op(0x0F40 | cond, wide, dst, src);
  }

  // ---- jumps

  /** A jump whose target is {@link #bind}-ed later; gives its place. */
  public int jmp() {
    u8(0xE9);
    i32(0);
    return size;
  }

  /** A conditional jump whose target is {@link #bind}-ed later; gives its place. */
  public int jcc(int cond) {
    u8(0x0F);
    u8(0x80 | cond);
    i32(0);
    return size;
  }

  /** A short conditional jump, at most 127 bytes on; gives its place, for {@link #bindShort}. */
  public int jccShort(int cond) {
    u8(0x70 | cond);
    u8(0);
    return size;
  }

  /** A short jump, at most 127 bytes on; gives its place, for {@link #bindShort}. */
  public int jmpShort() {
    u8(0xEB);
    u8(0);
    return size;
  }

  /** A call whose target is {@link #bind}-ed later; gives its place. */
  public int call() {
    u8(0xE8);
    i32(0);
    return size;
  }

  /** Jumps back to a place in this code. */
  public void jmpTo(int target) {
    u8(0xE9);
    i32(target - size - 4);
  }

  public void jmpRegister(int target) {
    op(0xFF, false, 4, target);
  }

  public void jmpM() {
    opM(0xFF, false, 4);
  }

  /** Lets the jump at {@code place} lead here. */
  public void bind(int place) {
    bindTo(place, size);
  }

  /** Lets the jump at {@code place} lead to a place in this code. */
  public void bindTo(int place, int target) {
    int rel = target - place;
    code[place - 4] = (byte) rel;
    code[place - 3] = (byte) (rel >> 8);
    code[place - 2] = (byte) (rel >> 16);
    code[place - 1] = (byte) (rel >> 24);
  }

  /** Lets the short jump at {@code place} lead here. */
  public void bindShort(int place) {
    int rel = size - place;
    if (rel > 127) {
      throw new AssertionError("short jump over " + rel + " bytes");
    }
    code[place - 1] = (byte) rel;
  }

  public void push(int reg) {
    begin(0x50 | reg & 7, false, 0, 0, reg, false);
  }

  public void pop(int reg) {
    begin(0x58 | reg & 7, false, 0, 0, reg, false);
  }

  public void ret() {
    u8(0xC3);
  }

  /** Fills with the recommended multi-byte NOPs until {@code (size + skew) % alignment == 0}. */
  public void align(int alignment, int skew) {
    pad(-(size + skew) & alignment - 1);
  }

  /** Forgets what was encoded from a place on. */
  public void rewind(int place) {
    size = place;
  }

  /** So many bytes of recommended multi-byte NOPs. */
  public void pad(int bytes) {
    int n = bytes;
    while (n > 0) {
      int k = Math.min(n, 8);
      nop(k);
      n -= k;
    }
  }

  private void nop(int bytes) {
    switch (bytes) {
      case 1 -> u8(0x90);
      case 2 -> {
        u8(0x66);
        u8(0x90);
      }
      case 3 -> nopM(0x00, 0);
      case 4 -> nopM(0x40, 1);
      case 5 -> {
        nopM(0x44, 0);
        u8(0);
        u8(0);
      }
      case 6 -> {
        u8(0x66);
        nop(5);
      }
      case 7 -> nopM(0x80, 4);
      default -> {
        nopM(0x84, 0);
        u8(0);
        i32(0);
      }
    }
  }

  private void nopM(int modrm, int trailing) {
    u8(0x0F);
    u8(0x1F);
    u8(modrm);
    for (int i = 0; i < trailing; i++) {
      u8(0);
    }
  }

  // ---- bytes

  public void u8(int value) {
    ensure();
    code[size++] = (byte) value;
  }

  public void i32(int value) {
    ensure();
    code[size] = (byte) value;
    code[size + 1] = (byte) (value >> 8);
    code[size + 2] = (byte) (value >> 16);
    code[size + 3] = (byte) (value >> 24);
    size += 4;
  }

  private void ensure() {
    if (size + 16 > code.length) {
      code = Arrays.copyOf(code, code.length * 2);
    }
  }
}
