package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coremu.exec.LockedAccessTest.CODE;
import static org.coremu.exec.LockedAccessTest.CORES;
import static org.coremu.exec.LockedAccessTest.ROUNDS;

import java.util.concurrent.TimeUnit;
import org.coremu.ir.IrOp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Atomic ops on places that no host op covers: over the end of a word, of a cache line, of a page,
 * and in devices.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SplitLockTest {
  @ParameterizedTest
  @CsvSource({"2,0x8007", "4,0x8006", "8,0x8001", "8,0x803c", "2,0x8fff", "4,0x8ffd", "8,0x8ffc"})
  void adds(int size, long address) {
    LockedAccessTest.addsAreAllCounted(address, size, 1);
  }

  @ParameterizedTest
  @CsvSource({"2,0x8007", "4,0x8ffe", "8,0x8ff9"})
  void comparesAndExchanges(int size, long address) {
    LockedAccessTest.comparesAndExchangesAreAllCounted(address, size);
  }

  @ParameterizedTest
  @CsvSource({"2,0x8007", "4,0x8ffe", "8,0x8ff9"})
  void exchanges(int size, long address) {
    LockedAccessTest.exchangesLoseNothing(address, size);
  }

  @ParameterizedTest
  @CsvSource({"4,0x8006", "8,0x8ffa"})
  void bits(int size, long address) {
    LockedAccessTest.bitsOfDifferentCoresStayApart(address, size);
  }

  /**
   * One core adds 1 across two words while others add 1, in one word, to the bytes above: no carry
   * comes in between.
   */
  @Test
  void splitAndPlainAtomicOpsExcludeEachOther() {
    long address = 0x8ffe;
    try (IrCores machine = new IrCores(CORES, 1 << 20)) {
      int split =
          machine.insn(
              (ir, delta, next) -> ir.atomic(IrOp.FADD, 32, ir.constant(address), ir.constant(1)));
      int plain =
          machine.insn(
              (ir, delta, next) ->
                  ir.atomic(IrOp.FADD, 16, ir.constant(address + 2), ir.constant(1)));
      int loop = machine.loop(15, -1);
      machine.code(CODE, split, loop, IrCores.STOP);
      machine.code(CODE + 0x100, plain, loop, IrCores.STOP);
      for (int core = 0; core < CORES; core++) {
        machine.reg(core, 15, ROUNDS).start(core, core == 0 ? CODE : CODE + 0x100);
      }
      machine.runParallel();
      long expected = ROUNDS + ((CORES - 1L) * ROUNDS << 16);
      assertThat(LockedAccessTest.read(machine, address, 4)).isEqualTo(expected & 0xffffffffL);
    }
  }

  /** While a core's split store is in progress no plain aligned load of another sees half of it. */
  @Test
  void splitAtomicOpsAreSeenWhole() {
    long address = 0x8ffc;
    try (IrCores machine = new IrCores(2, 1 << 20)) {
      int split =
          machine.insn(
              (ir, delta, next) ->
                  ir.atomic(IrOp.FADD, 64, ir.constant(address), ir.constant(0x1_0000_0001L)));
      // An atomic op that changes nothing reads the whole.
      int look =
          machine.insn(
              (ir, delta, next) -> {
                int v = ir.atomic(IrOp.FOR, 64, ir.constant(address), ir.constant(0));
                int torn = ir.binary(IrOp.NE32, v, ir.shr(v, 32));
                ir.put(IrCores.R, ir.or(ir.get(IrCores.R), torn));
              });
      int loop = machine.loop(15, -1);
      machine.code(CODE, split, loop, IrCores.STOP);
      machine.code(CODE + 0x100, look, loop, IrCores.STOP);
      machine.reg(0, 15, ROUNDS).start(0, CODE);
      machine.reg(1, 15, ROUNDS).start(1, CODE + 0x100);
      machine.runParallel();
      assertThat(machine.reg(1, 0)).as("torn values seen").isZero();
      assertThat(LockedAccessTest.read(machine, address, 8)).isEqualTo(ROUNDS * 0x1_0000_0001L);
    }
  }
}
