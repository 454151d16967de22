package org.coremu.exec.nativecode;

import org.coremu.exec.CoreState;
import org.coremu.ir.FlagKind;
import org.coremu.ir.Flags;

/**
 * A routine that packs the lazy flags of a core, as {@link Flags#pack} does, by doing the operation
 * they come from once more and asking the host. Called with nothing; gives the flags in RAX, or a
 * negative number for the kinds it leaves to Java; RCX is changed.
 */
final class FlagsRoutine {
  private static final int KINDS = 64;
  private static final int RAX = Assembler.RAX;
  private static final int RCX = Assembler.RCX;
  private static final int LAHF = 0x9F;
  private static final int NOT_AF = ~Flags.AF;

  private final Assembler asm;
  private final int[] cases = new int[KINDS];

  /** Offset of its first instruction. */
  final int start;

  FlagsRoutine(Assembler asm) {
    this.asm = asm;
    int other = asm.size();
    asm.constant(RAX, -1);
    asm.ret();
    for (int kind = 0; kind < KINDS; kind++) {
      cases[kind] = other;
    }
    for (int size = 0; size < 4; size++) {
      add(FlagKind.PACKED, size);
      add(FlagKind.ADD, size);
      add(FlagKind.ADC, size);
      add(FlagKind.SUB, size);
      add(FlagKind.SBB, size);
      add(FlagKind.LOGIC, size);
      add(FlagKind.INC, size);
      add(FlagKind.DEC, size);
    }
    asm.align(16, 0);
    int table = asm.size();
    start = table + KINDS * 4;
    for (int kind = 0; kind < KINDS; kind++) {
      asm.i32(cases[kind] - table);
    }
    emitStart(table);
  }

  private void emitStart(int table) {
    asm.at(Host.STATE, Host.slot(CoreState.FLAG_KIND));
    asm.loadM(8, RAX);
    asm.ripLea(RCX, table);
    asm.at(RCX, RAX, 2, 0);
    asm.opM(0x63, true, RAX); // MOVSXD
    asm.alu(Assembler.ADD, true, RAX, RCX);
    asm.jmpRegister(RAX);
  }

  private void add(int kind, int size) {
    cases[kind + size] = asm.size();
    switch (kind) {
      case FlagKind.PACKED -> {
        asm.at(Host.STATE, Host.slot(CoreState.FLAG_A));
        asm.loadM(4, RAX);
        asm.aluConstant(Assembler.AND, false, RAX, Flags.ALL);
        asm.ret();
      }
      case FlagKind.ADD -> binary(Assembler.ADD, size, false);
      case FlagKind.ADC -> binary(Assembler.ADC, size, true);
      case FlagKind.SUB -> binary(Assembler.SUB, size, false);
      case FlagKind.SBB -> binary(Assembler.SBB, size, true);
      case FlagKind.LOGIC -> {
        loadA();
        sized(0x84, size, RCX, RCX);
        fromHost(NOT_AF);
      }
      default -> step(kind, size);
    }
  }

  private void loadA() {
    asm.at(Host.STATE, Host.slot(CoreState.FLAG_A));
    asm.loadM(8, RCX);
  }

  /** The carry-in to the host's CF. */
  private void carryIn() {
    asm.at(Host.STATE, Host.slot(CoreState.FLAG_C));
    asm.opM(0x0FBA, false, 4); // BT
    asm.u8(0);
  }

  private void binary(int op, int size, boolean carry) {
    loadA();
    if (carry) {
      carryIn();
    }
    asm.at(Host.STATE, Host.slot(CoreState.FLAG_B));
    sizedM(op << 3 | 2, size, RCX);
    fromHost(-1);
  }

  /** INC and DEC: the operand is the result; CF is kept. */
  private void step(int kind, int size) {
    boolean increment = kind == FlagKind.INC;
    loadA();
    asm.aluConstant(increment ? Assembler.SUB : Assembler.ADD, true, RCX, 1);
    carryIn();
    sized(0xFE, size, increment ? 0 : 1, RCX);
    fromHost(-1);
  }

  /** The host's flags, packed. */
  private void fromHost(int mask) {
    asm.u8(LAHF);
    asm.op8(0x0F90 | Assembler.O, 0, RAX); // SETO AL
    asm.u8(0x0F); // MOVZX ECX, AH
    asm.u8(0xB6);
    asm.u8(0xCC);
    asm.aluConstant(
        Assembler.AND, false, RCX, mask & (Flags.CF | Flags.PF | Flags.AF | Flags.ZF | Flags.SF));
    asm.aluConstant(Assembler.AND, false, RAX, 1);
    asm.shift(Assembler.SHL, false, RAX, 11);
    asm.alu(Assembler.OR, false, RAX, RCX);
    asm.ret();
  }

  /** A register form whose opcode has bit 0 clear for bytes. */
  private void sized(int opcode, int size, int reg, int rm) {
    switch (size) {
      case 0 -> asm.op8(opcode, reg, rm);
      case 1 -> asm.op(Assembler.PREFIX_66 | opcode | 1, false, reg, rm);
      default -> asm.op(opcode | 1, size == 3, reg, rm);
    }
  }

  private void sizedM(int opcode, int size, int reg) {
    switch (size) {
      case 0 -> asm.op8M(opcode, reg);
      case 1 -> asm.opM(Assembler.PREFIX_66 | opcode | 1, false, reg);
      default -> asm.opM(opcode | 1, size == 3, reg);
    }
  }
}
