package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.coremu.ir.Cond;
import org.coremu.ir.Effect;
import org.coremu.ir.FlagKind;
import org.coremu.ir.Flags;
import org.coremu.ir.IrBuilder;
import org.coremu.ir.IrOp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Quanta end where they should: how a run is divided into quanta changes nothing when they are
 * exact.
 */
class BudgetTest {
  private static final long CODE = 0x1000;
  private static final int INSTRUCTIONS = 4000;
  private static final int R = IrCores.R;
  private static final long DATA = 0x8000;

  /** All that a run leaves behind. */
  private record Result(
      List<Long> state, List<IrGuest.Taken> faults, List<Long> seen, int memory) {}

  /**
   * Something with registers, memory, flags, branches, faults, helpers, exits and changes of its
   * own code.
   */
  private static int[] instructions(IrCores machine, List<Long> seen) {
    int look =
        machine.calls(
            Effect.FAULTS | Effect.READS_STATE | Effect.VISIBLE,
            0,
            1,
            (core, a, b, c) -> {
              seen.add(core.instructions() ^ core.currentPc() << 32);
              return 0;
            });
    return new int[] {
      machine.addTo(0, 3),
      machine.addTo(1, 0x123457),
      machine.insn(
          (ir, delta, next) -> ir.put(R + 2, ir.binary(IrOp.MUL, ir.get(R), ir.get(R + 1)))),
      machine.insn(
          (ir, delta, next) -> ir.put(R + 3, ir.xor(ir.get(R + 2), ir.shr(ir.get(R + 1), 7)))),
      machine.insn((ir, delta, next) -> ir.store(64, place(ir, R + 1, 0x1fff), 0, ir.get(R + 3))),
      machine.insn(
          (ir, delta, next) ->
              ir.put(R, ir.add(ir.get(R), ir.load(16, place(ir, R + 3, 0x1fff), 0)))),
      machine.insn(
          (ir, delta, next) ->
              ir.put(
                  R + 4,
                  ir.load(8, ir.or(ir.shl(ir.mask(ir.get(R + 1), 1), 24), ir.constant(DATA)), 0))),
      machine.insn((ir, delta, next) -> ir.flags(FlagKind.SUB, 32, ir.get(R), ir.get(R + 3))),
      machine.insn((ir, delta, next) -> ir.put(R + 5, ir.add(ir.get(R + 5), ir.cond(Cond.L)))),
      machine.insn((ir, delta, next) -> ir.branch(ir.cond(Cond.B), next + 8, next)),
      machine.insn((ir, delta, next) -> ir.exitIf(ir.mask(ir.get(R + 3), 1), next + 4)),
      machine.insn((ir, delta, next) -> ir.jump(next + 4)),
      machine.insn((ir, delta, next) -> ir.exit(next)),
      look,
      look,
    };
  }

  private static int place(IrBuilder ir, int slot, long mask) {
    return ir.add(ir.mask(ir.get(slot), mask), ir.constant(DATA));
  }

  /**
   * Runs a random program for a number of instructions, in quanta that another random sequence
   * gives.
   */
  private static Result run(int program, int quantaSeed) {
    SplittableRandom random = new SplittableRandom(program);
    List<Long> seen = new ArrayList<>();
    try (IrCores machine = new IrCores(1, 1 << 20)) {
      Core core = machine.core(0);
      IrGuest guest = machine.guest(0);
      guest.skipFaults = true;
      int[] kinds = instructions(machine, seen);
      int length = 100 + random.nextInt(200);
      long at = CODE + 0xff0 - random.nextInt(64) * 4 + random.nextInt(4);
      int[] code = new int[length + 1];
      for (int i = 0; i < length; i++) {
        code[i] = kinds[random.nextInt(kinds.length)];
      }
      // An instruction in the first third is changed by one in the last, round by round.
      int changed = random.nextInt(length / 3);
      code[length - 1 - random.nextInt(20)] =
          machine.insn(
              (ir, delta, next) -> {
                int which =
                    ir.select(ir.mask(ir.get(R), 1), ir.constant(kinds[0]), ir.constant(kinds[2]));
                ir.store(32, ir.constant(at + changed * 4), 0, which);
              });
      code[length - 1] = machine.jumpBy(-length + 1);
      code[length] = code[length - 1];
      machine.code(at, code);
      machine.start(0, at);
      core.setExact(true);
      quanta(machine, quantaSeed);
      List<Long> state =
          new ArrayList<>(List.of(core.instructions(), core.state.get(CoreState.PC)));
      for (int n = 0; n < 6; n++) {
        state.add(machine.reg(0, n));
      }
      state.add(
          Flags.pack(
              (int) core.state.get(CoreState.FLAG_KIND),
              core.state.get(CoreState.FLAG_A),
              core.state.get(CoreState.FLAG_B),
              core.state.get(CoreState.FLAG_C)));
      byte[] memory = new byte[0x10000];
      machine.bus.read(0, memory, 0, memory.length);
      return new Result(state, guest.faults, seen, Arrays.hashCode(memory));
    }
  }

