package org.coremu.exec.toy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.coremu.exec.Core;
import org.coremu.exec.CoreState;
import org.coremu.exec.Exclusive;
import org.coremu.hw.FakeClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine's exactness, on the toy. */
class ToyMachineTest {
  private static ToyMachine machine(ToyProgram program) {
    return new ToyMachine(1, 1 << 16, new FakeClock(), Exclusive.SERIAL).loadAll(program);
  }

  private static int run(ToyMachine machine, int instructions) {
    return machine.core(0).run(machine.translator(), instructions);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 48, 49, 1000})
  void exactQuantaAreExact(int quantum) {
    ToyProgram program = new ToyProgram(0x1000).label("again");
    for (int i = 0; i < 60; i++) {
      program.op(ToyOp.ADDI, 1, 1);
    }
    try (ToyMachine machine = machine(program.jmp("again"))) {
      machine.core(0).setExact(true);
      for (int i = 1; i <= 20; i++) {
        assertThat(run(machine, quantum)).isEqualTo(Core.QUANTUM);
        long executed = (long) i * quantum;
        assertThat(machine.core(0).instructions()).isEqualTo(executed);
        assertThat(machine.register(0, 1)).isEqualTo(executed - executed / 61);
      }
    }
  }

  @Test
  void countsAreExactWithinBlocksAndWhileSteppingAndInRestartedInstructions() {
    ToyProgram program =
        new ToyProgram(0x1000)
            .op(ToyOp.COUNT, 1)
            .op(ToyOp.OUT, 1)
            .op(ToyOp.LI, 2, 3)
            .op(ToyOp.STEPS, 2)
            .op(ToyOp.COUNT, 1)
            .op(ToyOp.OUT, 1)
            .op(ToyOp.COUNT, 1)
            .op(ToyOp.OUT, 1)
            .address(3, "patched")
            .op(ToyOp.LI, 4, ToyOp.COUNT.ordinal())
            .op(ToyOp.ST8, 3, 4)
            .label("patched")
            .op(ToyOp.ID, 1)
            .op(ToyOp.OUT, 1)
            .op(ToyOp.WAIT);
    try (ToyMachine machine = machine(program)) {
      List<Long> counts = new ArrayList<>();
      List<Long> at = new ArrayList<>();
      machine.onOut(
          (core, value) -> {
            counts.add(value);
            at.add(core.instructions());
          });
      assertThat(run(machine, 1000)).isEqualTo(Core.HALTED);
      assertThat(counts).containsExactly(0L, 4L, 6L, 11L);
      assertThat(at).containsExactly(1L, 5L, 7L, 12L);
      assertThat(machine.core(0).instructions()).isEqualTo(14);
    }
  }

  @Test
  void faultsAreExactAndDoNotCount() {
    ToyProgram program =
        new ToyProgram(0x1000)
            .address(1, "handler")
            .op(ToyOp.HANDLER, 1)
            .op(ToyOp.LI, 2, 5)
            .op(ToyOp.LI, 3, 0x7fffffff)
            .label("bad")
            .op(ToyOp.LD, 2, 3)
            .op(ToyOp.LI, 2, 6)
            .label("handler")
            .op(ToyOp.COUNT, 4)
            .op(ToyOp.WAIT);
    try (ToyMachine machine = machine(program)) {
      assertThat(run(machine, 1000)).isEqualTo(Core.HALTED);
      assertThat(machine.register(0, 15)).isEqualTo(program.addressOf("bad"));
      assertThat(machine.register(0, 2)).isEqualTo(5);
      assertThat(machine.register(0, 4)).isEqualTo(4);
      assertThat(machine.core(0).instructions()).isEqualTo(6);
    }
  }

  @Test
  void aRequestEndsTheBlockLoop() {
    ToyProgram program = new ToyProgram(0x1000).label("again").op(ToyOp.OUT, 1).jmp("again");
    try (ToyMachine machine = machine(program)) {
      machine.onOut((core, value) -> core.requestStop());
      assertThat(run(machine, 1000)).isEqualTo(Core.STOPPED);
      assertThat(machine.core(0).instructions()).isEqualTo(2);
      machine.load(new ToyProgram(0x2000).op(ToyOp.PAUSE).op(ToyOp.WAIT), 0);
      assertThat(run(machine, 1000)).isEqualTo(Core.YIELDED);
      assertThat(machine.core(0).state.get(CoreState.PC)).isEqualTo(0x2001);
      machine.send(0);
      assertThat(run(machine, 1000)).isEqualTo(Core.QUANTUM);
    }
  }
}
