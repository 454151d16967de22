package org.coremu.exec.nativecode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.coremu.exec.CoreState;
import org.coremu.ir.Block;
import org.coremu.ir.IrOp.Code;

/**
 * The ways out of a block. What is rarely taken is emitted after the block, from the places that
 * values had where it is taken.
 */
final class Exits {
  private final Assembler asm;
  private final Values values;
  private final PendingFlags flags;
  private final PendingX87 x87;
  final Sites sites = new Sites();
  private final List<Runnable> later = new ArrayList<>();
  private Block block;
  private int blockId;
  private long pcMask;
  private int pageOffset;

  /** Ends of displacements that lead to the way out of native code. */
  private int[] toExit = new int[64];

  private int toExitCount;

  /** Routines of {@link Trampolines}. */
  static final int FLAGS = 0;

  static final int X87_LOAD = 1;
  static final int X87_SAVE = 2;

  /** Calls of routines: ends of displacements, and which routine. */
  private int[] calls = new int[32];

  private int callsSize;

  Exits(Assembler asm, Values values, PendingFlags flags, PendingX87 x87) {
    this.asm = asm;
    this.values = values;
    this.flags = flags;
    this.x87 = x87;
  }

  void begin(Block ir, int offsetInPage, int id, long mask) {
    block = ir;
    pageOffset = offsetInPage;
    blockId = id;
    pcMask = mask;
    sites.clear();
    later.clear();
    toExitCount = 0;
    callsSize = 0;
  }

  /** Emits what was put off. */
  void finish() {
    for (int i = 0; i < later.size(); i++) {
      later.get(i).run();
    }
  }

  /** Puts what leads out of the block in place, for code at an offset of code memory. */
  void relocate(long at, Trampolines trampolines) {
    for (int i = 0; i < toExitCount; i++) {
      asm.bindTo(toExit[i], Math.toIntExact(trampolines.exit() - at));
    }
    for (int i = 0; i < callsSize; i += 2) {
      asm.bindTo(calls[i], Math.toIntExact(trampolines.routine(calls[i + 1]) - at));
    }
  }

  /** Calls a routine. */
  void call(int routine) {
    if (callsSize == calls.length) {
      calls = Arrays.copyOf(calls, callsSize * 2);
    }
    calls[callsSize++] = asm.call();
    calls[callsSize++] = routine;
  }

  /** Has code emitted after the block. */
  void later(Runnable code) {
    later.add(code);
  }

  /** Leaves native code at a site of this block. */
  void leave(int site) {
    asm.at(Host.STATE, Host.slot(CoreState.EXIT));
    asm.storeConstantM(4, site);
    asm.at(Host.STATE, Host.slot(CoreState.EXIT) + 4);
    asm.storeConstantM(4, blockId);
    jumpToExit();
  }

  private void jumpToExit() {
    if (toExitCount == toExit.length) {
      toExit = Arrays.copyOf(toExit, toExit.length * 2);
    }
    toExit[toExitCount++] = asm.jmp();
  }

  // ---- entry

  /**
   * The entry of a block: takes its instructions from the budget. Its first instruction has more
   * than five bytes, so that a jump can be put over it while others run.
   */
  void entry() {
    asm.aluConstant32(Assembler.SUB, false, Host.BUDGET, block.insns);
    asm.at(Host.STATE, Host.slot(CoreState.BUDGET) + 4);
    asm.aluM(Assembler.CMP, false, Host.BUDGET);
    int refused = asm.jcc(Assembler.L);
    int site = sites.add(Sites.ENTRY, 0, 0, 0, 0);
    later(
        () -> {
          asm.bind(refused);
          asm.aluConstant(Assembler.ADD, false, Host.BUDGET, block.insns);
          sites.set(site, 1, asm.size());
          leave(site);
        });
  }

  // ---- slow operations

  /** What a slow operation needs to know of its op: the rest is the op's row. */
  final class Slow {
    private final int i;
    private final int site;
    private final int liveVectors;
    private final int flagsOp;
    private final int flagA;
    private final int flagB;
    private final int flagC;
    private final int x87Op;
    private final int x87MemoryOp;
    private final int b;
    private final int placeB;
    private final int c;
    private final int placeC;
    private int a = -1;
    private int placeA;
    private int address = -1;
    private int disp;

