package org.coremu.guest.x86.oracle;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.coremu.guest.x86.oracle.Insn.Fixup;

/**
 * Encodes rows for 32-bit and 16-bit code. EBX, EBP, ESI and EDI keep their initial values, so that
 * memory operands can be aimed: at the data window of flat 32-bit segments, or at an offset in
 * 16-bit ones.
 */
final class LegacyEncoder {
  private static final int EBX = 3;
  private static final int ESP = 4;
  private static final int EBP = 5;
  private static final int ESI = 6;
  private static final int EDI = 7;
  private static final int[] FREE = {0, 1, 2};
  private static final int[] SEGMENTS = {0x26, 0x2E, 0x36, 0x3E};

  /**
   * Base and index registers of 16-bit addresses by ModRM.rm (SDM vol. 2, table 2-1); -1 for none.
   */
  private static final int[][] BASES16 = {
    {EBX, ESI}, {EBX, EDI}, {EBP, ESI}, {EBP, EDI}, {ESI, -1}, {EDI, -1}, {EBP, -1}, {EBX, -1}
  };

  private final SplittableRandom random;
  private final EdgeValues edges;
  private final int mode;
  final long[] gpr = new long[16];
  final List<TestCase.Patch> patches = new ArrayList<>();

  /* The instruction under construction. */
  private InsnRow row;
  private final List<Integer> prefixes = new ArrayList<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int size;
  private int addressBits;
  private int undefined;
  private int writes;

  LegacyEncoder(SplittableRandom random, int mode) {
    this.random = random;
    this.edges = new EdgeValues(random);
    this.mode = mode;
    for (int i = 0; i < 8; i++) {
      gpr[i] = edges.integer() & 0xFFFF_FFFFL;
    }
    for (int pointer : new int[] {EBX, EBP, ESI, EDI}) {
      gpr[pointer] = base() + random.nextInt(0x100, 0xFF00);
    }
    gpr[random.nextBoolean() ? EBX : EBP] = random.nextInt(3) == 0 ? random.nextInt(64) : gpr[EBX];
    gpr[1] = random.nextInt(3) == 0 ? gpr[1] : random.nextInt(70);
    gpr[ESP] = base() + 0x8000 + 2 * random.nextInt(-64, 64);
    if (random.nextInt(30) == 0) {
      gpr[ESP] =
          base() + (random.nextBoolean() ? random.nextInt(24) : 0x10000 - random.nextInt(24));
    }
  }

