package org.coremu.exec.nativecode;

import org.coremu.exec.CoreState;
import org.coremu.ir.Block;
import org.coremu.ir.IrOp.Code;
import org.coremu.mem.SoftTlb;

/**
 * Guest memory: a look into the software TLB, then the access itself. What the TLB does not allow,
 * and atomic accesses that are not aligned, go to Java.
 */
final class MemoryOps {
  private static final int RAX = Assembler.RAX;
  private static final int RCX = Assembler.RCX;
  private static final int PAGE = -4096;
  private static final int TLB_INDEX = (SoftTlb.ENTRIES - 1) * SoftTlb.ENTRY_BYTES;
  private static final int LOCK = 0xF0;

  private final Assembler asm;
  private final Values values;
  private final Exits exits;
  private Block block;

  MemoryOps(Assembler asm, Values values, Exits exits) {
    this.asm = asm;
    this.values = values;
    this.exits = exits;
  }

  void begin(Block ir) {
    block = ir;
  }

  /**
   * Looks {@code [a + disp]} up. Afterwards RCX is the TLB entry; gives the jump that is taken if
   * the access can't go on.
   */
  private int lookUp(int tag, int bytes, int a, int disp) {
    if (disp == 0) {
      asm.mov(false, RCX, a);
    } else {
      asm.at(a, disp);
      asm.leaM(false, RCX);
    }
    asm.shift(Assembler.SHR, false, RCX, 7);
    asm.aluConstant(Assembler.AND, false, RCX, TLB_INDEX);
    asm.at(Host.STATE, Host.slot(CoreState.TLB_TABLE));
    asm.aluM(Assembler.ADD, true, RCX);
    // An access that crosses a page ends on another page than the entry's.
    int last = disp + bytes - 1;
    if (last == 0) {
      asm.mov(true, RAX, a);
    } else {
      asm.at(a, last);
      asm.leaM(true, RAX);
    }
    asm.aluConstant(Assembler.AND, true, RAX, PAGE);
    asm.at(RCX, tag);
    asm.aluM(Assembler.CMP, true, RAX);
    return asm.jcc(Assembler.NE);
  }

  /** Loads the entry's addend into RAX and lets the next memory operand be the host's place. */
  private void atHost(int a, int disp) {
    asm.at(RCX, SoftTlb.ADDEND);
    asm.loadM(8, RAX);
    asm.at(a, RAX, 0, disp);
  }

  private int disp(int i) {
    return block.imm[i] == (int) block.imm[i] ? (int) block.imm[i] : 0;
  }

  /** The register that the address of op {@code i} is {@link #disp} away from. */
  private int base(int i) {
    if (block.imm[i] == (int) block.imm[i]) {
      return values.inRegister(block.a[i]);
    }
    int r = values.takeTemp();
    values.lockRegister(r);
    values.copyTo(r, block.a[i]);
    asm.constant(RAX, block.imm[i]);
    asm.alu(Assembler.ADD, true, r, RAX);
    return r;
  }

  /** LD8 to LD64, LDU8 to LDU64. */
  int load(int i, int bytes, int tag) {
    int a = base(i);
    int d = values.target(i);
    Exits.Slow slow = exits.new Slow(i, bytes).at(a, disp(i)).result(d, false);
    int miss = lookUp(tag, bytes, a, disp(i));
    atHost(a, disp(i));
    asm.loadM(bytes, d);
    exits.later(slow, asm.size(), miss);
    return d;
  }

  /** ST8 to ST64. */
  void store(int i, int bytes) {
    int a = base(i);
    int v = block.b[i];
    Exits.Slow slow = exits.new Slow(i, bytes).at(a, disp(i));
    int miss = lookUp(SoftTlb.WRITE, bytes, a, disp(i));
    if (values.isImmediate(v) || bytes < 8 && values.isConstant(v)) {
      atHost(a, disp(i));
      asm.storeConstantM(bytes, (int) values.constant(v));
    } else if (values.isInRegister(v)) {
      atHost(a, disp(i));
      asm.storeM(bytes, values.registerOf(v));
    } else {
      asm.at(RCX, SoftTlb.ADDEND);
      asm.loadM(8, RAX);
      values.copyTo(RCX, v);
      asm.at(a, RAX, 0, disp(i));
      asm.storeM(bytes, RCX);
    }
    exits.later(slow, asm.size(), miss);
  }

  /** LDV and LDVA. */
  int loadVector(int i, boolean aligned) {
    int a = base(i);
    int d = values.takeVector();
    Exits.Slow slow = exits.new Slow(i, 16).at(a, disp(i)).result(d, true);
    int misaligned = aligned ? checkAligned(a, disp(i)) : 0;
    int miss = lookUp(SoftTlb.READ, 16, a, disp(i));
    atHost(a, disp(i));
    asm.opM(0x0F10, false, d);
    later(slow, miss, misaligned);
    return d;
  }