    /** Register that takes the result, or -1. */
    int result = -1;

    boolean vectorResult;
    private boolean remainder;

    /** For op {@code i}, with an argument for Java, at this point of the block. */
    Slow(int i, int argument) {
      this.i = i;
      site = sites.add(Sites.SLOW, block.insn[i], 0, block.op[i], argument);
      liveVectors = values.liveVectors(i);
      flagsOp = flags.pending();
      flagA = flagsOp < 0 ? 0 : values.placeOf(block.a[flagsOp]);
      flagB = flagsOp < 0 ? 0 : values.placeOf(block.b[flagsOp]);
      flagC = flagsOp < 0 ? 0 : values.placeOf(block.c[flagsOp]);
      x87Op = x87.pending();
      x87MemoryOp = x87.pendingMemory();
      b = block.b[i];
      placeB = values.placeOf(b);
      c = block.c[i];
      placeC = values.placeOf(c);
    }

    /** Operand a is the value as it is. */
    Slow plain() {
      a = block.a[i];
      placeA = values.placeOf(a);
      return this;
    }

    /** Operand a is the address {@code [register + disp]}. */
    Slow at(int register, int displacement) {
      address = register;
      disp = displacement;
      return this;
    }

    Slow result(int register, boolean isVector) {
      result = register;
      vectorResult = isVector;
      return this;
    }

    /** Brings the second half of the result, too, in RCX. */
    Slow remainder(boolean wanted) {
      remainder = wanted;
      return this;
    }

    /** Emits the way to Java and back; afterwards the result is in its register. */
    void emit() {
      if (address >= 0) {
        asm.at(address, disp);
        asm.leaM(true, Assembler.RAX);
        asm.at(Host.STATE, Host.slot(Host.OPERAND_A));
        asm.storeM(8, Assembler.RAX);
      } else {
        operand(Host.OPERAND_A, a, placeA);
      }
      operand(Host.OPERAND_B, b, placeB);
      operand(Host.OPERAND_C, c, placeC);
      if (flagsOp >= 0) {
        flags.storeFrom(flagsOp, flagA, flagB, flagC);
      }
      x87.storeFrom(x87Op, x87MemoryOp);
      vectors(0x0F11);
      leave(site);
      sites.set(site, 1, asm.size());
      vectors(0x0F10);
      if (result >= 0) {
        asm.at(Host.STATE, Host.slot(Host.RESULT));
        if (vectorResult) {
          asm.opM(0x0F10, false, result);
        } else {
          asm.loadM(8, result);
        }
      }
      if (remainder) {
        asm.at(Host.STATE, Host.slot(Host.RESULT + 1));
        asm.loadM(8, Assembler.RCX);
      }
    }

    /** Hands an operand over; those that a CALL lacks are 0. */
    private void operand(int slot, int v, int place) {
      if (v >= 0) {
        values.storeFrom(place, slot, v);
      } else if (block.op[i] == Code.CALL) {
        asm.at(Host.STATE, Host.slot(slot));
        asm.storeConstantM(8, 0);
      }
    }

    private void vectors(int move) {
      for (int x = Host.FIRST_VECTOR_TEMP; x < Host.VECTOR_REGISTERS; x++) {
        if ((liveVectors & 1 << x) != 0) {
          asm.at(Host.STATE, Host.slot(Host.SAVED_VECTORS + 2 * x));
          asm.opM(move, false, x);
        }
      }
    }
  }

  /** Emits a slow operation after the block, for the jumps that lead to it. */
  void later(Slow slow, int back, int... jumps) {
    later(
        () -> {
          for (int jump : jumps) {
            asm.bind(jump);
          }
          slow.emit();
          asm.jmpTo(back);
        });
  }

  // ---- ends of the block

  /** Goes to block address + {@code delta}: a jump that Java points at the block there. */
  void link(int instruction, long delta) {
    asm.pad(paddingOfLink(1));
    linkStub(instruction, delta, asm.jmp());
  }

  /**
   * As {@link #link}, if a condition of the host holds; goes on otherwise. Where it is put in code
   * is the caller's business, see {@link #paddingOfLink}.
   */
  void linkIf(int cond, int instruction, long delta) {
    linkStub(instruction, delta, asm.jcc(cond));
  }

