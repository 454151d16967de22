package org.coremu.exec.nativecode;

import org.coremu.ir.Block;
import org.coremu.ir.Intrinsic;
import org.coremu.mem.SoftTlb;

/**
 * The x87 instructions that the host's unit does, each with the guest's own opcode, on the guest's
 * state: from the first of them until native code is left, the guest's unit is in the host's
 * ({@link X87Routines}). Stack, tags, exceptions, rounding and condition codes are the host's
 * affair then.
 *
 * <p>That is possible only while all exceptions are masked; otherwise, and if a memory operand is
 * not in the TLB, Java calls the helper.
 */
final class X87Ops {
  private static final int RAX = Assembler.RAX;
  private static final int RCX = Assembler.RCX;

  private static final int MASKS = 0x3F;
  private static final int PRECISION = 0x300;
  private static final int RESERVED_PRECISION = 0x100;

  /** Bits of the control word that a guest can change, and the one that is always set. */
  private static final int CONTROL = 0x1F3F;

  private static final int CONTROL_FIXED = 0x40;
  private static final int ERROR_SUMMARY = 0x80;
  private static final int TOP_SHIFT = 11;

  /** ESC opcodes begin here. */
  private static final int ESC = 0xD8;

  /** FCMOVNE in the form of {@link Intrinsic#opcode}. */
  private static final int FCMOVNE = 0x3C8;

  private static final int FLDCW = 0x128;
  private static final int FNSTSW_AX = 0x7E0;

  private final Assembler asm;
  private final Values values;
  private final MemoryOps memory;
  private final VectorOps vectors;
  private final Exits exits;
  private final PendingX87 pointers;
  private final X87Slots slots;
  private Block block;

  /** Whether the guest's unit is not in the host's, for all that is known here. */
  private boolean isHome;

  X87Ops(
      Assembler asm,
      Values values,
      MemoryOps memory,
      VectorOps vectors,
      Exits exits,
      PendingX87 pointers,
      X87Slots slots) {
    this.asm = asm;
    this.values = values;
    this.memory = memory;
    this.vectors = vectors;
    this.exits = exits;
    this.pointers = pointers;
    this.slots = slots;
  }

  void begin(Block ir) {
    block = ir;
    isHome = false;
  }

  /** Brings the guest's unit home if a slot is about to be used that it leaves out of date. */
  void useSlot(int slot) {
    if (isHome || !slots.isInHost(slot)) {
      return;
    }
    compareLive();
    int live = asm.jcc(Assembler.NE);
    int back = asm.size();
    exits.later(
        () -> {
          asm.bind(live);
          exits.call(Exits.X87_SAVE);
          asm.jmpTo(back);
        });
    isHome = true;
  }

  /**
   * Emits a CALL.
   *
   * @return the register of the result, or -1
   */
  int emit(int i, Intrinsic intrinsic) {
    int d = -1;
    switch (intrinsic.kind()) {
      case X87 -> {
        Live live = new Live(i, -1);
        host(opcode(i));
        live.end();
        pointers.set(i);
      }
      case X87_LOAD -> withMemory(i, intrinsic.bytes(), SoftTlb.READ);
      case X87_STORE -> withMemory(i, intrinsic.bytes(), SoftTlb.WRITE);
      case X87_TO_FLAGS -> d = toFlags(i);
      case X87_MOVE_IF -> moveIf(i);
      case X87_LOAD_CONTROL -> loadControl(i, intrinsic.bytes());
      case X87_WAIT -> waitForError(i);
      case X87_STATUS -> d = status(i);
      default -> throw new AssertionError(intrinsic);
    }
    return d;
  }

  /** An instruction that needs the guest's unit in the host's. */
  private final class Live {
    private final Exits.Slow slow;
    private final int notLive;
    private final int ready;

    /** Emits the look whether it is there; {@code d} is the register of the result, or -1. */
    Live(int i, int d) {
      slow = exits.new Slow(i, (int) block.imm[i]).plain().result(d, false);
      compareLive();
      notLive = asm.jcc(Assembler.E);
      ready = asm.size();
      isHome = false;
    }

    /** Has the rest of an instruction without memory operand emitted after the block. */
    void end() {
      int back = asm.size();
      exits.later(
          () -> {
            load();
            slow.emit();
            asm.jmpTo(back);
          });
    }

    /** As {@link #end}, when the access to the memory operand has been emitted. */
    void end(MemoryOps.Access access, int... refused) {
      exits.later(
          () -> {
            load();
            access.refused(asm.jmp());
          });
      for (int jump : refused) {
        access.refused(jump);
      }
      access.end(slow);
    }

