package org.coremu.exec.nativecode;

import org.coremu.ir.Block;
import org.coremu.ir.Intrinsic;

/**
 * The pointers of the last x87 instruction, kept back as {@link PendingFlags} keeps flags: its
 * opcode, address and selector, and the selector of the last memory operand. All of these are known
 * when code is emitted, or, selectors, stay as they are while the block runs.
 */
final class PendingX87 {
  private final Assembler asm;
  private final X87Slots slots;
  private Values values;
  private Block block;
  private long pcMask;

  /** Op of the last instruction, or -1. */
  private int op = -1;

  /** Op of the last one with a memory operand, or -1. */
  private int memoryOp = -1;

  PendingX87(Assembler asm, X87Slots slots) {
    this.asm = asm;
    this.slots = slots;
  }

  void begin(Block ir, Values where, long mask) {
    block = ir;
    values = where;
    pcMask = mask;
    op = -1;
    memoryOp = -1;
  }

  /** Takes over the pointers of op {@code i}. */
  void set(int i) {
    op = i;
    if (Intrinsic.hasMemory(operand(i))) {
      memoryOp = i;
    }
  }

  /** The last op, or -1; for {@link #storeFrom}. */
  int pending() {
    return op;
  }

  /** The last op with a memory operand, or -1. */
  int pendingMemory() {
    return memoryOp;
  }

  /** Stores what is pending; may use RAX. */
  void commit() {
    storeFrom(op, memoryOp);
    op = -1;
    memoryOp = -1;
  }

  /** Stores what was pending at an earlier op; may use RAX. */
  void storeFrom(int last, int lastMemory) {
    if (last >= 0) {
      asm.at(Host.STATE, Host.slot(slots.opcode()));
      asm.storeConstantM(8, Intrinsic.opcode(operand(last)));
      values.loadPc(Assembler.RAX, block.insnDelta[block.insn[last]]);
      if (pcMask == 0xffff_ffffL) {
        asm.mov(false, Assembler.RAX, Assembler.RAX);
      } else if (pcMask == 0xffff) {
        asm.zeroExtend(2, Assembler.RAX, Assembler.RAX);
      }
      store(slots.instruction());
      selector(slots.code(), slots.codeSelector());
    }
    if (lastMemory >= 0) {
      selector(Intrinsic.segment(operand(lastMemory)), slots.dataSelector());
    }
  }

  /** Stores the offset of the memory operand of op {@code i}, whose address is in a register. */
  void storeData(int i, int address) {
    int offset = address;
    boolean based = Intrinsic.isBased(operand(i));
    if (based || pcMask != -1) {
      offset = Assembler.RAX;
      asm.mov(true, offset, address);
    }
    if (based) {
      asm.at(Host.STATE, Host.slot(slots.bases() + Intrinsic.segment(operand(i))));
      asm.aluM(Assembler.SUB, true, offset);
    }
    if (pcMask != -1) {
      asm.mov(false, offset, offset);
    }
    asm.at(Host.STATE, Host.slot(slots.data()));
    asm.storeM(8, offset);
  }

  private void selector(int segment, int slot) {
    asm.at(Host.STATE, Host.slot(slots.selectors() + segment));
    asm.loadM(8, Assembler.RAX);
    store(slot);
  }

  private void store(int slot) {
    asm.at(Host.STATE, Host.slot(slot));
    asm.storeM(8, Assembler.RAX);
  }

  /** What op {@code i}, a CALL, says of its instruction. */
  private long operand(int i) {
    return block.imm[block.a[i]];
  }
}
