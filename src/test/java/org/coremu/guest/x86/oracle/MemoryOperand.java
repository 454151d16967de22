package org.coremu.guest.x86.oracle;

import java.util.SplittableRandom;

/**
 * A memory operand in one of all the ways that x86-64 can address it.
 *
 * @param address where it lies, or -1 if that is not known (a non-canonical address)
 * @param mod ModRM.mod
 * @param rm ModRM.rm, 0 to 7
 * @param sib the SIB byte, or -1
 * @param rexX bit 1 of REX
 * @param rexB bit 0 of REX
 * @param displacement its value
 * @param displacementBytes 0, 1 or 4
 * @param ripRelative whether the displacement is relative to the next instruction
 * @param segment the override prefix, or 0
 * @param addressSize whether there is an address-size prefix
 */
record MemoryOperand(
    long address,
    int mod,
    int rm,
    int sib,
    int rexX,
    int rexB,
    int displacement,
    int displacementBytes,
    boolean ripRelative,
    int segment,
    boolean addressSize) {
  private static final int[] IGNORED_SEGMENTS = {0x26, 0x2E, 0x36, 0x3E};
  private static final int PAGE = 0x1000;

  /**
   * Chooses where an operand of {@code bytes} bytes lies: mostly in the window, sometimes where it
   * hurts.
   */
  static long target(
      SplittableRandom random, RegisterPlan plan, int bytes, boolean aligned, boolean noCrossing) {
    int room = TestCase.DATA_BYTES - bytes;
    int choice = random.nextInt(100);
    long address;
    if (choice < 30) {
      long base = plan.gpr[plan.pointers[random.nextInt(3)]];
      address = choice < 12 ? base : base + random.nextInt(-128, 128);
    } else {
      address = TestCase.DATA_BASE + random.nextInt(room + 1);
    }
    if (aligned && choice < 95 || choice >= 60 && choice < 80) {
      address &= ~15;
    }
    if (noCrossing || choice < 80 || aligned && choice < 85) {
      return address;
    }
    long inside = 1 + random.nextInt(Math.max(1, bytes - 1));
    return switch (choice) {
      case 80, 81, 82, 83, 84, 85, 86 -> TestCase.DATA_BASE + PAGE * random.nextInt(1, 16) - inside;
      case 87 -> TestCase.DATA_BASE - inside;
      case 88 -> TestCase.READ_ONLY_BASE + 16 * random.nextInt(1, 200);
      case 89 -> TestCase.READ_ONLY_BASE - inside;
      case 90 -> TestCase.READ_ONLY_BASE + TestCase.READ_ONLY_BYTES - inside;
      case 91 -> TestCase.READ_ONLY_BASE + TestCase.READ_ONLY_BYTES + 16 * random.nextInt(0, 200);
      default -> address;
    };
  }

  /** Chooses how to address {@code address}. */
  static MemoryOperand addressing(SplittableRandom random, RegisterPlan plan, long address) {
    int segment = 0;
    long offset = address;
    int choice = random.nextInt(100);
    if (choice < 5) {
      segment = choice < 3 ? 0x64 : 0x65;
      offset -= segment == 0x64 ? TestCase.FS_BASE : TestCase.GS_BASE;
    } else if (choice < 12) {
      segment = IGNORED_SEGMENTS[random.nextInt(4)];
    }
    boolean addressSize = random.nextInt(16) == 0 && segment != 0x64 && segment != 0x65;
    int form = random.nextInt(100);
    if (form == 0) {
      return based(random, plan, -1, 0, plan.wild, 0, random.nextInt(-64, 64), segment, false);
    } else if (form < 12) {
      return new MemoryOperand(
          address, 0, 5, -1, 0, 0, (int) offset, 4, true, segment, addressSize);
    } else if (form < 20) {
      return new MemoryOperand(
          address,
          0,
          4,
          0x25 | random.nextInt(4) << 6,
          0,
          random.nextInt(2),
          (int) offset,
          4,
          false,
          segment,
          addressSize);
    } else if (form < 27) {
      return indexed(random, plan, address, offset, segment, addressSize);
    }
    int base = plan.pointers[random.nextInt(3)];
    for (int pointer : plan.pointers) {
      long distance = offset - plan.gpr[pointer];
      base = distance >= -128 && distance < 128 ? pointer : base;
    }
    if (form >= 94) {
      base = 4;
    } else if (addressSize && form < 60) {
      base = plan.tall;
    }
    boolean withIndex = form >= 27 && form < 50;
    int scale = withIndex ? random.nextInt(4) : 0;
    long displacement = offset - plan.gpr[base] - (withIndex ? plan.gpr[plan.index] << scale : 0);
    return based(
        random,
        plan,
        address,
        scale,
        base,
        withIndex ? 1 : 0,
        (int) displacement,
        segment,
        addressSize);
  }

  /** Index and displacement without a base. */
  private static MemoryOperand indexed(
      SplittableRandom random,
      RegisterPlan plan,
      long address,
      long offset,
      int segment,
      boolean addressSize) {
    int scale = random.nextInt(4);
    int sib = scale << 6 | (plan.index & 7) << 3 | 5;
    long displacement = offset - (plan.gpr[plan.index] << scale);
    return new MemoryOperand(
        address,
        0,
        4,
        sib,
        plan.index >> 3,
        random.nextInt(2),
        (int) displacement,
        4,
        false,
        segment,
        addressSize);
  }

  private static MemoryOperand based(
      SplittableRandom random,
      RegisterPlan plan,
      long address,
      int scale,
      int base,
      int withIndex,
      int displacement,
      int segment,
      boolean addressSize) {
    int bytes = 4;
    if (displacement == (byte) displacement && random.nextInt(8) != 0) {
      bytes = displacement == 0 && (base & 7) != 5 && random.nextInt(8) != 0 ? 0 : 1;
    }
    int mod = bytes == 4 ? 2 : bytes;
    int sib = -1;
    int rexX = 0;
    if (withIndex == 1) {
      sib = scale << 6 | (plan.index & 7) << 3 | base & 7;
      rexX = plan.index >> 3;
    } else if ((base & 7) == 4 || random.nextInt(10) == 0) {
      sib = random.nextInt(4) << 6 | 4 << 3 | base & 7;
    }
    return new MemoryOperand(
        address,
        mod,
        sib >= 0 ? 4 : base & 7,
        sib,
        rexX,
        base >> 3,
        displacement,
        bytes,
        false,
        segment,
        addressSize);
  }
}
