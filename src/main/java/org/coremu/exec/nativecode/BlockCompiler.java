package org.coremu.exec.nativecode;

import java.util.Arrays;
import org.coremu.exec.CoreState;
import org.coremu.ir.Block;
import org.coremu.ir.Cond;
import org.coremu.ir.Effect;
import org.coremu.ir.Flags;
import org.coremu.ir.Intrinsic;
import org.coremu.ir.IrOp.Code;
import org.coremu.ir.IrOp.Result;
import org.coremu.ir.SlotRange;
import org.coremu.mem.SoftTlb;

/**
 * Compiles a block of IR to machine code in one pass from its first op to its last. {@link Values}
 * decides where values are, {@link PendingFlags} keeps flags back, {@link Exits} writes the ways
 * out; what is left is one case an op.
 *
 * <p>At an op that may fault or call Java all guest state written by earlier instructions is in its
 * slot or pinned register, or is stored on the way out. The code depends on where in its page the
 * block begins, but neither on its virtual address nor on the core.
 */
public final class BlockCompiler {
  private final Assembler asm = new Assembler();
  private final PendingFlags flags = new PendingFlags(asm);
  private final PendingX87 x87Pointers;
  private final Values values;
  private final Exits exits;
  private final IntegerOps integers;
  private final MemoryOps memory;
  private final DivisionOps division;
  private final VectorOps vectors;
  private final X87Ops x87;
  private final int[] hotSlots;

  /** Per hot slot: the value that the next PUT, seen from the end, puts there. */
  private final int[] nextPut;

  private Block block;

  /** A compiler of the blocks of a guest; one per host thread. */
  public BlockCompiler(StateLayout layout, HostFeatures features) {
    hotSlots = layout.hotSlots();
    nextPut = new int[Math.min(hotSlots.length, Host.PINNED.length)];
    values = new Values(asm, hotSlots, flags);
    x87Pointers = new PendingX87(asm, layout.x87());
    exits = new Exits(asm, values, flags, x87Pointers);
    integers = new IntegerOps(asm, values);
    memory = new MemoryOps(asm, values, exits);
    division = new DivisionOps(asm, values, exits);
    vectors = new VectorOps(asm, features.aes(), features.clmul());
    x87 = new X87Ops(asm, values, memory, vectors, exits, x87Pointers, layout.x87());
  }

  /** Bytes of machine code. */
  public int size() {
    return asm.size();
  }

  /**
   * The machine code, valid up to {@link #size}, for a place.
   *
   * @param at offset in code memory where it is going to be
   * @param trampolines what is at the start of that memory
   */
  public byte[] relocated(long at, Trampolines trampolines) {
    exits.relocate(at, trampolines);
    return asm.bytes();
  }

  /** The machine code as it is before it has a place. */
  public byte[] code() {
    return Arrays.copyOf(asm.bytes(), asm.size());
  }

  /** The ways out of the block compiled last. */
  public Sites sites() {
    return exits.sites;
  }

  /**
   * Compiles a block.
   *
   * @param ir with {@code removed} set
   * @param offsetInPage of its code
   * @param pcMask of the mode it is for
   * @param mmuMode of the mode it is for
   * @param trace whether it is a trace
   * @param id under which Java knows it
   */
  public void compile(Block ir, int offsetInPage, long pcMask, int mmuMode, boolean trace, int id) {
    block = ir;
    asm.clear();
    values.begin(ir, offsetInPage);
    flags.begin(ir, values);
    x87Pointers.begin(ir, values, pcMask);
    exits.begin(ir, offsetInPage, id, pcMask);
    integers.begin(ir);
    memory.begin(ir, mmuMode, trace);
    division.begin(ir);
    x87.begin(ir);
    countUses();
    chooseGoals();
    exits.entry();
    for (int i = 0; i < ir.size; i++) {
      if (!ir.removed[i] && !(IntegerOps.isCompare(ir.op[i]) && isDelayed(i))) {
        emit(i);
        values.unlock();
      }
    }
    exits.finish();
  }

  private void countUses() {
    for (int i = 0; i < block.size; i++) {
      if (!block.removed[i]) {
        values.addUse(block.a[i]);
        values.addUse(block.b[i]);
        values.addUse(block.c[i]);
      }
    }
  }

