package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.coremu.ir.IrBuilder;
import org.coremu.ir.IrOp;
import org.coremu.ir.Meaning;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every pure integer op in both tiers, its operands in every place where a compiler may have them:
 * registers of the guest that are pinned to host registers or not, host registers, constants; its
 * result over one of them or not; with all host registers taken or not. Comparisons also decide
 * jumps and selections.
 */
@Tag("tierless")
class IrOpPlacesTest {
  private static final int R = IrMachine.R;

  /** Where programs end: a jump leads to one of them. */
  private static final int END = 0x70000;

  private static final int OTHER_END = 0x71000;

  /** Pinned slots for operands a, b, c, then others, then pairs whose exclusive or is one. */
  private static final int[] PINNED = {0, 1, 3};

  private static final int[] SLOT = {2, 6, 9};
  private static final int[] FIRST = {4, 7, 10};
  private static final int[] SECOND = {5, 8, 11};

  /** Where operands are put after the op. */
  private static final int[] AFTER = {13, 14, 15};

  private static final int RESULT = 12;
  private static final int KEPT = 16;
  private static final int KEPT_AFTER = 24;
  private static final int CROWD = 5;
  private static final int EACH = 12;

  private static final long[] EDGES = {
    0,
    1,
    31,
    32,
    63,
    64,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0x8000,
    0xffff,
    0x7fffffffL,
    0x80000000L,
    0xffffffffL,
    0x100000000L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -128,
    Integer.MIN_VALUE
  };

  private enum Place {
    PINNED,
    SLOT,
    COMPUTED,
    CONSTANT,
    /** The value of operand a. */
    SAME
  }

  /** What becomes of the result. */
  private enum Use {
    PUT,
    SELECT,
    EXITIF,
    BRANCH
  }

  private record Case(
      IrOp op,
      Place a,
      Place b,
      Place c,
      int destination,
      boolean reused,
      boolean crowded,
      Use use) {
    boolean hasConstant() {
      return a == Place.CONSTANT || b == Place.CONSTANT || c == Place.CONSTANT;
    }

    Place place(int k) {
      return k == 0 ? a : k == 1 ? b : c;
    }
  }

  static Stream<IrOp> ops() {
    return IrOpTest.pureIntegerOps();
  }

  private final SplittableRandom random = new SplittableRandom(5);

  private static boolean isCompare(IrOp op) {
    return op.code >= IrOp.EQ.code && op.code <= IrOp.LES32.code;
  }

  private static List<Case> cases(IrOp op) {
    int n = op.form.values;
    List<Case> cases = new ArrayList<>();
    for (Place a : Place.values()) {
      for (Place b : n > 1 ? Place.values() : new Place[] {Place.SLOT}) {
        for (Place c : n > 2 ? Place.values() : new Place[] {Place.SLOT}) {
          if (a != Place.SAME) {
            add(cases, op, a, b, c);
          }
        }
      }
    }
    return cases;
  }

  private static void add(List<Case> cases, IrOp op, Place a, Place b, Place c) {
    for (int i = 0; i < 4; i++) {
      boolean reused = (i & 1) != 0;
      boolean crowded = (i & 2) != 0;
      for (int destination : new int[] {RESULT, PINNED[0], PINNED[1]}) {
        cases.add(new Case(op, a, b, c, destination, reused, crowded, Use.PUT));
      }
      if (isCompare(op)) {
        cases.add(new Case(op, a, b, c, RESULT, reused, crowded, Use.SELECT));
        cases.add(new Case(op, a, b, c, RESULT, reused, crowded, Use.EXITIF));
        cases.add(new Case(op, a, b, c, RESULT, reused, crowded, Use.BRANCH));
      }
    }
  }

  private long operand() {
    return random.nextInt(3) == 0
        ? random.nextLong() >>> random.nextInt(64)
        : EDGES[random.nextInt(EDGES.length)];
  }

  @ParameterizedTest
  @MethodSource("ops")
  void computesItsMeaningWhereverItsOperandsAre(IrOp op) {
    for (long codeBytes : TestTier.both()) {
      try (IrMachine machine = new IrMachine(codeBytes)) {
        for (Case c : cases(op)) {
          int imm = op == IrOp.SHLADD ? random.nextInt(4) : 0;
          int program = -1;
          for (int i = 0; i < EACH; i += c.hasConstant() ? 4 : 1) {
            long[] operands = {operand(), operand(), operand()};
            if (program < 0 || c.hasConstant()) {
              program = machine.nextProgram();
              int start = program * 16;
              machine.program(ir -> emit(ir, c, operands, imm, start));
            }
            check(machine, program, c, operands, imm, codeBytes);
          }
        }
      }
    }
  }