  /** STV and STVA. */
  void storeVector(int i, boolean aligned) {
    int a = base(i);
    int x = values.inVectorRegister(block.b[i]);
    Exits.Slow slow = exits.new Slow(i, 16).at(a, disp(i));
    int misaligned = aligned ? checkAligned(a, disp(i)) : 0;
    int miss = lookUp(SoftTlb.WRITE, 16, a, disp(i));
    atHost(a, disp(i));
    asm.opM(0x0F11, false, x);
    later(slow, miss, misaligned);
  }

  private void later(Exits.Slow slow, int miss, int misaligned) {
    if (misaligned != 0) {
      exits.later(slow, asm.size(), miss, misaligned);
    } else {
      exits.later(slow, asm.size(), miss);
    }
  }

  private int checkAligned(int a, int disp) {
    asm.at(a, disp);
    asm.leaM(false, RAX);
    asm.testConstant(RAX, 15);
    return asm.jcc(Assembler.NE);
  }

  /** CAS, XCHG, FADD, FAND, FOR and FXOR of {@code imm} bytes; {@code used} tells of the result. */
  int atomic(int i, int op, boolean used) {
    int bytes = (int) block.imm[i];
    int a = values.inRegister(block.a[i]);
    // A new value that is computed in a loop, or compared with RAX, needs a register of its own.
    int c = op == Code.CAS ? values.inRegister(block.c[i]) : -1;
    boolean loop = used && op >= Code.FAND;
    int d = used ? values.target(i) : -1;
    int next = -1;
    if (loop) {
      int wasD = d;
      values.lockRegister(wasD);
      next = values.takeTemp();
    }
    Exits.Slow slow = exits.new Slow(i, bytes).at(a, 0).result(used ? RAX : -1, false);
    int miss = lookUp(SoftTlb.WRITE, bytes, a, 0);
    asm.at(RCX, SoftTlb.ADDEND);
    asm.loadM(8, RCX);
    asm.alu(Assembler.ADD, true, RCX, a);
    int misaligned = 0;
    if (bytes > 1) {
      asm.testConstant(RCX, bytes - 1);
      misaligned = asm.jcc(Assembler.NE);
    }
    if (loop) {
      loop(op, bytes, block.b[i], next);
    } else {
      locked(op, bytes, block.b[i], c);
    }
    if (used && bytes < 4) {
      asm.zeroExtend(bytes, RAX, RAX);
    } else if (used && bytes == 4) {
      asm.mov(false, RAX, RAX);
    }
    later(slow, miss, misaligned);
    if (used) {
      asm.move(d, RAX);
    }
    return d;
  }

  /** One locked instruction on {@code [RCX]}; the old value comes in RAX. */
  private void locked(int op, int bytes, int b, int c) {
    values.copyTo(RAX, b);
    switch (op) {
      case Code.CAS -> sized(bytes, 0x0FB0, c, true);
      case Code.XCHG -> sized(bytes, 0x86, RAX, false);
      case Code.FADD -> sized(bytes, 0x0FC0, RAX, true);
      case Code.FAND -> sized(bytes, Assembler.AND << 3, RAX, true);
      case Code.FOR -> sized(bytes, Assembler.OR << 3, RAX, true);
      default -> sized(bytes, Assembler.XOR << 3, RAX, true);
    }
  }

  /** The old value to RAX by compare and exchange. */
  private void loop(int op, int bytes, int b, int next) {
    asm.at(RCX, 0);
    asm.loadM(bytes, RAX);
    int again = asm.size();
    values.copyTo(next, b);
    asm.alu(
        op == Code.FAND ? Assembler.AND : op == Code.FOR ? Assembler.OR : Assembler.XOR,
        true,
        next,
        RAX);
    sized(bytes, 0x0FB0, next, true);
    asm.bindTo(asm.jcc(Assembler.NE), again);
  }

  /** An instruction on {@code [RCX]} whose opcode has bit 0 clear for bytes. */
  private void sized(int bytes, int opcode, int reg, boolean lock) {
    asm.at(RCX, 0);
    if (lock) {
      asm.u8(LOCK);
    }
    switch (bytes) {
      case 1 -> asm.op8M(opcode, reg);
      case 2 -> asm.opM(Assembler.PREFIX_66 | opcode | 1, false, reg);
      default -> asm.opM(opcode | 1, bytes == 8, reg);
    }
  }

  /** Full barrier. */
  void fence() {
    asm.u8(LOCK);
    asm.at(Assembler.RSP, 0);
    asm.aluConstantM(Assembler.OR, false, 0);
  }
}