  /**
   * Finds values that can be computed right into the pinned register of the slot they are put into:
   * nothing in between may look at the slot or leave the block.
   */
  private void chooseGoals() {
    Arrays.fill(nextPut, -1);
    for (int i = block.size - 1; i >= 0; i--) {
      if (block.removed[i]) {
        continue;
      }
      int op = block.op[i];
      switch (op) {
        case Code.PUT -> setNextPut((int) block.imm[i], block.a[i]);
        case Code.GET -> setNextPut((int) block.imm[i], -1);
        case Code.CONST, Code.PCREL, Code.GETV, Code.PUTV, Code.FLAGS, Code.FLAGS3 -> {}
        default -> {
          if (block.row(i).result == Result.INT) {
            for (int k = 0; k < nextPut.length; k++) {
              if (nextPut[k] == i) {
                values.setGoal(i, hotSlots[k]);
              }
            }
          }
          if ((block.effects(i) & (Effect.FAULTS | Effect.READS_STATE | Effect.WRITES_STATE))
              != 0) {
            Arrays.fill(nextPut, -1);
          }
        }
      }
    }
  }

  private void setNextPut(int slot, int v) {
    for (int k = 0; k < nextPut.length; k++) {
      if (hotSlots[k] == slot) {
        nextPut[k] = v;
      }
    }
  }

  /** Whether a comparison is left to its only user, which can use the host's flags. */
  private boolean isDelayed(int i) {
    if (!Optimisation.FUSION.isOn() || values.usesLeft(i) != 1) {
      return false;
    }
    for (int k = i + 1; k < block.size; k++) {
      if (!block.removed[k] && (block.a[k] == i || block.b[k] == i || block.c[k] == i)) {
        int op = block.op[k];
        return block.a[k] == i && (op == Code.BRANCH || op == Code.EXITIF)
            || block.a[k] == i && op == Code.SELECT && block.b[k] != i && block.c[k] != i;
      }
    }
    return false;
  }

  private void emit(int i) {
    int op = block.op[i];
    switch (op) {
      case Code.CONST, Code.PCREL -> {}
      case Code.GET -> get(i);
      case Code.PUT -> put(i);
      case Code.GETV -> values.getVector(i, (int) block.imm[i]);
      case Code.PUTV -> {
        values.putVector((int) block.imm[i], block.a[i]);
        release(i);
      }
      case Code.FLAGS, Code.FLAGS3 -> flags.set(i);
      case Code.FLAGSNZ -> flagsUnlessZero(i);
      case Code.GETFLAGS, Code.COND -> readFlags(i, op == Code.COND);
      case Code.CALL -> call(i);
      case Code.LD8, Code.LD16, Code.LD32, Code.LD64 ->
          result(i, memory.load(i, 1 << op - Code.LD8, SoftTlb.READ));
      case Code.LDU8, Code.LDU16, Code.LDU32, Code.LDU64 ->
          result(i, memory.load(i, 1 << op - Code.LDU8, SoftTlb.WRITE));
      case Code.ST8, Code.ST16, Code.ST32, Code.ST64 -> {
        memory.store(i, 1 << op - Code.ST8);
        release(i);
      }
      case Code.LDV, Code.LDVA -> vectorResult(i, memory.loadVector(i, op == Code.LDVA));
      case Code.STV, Code.STVA -> {
        memory.storeVector(i, op == Code.STVA);
        release(i);
      }
      case Code.CAS, Code.XCHG, Code.FADD, Code.FAND, Code.FOR, Code.FXOR ->
          result(i, memory.atomic(i, op, values.usesLeft(i) > 0));
      case Code.DIVU, Code.DIVS -> divide(i);
      case Code.REMU, Code.REMS -> {} // done with the quotient
      case Code.FENCE -> memory.fence();
      case Code.CANONICAL -> canonical(i);
      case Code.ATTEND -> attend(i);
      case Code.EXITIF, Code.JUMP, Code.BRANCH, Code.JUMPI, Code.EXIT, Code.LEAVE -> control(i, op);
      case Code.SELECT -> select(i);
      default -> compute(i, op);
    }
  }

  private void compute(int i, int op) {
    if (op >= Code.VPACK && op < Code.LDU8) {
      vector(i, op);
    } else if (IntegerOps.isCompare(op)) {
      result(i, integers.compareToValue(i));
    } else {
      result(i, integers.emit(i));
    }
  }

  private void release(int i) {
    values.release(block.a[i]);
    values.release(block.b[i]);
    values.release(block.c[i]);
  }

  private void result(int i, int register) {
    release(i);
    if (register >= 0) {
      values.define(i, register);
    }
  }

  private void vectorResult(int i, int register) {
    release(i);
    values.defineVector(i, register);
  }

  // ---- state

  private void get(int i) {
    x87.useSlot((int) block.imm[i]);
    values.get(i, (int) block.imm[i]);
    if (block.imm[i] == CoreState.FP_CONTROL) {
      endFloat();
      values.inRegister(i); // floating-point ops change the slot without a PUT
    }
  }

