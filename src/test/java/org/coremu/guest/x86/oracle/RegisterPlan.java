package org.coremu.guest.x86.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What each register of a case starts as. Some are given a role, so that memory operands can be
 * steered into the data window: pointers and a small index keep their values because instructions
 * are not given them as destinations.
 */
final class RegisterPlan {
  private static final int RAX = 0;
  private static final int RCX = 1;
  private static final int RDX = 2;
  private static final int RBX = 3;
  private static final int RSP = 4;
  private static final int RBP = 5;
  private static final int RSI = 6;
  private static final int RDI = 7;

  final long[] gpr = new long[16];
  final int[] pointers = new int[3];
  final int index;

  /** A pointer with garbage in bits 63:32: right only under an address-size prefix. */
  final int tall;

  /** A register with a non-canonical address. */
  final int wild;

  private final boolean[] kept = new boolean[16];
  private final SplittableRandom random;
  private final EdgeValues edges;

  RegisterPlan(SplittableRandom random, EdgeValues edges, List<InsnRow> rows) {
    this.random = random;
    this.edges = edges;
    List<Integer> candidates = new ArrayList<>(List.of(RBX, RBP, 8, 9, 10, 11, 12, 13, 14, 15));
    if (has(rows, "xlat")) {
      candidates.remove((Integer) RBX);
    }
    if (has(rows, "enter")) {
      candidates.remove((Integer) RBP);
    }
    for (int i = 0; i < pointers.length; i++) {
      pointers[i] = take(candidates);
    }
    index = take(candidates);
    tall = take(candidates);
    wild = take(candidates);
    Arrays.setAll(gpr, i -> edges.integer());
    for (int pointer : pointers) {
      gpr[pointer] = pointer();
    }
    gpr[index] = random.nextInt(4) == 0 ? random.nextInt(-0x800, 0x800) : random.nextInt(-8, 65);
    gpr[tall] = pointer() | random.nextLong() << 32;
    gpr[wild] = random.nextLong() & 0x7FFF_FFFF_FFFF_FFFFL | 1L << 62;
    implicitOperands(rows);
  }

  private static boolean has(List<InsnRow> rows, String tag) {
    return rows.stream().anyMatch(row -> row.is(tag));
  }

  private int take(List<Integer> candidates) {
    int register = candidates.remove(random.nextInt(candidates.size()));
    kept[register] = true;
    return register;
  }

  /** An address in the data window, often aligned, sometimes next to a page boundary or an end. */
  private long pointer() {
    long address = TestCase.DATA_BASE + 256 + random.nextInt(TestCase.DATA_BYTES - 512);
    return switch (random.nextInt(8)) {
      case 0 -> address;
      case 1 -> (address & ~0xFFFL) + random.nextInt(-16, 17);
      case 2 -> random.nextInt(6) == 0 ? end() : address & ~7;
      default -> address & ~15;
    };
  }

  private long end() {
    return TestCase.DATA_BASE
        + (random.nextBoolean() ? random.nextInt(48) : TestCase.DATA_BYTES - random.nextInt(48));
  }

  private void implicitOperands(List<InsnRow> rows) {
    kept[RSP] = true;
    gpr[RSP] = TestCase.DATA_BASE + 0x8000 + 8 * random.nextInt(-64, 64);
    if (random.nextInt(12) == 0) {
      gpr[RSP] += random.nextInt(8);
    } else if (random.nextInt(40) == 0) {
      gpr[RSP] = end();
    }
    if (has(rows, "str")) {
      strings();
    }
    if (has(rows, "shift") || has(rows, "dshift")) {
      gpr[RCX] = random.nextInt(3) == 0 ? gpr[RCX] : random.nextInt(-8, 80);
    }
    if (has(rows, "maskmov")) {
      keep(RDI, pointer());
    }
    if (has(rows, "xlat")) {
      keep(RBX, pointer());
    }
    if (has(rows, "enter")) {
      keep(RBP, pointer());
    }
    if (has(rows, "div") && random.nextInt(3) != 0) {
      gpr[RDX] = random.nextBoolean() ? 0 : random.nextInt(-2, 3);
      gpr[RAX] = random.nextBoolean() ? gpr[RAX] : gpr[RAX] & 0xFFFF;
    }
    if (has(rows, "strlen")) {
      gpr[RAX] = random.nextInt(-20, 21);
      gpr[RDX] = random.nextInt(-20, 21);
    }
  }

  private void strings() {
    keep(RSI, pointer());
    keep(RDI, random.nextInt(3) == 0 ? gpr[RSI] + random.nextInt(-40, 41) : pointer());
    long count = random.nextInt(12) == 0 ? edges.integer() : random.nextInt(60);
    keep(RCX, random.nextInt(20) == 0 ? count | random.nextLong() << 32 : count);
    // Which of two bad operands faults first is the processor's own affair, so the other one is
    // good.
    if (random.nextInt(10) == 0) {
      gpr[RSI] = edges.integer() & ~15; // does not straddle the end of the canonical range
      gpr[RDI] = TestCase.DATA_BASE + TestCase.DATA_BYTES / 2;
    }
  }

  private void keep(int register, long value) {
    gpr[register] = value;
    kept[register] = true;
  }

  /** A register that may be overwritten; now and then any register at all. */
  int destination() {
    if (random.nextInt(60) == 0) {
      return random.nextInt(16);
    }
    for (; ; ) {
      int register = random.nextInt(16);
      if (!kept[register]) {
        return register;
      }
    }
  }
}
