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
 * Every pure integer op, on edge and random operands: its meaning is what the interpreter and
 * native code compute and the builder folds.
 */
@Tag("tierless")
class IrOpTest {
  private static final long[] EDGES = {
    0,
    1,
    2,
    7,
    31,
    32,
    33,
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
    -2,
    0x0123456789abcdefL
  };

  static Stream<IrOp> pureIntegerOps() {
    return Stream.of(IrOp.values())
        .filter(op -> op.isPure() && op.result == IrOp.Result.INT && op != IrOp.CONST)
        .filter(op -> op.code < IrOp.GETV.code);
  }

  /** Where the operands come from: registers, or constants. */
  private enum Source {
    REGISTERS,
    CONSTANT_B,
    CONSTANT_A
  }

  @ParameterizedTest
  @MethodSource("pureIntegerOps")
  void meaningIsWhatTheTiersCompute(IrOp op) {
    for (long codeBytes : TestTier.both()) {
      compare(op, codeBytes);
    }
  }

  private void compare(IrOp op, long codeBytes) {
    tier = codeBytes;
    machineOp = null;
    long imm = op == IrOp.SHLADD ? 3 : 0;
    for (Source source : Source.values()) {
      if (source == Source.CONSTANT_B && op.form.values < 2) {
        continue;
      }
      for (long[] operands : operands(source == Source.REGISTERS ? 2000 : 60)) {
        long a = operands[0];
        long b = operands[1];
        long c = operands[2];
        assertThat(run(op, source, a, b, c, imm))
            .as(
                "%s(%x, %x, %x) from %s, %s",
                op, a, b, c, source, tier > 0 ? "native" : "interpreted")
            .isEqualTo(Meaning.eval(op, a, b, c, imm));
      }
    }
  }

  private long tier;
  private IrMachine machine;
  private IrOp machineOp;

  private long run(IrOp op, Source source, long a, long b, long c, long imm) {
    if (source != Source.REGISTERS || machineOp != op) {
      if (machine != null) {
        machine.close();
      }
      machineOp = source == Source.REGISTERS ? op : null;
      machine = new IrMachine(tier);
      machine.program(
          ir -> {
            int x = source == Source.CONSTANT_A ? ir.constant(a) : ir.get(IrMachine.R);
            int y = source == Source.CONSTANT_B ? ir.constant(b) : ir.get(IrMachine.R + 1);
            int z = ir.get(IrMachine.R + 2);
            int n = op.form.values;
            // emit() does no folding, so that constants reach the interpreter.
            int r = ir.emit(op, x, n > 1 ? y : -1, n > 2 ? z : -1, imm);
            ir.put(IrMachine.R + 3, r);
            ir.jump(16);
          });
    }
    machine.reg(0, a);
    machine.reg(1, b);
    machine.reg(2, c);
    machine.reg(3, 0xdeadL);
    machine.run();
    return machine.reg(3);
  }

  private static List<long[]> operands(int random) {
    List<long[]> all = new ArrayList<>();
    for (long a : EDGES) {
      for (long b : EDGES) {
        all.add(new long[] {a, b, a ^ b});
      }
    }
    SplittableRandom r = new SplittableRandom(42);
    for (int i = 0; i < random; i++) {
      all.add(
          new long[] {
            r.nextLong() >>> r.nextInt(64), r.nextLong() >>> r.nextInt(64), r.nextLong()
          });
    }
    if (random < 100) {
      return all.stream().filter(o -> (o[0] * 31 + o[1]) % 7 == 0).toList();
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("pureIntegerOps")
  void constantsAreFoldedToTheMeaning(IrOp op) {
    if (op == IrOp.SHLADD || op == IrOp.SELECT) {
      return;
    }
    IrBuilder ir = new IrBuilder(new Helpers());
    for (long[] o : operands(100)) {
      ir.begin();
      ir.insn(0);
      int x = ir.constant(o[0]);
      int v = op.form.values == 1 ? ir.unary(op, x) : ir.binary(op, x, ir.constant(o[1]));
      assertThat(ir.isConstant(v)).isTrue();
      assertThat(ir.constantOf(v)).isEqualTo(Meaning.eval(op, o[0], o[1], 0, 0));
    }
  }
}