  private void put(int i) {
    x87.useSlot((int) block.imm[i]);
    if (block.imm[i] == CoreState.FP_CONTROL) {
      endFloat();
    }
    values.put((int) block.imm[i], block.a[i]);
    release(i);
  }

  private void flagsUnlessZero(int i) {
    flags.commit();
    int cond = integers.test(block.b[i]);
    int zero = asm.jcc(cond ^ 1);
    flags.storeFrom(
        i, values.placeOf(block.a[i]), values.placeOf(block.b[i]), values.placeOf(block.c[i]));
    asm.bind(zero);
    release(i);
  }

  private void divide(int i) {
    int j = i + 1;
    boolean both =
        j < block.size && !block.removed[j] && block.op[j] == block.op[i] + Code.REMU - Code.DIVU;
    int quotient = values.target(i);
    int remainder = -1;
    if (both) {
      values.lockRegister(quotient);
      remainder = values.target(j);
    }
    division.emit(i, quotient, remainder);
    result(i, quotient);
    if (both) {
      result(j, remainder);
    }
  }

  private void readFlags(int i, boolean condition) {
    flags.commit();
    int cond = condition ? (int) block.imm[i] : 0;
    int d = values.target(i);
    Exits.Slow slow = exits.new Slow(i, cond).result(d, false);
    exits.call(Exits.FLAGS);
    asm.test(false, Assembler.RAX, Assembler.RAX);
    int unknown = asm.jcc(Assembler.S);
    if (condition) {
      testPacked(cond);
      asm.setcc((cond & 1) == 0 ? Assembler.NE : Assembler.E, d);
    } else {
      asm.move(d, Assembler.RAX);
    }
    exits.later(slow, asm.size(), unknown);
    result(i, d);
  }

  /** Tests packed flags in RAX for a condition or its negation: NE if what is not negated holds. */
  private void testPacked(int cond) {
    switch (cond >> 1) {
      case Cond.O >> 1 -> asm.testConstant(Assembler.RAX, Flags.OF);
      case Cond.B >> 1 -> asm.testConstant(Assembler.RAX, Flags.CF);
      case Cond.E >> 1 -> asm.testConstant(Assembler.RAX, Flags.ZF);
      case Cond.BE >> 1 -> asm.testConstant(Assembler.RAX, Flags.CF | Flags.ZF);
      case Cond.S >> 1 -> asm.testConstant(Assembler.RAX, Flags.SF);
      case Cond.P >> 1 -> asm.testConstant(Assembler.RAX, Flags.PF);
      default -> {
        // SF xor OF, in the place of SF; or ZF, moved there.
        asm.mov(false, Assembler.RCX, Assembler.RAX);
        asm.shift(Assembler.SHR, false, Assembler.RCX, 4);
        asm.alu(Assembler.XOR, false, Assembler.RCX, Assembler.RAX);
        if (cond >= Cond.LE) {
          asm.alu(Assembler.ADD, false, Assembler.RAX, Assembler.RAX);
          asm.alu(Assembler.OR, false, Assembler.RCX, Assembler.RAX);
        }
        asm.testConstant(Assembler.RCX, Flags.SF);
      }
    }
  }

  private void select(int i) {
    int test = block.a[i];
    boolean delayed = values.isDelayed(test);
    int d = integers.select(i);
    if (delayed) {
      release(test);
    }
    result(i, d);
  }

  // ---- Java

  /** An op that Java does, on the main path. */
  private void inJava(int i, int argument) {
    if (block.row(i).result == Result.VECTOR) {
      int d = values.takeVector();
      exits.new Slow(i, argument).plain().result(d, true).emit();
      vectorResult(i, d);
    } else {
      int d = values.usesLeft(i) > 0 ? values.target(i) : -1;
      exits.new Slow(i, argument).plain().result(d, false).emit();
      result(i, d);
    }
  }

  private void call(int i) {
    int helper = (int) block.imm[i];
    SlotRange changed = block.helpers().changes(helper);
    for (int slot = changed.first(); slot < changed.end(); slot++) {
      values.keepSlot(slot, -1);
    }
    Intrinsic intrinsic = block.helpers().intrinsic(helper);
    if (intrinsic.kind() != Intrinsic.Kind.NONE) {
      result(i, x87.emit(i, intrinsic));
      return;
    }
    x87Pointers.commit();
    flags.commit();
    if ((block.effects(i) & Effect.WRITES_STATE) != 0) {
      values.leaveSlots(i);
    }
    inJava(i, helper);
  }

  // ---- control

