package org.coremu.guest.x86.oracle;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.coremu.guest.x86.oracle.Insn.Fixup;

/**
 * Encodes one row with random operands, prefixes and immediates; plants memory operands worth
 * reading.
 */
final class InsnEncoder {
  private final SplittableRandom random;
  private final EdgeValues edges;
  private final RegisterPlan plan;
  private final List<TestCase.Patch> patches = new ArrayList<>();

  /* The instruction under construction. */
  private InsnRow row;
  private final List<Integer> prefixes = new ArrayList<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int rex;
  private boolean needsRex;
  private int size;
  private Fixup fixup;
  private int fixupAt;
  private long fixupTarget;
  private int undefined;
  private int writes;
  private long memoryAddress;

  InsnEncoder(SplittableRandom random, EdgeValues edges, RegisterPlan plan) {
    this.random = random;
    this.edges = edges;
    this.plan = plan;
  }

  List<TestCase.Patch> patches() {
    return patches;
  }

  Insn encode(InsnRow next) {
    row = next;
    prefixes.clear();
    body.reset();
    rex = 0;
    needsRex = false;
    fixup = Fixup.NONE;
    fixupAt = 0;
    fixupTarget = 0;
    undefined = row.undefined();
    writes = row.writes();
    memoryAddress = -1;
    if (row.is("fixed") || row.is("popf")) {
      return fixed();
    }
    chooseSize();
    boolean memory =
        row.modrm() != InsnRow.NO_MODRM
            && (row.is("mem") || !row.is("reg") && random.nextInt(9) < 4);
    byte[] opcode = row.opcode().clone();
    if (row.is("plusr")) {
      int register = chance(2) ? 4 : general(true);
      opcode[opcode.length - 1] += (byte) (register & 7);
      rex |= register >> 3;
    } else if (row.is("sti")) {
      opcode[opcode.length - 1] += (byte) random.nextInt(8);
    }
    body.writeBytes(opcode);
    if (row.modrm() != InsnRow.NO_MODRM) {
      modrm(memory);
    }
    immediate();
    choosePrefixes(memory);
    return finish();
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private Insn fixed() {
    body.writeBytes(row.opcode());
    if (row.is("popf")) {
      int step = chance(6) ? Flags.TF : 0;
      number(
          (int) edges.integer() & ~(Flags.TF | Flags.AC) | step,
          4); // alignment checks are not modelled
      body.write(0x9D);
    }
    return new Insn(row, body.toByteArray(), Fixup.NONE, 0, 0, row.reads(), writes, undefined);
  }

  private void chooseSize() {
    int choice = random.nextInt(10);
    size =
        switch (row.size()) {
          case 'b' -> 1;
          case 'v' -> choice < 2 ? 2 : choice < 6 ? 4 : 8;
          case 'q' -> choice < 1 ? 2 : 8;
          default -> choice < 5 ? 4 : 8;
        };
    if (row.size() == 'n') {
      size = 4;
      rex |= random.nextInt(16) == 0 ? 8 : 0;
      return;
    }
    if (size == 2) {
      prefixes.add(0x66);
    }
    if (size == 8 && row.size() != 'q') {
      rex |= 8;
    }
  }

  /** A general register for an operand of the current size, with the REX prefix it needs. */
  private int general(boolean destination) {
    int register = destination || !chance(30) ? plan.destination() : random.nextInt(16);
    boolean bytes =
        size == 1 || row.is("rm8") || row.memory() == 1 && row.rm() == 'G' && !destination;
    if (bytes && register >= 4 && register < 8) {
      needsRex |= random.nextBoolean();
    }
    return register;
  }

  private int register(char file, boolean destination) {
    return switch (file) {
      case 'G' -> general(destination);
      case 'X' -> random.nextInt(16);
      default -> random.nextInt(random.nextInt(8) == 0 ? 16 : 8);
    };
  }

  private void modrm(boolean memory) {
    int reg = row.modrm();
    if (reg == InsnRow.ANY_REG) {
      reg = memory && row.is("bitoff") ? plan.index : register(row.reg(), true);
      rex |= reg >> 3 << 2;
    }
    if (!memory) {
      int rm = register(row.rm(), true);
      rex |= rm >> 3;
      body.write(0xC0 | (reg & 7) << 3 | rm & 7);
      return;
    }
    int bytes = row.memory() != 0 ? row.memory() : size;
    boolean aligned = row.is("al");
    if (row.is("cmpxchg8b")) {
      bytes = 2 * size;
      aligned = size == 8;
    }
    boolean steady = row.is("nocross") || row.is("bitoff");
    long address = MemoryOperand.target(random, plan, bytes, aligned, steady);
    MemoryOperand operand = MemoryOperand.addressing(random, plan, address);
    body.write(operand.mod() << 6 | (reg & 7) << 3 | operand.rm());
    if (operand.sib() >= 0) {
      body.write(operand.sib());
    }
    rex |= operand.rexX() << 1 | operand.rexB();
    if (operand.ripRelative()) {
      long offset = operand.displacement();
      fixup = Fixup.RIP;
      fixupAt = body.size();
      fixupTarget = offset;
    }
    number(operand.displacement(), operand.displacementBytes());
    if (operand.segment() != 0) {
      prefixes.add(operand.segment());
    }
    if (operand.addressSize()) {
      prefixes.add(0x67);
    }
    memoryAddress = operand.address();
    plant(bytes);
  }

  private void plant(int bytes) {
    long offset = memoryAddress - TestCase.DATA_BASE;
    if (offset < 0 || offset > TestCase.DATA_BYTES - 32) {
      return;
    }
    if (row.is("codeptr")) {
      long[] pointers = {
        TestCase.DATA_BASE + 0x100, TestCase.CODE_BASE + TestCase.CODE_BYTES, 0x1234, 1L << 62
      };
      patchLong((int) offset, pointers[random.nextInt(pointers.length)]);
    } else if (row.is("mxcsr")) {
      patchLong(
          (int) offset,
          random.nextInt(0x10000) | (chance(60) ? 0x1F80 : 0) | (chance(5) ? 1L << 20 : 0));
    } else if (row.is("fcw")) {
      patchLong((int) offset, random.nextInt(0x1000) & ~0x80 | 0x40 | (chance(80) ? 0x3F : 0));
    } else if (row.is("fxrstor")) {
      plantFxrstor((int) offset);
    } else if (row.is("fldenv")) {
      plantEnvironment((int) offset);
    } else if (row.is("cmpxchg8b") && chance(60)) {
      patchLong(
          (int) offset, size == 8 ? plan.gpr[0] : plan.gpr[0] & 0xFFFFFFFFL | plan.gpr[2] << 32);
      if (size == 8) {
        patchLong((int) offset + 8, plan.gpr[2]);
      }
    } else if (row.is("cmpxchg") && chance(60)) {
      patchLong((int) offset, plan.gpr[0]);
    } else if (bytes <= 16 && chance(70)) {
      patches.add(new TestCase.Patch((int) offset, edges.vector(row)));
    }
  }

  private void plantFxrstor(int offset) {
    if (offset > TestCase.DATA_BYTES - 512) {
      return;
    }
    byte[] head = new byte[16];
    GuestState.SHORT.set(head, 0, (short) (random.nextInt(0x1000) & ~0x80 | 0x7F));
    GuestState.SHORT.set(head, 2, (short) (random.nextInt(0x8000) & 0x7F00));
    head[4] = (byte) random.nextInt(256);
    patches.add(new TestCase.Patch(offset, head));
    patchLong(offset + 24, random.nextInt(0x10000) | (chance(10) ? 1L << 31 : 0));
  }

  private void plantEnvironment(int offset) {
    if (offset > TestCase.DATA_BYTES - 128) {
      return;
    }
    byte[] words = new byte[12];
    GuestState.INT.set(words, 0, random.nextInt(0x1000) & ~0x80 | 0x7F);
    GuestState.INT.set(words, 4, random.nextInt(0x8000) & 0x7F3F);
    GuestState.INT.set(words, 8, random.nextInt(0x10000));
    patches.add(new TestCase.Patch(offset, words));
  }

  private void patchLong(int offset, long value) {
    byte[] bytes = new byte[8];
    GuestState.LONG.set(bytes, 0, value);
    patches.add(new TestCase.Patch(offset, bytes));
  }

  private void immediate() {
    switch (row.immediate()) {
      case "ib" -> number(byteImmediate(), 1);
      case "iw" -> number(row.is("enter") ? random.nextInt(200) : edges.integer(), 2);
      case "iz" -> number(edges.integer(), size == 2 ? 2 : 4);
      case "iv" -> number(edges.integer(), size);
      case "rel8" -> jump(Fixup.JUMP8, 1);
      case "rel32" -> jump(Fixup.JUMP32, 4);
      case "moffs" -> {
        memoryAddress = MemoryOperand.target(random, plan, size, false, false);
        boolean small = random.nextInt(6) == 0;
        if (small) {
          prefixes.add(0x67);
        }
        number(memoryAddress, small ? 4 : 8);
        plant(size);
      }
      default -> {}
    }
    if (row.is("enter")) {
      body.write(random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(3));
    } else if (row.is("shift") && row.immediate().isEmpty() && (row.opcode()[0] & 2) == 0) {
      undefined = ShiftFlags.undefined(row, size, 1);
      writes = ShiftFlags.written(row, size, 1);
    } else if (row.is("shift") && row.immediate().isEmpty()
        || row.is("dshift") && row.immediate().isEmpty()) {
      undefined = ShiftFlags.undefinedForAnyCount(row);
      writes = 0;
    }
  }

  private long byteImmediate() {
    if (row.is("shift") || row.is("dshift")) {
      int count = chance(30) ? random.nextInt(256) : random.nextInt(34);
      if (row.is("dshift") && size == 2) {
        count = random.nextInt(17);
      }
      int effective = count & (size == 8 ? 63 : 31);
      undefined = ShiftFlags.undefined(row, size, effective);
      writes = ShiftFlags.written(row, size, effective);
      return count;
    }
    if (row.is("count")) {
      return chance(80) ? random.nextInt(70) : random.nextInt(256);
    }
    if (row.is("cmpimm")) {
      return random.nextInt(8);
    }
    return chance(50) ? random.nextInt(256) : edges.integer();
  }

  private void jump(Fixup kind, int bytes) {
    fixup = kind;
    fixupAt = body.size();
    fixupTarget = random.nextInt(3);
    number(0, bytes);
  }

  private void choosePrefixes(boolean memory) {
    if (row.prefix() != 0) {
      prefixes.add(row.prefix());
    }
    if (row.is("rep") && chance(55)) {
      prefixes.add(chance(70) ? 0xF3 : 0xF2);
      writes = 0;
    }
    if (row.is("lock") && memory ? chance(12) : random.nextInt(400) == 0) {
      prefixes.add(0xF0);
    }
    boolean implicit =
        row.is("str") || row.is("xlat") || row.is("maskmov") || row.immediate().equals("rel8");
    if (implicit && chance(5)) {
      prefixes.add(0x67);
    }
    if (!memory && chance(3)) {
      prefixes.add(0x3E);
    }
    boolean plain =
        row.prefix() == 0
            && row.opcode().length == 1
            && "bv".indexOf(row.size()) >= 0
            && !row.is("rep")
            && !row.is("nof3");
    if (plain && chance(2)) {
      prefixes.add(random.nextBoolean() ? 0xF2 : 0xF3);
    }
  }

  private Insn finish() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = prefixes.size() - 1; i >= 0; i--) {
      int prefix = prefixes.remove(random.nextInt(i + 1));
      if (random.nextInt(200) == 0) {
        all.write(0x40 | random.nextInt(16)); // ignored, because a legacy prefix follows
      }
      all.write(prefix);
    }
    if (rex != 0 || needsRex) {
      all.write(0x40 | rex);
    }
    int head = all.size();
    all.writeBytes(body.toByteArray());
    if (row.is("fstenv") || row.is("fxsave")) {
      int length = all.size();
      hidePointers(all);
      fixupTarget +=
          fixup == Fixup.RIP
              ? all.size() - length
              : 0; // relative to the end of the first instruction
    }
    return new Insn(
        row, all.toByteArray(), fixup, head + fixupAt, fixupTarget, row.reads(), writes, undefined);
  }

  /**
   * Clears what vendors store differently: the last instruction and data pointers, and the MXCSR
   * mask.
   */
  private void hidePointers(ByteArrayOutputStream all) {
    if (memoryAddress < 0) {
      return;
    }
    int[] fields = row.is("fxsave") ? new int[] {6, 8, 12, 16, 20, 28} : new int[] {12, 16, 20, 24};
    for (int field : fields) {
      boolean word = row.is("fxsave") && field == 6;
      int address = (int) memoryAddress + field;
      if (word) {
        all.write(0x66);
      }
      all.write(0xC7);
      all.write(0x04);
      all.write(0x25);
      for (int i = 0; i < 4; i++) {
        all.write(address >> 8 * i);
      }
      all.writeBytes(new byte[word ? 2 : 4]);
    }
  }

  private void number(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      body.write((int) (value >> 8 * i));
    }
  }
}
