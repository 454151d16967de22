package org.coremu.exec.nativecode;

/**
 * Two routines that move the guest's x87 unit into the host's and back, through an image of FRSTOR
 * and FNSAVE (SDM vol. 1, figure 8-9) on the host's stack. Both change RAX, RCX and the flags only.
 *
 * <p>FNSAVE leaves the host's unit as FNINIT does, which is how Java wants it.
 */
final class X87Routines {
  private static final int RAX = Assembler.RAX;
  private static final int RCX = Assembler.RCX;
  private static final int RSP = Assembler.RSP;

  /* The image. */
  private static final int STATUS = 4;
  private static final int TAGS = 8;
  private static final int POINTERS = 12;
  private static final int REGISTERS = 28;
  private static final int REGISTER_BYTES = 10;
  private static final int FRAME = 112;

  private static final int TOP_SHIFT = 11;
  private static final int NOT_TOP = 0xC7FF;

  private final Assembler asm;
  private final X87Slots slots;

  /**
   * Offset of the routine that puts the guest's unit into the host's, which holds nothing. NE if it
   * did; E if the guest's control word does not allow it, for then only Java can do what is due.
   */
  final int load;

  /** Offset of the routine that brings the guest's unit home, which is in the host's. */
  final int save;

  X87Routines(Assembler asm, X87Slots slots) {
    this.asm = asm;
    this.slots = slots;
    asm.align(16, 0);
    load = asm.size();
    emitLoad();
    asm.align(16, 0);
    save = asm.size();
    emitSave();
  }

  private void emitLoad() {
    load(RAX, slots.control());
    asm.mov(false, RCX, RAX);
    int[] refused = X87Ops.refuse(asm, RCX);
    asm.aluConstant(Assembler.SUB, true, RSP, FRAME);
    asm.at(RSP, 0);
    asm.storeM(4, RAX);
    load(RAX, slots.top());
    asm.shift(Assembler.SHL, false, RAX, TOP_SHIFT);
    asm.at(Host.STATE, Host.slot(slots.status()));
    asm.aluM(Assembler.OR, false, RAX);
    asm.at(RSP, STATUS);
    asm.storeM(4, RAX);
    load(RAX, slots.empty());
    spread(4, 0x0F0F);
    spread(2, 0x3333);
    spread(1, 0x5555);
    asm.imulConstant(false, RAX, RAX, 3);
    asm.at(RSP, TAGS);
    asm.storeM(4, RAX);
    for (int at = POINTERS; at < REGISTERS; at += 4) {
      asm.at(RSP, at);
      asm.storeConstantM(4, 0);
    }
    load(RCX, slots.top());
    for (int i = 0; i < X87Slots.REGISTERS; i++) {
      next(i);
      asm.at(Host.STATE, RCX, 3, Host.slot(slots.significands()));
      asm.loadM(8, RAX);
      asm.at(RSP, REGISTERS + REGISTER_BYTES * i);
      asm.storeM(8, RAX);
      asm.at(Host.STATE, RCX, 3, Host.slot(slots.exponents()));
      asm.loadM(8, RAX);
      asm.at(RSP, REGISTERS + REGISTER_BYTES * i + 8);
      asm.storeM(2, RAX);
    }
    asm.at(RSP, 0);
    asm.opM(0xDD, false, 4); // FRSTOR
    mark(1);
    asm.aluConstant(Assembler.ADD, true, RSP, FRAME); // not 0: NE
    asm.ret();
    for (int jump : refused) {
      asm.bind(jump);
    }
    asm.alu(Assembler.XOR, false, RAX, RAX);
    asm.ret();
  }

  private void emitSave() {
    asm.aluConstant(Assembler.SUB, true, RSP, FRAME);
    asm.at(RSP, 0);
    asm.opM(0xDD, false, 6); // FNSAVE
    mark(0);
    asm.at(RSP, TAGS);
    asm.loadM(2, RAX);
    // A register is empty if both bits of its tag are set.
    asm.mov(false, RCX, RAX);
    asm.shift(Assembler.SHR, false, RCX, 1);
    asm.alu(Assembler.AND, false, RAX, RCX);
    asm.aluConstant(Assembler.AND, false, RAX, 0x5555);
    gather(1, 0x3333);
    gather(2, 0x0F0F);
    gather(4, 0xFF);
    store(RAX, slots.empty());
    asm.at(RSP, STATUS);
    asm.loadM(2, RAX);
    asm.mov(false, RCX, RAX);
    asm.aluConstant(Assembler.AND, false, RAX, NOT_TOP);
    store(RAX, slots.status());
    asm.shift(Assembler.SHR, false, RCX, TOP_SHIFT);
    asm.aluConstant(Assembler.AND, false, RCX, 7);
    store(RCX, slots.top());
    for (int i = 0; i < X87Slots.REGISTERS; i++) {
      next(i);
      asm.at(RSP, REGISTERS + REGISTER_BYTES * i);
      asm.loadM(8, RAX);
      asm.at(Host.STATE, RCX, 3, Host.slot(slots.significands()));
      asm.storeM(8, RAX);
      asm.at(RSP, REGISTERS + REGISTER_BYTES * i + 8);
      asm.loadM(2, RAX);
      asm.at(Host.STATE, RCX, 3, Host.slot(slots.exponents()));
      asm.storeM(8, RAX);
    }
    asm.aluConstant(Assembler.ADD, true, RSP, FRAME);
    asm.ret();
  }

  /** RCX, the number of the physical register that is ST(i - 1), becomes that of ST(i). */
  private void next(int i) {
    if (i > 0) {
      asm.aluConstant(Assembler.ADD, false, RCX, 1);
      asm.aluConstant(Assembler.AND, false, RCX, 7);
    }
  }

  /** A step of moving bit n of RAX to bit 2n. */
  private void spread(int distance, int mask) {
    asm.mov(false, RCX, RAX);
    asm.shift(Assembler.SHL, false, RCX, distance);
    combine(mask);
  }

  /** A step of moving bit 2n of RAX to bit n. */
  private void gather(int distance, int mask) {
    asm.mov(false, RCX, RAX);
    asm.shift(Assembler.SHR, false, RCX, distance);
    combine(mask);
  }

  private void combine(int mask) {
    asm.alu(Assembler.OR, false, RAX, RCX);
    asm.aluConstant(Assembler.AND, false, RAX, mask);
  }

  private void mark(int live) {
    mark(asm, live);
  }

  static void mark(Assembler asm, int live) {
    asm.at(Host.STATE, Host.slot(Host.X87_LIVE));
    asm.storeConstantM(4, live);
  }

  private void load(int r, int slot) {
    asm.at(Host.STATE, Host.slot(slot));
    asm.loadM(8, r);
  }

  private void store(int r, int slot) {
    asm.at(Host.STATE, Host.slot(slot));
    asm.storeM(8, r);
  }
}