  private void canonical(int i) {
    int k = (int) block.imm[i];
    Exits.Slow slow = exits.new Slow(i, k).plain();
    values.copyTo(Assembler.RAX, block.a[i]);
    asm.mov(true, Assembler.RCX, Assembler.RAX);
    asm.shift(Assembler.SHL, true, Assembler.RCX, k);
    asm.shift(Assembler.SAR, true, Assembler.RCX, k);
    asm.alu(Assembler.CMP, true, Assembler.RCX, Assembler.RAX);
    int refused = asm.jcc(Assembler.NE);
    exits.later(slow, asm.size(), refused);
    release(i);
  }

  private void attend(int i) {
    int cond = integers.test(block.a[i]);
    int zero = asm.jcc(cond ^ 1);
    asm.at(Host.STATE, Host.slot(CoreState.BUDGET) + 4);
    asm.storeConstantM(4, Integer.MAX_VALUE);
    asm.bind(zero);
    release(i);
  }

  private void control(int i, int op) {
    int insn = block.insn[i];
    if (op != Code.EXITIF) {
      flags.commit();
      x87Pointers.commit();
    }
    switch (op) {
      case Code.EXITIF -> exits.exitIf(i, asm.jcc(test(i)));
      case Code.JUMP -> exits.link(insn, block.imm[i]);
      case Code.BRANCH -> {
        exits.linkIf(testBeforeLink(i), insn, block.imm[i] >> 32);
        exits.link(insn, (int) block.imm[i]);
      }
      case Code.JUMPI -> {
        values.copyTo(Assembler.RAX, block.a[i]);
        exits.indirect();
      }
      case Code.EXIT -> exits.end(Sites.EXIT, i);
      default -> exits.end(Sites.LEAVE, i);
    }
    release(i);
  }

  /** Emits the test of op {@code i}, whose operand a it is; gives the condition if it is true. */
  private int test(int i) {
    int v = block.a[i];
    boolean delayed = values.isDelayed(v);
    int cond = integers.test(v);
    if (delayed) {
      release(v);
    }
    return cond;
  }

  /**
   * As {@link #test}, placed such that the jump after it can be replaced, and with nothing in
   * between, so that the host makes one operation of the two.
   */
  private int testBeforeLink(int i) {
    int start = asm.size();
    integers.test(block.a[i]);
    int length = asm.size() - start;
    asm.rewind(start);
    asm.pad(exits.paddingOfLink(length + 2));
    return test(i);
  }

  // ---- vectors

  private void vector(int i, int op) {
    int a = operand(block.a[i]);
    int b = operand(block.b[i]);
    int c = operand(block.c[i]);
    boolean toVector = block.row(i).result == Result.VECTOR;
    int d = toVector ? values.vectorTarget(i) : values.target(i);
    if (block.row(i).effects == Effect.FLOAT) {
      floating(i, op, d, a, b, c, toVector);
    } else if (!vectors.emit(op, d, a, b, c, block.imm[i])) {
      exits.new Slow(i, (int) block.imm[i]).plain().result(d, toVector).emit();
    }
    if (toVector) {
      vectorResult(i, d);
    } else {
      result(i, d);
    }
  }

  private int operand(int v) {
    if (v < 0) {
      return -1;
    }
    return block.row(v).result == Result.VECTOR ? values.inVectorRegister(v) : values.inRegister(v);
  }

  /**
   * A floating-point op, done by the host if the guest's MXCSR is in the host's. It can be if no
   * exception is unmasked; otherwise Java does the op.
   */
  private void floating(int i, int op, int d, int a, int b, int c, boolean toVector) {
    Exits.Slow slow = exits.new Slow(i, (int) block.imm[i]).plain().result(d, toVector);
    HostFloat.compareLive(asm);
    int notLive = asm.jcc(Assembler.E);
    int ready = asm.size();
    if (!vectors.emit(op, d, a, b, c, block.imm[i])) {
      asm.bind(notLive);
      slow.emit();
      return;
    }
    int back = asm.size();
    exits.later(
        () -> {
          asm.bind(notLive);
          asm.at(Host.STATE, Host.slot(CoreState.FP_CONTROL));
          asm.loadM(4, Assembler.RAX);
          asm.not(false, Assembler.RAX);
          asm.testConstant(Assembler.RAX, 0x1F80);
          int unmasked = asm.jcc(Assembler.NE);
          HostFloat.load(asm);
          HostFloat.mark(asm, true);
          asm.jmpTo(ready);
          asm.bind(unmasked);
          slow.emit();
          asm.jmpTo(back);
        });
  }

  /** Brings the guest's MXCSR home, if the host has it: its slot is about to be used as a slot. */
  private void endFloat() {
    HostFloat.compareLive(asm);
    int dead = asm.jcc(Assembler.E);
    HostFloat.store(asm);
    HostFloat.mark(asm, false);
    asm.bind(dead);
  }
}
