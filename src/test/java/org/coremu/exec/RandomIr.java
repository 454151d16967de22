package org.coremu.exec;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.coremu.ir.FlagKind;
import org.coremu.ir.IrOp;
import org.coremu.ir.VectorCase;

/**
 * Random blocks over few registers, so that values, flags and faults get in each other's way.
 * Addresses lie around the pages of {@link IrReference}, often at their ends.
 */
final class RandomIr {
  /** Integer registers, then vector registers. */
  static final int REGISTERS = 8;

  static final int VECTORS = 8;
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
    IrOp.LD8,
    IrOp.LD16,
    IrOp.LD32,
    IrOp.LD64,
    IrOp.LDV,
    IrOp.LDVA,
    IrOp.LDU8,
    IrOp.LDU16,
    IrOp.LDU32,
    IrOp.LDU64
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

  private static final List<VectorCase> VECTOR_OPS = VectorCase.all();

  /** A displacement that takes more than 32 bits. */
  private static final long FAR = 0x1_2345_6789L;

  /** What a program is made to be hard for. */
  private enum Style {
    ANY,
    /** Many values that are used long after they were computed. */
    PRESSURE,
    /** Values that move from register to register. */
    MOVES
  }

  private final SplittableRandom random;
  private IrProgram program;
  private Style style;

  /** What the last {@link #base} lacks to an address. */
  private long far;

  RandomIr(SplittableRandom random) {
    this.random = random;
  }

  /** A block of a few instructions. */
  IrProgram next() {
    program = new IrProgram();
    int choice = random.nextInt(10);
    style = choice < 6 ? Style.ANY : choice < 8 ? Style.PRESSURE : Style.MOVES;
    program.beginInsn();
    if (style == Style.PRESSURE) {
      for (int n = 5 + random.nextInt(20); n > 0; n--) {
        live();
      }
    }
    int insns = 1 + random.nextInt(6);
    for (int i = 0; i < insns; i++) {
      if (i > 0) {
        program.beginInsn();
      }
      for (int n = 1 + random.nextInt(style == Style.ANY ? 6 : 12); n > 0; n--) {
        if (style == Style.MOVES && random.nextInt(2) == 0) {
          move();
        } else {
          op();
        }
      }
    }
    end();
    return program;
  }

  /** A value to be kept. */
  private void live() {
    switch (random.nextInt(6)) {
      case 0, 1 -> pure();
      case 2 -> add(IrOp.GET, -1, -1, -1, register());
      case 3 -> add(IrOp.GETV, -1, -1, -1, vectorRegister());
      case 4 -> vectorOp();
      default -> add(pick(LOADS), base(), -1, -1, displacement());
    }
  }

  /** Registers are exchanged, or several get the same value. */
  private void move() {
    int x = register();
    int y = register();
    switch (random.nextInt(4)) {
      case 0 -> {
        int v = add(IrOp.GET, -1, -1, -1, x);
        int w = add(IrOp.GET, -1, -1, -1, y);
        add(IrOp.PUT, w, -1, -1, x);
        add(IrOp.PUT, v, -1, -1, y);
      }
      case 1 -> {
        int v = integer();
        add(IrOp.PUT, v, -1, -1, x);
        add(IrOp.PUT, v, -1, -1, y);
      }
      case 2 -> add(IrOp.PUT, add(IrOp.GET, -1, -1, -1, x), -1, -1, y);
      default -> add(IrOp.PUT, pure(), -1, -1, x);
    }
  }

  private int add(IrOp op, int a, int b, int c, long imm) {
    return program.add(op, a, b, c, imm);
  }

