package org.coremu.guest.x86;

import org.coremu.ir.FlagKind;
import org.coremu.ir.IrBuilder;
import org.coremu.ir.IrOp;
import org.coremu.ir.IrOp.Code;

/**
 * What families translate with: the IR builder, the decoded instruction, and x86's operands,
 * addresses, stack and faults. Values are handles of the builder. One per translator.
 */
public final class X86Ir {
  /** The builder of the block. */
  public IrBuilder ir;

  /** The instruction. */
  public final Insn insn = new Insn();

  /** {@link X86Mode} bits. */
  public long mode;

  /** Address of the instruction minus the block's. */
  public int delta;

  private int address;
  private long disp;
  private boolean addressed;
  private boolean addressedForWrite;
  private int extraOffset;

  void begin(IrBuilder builder, long translationMode) {
    ir = builder;
    mode = translationMode;
  }

  void beginInsn(int insnDelta) {
    delta = insnDelta;
    addressed = false;
    extraOffset = -1;
  }

  /** Address of the next instruction minus the block's. */
  public int next() {
    return delta + insn.length;
  }

  /** Whether this is 64-bit code. */
  public boolean is64() {
    return (mode & X86Mode.CODE_SIZE) == 2;
  }

  // ---- faults

  /** Ends the block with an exception that has no error code, or 0. */
  public void raise(int vector) {
    raise(vector, 0);
  }

  /** Ends the block with an exception. */
  public void raise(int vector, int errorCode) {
    ir.call(X86Helpers.RAISE, ir.constant(vector), ir.constant(errorCode));
    ir.exit(delta);
  }

  /**
   * Raises #UD or #NM if the instruction's unit (x87, MMX, SSE) is switched off: SDM volume 3, 2.5
   * and 13.1.
   *
   * @return whether the instruction is still to be translated
   */
  boolean unitAvailable() {
    OpcodeRow.Unit unit = insn.row.unit;
    if (unit == OpcodeRow.Unit.NONE) {
      return true;
    }
    boolean emulated = (mode & X86Mode.FPU_EMULATED) != 0;
    if (unit == OpcodeRow.Unit.SSE && (mode & X86Mode.SSE) == 0
        || emulated && unit != OpcodeRow.Unit.X87) {
      raise(X86Fault.UD);
      return false;
    }
    if (emulated || (mode & X86Mode.TASK_SWITCHED) != 0) {
      raise(X86Fault.NM);
      return false;
    }
    return true;
  }

  // ---- registers

  /** A general register, all 64 bits. */
  public int gpr(int number) {
    return ir.get(X86State.GPR + number);
  }

  /**
   * The low {@code bits} of a general register, with anything above them; for 8 bits as the operand
   * is encoded.
   */
  public int rawReg(int number, int bits) {
    return bits == 8 && insn.isHighByte(number & 15)
        ? ir.unary(IrOp.EXT8H, gpr(number - 4))
        : gpr(number);
  }

  /**
   * Writes the low {@code bits} of a general register as that size does: 32 bits clear the upper
   * half.
   */
  public void setReg(int number, int bits, int v) {
    switch (bits) {
      case 8 -> {
        if (insn.isHighByte(number)) {
          ir.put(X86State.GPR + number - 4, ir.binary(IrOp.DEP8H, gpr(number - 4), v));
        } else {
          ir.put(X86State.GPR + number, ir.binary(IrOp.DEP8, gpr(number), v));
        }
      }
      case 16 -> ir.put(X86State.GPR + number, ir.binary(IrOp.DEP16, gpr(number), v));
      case 32 -> ir.put(X86State.GPR + number, zext32(v));
      default -> ir.put(X86State.GPR + number, v);
    }
  }

  private int zext32(int v) {
    return switch (ir.block().op[v]) {
      case Code.ADD32,
          Code.SUB32,
          Code.MUL32,
          Code.AND32,
          Code.OR32,
          Code.XOR32,
          Code.SHL32,
          Code.SHR32,
          Code.SAR32,
          Code.ROL32,
          Code.ROR32,
          Code.ZEXT8,
          Code.ZEXT16,
          Code.ZEXT32,
          Code.LD8,
          Code.LD16,
          Code.LD32,
          Code.LDU8,
          Code.LDU16,
          Code.LDU32,
          Code.BSWAP32,
          Code.EXT8H ->
          v;
      default -> ir.zext(v, 32);
    };
  }

  // ---- operands

  /** Operand {@code n}: its low {@code insn.width(n)} bits, with anything above them. */
  public int raw(int n) {
    int bits = insn.width(n);
    return switch (insn.row.form[n]) {
      case E, M, R -> insn.memory ? loadOperand(bits) : rawReg(insn.rm, bits);
      case G -> rawReg(insn.reg, bits);
      case Z -> rawReg(insn.rm, bits);
      case B, I -> ir.constant(insn.imm);
      case ONE -> ir.constant(1);
      case ACCUMULATOR -> gpr(X86State.RAX - X86State.GPR);
      case CL -> gpr(1);
      case DX -> gpr(2);
      case O -> loadOperand(bits);
      case SEGMENT -> ir.get(X86State.SELECTOR + insn.row.fixed);
      case S -> ir.get(X86State.SELECTOR + (insn.reg & 7));
      default -> throw new AssertionError("operand " + n + " of " + insn.row);
    };
  }

