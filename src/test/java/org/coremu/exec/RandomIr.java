package org.coremu.exec;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.coremu.ir.FlagKind;
import org.coremu.ir.FpLanes;
import org.coremu.ir.IrOp;
import org.coremu.ir.Lane;

/**
 * Random blocks over few registers, so that values, flags and faults get in each other's way.
 * Addresses lie around the pages of {@link IrReference}, often at their ends.
 */
final class RandomIr {
  /** Integer registers, then vector registers. */
  static final int REGISTERS = 8;

  static final int VECTORS = 4;
  private static final int VECTOR = CoreState.GUEST + REGISTERS;

  private static final List<IrOp> PURE =
      Stream.of(IrOp.values())
          .filter(
              op ->
                  op.isPure()
                      && op.result == IrOp.Result.INT
                      && op != IrOp.CONST
                      && op.code < IrOp.GETV.code)
          .toList();
  private static final List<IrOp> COMPARE =
      PURE.stream().filter(op -> op.code >= IrOp.EQ.code && op.code <= IrOp.LES32.code).toList();
  private static final IrOp[] LOADS = {
    IrOp.LD8, IrOp.LD16, IrOp.LD32, IrOp.LD64, IrOp.LDV, IrOp.LDVA
  };
  private static final IrOp[] STORES = {
    IrOp.ST8, IrOp.ST16, IrOp.ST32, IrOp.ST64, IrOp.STV, IrOp.STVA
  };
  private static final IrOp[] ATOMICS = {
    IrOp.CAS, IrOp.XCHG, IrOp.FADD, IrOp.FAND, IrOp.FOR, IrOp.FXOR
  };
  private static final int[] KINDS = {
    FlagKind.ADD, FlagKind.SUB, FlagKind.SUB, FlagKind.LOGIC, FlagKind.MUL
  };
  private static final int[] CARRY_KINDS = {FlagKind.ADC, FlagKind.SBB, FlagKind.INC, FlagKind.DEC};
  private static final int[] SHIFT_KINDS = {FlagKind.SHL, FlagKind.SHR, FlagKind.SAR};

  private final SplittableRandom random;
  private IrProgram program;

  RandomIr(SplittableRandom random) {
    this.random = random;
  }

  /** A block of up to {@code most} instructions. */
  IrProgram next(int most) {
    program = new IrProgram();
    int insns = 1 + random.nextInt(most);
    for (int i = 0; i < insns; i++) {
      program.beginInsn();
      for (int n = 1 + random.nextInt(6); n > 0; n--) {
        op();
      }
    }
    end();
    return program;
  }

  private int add(IrOp op, int a, int b, int c, long imm) {
    return program.add(op, a, b, c, imm);
  }

  private void op() {
    switch (random.nextInt(20)) {
      case 0, 1, 2 -> add(IrOp.PUT, integer(), -1, -1, register());
      case 3 -> add(IrOp.GET, -1, -1, -1, register());
      case 4, 5 -> pure();
      case 6, 7 -> flags();
      case 8 -> add(IrOp.COND, -1, -1, -1, random.nextInt(16));
      case 9 -> add(IrOp.GETFLAGS, -1, -1, -1, 0);
      case 10 -> add(pick(LOADS), address(), -1, -1, displacement());
      case 11 -> {
        IrOp op = pick(STORES);
        boolean isVector = op == IrOp.STV || op == IrOp.STVA;
        add(op, address(), isVector ? vector() : integer(), -1, displacement());
      }
      case 12 -> {
        IrOp op = pick(ATOMICS);
        add(op, address(), integer(), op == IrOp.CAS ? integer() : -1, 1L << random.nextInt(4));
      }
      case 13 -> add(IrOp.CALL, integer(), some(), some(), random.nextInt(IrHelpers.SETS_PC));
      case 14 -> {
        if (random.nextInt(4) == 0) {
          add(IrOp.EXITIF, test(), -1, -1, delta());
        } else {
          add(IrOp.PCREL, -1, -1, -1, random.nextInt(-64, 64));
        }
      }
      case 15, 16 -> add(IrOp.PUTV, vector(), -1, -1, vectorRegister());
      case 17 -> vectorOp();
      case 18 -> {
        if (random.nextInt(3) == 0) {
          // Rounding, masks and sticky flags, but no reserved bits.
          add(
              IrOp.PUT,
              binary(IrOp.AND, integer(), constant(0xffff)),
              -1,
              -1,
              CoreState.FP_CONTROL);
        } else {
          add(IrOp.GET, -1, -1, -1, CoreState.FP_CONTROL);
        }
      }
      default -> add(IrOp.FENCE, -1, -1, -1, 0);
    }
  }

  private int pure() {
    IrOp op = pick(PURE);
    int n = op.form.values;
    return add(
        op,
        integer(),
        n > 1 ? integer() : -1,
        n > 2 ? integer() : -1,
        op == IrOp.SHLADD ? random.nextInt(4) : 0);
  }

