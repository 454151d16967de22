package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.coremu.ir.IrBuilder;
import org.coremu.ir.IrOp;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Atomic ops by cores on real threads, on places within one word: nothing is lost, and the
 * neighbours stay as they are.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LockedAccessTest {
  static final int CORES = 3;
  static final int ROUNDS = 20_000;
  static final long CODE = 0x1000;

  private static final int R = IrCores.R;

  /** Register that counts rounds. */
  private static final int LEFT = 15;

  /** Register with the sum of what a core has seen or taken. */
  private static final int SUM = 1;

  /** Runs one instruction on all cores at the same time, again and again. */
  static IrCores contend(IrCores machine, int insn) {
    machine.code(CODE, insn, machine.loop(LEFT, -1), IrCores.STOP);
    for (int core = 0; core < CORES; core++) {
      machine.reg(core, LEFT, ROUNDS).start(core, CODE);
    }
    machine.runParallel();
    return machine;
  }

  private static long mask(int size) {
    return -1L >>> 64 - size * 8;
  }

  /** The bytes around a place, which begin as {@code 0x5a}. */
  private static void fill(IrCores machine, long address) {
    for (long a = address - 16; a < address + 24; a++) {
      machine.bus.write(a, 0x5a, 1);
    }
  }

  private static void assertNeighbours(IrCores machine, long address, int size) {
    for (long a = address - 16; a < address + 24; a++) {
      if (a < address || a >= address + size) {
        assertThat(machine.bus.read(a, 1)).as("byte at %x", a).isEqualTo(0x5a);
      }
    }
  }

  static void write(IrCores machine, long address, int size, long value) {
    for (int i = 0; i < size; i++) {
      machine.bus.write(address + i, value >>> i * 8, 1);
    }
  }

  static long read(IrCores machine, long address, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= machine.bus.read(address + i, 1) << i * 8;
    }
    return value;
  }

  static void addsAreAllCounted(long address, int size, long k) {
    try (IrCores machine = new IrCores(CORES, 1 << 20)) {
      fill(machine, address);
      write(machine, address, size, 0);
      contend(
          machine,
          machine.insn(
              (ir, delta, next) ->
                  ir.atomic(IrOp.FADD, size * 8, ir.constant(address), ir.constant(k))));
      assertThat(read(machine, address, size)).isEqualTo(CORES * ROUNDS * k & mask(size));
      assertNeighbours(machine, address, size);
    }
  }

  /** Every core adds 1 by a loop of compare and exchange. */
  static void comparesAndExchangesAreAllCounted(long address, int size) {
    try (IrCores machine = new IrCores(CORES, 1 << 20)) {
      fill(machine, address);
      write(machine, address, size, 0);
      contend(
          machine,
          machine.insn(
              (ir, delta, next) -> {
                int expected = ir.get(R + 2);
                int old = ir.cas(size * 8, ir.constant(address), expected, ir.plus(expected, 1));
                ir.put(
                    R + 2,
                    ir.select(
                        ir.binary(IrOp.EQ, old, expected),
                        ir.mask(ir.plus(old, 1), mask(size)),
                        old));
                // The same again unless it was exchanged.
                ir.branch(ir.binary(IrOp.NE, old, expected), delta, next);
              }));
      assertThat(read(machine, address, size)).isEqualTo((long) CORES * ROUNDS & mask(size));
      assertNeighbours(machine, address, size);
    }
  }

  /** Every value that was put in comes out once: the sums of both agree. */
  static void exchangesLoseNothing(long address, int size) {
    try (IrCores machine = new IrCores(CORES, 1 << 20)) {
      fill(machine, address);
      write(machine, address, size, 0);
      contend(machine, machine.insn((ir, delta, next) -> exchange(ir, address, size)));
      long in = 0;
      long out = read(machine, address, size);
      for (int core = 0; core < CORES; core++) {
        in += machine.reg(core, 3);
        out += machine.reg(core, SUM);
      }
      assertThat(out).isEqualTo(in);
      assertNeighbours(machine, address, size);
    }
  }

  private static void exchange(IrBuilder ir, long address, int size) {
    int mine =
        ir.mask(
            ir.plus(ir.binary(IrOp.MUL, ir.get(R + 2), ir.constant(0x5851f42d4c957f2dL)), 12345),
            mask(size));
    ir.put(R + 2, mine);
    ir.put(R + 3, ir.add(ir.get(R + 3), mine));
    ir.put(
        R + SUM,
        ir.add(ir.get(R + SUM), ir.atomic(IrOp.XCHG, size * 8, ir.constant(address), mine)));
  }

  /** Every core sets, clears and toggles bits of its own. */
  static void bitsOfDifferentCoresStayApart(long address, int size) {
    try (IrCores machine = new IrCores(CORES, 1 << 20)) {
      fill(machine, address);
      write(machine, address, size, 0);
      for (int core = 0; core < CORES; core++) {
        machine.reg(core, 2, 1L << core).reg(core, 3, 1L << size * 8 - 1 - core);
      }
      int bits = size * 8;
      contend(
          machine,
          machine.insn(
              (ir, delta, next) -> {
                int place = ir.constant(address);
                int low = ir.get(R + 2);
                int before = ir.atomic(IrOp.FOR, bits, place, low);
                ir.atomic(IrOp.FXOR, bits, place, ir.get(R + 3));
                int after = ir.atomic(IrOp.FAND, bits, place, ir.unary(IrOp.NOT, low));
                // My low bit was clear before and set after.
                int wrong = ir.or(ir.and(before, low), ir.xor(ir.and(after, low), low));
                ir.put(R + SUM, ir.or(ir.get(R + SUM), wrong));
              }));
      for (int core = 0; core < CORES; core++) {
        assertThat(machine.reg(core, SUM)).as("bits of core %d that others changed", core).isZero();
      }
      assertThat(read(machine, address, size)).as("toggled an even number of times").isZero();
      assertNeighbours(machine, address, size);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,0", "1,7", "2,0", "2,3", "2,6", "4,0", "4,1", "4,4", "8,0"})
  void addsWithinAWord(int size, int offset) {
    addsAreAllCounted(0x8000 + offset, size, 1);
    addsAreAllCounted(0x8000 + offset, size, -3);
  }

  @ParameterizedTest
  @CsvSource({"1,5", "2,0", "2,5", "4,4", "4,2", "8,0"})
  void comparesAndExchangesWithinAWord(int size, int offset) {
    comparesAndExchangesAreAllCounted(0x8000 + offset, size);
  }

  @ParameterizedTest
  @CsvSource({"1,3", "2,1", "4,0", "4,3", "8,0"})
  void exchangesWithinAWord(int size, int offset) {
    exchangesLoseNothing(0x8000 + offset, size);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void bitsWithinAWord(int size) {
    bitsOfDifferentCoresStayApart(0x8000, size);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 8})
  void besideCode(int size) {
    addsAreAllCounted(CODE + 0x100, size, 1);
  }
}