  /**
   * Bytes to put in between so that a displacement so many bytes on lies within an aligned eight
   * bytes, to be replaced at once.
   */
  int paddingOfLink(int distance) {
    int at = asm.size() + distance & 7;
    return at <= 4 ? 0 : 8 - at;
  }

  /**
   * What a jump leads to while it is not linked. Within a page it goes to Java, which links it; one
   * that can't be linked looks into the jump cache.
   *
   * @param jump end of the displacement
   */
  private void linkStub(int instruction, long delta, int jump) {
    int site = sites.add(Sites.LINK, instruction, jump, Math.toIntExact(delta), 0);
    later(
        () -> {
          int toJava = asm.size();
          leave(site);
          int lookUp = asm.size();
          assert lookUp - toJava == Sites.LEAVE_BYTES;
          int stub = Sites.isInPage(pageOffset, delta) ? toJava : lookUp;
          asm.bindTo(jump, stub);
          sites.set(site, 3, stub);
          values.loadPc(Assembler.RAX, delta);
          mask();
          asm.bindTo(lookUpJump(), toJava);
        });
  }

  /** Leaves the block from the middle: gives back the budget of what is not executed. */
  void exitIf(int i, int jump) {
    int op = flags.pending();
    int a = op < 0 ? 0 : values.placeOf(block.a[op]);
    int b = op < 0 ? 0 : values.placeOf(block.b[op]);
    int c = op < 0 ? 0 : values.placeOf(block.c[op]);
    int x87Op = x87.pending();
    int x87MemoryOp = x87.pendingMemory();
    later(
        () -> {
          asm.bind(jump);
          if (op >= 0) {
            flags.storeFrom(op, a, b, c);
          }
          x87.storeFrom(x87Op, x87MemoryOp);
          int notDone = block.insns - 1 - block.insn[i];
          if (notDone > 0) {
            asm.aluConstant(Assembler.ADD, false, Host.BUDGET, notDone);
          }
          link(block.insn[i], block.imm[i]);
        });
  }

  /** Goes to the address in RAX. */
  void indirect() {
    mask();
    int miss = lookUpJump();
    later(
        () -> {
          asm.bind(miss);
          asm.at(Host.STATE, Host.slot(CoreState.PC));
          asm.storeM(8, Assembler.RAX);
          asm.at(Host.STATE, Host.slot(CoreState.EXIT));
          asm.storeConstantM(4, Sites.INDIRECT);
          jumpToExit();
        });
  }

  private void mask() {
    if (pcMask == 0xffff_ffffL) {
      asm.mov(false, Assembler.RAX, Assembler.RAX);
    } else if (pcMask == 0xffff) {
      asm.zeroExtend(2, Assembler.RAX, Assembler.RAX);
    }
  }

  /**
   * Goes to the PC in RAX if the jump cache knows it; gives the jump that is taken otherwise. RCX
   * and RDX are changed.
   */
  private int lookUpJump() {
    asm.imulConstant(false, Assembler.RCX, Assembler.RAX, Sites.HASH);
    asm.shift(Assembler.SHR, false, Assembler.RCX, Sites.HASH_SHIFT);
    asm.at(Host.STATE, Host.slot(CoreState.TLB_MASK) + 4);
    asm.aluM(Assembler.AND, false, Assembler.RCX);
    asm.at(Host.STATE, Host.slot(CoreState.JUMP_TABLE));
    asm.aluM(Assembler.ADD, true, Assembler.RCX);
    asm.mov(true, Assembler.RDX, Assembler.RAX);
    asm.at(Host.STATE, Host.slot(CoreState.JUMP_KEY));
    asm.aluM(Assembler.XOR, true, Assembler.RDX);
    asm.at(Assembler.RCX, 0);
    asm.aluM(Assembler.CMP, true, Assembler.RDX);
    int miss = asm.jcc(Assembler.NE);
    asm.aluConstant(Assembler.AND, true, Assembler.RAX, -4096);
    asm.at(Host.STATE, Host.slot(CoreState.PAGE));
    asm.storeM(8, Assembler.RAX);
    asm.at(Assembler.RCX, 8);
    asm.jmpM();
    return miss;
  }

  /** Ends the block with a return to Java. */
  void end(int kind, int i) {
    leave(sites.add(kind, block.insn[i], 0, (int) block.imm[i], 0));
  }
}