  private void flags() {
    int size = random.nextInt(4);
    switch (random.nextInt(6)) {
      case 0 ->
          add(
              IrOp.FLAGS3,
              integer(),
              integer(),
              binary(IrOp.AND, integer(), constant(1)),
              pick(CARRY_KINDS) + size);
      case 1 ->
          add(
              IrOp.FLAGSNZ,
              integer(),
              binary(IrOp.AND, integer(), constant(31)),
              -1,
              pick(SHIFT_KINDS) + size);
      case 2 ->
          add(
              IrOp.FLAGS,
              integer(),
              constant(1 + random.nextInt(31)),
              -1,
              pick(SHIFT_KINDS) + size);
      case 3 -> {
        int packed = integer();
        add(IrOp.FLAGS, packed, packed, -1, FlagKind.PACKED);
      }
      default -> add(IrOp.FLAGS, integer(), integer(), -1, pick(KINDS) + size);
    }
  }

  private void vectorOp() {
    switch (random.nextInt(6)) {
      case 0 -> add(IrOp.VPACK, integer(), integer(), -1, 0);
      case 1 -> add(random.nextBoolean() ? IrOp.VLO : IrOp.VHI, vector(), -1, -1, 0);
      case 2 -> add(IrOp.VADD, vector(), vector(), -1, random.nextInt(4));
      case 3 -> add(IrOp.VXOR, vector(), vector(), -1, 0);
      case 4 -> add(IrOp.VUNPACKL, vector(), vector(), -1, Lane.I32);
      default ->
          add(
              IrOp.VFADD,
              vector(),
              vector(),
              -1,
              random.nextBoolean() ? FpLanes.SCALAR64 : FpLanes.PACKED32);
    }
  }

  private void end() {
    switch (random.nextInt(8)) {
      case 0 -> add(IrOp.JUMP, -1, -1, -1, delta());
      case 1 -> {
        int target = binary(IrOp.AND, integer(), constant(0xff0));
        add(IrOp.JUMPI, binary(IrOp.ADD, target, constant(0x1000)), -1, -1, 0);
      }
      case 2 -> add(IrOp.EXIT, -1, -1, -1, delta());
      case 3 -> {
        add(IrOp.CALL, integer(), -1, -1, IrHelpers.SETS_PC);
        add(IrOp.LEAVE, -1, -1, -1, 0);
      }
      default -> {
        int test = test();
        if (random.nextBoolean()) {
          flags();
        }
        add(IrOp.BRANCH, test, -1, -1, (long) delta() << 32 | delta());
      }
    }
  }

  /** Where a jump goes: out of the page of the block. */
  private int delta() {
    return 0x1000 + random.nextInt(0x200) * 16;
  }

  private int test() {
    return switch (random.nextInt(3)) {
      case 0 -> add(IrOp.COND, -1, -1, -1, random.nextInt(16));
      case 1 -> add(pick(COMPARE), integer(), integer(), -1, 0);
      default -> integer();
    };
  }

  private int address() {
    int offset = binary(IrOp.AND, integer(), constant(random.nextBoolean() ? 0x3fff : 0x300f));
    return binary(IrOp.ADD, offset, constant(random.nextBoolean() ? 0x8000 : 0x7ff8));
  }

  private int displacement() {
    return random.nextInt(4) == 0 ? random.nextInt(-16, 17) : 0;
  }

  private int binary(IrOp op, int a, int b) {
    return add(op, a, b, -1, 0);
  }

  private int constant(long value) {
    return add(IrOp.CONST, -1, -1, -1, value);
  }

  private int register() {
    return CoreState.GUEST + random.nextInt(REGISTERS);
  }

  private int vectorRegister() {
    return VECTOR + random.nextInt(VECTORS) * 2;
  }

  /** An integer operand or none. */
  private int some() {
    return random.nextInt(4) == 0 ? -1 : integer();
  }

  /** An integer: an earlier value most of the time, else a new one. */
  private int integer() {
    int v = earlier(IrOp.Result.INT);
    if (v >= 0 && random.nextInt(3) != 0) {
      return v;
    }
    return switch (random.nextInt(6)) {
      case 0 -> constant(value(random));
      case 1 -> pure();
      default -> add(IrOp.GET, -1, -1, -1, register());
    };
  }

  private int vector() {
    int v = earlier(IrOp.Result.VECTOR);
    return v >= 0 && random.nextBoolean() ? v : add(IrOp.GETV, -1, -1, -1, vectorRegister());
  }

  /** One of the last values of a kind, or -1. */
  private int earlier(IrOp.Result kind) {
    int size = program.steps.size();
    if (size == 0) {
      return -1;
    }
    int start =
        random.nextInt(4) == 0
            ? random.nextInt(size)
            : size - 1 - random.nextInt(Math.min(size, 6));
    for (int i = start; i >= 0; i--) {
      if (program.steps.get(i).op().result == kind) {
        return i;
      }
    }
    return -1;
  }

  /** A number, often a small one or one near the ends of a type's range. */
  static long value(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(-2, 3);
      case 1 -> (1L << random.nextInt(64)) - random.nextInt(2);
      case 2 -> random.nextLong() >>> random.nextInt(64);
      default -> random.nextLong();
    };
  }

  private <T> T pick(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private IrOp pick(IrOp[] of) {
    return of[random.nextInt(of.length)];
  }

  private int pick(int[] of) {
    return of[random.nextInt(of.length)];
  }
}