  /**
   * Operand {@code n} of an instruction that writes it back: as {@link #raw}, but memory is checked
   * for writing at once.
   */
  public int update(int n) {
    if (!insn.isMemory(n)) {
      return raw(n);
    }
    int bits = insn.width(n);
    memory(bits, true);
    return ir.loadForUpdate(bits, address, disp);
  }

  /** Operand {@code n}, zero-extended. */
  public int zx(int n) {
    int v = raw(n);
    return insn.isMemory(n) ? v : ir.zext(v, insn.width(n));
  }

  /** Operand {@code n}, sign-extended. */
  public int sx(int n) {
    return ir.sext(raw(n), insn.width(n));
  }

  /** Writes operand {@code n}, a general register or memory. */
  public void write(int n, int v) {
    int bits = insn.width(n);
    switch (insn.row.form[n]) {
      case E, M, R -> {
        if (insn.memory) {
          storeOperand(bits, v);
        } else {
          setReg(insn.rm, bits, v);
        }
      }
      case G -> setReg(insn.reg, bits, v);
      case Z -> setReg(insn.rm, bits, v);
      case ACCUMULATOR -> setReg(0, bits, v);
      case O -> storeOperand(bits, v);
      default -> throw new AssertionError("operand " + n + " of " + insn.row);
    }
  }

  private int loadOperand(int bits) {
    memory(bits, false);
    return ir.load(bits, address, disp);
  }

  private void storeOperand(int bits, int v) {
    memory(bits, true);
    ir.store(bits, address, disp, v);
  }

  // ---- the memory operand

  /**
   * Computes the linear address of the memory operand, with the segment checks of an access of
   * {@code bits}, for the methods below. Calling it again costs nothing.
   */
  public void memory(int bits, boolean write) {
    if (addressed && (addressedForWrite || !write)) {
      return;
    }
    addressed = true;
    addressedForWrite = write || !isChecked(insn.segment);
    if (insn.addrSize == 64) {
      // FS and GS have a base; the displacement goes into the access
      address = sum64();
      disp = insn.base == Insn.RIP ? 0 : insn.disp;
      address = insn.segment >= X86State.FS ? ir.add(address, segmentBase(insn.segment)) : address;
    } else {
      address = linear(insn.segment, offset(), bits, write);
      disp = 0;
    }
  }

  /** Loads {@code bits} at the address of {@link #memory} plus {@code at}, zero-extended. */
  public int loadAt(int bits, int at) {
    return ir.load(bits, address, disp + at);
  }

  /** As {@link #loadAt}, checked for writing at once. */
  public int updateAt(int bits, int at) {
    return ir.loadForUpdate(bits, address, disp + at);
  }

  /** Stores {@code bits} at the address of {@link #memory} plus {@code at}. */
  public void storeAt(int bits, int at, int v) {
    ir.store(bits, address, disp + at, v);
  }

  /** Loads 128 bits at the address of {@link #memory}. */
  public int loadV(boolean aligned) {
    return ir.loadV(address, disp, aligned);
  }

  /** Stores 128 bits at the address of {@link #memory}. */
  public void storeV(int v, boolean aligned) {
    ir.storeV(address, disp, v, aligned);
  }

  /** The address of {@link #memory} as one value, for atomic ops and helpers. */
  public int address() {
    return ir.plus(address, disp);
  }

  /**
   * Adds a value (sign-extended) to the offset of the memory operand; before the first {@link
   * #memory}.
   */
  public void addToOffset(int v) {
    extraOffset = v;
  }

  /**
   * The offset of the memory operand within its segment, zero-extended to the address size's 64
   * bits.
   */
  public int offset() {
    int sum = sum64();
    if (insn.base != Insn.RIP) {
      sum = ir.plus(sum, insn.disp);
    }
    return ir.zext(sum, insn.addrSize);
  }

  /** Base and index; with RIP as base also the displacement. */
  private int sum64() {
    int v = -1;
    if (insn.base == Insn.RIP) {
      v = ir.pcRelative(next() + insn.disp);
    } else if (insn.base >= 0) {
      v = gpr(insn.base);
    }
    if (insn.index >= 0) {
      int index = gpr(insn.index);
      v = v < 0 ? ir.shl(index, insn.scale) : ir.shiftAdd(v, index, insn.scale);
    }
    if (extraOffset >= 0) {
      v = v < 0 ? extraOffset : ir.add(v, extraOffset);
    }
    return v < 0 ? ir.constant(0) : v;
  }

  private int segmentBase(int segment) {
    return ir.get(X86State.SEG_BASE + segment);
  }

