package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.coremu.bits.FpEnv;
import org.coremu.exec.nativecode.HostFeatures;
import org.coremu.ir.IrBuilder;
import org.coremu.ir.IrOp;
import org.coremu.ir.VectorCase;
import org.coremu.ir.VectorFloat;
import org.coremu.ir.VectorMeaning;
import org.coremu.ir.VectorWords;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every vector op computes in both tiers what it means, with its result over its operands too. */
@Tag("tierless")
class VectorOpTest {
  private static final int EACH = 20;

  /** Where programs end. */
  private static final int END = 0x70000;

  private static final int A = IrMachine.R + 16;
  private static final int B = A + 2;
  private static final int C = A + 4;
  private static final int D = A + 6;

  @Test
  void interpreterComputesTheMeaning() {
    computesTheMeaning(0);
  }

  @Test
  void nativeCodeComputesTheMeaning() {
    assumeTrue(HostFeatures.isHostSupported(), "the host has no native tier");
    computesTheMeaning(16 << 20);
  }

  private static void computesTheMeaning(long codeBytes) {
    VectorWords source = new VectorWords(11);
    try (IrMachine machine = new IrMachine(codeBytes)) {
      for (VectorCase c : VectorCase.all()) {
        for (int destination : List.of(D, A, B)) {
          int program = machine.nextProgram();
          machine.program(ir -> emit(ir, c, destination, program * 16));
          for (int i = 0; i < EACH; i++) {
            check(machine, program, c, destination, source.next(), source.mxcsr());
          }
        }
      }
    }
  }

  private static boolean takesInteger(IrOp op) {
    return op == IrOp.VINSERT || op == IrOp.VFFROMINT;
  }

  private static void emit(IrBuilder ir, VectorCase c, int destination, int start) {
    IrOp op = c.op();
    int n = op.form.values;
    int a = ir.getV(A);
    int b = n < 2 ? -1 : takesInteger(op) ? ir.get(IrMachine.R + 6) : ir.getV(B);
    int z = n < 3 ? -1 : op == IrOp.VSTRING ? ir.get(IrMachine.R + 6) : ir.getV(C);
    int r = ir.emit(op, a, b, z, op.form.hasImm ? c.imm() : 0);
    if (op.result == IrOp.Result.VECTOR) {
      ir.putV(destination, r);
    } else {
      ir.put(IrMachine.R, r);
    }
    ir.jump(END - start);
  }

  private static void check(
      IrMachine machine, int program, VectorCase c, int destination, long[] w, int mxcsr) {
    CoreState s = machine.core.state;
    for (int i = 0; i < 6; i++) {
      s.put(A + i, w[i]);
    }
    machine.reg(6, w[6]);
    s.put(CoreState.FP_CONTROL, mxcsr);
    machine.run(program);
    FpEnv env = new FpEnv();
    env.setMxcsr(mxcsr);
    int code = c.op().code;
    boolean pure = c.op().isPure();
    if (c.op().result == IrOp.Result.INT) {
      assertThat(machine.reg(0))
          .as("%s", c)
          .isEqualTo(
              pure
                  ? VectorMeaning.integer(code, w[0], w[1], w[2], w[3], w[6], c.imm())
                  : VectorFloat.integer(code, w[0], w[2], c.imm(), env));
    } else {
      long b = takesInteger(c.op()) ? w[6] : w[2];
      assertThat(s.get(destination))
          .as("%s", c)
          .isEqualTo(
              pure
                  ? VectorMeaning.low(code, w[0], w[1], b, w[3], w[4], c.imm())
                  : VectorFloat.low(code, w[0], w[1], b, w[3], c.imm(), env));
      assertThat(s.get(destination + 1))
          .as("%s", c)
          .isEqualTo(
              pure
                  ? VectorMeaning.high(code, w[0], w[1], b, w[3], w[5], c.imm())
                  : VectorFloat.high(code, w[0], w[1], b, w[3], c.imm(), env));
    }
    assertThat(s.get(CoreState.FP_CONTROL)).as("%s", c).isEqualTo(pure ? mxcsr : env.mxcsr());
  }
}
