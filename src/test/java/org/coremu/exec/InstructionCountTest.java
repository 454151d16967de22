package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.coremu.hw.MmioDevice;
import org.coremu.ir.Effect;
import org.coremu.ir.IrOp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The instruction count and the PC are exact wherever somebody can look: faults, helpers, devices,
 * exits, single steps.
 */
class InstructionCountTest {
  private static final long CODE = 0x1000;
  private static final long ABSENT = IrCores.LIMIT;
  private static final long DEVICE = 0x20_0000;

  private final IrCores machine = new IrCores(1, 1 << 20);
  private final Core core = machine.core(0);
  private final IrGuest guest = machine.guest(0);
  private final int addOne = machine.addTo(0, 1);

  /** What was seen: instruction counts and PCs. */
  private final List<Long> seen = new ArrayList<>();

  private final int look =
      machine.calls(
          Effect.VISIBLE,
          0,
          1,
          (c, a, b, z) -> {
            seen.add(c.instructions());
            seen.add(c.currentPc());
            return 0;
          });

  @AfterEach
  void close() {
    machine.close();
  }

  private int[] block(int at, int instruction) {
    int[] code = new int[8];
    for (int i = 0; i < 7; i++) {
      code[i] = i == at ? instruction : addOne;
    }
    return code;
  }