  /**
   * The linear address of an access of {@code bits} at an offset of the address size,
   * zero-extended, with the segment's checks.
   */
  public int linear(int segment, int offset, int bits, boolean write) {
    if (is64()) {
      return segment >= X86State.FS ? ir.add(offset, segmentBase(segment)) : offset;
    }
    if (!isChecked(segment)) {
      return offset;
    }
    return ir.call(
        X86Helpers.LINEAR,
        offset,
        ir.constant(segment | Math.max(bits / 8, 1) << 4 | (write ? 1 << 12 : 0)));
  }

  /** Whether an access through a segment needs its limit and type checked, and its base added. */
  private boolean isChecked(int segment) {
    boolean flat =
        (mode & X86Mode.FLAT) != 0
            && segment < X86State.FS
            && segment != X86State.CS; // CS can't be written
    return !is64() && !flat;
  }

  // ---- the stack

  /** Size of the stack pointer: 16, 32 or 64. */
  public int stackSize() {
    return is64() ? 64 : (mode & X86Mode.STACK32) != 0 ? 32 : 16;
  }

  /** The stack pointer plus {@code bytes}, wrapped to its size. */
  public int stackPointer(long bytes) {
    return ir.zext(ir.plus(gpr(4), bytes), stackSize());
  }

  /** Writes the stack pointer, of whose value only the low {@link #stackSize} bits count. */
  public void setStackPointer(int v) {
    int size = stackSize();
    ir.put(X86State.RSP, size == 16 ? ir.binary(IrOp.DEP16, gpr(4), v) : v);
  }

  /** Loads from the stack at a stack pointer value. */
  public int loadStack(int bits, int pointer) {
    return ir.load(bits, linear(X86State.SS, pointer, bits, false), 0);
  }

  /** Stores to the stack at a stack pointer value. */
  public void storeStack(int bits, int pointer, int v) {
    ir.store(bits, linear(X86State.SS, pointer, bits, true), 0, v);
  }

  /** Faults as a store to the stack at a stack pointer value would. */
  public void checkStackWritable(int bits, int pointer) {
    ir.loadForUpdate(bits, linear(X86State.SS, pointer, bits, true), 0);
  }

  /** Pushes {@code bits}; the stack pointer moves after the store, which may fault. */
  public void push(int bits, int v) {
    if (stackSize() == 64) {
      // The displacement of a store is free, and the addition can then be done in place.
      ir.store(bits, gpr(4), -bits / 8, v);
      ir.put(X86State.RSP, ir.plus(gpr(4), -bits / 8));
      return;
    }
    int pointer = stackPointer(-bits / 8);
    storeStack(bits, pointer, v);
    setStackPointer(pointer);
  }

  // ---- flags and control

  /** Sets the flags of an operation of the operand size; see {@link FlagKind}. */
  public void flags(int kind, int x, int y) {
    ir.flags(kind, insn.opSize, x, y);
  }

  /** An op in the variant for the operand size: {@code op32} for 32 bits, else {@code op64}. */
  public int op(IrOp op64, IrOp op32, int x, int y) {
    return ir.binary(insn.opSize == 32 ? op32 : op64, x, y);
  }

  /**
   * Replaces some of the arithmetic flags: those of {@code mask} become those of {@code packed}.
   */
  public void setFlags(long mask, int packed) {
    ir.setFlags(ir.or(ir.mask(ir.getFlags(), ~mask), packed));
  }

  /** The instruction pointer of the next instruction, in the operand size. */
  public int nextIp() {
    int ip = ir.pcRelative(next());
    return is64() ? ip : ir.zext(ip, Math.min(insn.opSize, 32));
  }

  /** Raises #GP(0) unless the target of an indirect branch in 64-bit code is canonical. */
  public void checkTarget(int target) {
    if (insn.opSize == 64) {
      ir.checkTarget(target, 48);
    }
  }

  /** Goes to the target of the relative branch. */
  public void jumpRelative() {
    if (isIndirect()) {
      ir.jumpIndirect(target());
    } else {
      ir.jump(next() + (int) insn.imm);
    }
  }

  /** Goes to the target of the relative branch if {@code test != 0}, else on. */
  public void branchRelative(int test) {
    if (isIndirect()) {
      ir.jumpIndirect(ir.select(test, target(), ir.pcRelative(next())));
    } else {
      ir.branch(test, next() + (int) insn.imm, next());
    }
  }

  /**
   * Whether a relative branch is no jump of the IR: its operand size cuts the instruction pointer,
   * or it leads further from the start of the block than 32 bits can say.
   */
  private boolean isIndirect() {
    long delta = next() + (long) (int) insn.imm;
    return insn.opSize < insn.mode || is64() && delta != (int) delta;
  }

  private int target() {
    int target = ir.pcRelative(next() + (long) (int) insn.imm);
    return insn.opSize < insn.mode ? ir.zext(target, insn.opSize) : target;
  }
}