  private static void quanta(IrCores machine, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Core core = machine.core(0);
    while (core.instructions() < INSTRUCTIONS) {
      long before = core.instructions();
      int left = INSTRUCTIONS - (int) before;
      int quantum = seed == 0 ? left : Math.min(left, 1 + random.nextInt(1 << seed));
      assertThat(machine.quantum(0, quantum)).isEqualTo(Core.QUANTUM);
      assertThat(core.instructions() - before).isEqualTo(quantum);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void everyDivisionGivesTheSameResult(int program) {
    Result whole = run(program, 0);
    assertThat(whole.faults).isNotEmpty();
    assertThat(whole.seen).isNotEmpty();
    for (int seed = 1; seed < 9; seed++) {
      assertThat(run(program, seed))
          .as("program %d, quanta of up to %d", program, 1 << seed)
          .isEqualTo(whole);
    }
  }

  @Test
  void quantaThatNeedNotBeExactNeverTakeMoreAndAlwaysSomething() {
    try (IrCores machine = new IrCores(1, 1 << 20)) {
      int[] code = new int[300];
      Arrays.fill(code, machine.addTo(0, 1));
      code[299] = machine.jumpBy(-299);
      machine.code(CODE, code);
      machine.start(0, CODE);
      Core core = machine.core(0);
      for (int quantum = Translator.MAX_INSNS; quantum < 300; quantum++) {
        long before = core.instructions();
        assertThat(machine.quantum(0, quantum)).isEqualTo(Core.QUANTUM);
        assertThat(core.instructions() - before).isBetween(1L, (long) quantum);
        assertThat(core.currentPc()).isEqualTo(CODE + core.instructions() % 300 * 4);
      }
    }
  }

  @Test
  void aStopEndsTheQuantumBetweenBlocks() {
    try (IrCores machine = new IrCores(1, 1 << 20)) {
      int stop =
          machine.calls(
              Effect.VISIBLE,
              0,
              0,
              (core, a, b, c) -> {
                core.requestStop();
                return 0;
              });
      machine.code(CODE, machine.addTo(0, 1), stop, machine.addTo(0, 1), machine.jumpBy(-3));
      machine.start(0, CODE);
      for (int i = 1; i < 10; i++) {
        assertThat(machine.quantum(0, 1000)).isEqualTo(Core.STOPPED);
        assertThat(machine.core(0).instructions()).isEqualTo(4 * i);
        assertThat(machine.reg(0, 0)).isEqualTo(2 * i);
      }
    }
  }

  @Test
  void yieldingEndsTheQuantumAndHaltingUsesNothing() {
    try (IrCores machine = new IrCores(1, 1 << 20)) {
      int pause =
          machine.helpers.add(
              "pause",
              Effect.ANY,
              (core, a, b, c) -> {
                core.yield();
                return 0;
              });
      int yields =
          machine.insn(
              (ir, delta, next) -> {
                ir.call(pause);
                ir.exit(next);
              });
      machine.code(CODE, machine.addTo(0, 1), yields, machine.addTo(0, 1), IrCores.STOP);
      machine.start(0, CODE);
      assertThat(machine.quantum(0, 1000)).isEqualTo(Core.YIELDED);
      assertThat(machine.core(0).instructions()).isEqualTo(2);
      assertThat(machine.quantum(0, 1000)).isEqualTo(Core.HALTED);
      assertThat(machine.core(0).instructions()).isEqualTo(4);
      assertThat(machine.quantum(0, 1000)).isEqualTo(Core.HALTED);
      assertThat(machine.core(0).instructions()).isEqualTo(4);
    }
  }
}
