package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.coremu.ir.Cond;
import org.coremu.ir.FlagKind;
import org.coremu.ir.IrOp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One core writes code while others run it, on real threads. A core that has seen, in memory, that
 * new code is there runs it or newer code; it never goes back to older code.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CrossModifyingCodeTest {
  private static final long WRITER = 0x1000;
  private static final long READER = 0x2000;
  private static final long CHANGED = 0x8000;
  private static final long VERSION = 0x10000;
  private static final int VERSIONS = 20_000;

  /** Register that the changed code sets to its version. */
  private static final int SEEN = 0;

  private static final int ERRORS = 1;
  private static final int ANNOUNCED = 2;
  private static final int LAST = 3;
  private static final int ROUNDS = 4;
  private static final int NUMBER = 5;
  private static final int K = 6;

  private int first;

  /** Instruction {@code first + k} is version k of the changed code. */
  private void versions(IrCores machine) {
    for (int k = 0; k <= VERSIONS; k++) {
      int version = k;
      int number =
          machine.insn((ir, delta, next) -> ir.put(IrCores.R + SEEN, ir.constant(version)));
      first = k == 0 ? number : first;
    }
  }

  private void writer(IrCores machine, long changed) {
    int writeCode =
        machine.insn(
            (ir, delta, next) -> ir.store(32, ir.constant(changed), 0, ir.get(IrCores.R + NUMBER)));
    int announce =
        machine.insn(
            (ir, delta, next) -> ir.store(64, ir.constant(VERSION), 0, ir.get(IrCores.R + K)));
    // The jump in between ends the block: there a core takes the messages that make it see what it
    // writes.
    machine.code(
        WRITER,
        machine.addTo(NUMBER, 1),
        machine.addTo(K, 1),
        writeCode,
        machine.jumpBy(1),
        announce,
        machine.loop(ROUNDS, -5),
        IrCores.STOP);
    machine.reg(0, NUMBER, first).reg(0, K, 0).reg(0, ROUNDS, VERSIONS);
    machine.start(0, WRITER);
  }

  private void reader(IrCores machine, int core, long changed) {
    int look =
        machine.insn(
            (ir, delta, next) ->
                ir.put(IrCores.R + ANNOUNCED, ir.load(64, ir.constant(VERSION), 0)));
    int call =
        machine.insn(
            (ir, delta, next) -> ir.jump(delta + (int) (changed - READER - IrCores.LENGTH)));
    int back = machine.insn((ir, delta, next) -> ir.jumpIndirect(ir.constant(READER + 8)));
    int check =
        machine.insn(
            (ir, delta, next) -> {
              int seen = ir.get(IrCores.R + SEEN);
              int old = ir.binary(IrOp.LTU, seen, ir.get(IrCores.R + ANNOUNCED));
              int backwards = ir.binary(IrOp.LTU, seen, ir.get(IrCores.R + LAST));
              ir.put(IrCores.R + ERRORS, ir.add(ir.get(IrCores.R + ERRORS), ir.or(old, backwards)));
              ir.put(IrCores.R + LAST, seen);
              ir.flags(FlagKind.SUB, 64, ir.get(IrCores.R + ANNOUNCED), ir.constant(VERSIONS));
              ir.branch(ir.cond(Cond.B), delta - 2 * IrCores.LENGTH, next);
            });
    machine.code(READER, look, call, check, IrCores.STOP);
    machine.code(changed + IrCores.LENGTH, back);
    machine.start(core, READER);
  }

  private void run(int readers, long changed) {
    try (IrCores machine = new IrCores(1 + readers, 1 << 20)) {
      versions(machine);
      machine.code(changed, first);
      writer(machine, changed);
      for (int core = 1; core <= readers; core++) {
        reader(machine, core, changed);
      }
      machine.runParallel();
      for (int core = 1; core <= readers; core++) {
        assertThat(machine.reg(core, ERRORS)).as("old versions run by core %d", core).isZero();
        assertThat(machine.reg(core, SEEN))
            .as("last version run by core %d", core)
            .isEqualTo(VERSIONS);
      }
    }
  }

  @Test
  void codeOnAPageOfItsOwn() {
    run(1, CHANGED);
  }

  @Test
  void codeBesideTheDataOfItsWriter() {
    run(1, VERSION + 0x100);
  }

  @Test
  void codeBesideTheCodeThatRunsIt() {
    run(1, READER + 0x800);
  }

  @Test
  void severalCoresRunIt() {
    run(3, CHANGED);
  }
}