  private static int value(IrBuilder ir, Case c, int k, long[] operands, int[] values) {
    return switch (c.place(k)) {
      case PINNED -> ir.get(R + PINNED[k]);
      case SLOT -> ir.get(R + SLOT[k]);
      case COMPUTED -> ir.emit(IrOp.XOR, ir.get(R + FIRST[k]), ir.get(R + SECOND[k]), -1, 0);
      case CONSTANT -> ir.constant(operands[k]);
      case SAME -> values[0];
    };
  }

  private static void emit(IrBuilder ir, Case c, long[] operands, int imm, int start) {
    int n = c.op.form.values;
    int[] values = {-1, -1, -1};
    for (int k = 0; k < n; k++) {
      values[k] = value(ir, c, k, operands, values);
    }
    int[] kept = new int[CROWD];
    for (int i = 0; i < (c.crowded ? CROWD : 0); i++) {
      kept[i] = ir.emit(IrOp.NOT, ir.get(R + KEPT + i), -1, -1, 0);
    }
    // emit() does no folding, so that constants reach the tiers.
    int result = ir.emit(c.op, values[0], values[1], values[2], imm);
    switch (c.use) {
      case PUT -> ir.put(R + c.destination, result);
      case SELECT ->
          ir.put(
              R + RESULT, ir.emit(IrOp.SELECT, result, ir.get(R + KEPT), ir.get(R + KEPT + 1), 0));
      case EXITIF -> ir.emit(IrOp.EXITIF, result, -1, -1, OTHER_END - start);
      case BRANCH -> {}
    }
    for (int k = 0; k < (c.reused ? n : 0); k++) {
      ir.put(R + AFTER[k], values[k]);
    }
    for (int i = 0; i < (c.crowded ? CROWD : 0); i++) {
      ir.put(R + KEPT_AFTER + i, kept[i]);
    }
    if (c.use == Use.BRANCH) {
      ir.branch(result, OTHER_END - start, END - start);
    } else {
      ir.jump(END - start);
    }
  }

  private void check(
      IrMachine machine, int program, Case c, long[] operands, int imm, long codeBytes) {
    for (int k = 0; k < 3; k++) {
      machine.reg(PINNED[k], c.place(k) == Place.PINNED ? operands[k] : k);
      machine.reg(SLOT[k], operands[k]);
      long noise = random.nextLong();
      machine.reg(FIRST[k], noise);
      machine.reg(SECOND[k], noise ^ operands[k]);
      machine.reg(AFTER[k], -1);
      operands[k] = c.place(k) == Place.SAME ? operands[0] : operands[k];
    }
    for (int i = 0; i < CROWD; i++) {
      machine.reg(KEPT + i, 100 + i);
    }
    machine.run(program);
    long meaning = Meaning.eval(c.op, operands[0], operands[1], operands[2], imm);
    boolean other = c.use.compareTo(Use.EXITIF) >= 0 && meaning != 0;
    if (c.use == Use.PUT) {
      same(machine.reg(c.destination), meaning, "result", c, operands, codeBytes);
    } else if (c.use == Use.SELECT) {
      same(machine.reg(RESULT), meaning != 0 ? 100 : 101, "selected", c, operands, codeBytes);
    }
    long end = machine.core.state.get(CoreState.PC);
    same(end, other ? OTHER_END : END, "where it goes", c, operands, codeBytes);
    if (c.use == Use.EXITIF && other) {
      return;
    }
    for (int k = 0; k < (c.reused ? c.op.form.values : 0); k++) {
      same(machine.reg(AFTER[k]), operands[k], "operand " + k + " later", c, operands, codeBytes);
    }
    for (int i = 0; i < (c.crowded ? CROWD : 0); i++) {
      same(machine.reg(KEPT_AFTER + i), ~(100L + i), "another value", c, operands, codeBytes);
    }
  }

  private static void same(
      long actual, long expected, String what, Case c, long[] operands, long codeBytes) {
    if (actual != expected) {
      assertThat(actual)
          .as(
              "%s of %s on %x, %x, %x, %s",
              what,
              c,
              operands[0],
              operands[1],
              operands[2],
              codeBytes > 0 ? "native" : "interpreted")
          .isEqualTo(expected);
    }
  }
}