    private void load() {
      asm.bind(notLive);
      exits.call(Exits.X87_LOAD);
      asm.bindTo(asm.jcc(Assembler.NE), ready);
    }
  }

  private void compareLive() {
    asm.at(Host.STATE, Host.slot(Host.X87_LIVE));
    asm.aluConstantM(Assembler.CMP, false, 0);
  }

  private long operand(int i) {
    return block.imm[block.a[i]];
  }

  private int opcode(int i) {
    return Intrinsic.opcode(operand(i));
  }

  /** An instruction of registers. */
  private void host(int opcode) {
    asm.u8(ESC | opcode >> 8);
    asm.u8(opcode);
  }

  /** An instruction on the memory operand. */
  private void hostM(int opcode) {
    asm.opM(ESC | opcode >> 8, false, opcode >> 3 & 7);
  }

  private void withMemory(int i, int bytes, int tag) {
    int address = values.inRegister(block.b[i]);
    Live live = new Live(i, -1);
    MemoryOps.Access access = memory.new Access(address, 0, powerOfTwo(bytes), tag, false);
    access.begin();
    hostM(opcode(i));
    pointers.storeData(i, address);
    live.end(access);
    pointers.set(i);
  }

  /** The least power of two that is not below; ten bytes aligned to 16 do not cross a page. */
  private static int powerOfTwo(int bytes) {
    return bytes > 8 ? 16 : bytes;
  }

  private int toFlags(int i) {
    int d = values.usesLeft(i) > 0 ? values.target(i) : -1;
    Live live = new Live(i, d);
    host(opcode(i));
    if (d >= 0) {
      vectors.comparisonFlags(d);
    }
    live.end();
    pointers.set(i);
    return d;
  }

  private void moveIf(int i) {
    int condition = values.inRegister(block.b[i]);
    Live live = new Live(i, -1);
    asm.test(true, condition, condition);
    host(FCMOVNE | opcode(i) & 7);
    live.end();
    pointers.set(i);
  }

  private void loadControl(int i, int bytes) {
    int address = values.inRegister(block.b[i]);
    Live live = new Live(i, -1);
    MemoryOps.Access access = memory.new Access(address, 0, bytes, SoftTlb.READ, false);
    access.begin();
    asm.loadM(bytes, RAX);
    asm.mov(false, RCX, RAX);
    int[] refused = refuse(asm, RCX);
    asm.aluConstant(Assembler.AND, false, RAX, CONTROL);
    asm.aluConstant(Assembler.OR, false, RAX, CONTROL_FIXED);
    asm.at(Host.STATE, Host.slot(slots.control()));
    asm.storeM(8, RAX);
    asm.at(Host.STATE, Host.slot(slots.control()));
    hostM(FLDCW);
    live.end(access, refused);
  }

  /**
   * Emits jumps that are taken if the control word in a register, which is changed, must not get
   * into the host's: an exception is not masked, or the precision is the reserved one.
   */
  static int[] refuse(Assembler asm, int r) {
    asm.not(false, r);
    asm.testConstant(r, MASKS);
    int unmasked = asm.jcc(Assembler.NE);
    asm.aluConstant(Assembler.AND, false, r, PRECISION);
    asm.aluConstant(Assembler.CMP, false, r, ~RESERVED_PRECISION & PRECISION);
    return new int[] {unmasked, asm.jcc(Assembler.E)};
  }

  /** Nothing is pending while the unit is in the host's. */
  private void waitForError(int i) {
    Exits.Slow slow = exits.new Slow(i, (int) block.imm[i]).plain();
    compareLive();
    int home = asm.jcc(Assembler.E);
    int back = asm.size();
    exits.later(
        () -> {
          asm.bind(home);
          asm.at(Host.STATE, Host.slot(slots.status()));
          asm.loadM(4, RAX);
          asm.testConstant(RAX, ERROR_SUMMARY);
          asm.bindTo(asm.jcc(Assembler.E), back);
          slow.emit();
          asm.jmpTo(back);
        });
  }

  private int status(int i) {
    int d = values.target(i);
    compareLive();
    int home = asm.jcc(Assembler.E);
    host(FNSTSW_AX);
    asm.zeroExtend(2, d, RAX);
    int back = asm.size();
    exits.later(
        () -> {
          asm.bind(home);
          asm.at(Host.STATE, Host.slot(slots.top()));
          asm.loadM(8, RAX);
          asm.shift(Assembler.SHL, false, RAX, TOP_SHIFT);
          asm.at(Host.STATE, Host.slot(slots.status()));
          asm.aluM(Assembler.OR, false, RAX);
          asm.mov(false, d, RAX);
          asm.jmpTo(back);
        });
    return d;
  }
}