  private void assertFaultAt(int at, int instruction, long address) {
    machine.reg(0, 0, 0);
    machine.code(CODE, block(at, instruction));
    long before = core.instructions();
    guest.faults.clear();
    machine.run(0, CODE);
    assertThat(guest.faults)
        .containsExactly(new IrGuest.Taken(address, CODE + at * 4, before + at));
    assertThat(machine.reg(0, 0))
        .as("instructions before the fault have run, none after it")
        .isEqualTo(at);
    assertThat(core.instructions()).isEqualTo(before + at);
    assertThat(core.state.get(CoreState.PC)).isEqualTo(CODE + at * 4);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 6})
  void faultsOfLoadsAndStores(int at) {
    assertFaultAt(
        at, machine.insn((ir, delta, next) -> ir.load(64, ir.constant(ABSENT), 8)), ABSENT + 8);
    assertFaultAt(
        at,
        machine.insn((ir, delta, next) -> ir.store(8, ir.constant(ABSENT), 0, ir.constant(1))),
        ABSENT);
    assertFaultAt(
        at,
        machine.insn(
            (ir, delta, next) -> ir.atomic(IrOp.FADD, 32, ir.constant(ABSENT), ir.constant(1))),
        ABSENT);
    assertFaultAt(
        at, machine.insn((ir, delta, next) -> ir.loadV(ir.constant(0x100), 8, true)), 0x108);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 6})
  void faultsOfHelpers(int at) {
    int faults =
        machine.calls(
            Effect.FAULTS,
            1,
            1,
            (c, a, b, z) -> {
              throw new IrGuest.Fault(42);
            });
    assertFaultAt(at, faults, 42);
  }

  @Test
  void faultOfAFetchInTheMiddleOfStraightCode() {
    int[] code = new int[16];
    Arrays.fill(code, addOne);
    machine.code(CODE + 0xff8, code);
    machine.unmap(CODE + 0x1000);
    machine.run(0, CODE + 0xff8);
    assertThat(machine.reg(0, 0)).isEqualTo(2);
    assertThat(guest.faults).containsExactly(new IrGuest.Taken(CODE + 0x1000, CODE + 0x1000, 2));
  }

  @Test
  void helpersAndDevicesSeeTheInstructionsBefore() {
    machine.bus.mapDevice(
        DEVICE,
        0x1000,
        new MmioDevice() {
          @Override
          public long read(long offset, int size) {
            seen.add(core.instructions());
            seen.add(core.currentPc());
            return 0;
          }

          @Override
          public void write(long offset, long value, int size) {
            read(offset, size);
          }
        });
    int load = machine.insn((ir, delta, next) -> ir.load(32, ir.constant(DEVICE), 0));
    int store =
        machine.insn((ir, delta, next) -> ir.store(32, ir.constant(DEVICE), 0, ir.constant(0)));
    machine.code(
        CODE, addOne, look, addOne, load, store, look, machine.jumpBy(1), look, IrCores.STOP);
    for (long before : new long[] {0, 9}) {
      seen.clear();
      machine.run(0, CODE);
      assertThat(seen)
          .containsExactly(
              before + 1,
              CODE + 4,
              before + 3,
              CODE + 12,
              before + 4,
              CODE + 16,
              before + 5,
              CODE + 20,
              before + 7,
              CODE + 28);
      assertThat(core.instructions()).isEqualTo(before + 9);
    }
  }

  @Test
  void exitsInTheMiddleOfABlockCountTheirInstruction() {
    int exitIf = machine.insn((ir, delta, next) -> ir.exitIf(ir.get(IrCores.R + 1), delta + 8));
    machine.code(CODE, addOne, exitIf, addOne, look, IrCores.STOP);
    machine.run(0, CODE);
    assertThat(seen).containsExactly(3L, CODE + 12);
    assertThat(machine.reg(0, 0)).isEqualTo(2);
    seen.clear();
    machine.reg(0, 1, 1);
    machine.run(0, CODE);
    // Not taken before, taken now: the instruction that adds is left out.
    assertThat(machine.reg(0, 0)).isEqualTo(3);
    assertThat(seen).containsExactly(5L + 2, CODE + 12);
    machine.code(
        CODE,
        addOne,
        machine.insn((ir, delta, next) -> ir.exitIf(ir.constant(1), delta + 8)),
        addOne,
        look,
        0);
    seen.clear();
    machine.run(0, CODE);
    assertThat(seen).containsExactly(9L + 2, CODE + 12);
  }

  @Test
  void blocksThatEndWithExitCountAllTheirInstructions() {
    int exit = machine.insn((ir, delta, next) -> ir.exit(next));
    int setPc =
        machine.helpers.add(
            "set pc",
            Effect.ANY,
            (c, a, b, z) -> {
              c.state.put(CoreState.PC, a);
              return 0;
            });
    int leave =
        machine.insn(
            (ir, delta, next) -> {
              ir.call(setPc, ir.pcRelative(next + 4));
              ir.leave();
            });
    machine.code(CODE, addOne, exit, look, addOne, leave, addOne, look, IrCores.STOP);
    machine.run(0, CODE);
    assertThat(seen).containsExactly(2L, CODE + 8, 5L, CODE + 24);
    assertThat(core.instructions()).isEqualTo(7);
  }

  @Test
  void singleStepsAreOneInstructionEach() {
    int load =
        machine.insn(
            (ir, delta, next) -> ir.put(IrCores.R + 2, ir.load(64, ir.constant(0x5000), 0)));
    int change =
        machine.insn(
            (ir, delta, next) -> ir.store(32, ir.constant(CODE + 20), 0, ir.constant(addOne)));
    machine.code(
        CODE, addOne, load, machine.jumpBy(1), look, change, IrCores.STOP, addOne, IrCores.STOP);
    guest.steps = 6;
    machine.run(0, CODE);
    assertThat(guest.stepped).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(seen).containsExactly(3L, CODE + 12);
    assertThat(machine.reg(0, 0)).isEqualTo(3);
    assertThat(core.instructions()).isEqualTo(8);
  }

  @Test
  void aStepThatFaultsIsNone() {
    int load = machine.insn((ir, delta, next) -> ir.load(64, ir.constant(ABSENT), 0));
    machine.code(CODE, addOne, load, addOne, IrCores.STOP);
    guest.steps = 2;
    guest.skipFaults = true;
    machine.run(0, CODE);
    assertThat(guest.faults).containsExactly(new IrGuest.Taken(ABSENT, CODE + 4, 1));
    assertThat(guest.stepped).containsExactly(1L, 2L);
    assertThat(core.instructions()).isEqualTo(3);
  }

  @Test
  void messagesComeBetweenBlocks() {
    int post =
        machine.calls(
            Effect.VISIBLE,
            0,
            1,
            (c, a, b, z) -> {
              c.post(
                  to -> {
                    seen.add(to.instructions());
                    seen.add(to.currentPc());
                  });
              return 0;
            });
    machine.code(CODE, post, addOne, machine.jumpBy(1), addOne, machine.jumpBy(1), IrCores.STOP);
    machine.run(0, CODE);
    assertThat(seen).containsExactly(3L, CODE + 12);
  }
}