  /** What the window's first byte is at: a linear address, or an offset. */
  private long base() {
    return mode == 16 ? 0 : TestCase.DATA_BASE;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  Insn encode(InsnRow next) {
    row = next;
    prefixes.clear();
    body.reset();
    if (row.is("popa")) {
      gpr[ESP] = base() + 0x8000; // how many registers a POPA that faults has loaded is open
    }
    undefined = row.undefined();
    writes = row.writes();
    chooseSize();
    addressBits = mode;
    if (chance(5)) {
      prefixes.add(0x67);
      addressBits = 48 - mode;
    }
    boolean memory =
        row.modrm() != InsnRow.NO_MODRM && (row.is("mem") || !row.is("reg") && chance(45));
    byte[] opcode = row.opcode().clone();
    if (row.is("plusr")) {
      opcode[opcode.length - 1] += (byte) register();
    }
    body.writeBytes(opcode);
    if (row.modrm() != InsnRow.NO_MODRM) {
      int reg = row.modrm() == InsnRow.ANY_REG ? register() : row.modrm();
      operand(memory, reg);
    }
    int jumpAt = immediate();
    otherPrefixes(memory);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (!prefixes.isEmpty()) {
      all.write(prefixes.remove(random.nextInt(prefixes.size())));
    }
    int head = all.size();
    all.writeBytes(body.toByteArray());
    return new Insn(
        row,
        all.toByteArray(),
        jumpAt >= 0 ? Fixup.JUMP8 : Fixup.NONE,
        head + Math.max(jumpAt, 0),
        jumpAt >= 0 ? random.nextInt(3) : 0,
        row.reads(),
        writes,
        undefined);
  }

  private void chooseSize() {
    size =
        switch (row.size()) {
          case 'b' -> 1;
          case 'v', 'q' -> chance(70) || mode == 16 && row.is("sp32") ? mode / 8 : 6 - mode / 8;
          default -> 4;
        };
    if ("vq".indexOf(row.size()) >= 0 && size != mode / 8) {
      prefixes.add(0x66);
    }
  }

  /**
   * Mostly a register that nothing depends on; never ESP, whose upper half is the host's own affair
   * in 16-bit code.
   */
  private int register() {
    int any = random.nextInt(8);
    return chance(4) && any != ESP
        ? any
        : FREE[random.nextInt(3)] | (size == 1 && chance(50) ? 4 : 0);
  }

  private void operand(boolean memory, int reg) {
    if (!memory) {
      body.write(0xC0 | reg << 3 | register());
      return;
    }
    int bytes =
        row.is("bound")
            ? 2 * size
            : row.is("cmpxchg8b") ? 8 : row.memory() != 0 ? row.memory() : size;
    long offset = random.nextInt(0x10000 - bytes + 1);
    int choice = random.nextInt(100);
    if (choice < 10) {
      offset = 0x1000 * random.nextInt(1, 16) - random.nextInt(Math.max(1, bytes));
    } else if (choice < 14) {
      offset =
          0x10000 - random.nextInt(Math.max(1, bytes)) + (chance(30) ? random.nextInt(0x1400) : 0);
    } else if (choice < 15) {
      offset = -1 - random.nextInt(bytes);
    }
    if (row.is("bitoff")
        || row.is("bound")) { // whether BOUND reads both bounds before it compares is open
      offset = random.nextInt(0x2000, 0xE000);
    }
    if (addressBits == 16) {
      address16(reg, (int) (base() + offset));
    } else {
      address32(reg, (int) (base() + offset));
    }
    if (offset >= 0 && offset <= 0x10000 - 16 && chance(70)) {
      patches.add(new TestCase.Patch((int) offset, edges.vector(row)));
    }
  }

  private void address16(int reg, int target) {
    int rm = random.nextInt(8);
    if (rm == 6 && chance(50)) {
      body.write(reg << 3 | 6);
      number(target, 2);
      return;
    }
    long sum = gpr[BASES16[rm][0]] + (BASES16[rm][1] < 0 ? 0 : gpr[BASES16[rm][1]]);
    displaced(reg, rm, -1, (short) (target - sum), 2);
  }

  private void address32(int reg, int target) {
    int base = new int[] {EBX, EBP, ESI, EDI, ESP}[random.nextInt(mode == 16 ? 4 : 5)];
    switch (random.nextInt(10)) {
      case 0 -> {
        body.write(reg << 3 | 5);
        number(target, 4);
      }
      case 1 -> {
        int index = chance(50) ? EBX : ESI;
        int scale = random.nextInt(4);
        body.write(reg << 3 | 4);
        body.write(scale << 6 | index << 3 | 5);
        number(target - (gpr[index] << scale), 4);
      }
      case 2, 3, 4 -> {
        int index = chance(50) ? EBP : EDI;
        int scale = random.nextInt(4);
        displaced(
            reg,
            4,
            scale << 6 | index << 3 | base,
            (int) (target - gpr[base] - (gpr[index] << scale)),
            4);
      }
      default -> displaced(reg, base, base == ESP ? 0x24 : -1, (int) (target - gpr[base]), 4);
    }
  }

  private void displaced(int reg, int rm, int sib, int displacement, int wide) {
    boolean small = displacement == (byte) displacement && chance(80);
    body.write((small ? 0x40 : 0x80) | reg << 3 | rm);
    if (sib >= 0) {
      body.write(sib);
    }
    number(displacement, small ? 1 : wide);
  }

  /** Returns where a jump's displacement is in the body, or -1. */
  private int immediate() {
    if (row.is("popf")) {
      number(edges.integer() & ~(Flags.TF | Flags.AC), mode / 8);
      body.write(0x9D);
      return -1;
    }
    switch (row.immediate()) {
      case "ib" -> number(byteImmediate(), 1);
      case "iw" -> number(random.nextInt(200), 2);
      case "iz", "iv" -> number(edges.integer(), size);
      case "moffs" -> number(base() + random.nextInt(0x10008), addressBits / 8);
      case "rel8" -> {
        body.write(0);
        return body.size() - 1;
      }
      default -> {}
    }
    if (row.is("enter")) {
      body.write(
          mode == 32
              ? random.nextInt(2)
              : random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(3));
    } else if (row.is("shift") && row.immediate().isEmpty() && (row.opcode()[0] & 2) == 0) {
      undefined = ShiftFlags.undefined(row, size, 1);
      writes = ShiftFlags.written(row, size, 1);
    } else if ((row.is("shift") || row.is("dshift")) && row.immediate().isEmpty()) {
      undefined = ShiftFlags.undefinedForAnyCount(row);
      writes = 0;
    }
    return -1;
  }

  private long byteImmediate() {
    if (!row.is("shift") && !row.is("dshift")) {
      return edges.integer();
    }
    int count = row.is("dshift") && size == 2 ? random.nextInt(17) : random.nextInt(40);
    undefined = ShiftFlags.undefined(row, size, count & 31);
    writes = ShiftFlags.written(row, size, count & 31);
    return count;
  }

  private void otherPrefixes(boolean memory) {
    if (row.prefix() != 0) {
      prefixes.add(row.prefix());
    }
    if (row.is("rep") && chance(55)) {
      prefixes.add(chance(70) ? 0xF3 : 0xF2);
      writes = 0;
    }
    if (row.is("lock") && memory && chance(10)) {
      prefixes.add(0xF0);
    }
    if ((memory || row.is("str")) && chance(10)) {
      prefixes.add(SEGMENTS[random.nextInt(4)]);
    }
  }

  private void number(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      body.write((int) (value >> 8 * i));
    }
  }
}