  private void op() {
    switch (random.nextInt(22)) {
      case 0, 1, 2 -> add(IrOp.PUT, integer(), -1, -1, register());
      case 3 -> add(IrOp.GET, -1, -1, -1, register());
      case 4, 5 -> pure();
      case 6, 7 -> flags();
      case 8 -> add(IrOp.COND, -1, -1, -1, random.nextInt(16));
      case 9 -> add(IrOp.GETFLAGS, -1, -1, -1, 0);
      case 10 -> add(pick(LOADS), base(), -1, -1, displacement());
      case 11 -> {
        IrOp op = pick(STORES);
        boolean isVector = op == IrOp.STV || op == IrOp.STVA;
        add(op, base(), isVector ? vector() : integer(), -1, displacement());
      }
      case 12 -> {
        IrOp op = pick(ATOMICS);
        add(op, address(0), integer(), op == IrOp.CAS ? integer() : -1, 1L << random.nextInt(4));
      }
      case 13 -> add(IrOp.CALL, integer(), some(), some(), random.nextInt(IrHelpers.SETS_PC));
      case 14 -> {
        if (random.nextInt(3) == 0) {
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
      case 19 -> add(IrOp.SELECT, test(), integer(), integer(), 0);
      case 20 -> divide();
      default -> {
        if (random.nextBoolean()) {
          add(IrOp.FENCE, -1, -1, -1, 0);
        } else if (random.nextBoolean()) {
          add(IrOp.ATTEND, test(), -1, -1, 0);
        } else {
          int masked = binary(IrOp.AND, integer(), constant(0xffff_ffffL));
          add(IrOp.CANONICAL, random.nextInt(4) == 0 ? integer() : masked, -1, -1, 16);
        }
      }
    }
  }

  /** Operands are as wide as those of a processor's division. */
  private void divide() {
    int bits = 8 << random.nextInt(4);
    boolean signed = random.nextBoolean();
    int high = bits == 64 && random.nextBoolean() ? integer() : constant(0);
    int low = random.nextInt(4) != 0 ? binary(IrOp.AND, integer(), constant(0x7f)) : integer();
    int divisor = integer();
    if (signed && random.nextInt(8) == 0) {
      low = constant(1L << bits - 1); // its quotient by -1 does not fit
      divisor = constant(-1);
    }
    if (bits < 64) {
      long mask = (1L << bits) - 1;
      low = bits == 32 ? low : binary(IrOp.AND, low, constant((1L << 2 * bits) - 1));
      divisor = binary(IrOp.AND, divisor, constant(mask));
      high = constant(0);
    }
    if (signed && bits < 64) {
      low = extend(low, random.nextInt(4) == 0 ? bits : 2 * bits);
      divisor = extend(divisor, bits);
      high = binary(IrOp.SAR, low, constant(63));
    } else if (signed && random.nextBoolean()) {
      high = binary(IrOp.SAR, low, constant(63));
    }
    add(signed ? IrOp.DIVS : IrOp.DIVU, high, low, divisor, bits);
    if (random.nextInt(4) != 0) {
      add(signed ? IrOp.REMS : IrOp.REMU, high, low, divisor, bits);
    }
  }

  private int extend(int v, int bits) {
    int up = binary(IrOp.SHL, v, constant(64 - bits));
    return binary(IrOp.SAR, up, constant(64 - bits));
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
      default -> {
        VectorCase next = pick(VECTOR_OPS);
        IrOp op = next.op();
        int n = op.form.values;
        boolean takesInteger = op == IrOp.VINSERT || op == IrOp.VFFROMINT;
        add(
            op,
            vector(),
            n < 2 ? -1 : takesInteger ? integer() : vector(),
            n < 3 ? -1 : op == IrOp.VSTRING ? integer() : vector(),
            op.form.hasImm ? next.imm() : 0);
      }
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
      case 1 -> {
        int a = random.nextInt(4) == 0 ? constant(value(random)) : integer();
        int b = random.nextInt(4) == 0 ? constant(value(random)) : integer();
        yield add(pick(COMPARE), a, b, -1, 0);
      }
      default -> integer();
    };
  }

  /** An address that {@link #displacement} leads back into memory. */
  private int base() {
    far = random.nextInt(16) == 0 ? FAR : 0;
    return address(far);
  }

  private int address(long less) {
    int offset = binary(IrOp.AND, integer(), constant(random.nextBoolean() ? 0x3fff : 0x300f));
    return binary(IrOp.ADD, offset, constant((random.nextBoolean() ? 0x8000 : 0x7ff8) - less));
  }

  private long displacement() {
    return far + (random.nextInt(4) == 0 ? random.nextInt(-16, 17) : 0);
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
        random.nextInt(4) == 0 || style == Style.PRESSURE
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
