package org.coremu.exec.nativecode;

import java.util.Arrays;
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
  private static final int LOCK = 0xF0;

  private final Assembler asm;
  private final Values values;
  private final Exits exits;
  private Block block;
  private int mmuMode;

  /** Whether accesses look into the table by instruction first. */
  private boolean bySite;

  /** Number of the next access: neighbours in code must not share an entry. */
  private int nextSite;

  MemoryOps(Assembler asm, Values values, Exits exits) {
    this.asm = asm;
    this.values = values;
    this.exits = exits;
  }

  void begin(Block ir, int mode, boolean isTrace) {
    block = ir;
    mmuMode = mode;
    bySite = isTrace && Optimisation.SITE_TLB.isOn();
  }

  /** How an access gets from its guest address to the host's. */
  final class Access {
    private final int a;
    private final int disp;
    private final int bytes;
    private final int tag;
    private final boolean aligned;

    /** Displacement from RBP of the TLB entry of this access alone. */
    private final int site;

    private int miss;
    private int go;

    /** Jumps from elsewhere to what is done if the TLB does not help. */
    private int[] refused = {};

    /**
     * An access.
     *
     * @param aligned whether it goes to Java if it is not aligned
     */
    Access(int a, int disp, int bytes, int tag, boolean aligned) {
      this.a = a;
      this.disp = disp;
      this.bytes = bytes;
      this.tag = tag;
      this.aligned = aligned;
      site = nextSite(tag != SoftTlb.READ);
    }

    /**
     * Emits the fast way. Afterwards RAX is the addend, and the next memory operand is the host's
     * place. A trace, whose accesses are repeated, has entries by instruction. In other code, of
     * which there is much, the few entries would mostly be another instruction's.
     */
    void begin() {
      if (bySite) {
        lookUpByInstruction();
      } else {
        miss = lookUpByAddress();
        asm.at(RCX, tag + SoftTlb.ADDEND);
        asm.loadM(8, RAX);
      }
      go = asm.size();
      asm.at(a, RAX, 0, disp);
    }

    /**
     * The access is aligned, so that it stays within a page, and the page is that of its last time.
     * The addend does not wait for the address then.
     */
    private void lookUpByInstruction() {
      address(RAX, disp);
      asm.aluConstant(Assembler.AND, true, RAX, PAGE | bytes - 1);
      asm.at(Host.STATE, site);
      asm.aluM(Assembler.CMP, true, RAX);
      miss = asm.jcc(Assembler.NE);
      asm.at(Host.STATE, site + 8);
      asm.loadM(8, RAX);
    }

    /**
     * Leaves the address of the entry of the first byte's page in RCX; gives the jump that is taken
     * if it does not allow the access.
     */
    private int lookUpByAddress() {
      address(RCX, disp);
      asm.mov(false, RAX, RCX);
      asm.shift(Assembler.SHR, false, RCX, SoftTlb.SHIFT);
      asm.shift(Assembler.SHR, false, RAX, SoftTlb.FOLD);
      asm.alu(Assembler.XOR, false, RCX, RAX);
      asm.at(Host.STATE, Host.slot(CoreState.TLB_MASK));
      asm.aluM(Assembler.AND, false, RCX);
      asm.at(Host.STATE, Host.slot(CoreState.TLB_TABLE));
      asm.aluM(Assembler.ADD, true, RCX);
      if (aligned) {
        address(RAX, disp);
        asm.aluConstant(Assembler.AND, true, RAX, PAGE | bytes - 1);
      } else {
        // An access that crosses a page ends on another page than it begins.
        address(RAX, disp + bytes - 1);
        asm.aluConstant(Assembler.AND, true, RAX, PAGE);
      }
      asm.at(RCX, tag);
      asm.aluM(Assembler.CMP, true, RAX);
      return asm.jcc(Assembler.NE);
    }

    /** Lets a jump lead to what {@link #end} does if the TLB does not help. */
    void refused(int jump) {
      refused = Arrays.copyOf(refused, refused.length + 1);
      refused[refused.length - 1] = jump;
    }

    private void address(int r, int distance) {
      if (distance == 0) {
        asm.mov(true, r, a);
      } else {
        asm.at(a, distance);
        asm.leaM(true, r);
      }
    }

    /**
     * Has what remains emitted after the block: the look into the TLB by address, if it is still to
     * be done, and {@code slow} if that does not help.
     */
    void end(Exits.Slow slow) {
      int back = asm.size();
      exits.later(
          () -> {
            if (bySite) {
              asm.bind(miss);
              miss = lookUpByAddress();
              asm.at(Host.STATE, site);
              asm.storeM(8, RAX);
              asm.at(RCX, tag + SoftTlb.ADDEND);
              asm.loadM(8, RAX);
              asm.at(Host.STATE, site + 8);
              asm.storeM(8, RAX);
              asm.jmpTo(go);
            }
            asm.bind(miss);
            for (int jump : refused) {
              asm.bind(jump);
            }
            slow.emit();
            asm.jmpTo(back);
          });
    }
  }

  private int nextSite(boolean write) {
    nextSite += 2;
    int n = (nextSite & SoftTlb.SITES - 2) + (write ? 1 : 0);
    return CoreState.SITE_TLB_OFFSET
        - Host.BIAS
        + mmuMode * SoftTlb.SITE_TABLE_BYTES
        + n * SoftTlb.SITE_BYTES;
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
    Access access = new Access(a, disp(i), bytes, tag, false);
    access.begin();
    asm.loadM(bytes, d);
    access.end(slow);
    return d;
  }

  /** ST8 to ST64. */
  void store(int i, int bytes) {
    int a = base(i);
    int v = block.b[i];
    Exits.Slow slow = exits.new Slow(i, bytes).at(a, disp(i));
    Access access = new Access(a, disp(i), bytes, SoftTlb.WRITE, false);
    if (values.isImmediate(v) || bytes < 8 && values.isConstant(v)) {
      access.begin();
      asm.storeConstantM(bytes, (int) values.constant(v));
    } else if (values.isInRegister(v)) {
      access.begin();
      asm.storeM(bytes, values.registerOf(v));
    } else {
      access.begin();
      values.copyTo(RCX, v);
      asm.at(a, RAX, 0, disp(i));
      asm.storeM(bytes, RCX);
    }
    access.end(slow);
  }

  /** LDV and LDVA. */
  int loadVector(int i, boolean aligned) {
    int a = base(i);
    int d = values.takeVector();
    Exits.Slow slow = exits.new Slow(i, 16).at(a, disp(i)).result(d, true);
    Access access = new Access(a, disp(i), 16, SoftTlb.READ, aligned);
    access.begin();
    asm.opM(0x0F10, false, d);
    access.end(slow);
    return d;
  }

  /** STV and STVA. */
  void storeVector(int i, boolean aligned) {
    int a = base(i);
    int x = values.inVectorRegister(block.b[i]);
    Exits.Slow slow = exits.new Slow(i, 16).at(a, disp(i));
    Access access = new Access(a, disp(i), 16, SoftTlb.WRITE, aligned);
    access.begin();
    asm.opM(0x0F11, false, x);
    access.end(slow);
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
      values.lockRegister(d);
      next = values.takeTemp();
    }
    Exits.Slow slow = exits.new Slow(i, bytes).at(a, 0).result(used ? RAX : -1, false);
    Access access = new Access(a, 0, bytes, SoftTlb.WRITE, true);
    access.begin();
    asm.leaM(true, RCX);
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
    access.end(slow);
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
