package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.coremu.ir.Effect;
import org.coremu.ir.IrBuilder;
import org.coremu.ir.IrOp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Litmus tests of x86's memory model, total store order (SDM vol. 3, 9.2.3), by cores on real
 * threads: what it forbids is never seen. Each round has locations of its own; a barrier brings the
 * cores together before it.
 */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class LitmusTest {
  /** Of two cores; fewer when more cores share the host's CPUs. */
  private static final int ROUNDS = 2500;

  private static final long CODE = 0x1000;
  private static final long BARRIER = 0x8000;
  private static final long RAM = 8 << 20;

  /** Locations of round 0, each in a cache line of its own; every round has its own 128 bytes. */
  private static final long X = 0x10_0000;

  private static final long Y = X + 64;
  private static final int ROUND_BYTES = 128;
  private static final long RESULTS = 0x40_0000;
  private static final int R = IrCores.R;

  /** Offset of the round, from {@link #X}. */
  private static final int OFFSET = 1;

  private static final int ARRIVED = 2;
  private static final int LEFT = 3;
  private static final int PATIENCE = 4;
  private static final int LATE = 5;
  private static final int SEED = 6;
  private static final int BARRIER_LENGTH = 7;

  /** What a core does in a round. Values that it wants to keep are given to the result. */
  @FunctionalInterface
  private interface Part {
    /** Gives a value of 8 bits, the core's result of the round. */
    int run(IrBuilder ir, int offset);
  }

  private static int load(IrBuilder ir, int offset, long location) {
    return ir.load(64, offset, location);
  }

  private static void store(IrBuilder ir, int offset, long location) {
    ir.store(64, offset, location, ir.constant(1));
  }

  /** Two loads as two bits, the first one the low bit. */
  private static int loads(IrBuilder ir, int offset, long first, long second) {
    int a = load(ir, offset, first);
    int b = load(ir, offset, second);
    return ir.or(a, ir.shl(b, 1));
  }

  /**
   * Counts how often each combination of results was seen; the results of core i are bits 2i and
   * up.
   */
  private static int[] run(Part... parts) {
    int n = parts.length;
    int rounds = n > 2 ? ROUNDS / 4 : ROUNDS;
    try (IrCores machine = new IrCores(n, RAM)) {
      // The host gives the memory now, not in the middle of a round.
      machine.ram.segment().fill((byte) 0);
      int[] code = new int[BARRIER_LENGTH + 3];
      barrier(machine, n, code);
      code[BARRIER_LENGTH + 1] = machine.loop(LEFT, -BARRIER_LENGTH - 1);
      for (int i = 0; i < n; i++) {
        int core = i;
        code[BARRIER_LENGTH] =
            machine.insn(
                (ir, delta, next) -> {
                  int offset = ir.get(R + OFFSET);
                  int result = parts[core].run(ir, offset);
                  ir.store(8, offset, RESULTS + core, result);
                  ir.put(R + OFFSET, ir.plus(offset, ROUND_BYTES));
                });
        long at = CODE + core * 0x100;
        machine.code(at, code);
        machine
            .reg(core, SEED, 0x5851f42d4c957f2dL * (core * 2 + 3))
            .reg(core, LEFT, rounds)
            .start(core, at);
      }
      machine.runParallel();
      return count(machine, n, rounds);
    }
  }

  /**
   * Puts code at the start that brings the cores together and then lets them go on, each late by a
   * little.
   */
  private static void barrier(IrCores machine, int cores, int[] code) {
    int pause =
        machine.helpers.add(
            "pause",
            Effect.ANY,
            (core, a, b, c) -> {
              core.yield();
              return 0;
            });
    code[0] =
        machine.insn(
            (ir, delta, next) -> {
              ir.put(R + ARRIVED, ir.plus(ir.get(R + ARRIVED), cores));
              ir.atomic(IrOp.FADD, 64, ir.constant(BARRIER), ir.constant(1));
            });
    // Spins for the last core, then gives its thread away, because there may be fewer host CPUs
    // than cores.
    code[1] =
        machine.insn(
            (ir, delta, next) -> ir.put(R + PATIENCE, ir.constant(cores > 2 ? 100 : 3000)));
    code[2] =
        machine.insn(
            (ir, delta, next) -> {
              int here = ir.load(64, ir.constant(BARRIER), 0);
              ir.branch(
                  ir.binary(IrOp.LTU, here, ir.get(R + ARRIVED)), next, next + 2 * IrCores.LENGTH);
            });
    code[3] = machine.loop(PATIENCE, -1);
    code[4] =
        machine.insn(
            (ir, delta, next) -> {
              ir.call(pause);
              ir.exit(delta - 3 * IrCores.LENGTH);
            });
    // Who comes last sees the barrier open first: so each is late by a time that changes from round
    // to round.
    code[5] =
        machine.insn(
            (ir, delta, next) -> {
              int mixed = ir.binary(IrOp.MUL, ir.get(R + LEFT), ir.get(R + SEED));
              ir.put(R + LATE, ir.plus(ir.shr(mixed, 64 - 4), 1));
            });
    code[6] = machine.loop(LATE, 0);
  }

  private static int[] count(IrCores machine, int cores, int rounds) {
    int[] seen = new int[1 << 2 * cores];
    for (int round = 0; round < rounds; round++) {
      int outcome = 0;
      for (int core = 0; core < cores; core++) {
        outcome |= machine.ram.load8(RESULTS + (long) round * ROUND_BYTES + core) << 2 * core;
      }
      seen[outcome]++;
    }
    return seen;
  }

  private static List<Integer> outcomes(int[] seen) {
    List<Integer> outcomes = new ArrayList<>();
    for (int i = 0; i < seen.length; i++) {
      if (seen[i] > 0) {
        outcomes.add(i);
      }
    }
    return outcomes;
  }

  /** Results of two cores as an outcome. */
  private static int outcome(int first, int second) {
    return first | second << 2;
  }

  @Test
  void storeBufferingIsAllowed() {
    int[] seen =
        run(
            (ir, offset) -> {
              store(ir, offset, X);
              return load(ir, offset, Y);
            },
            (ir, offset) -> {
              store(ir, offset, Y);
              return load(ir, offset, X);
            });
    assertThat(outcomes(seen))
        .isSubsetOf(outcome(0, 0), outcome(0, 1), outcome(1, 0), outcome(1, 1))
        .hasSizeGreaterThan(1);
  }

  @Test
  void storeBufferingWithFencesIsForbidden() {
    int[] seen =
        run(
            (ir, offset) -> {
              store(ir, offset, X);
              ir.fence();
              return load(ir, offset, Y);
            },
            (ir, offset) -> {
              store(ir, offset, Y);
              ir.fence();
              return load(ir, offset, X);
            });
    assertThat(outcomes(seen)).doesNotContain(outcome(0, 0)).hasSizeGreaterThan(1);
  }

  @Test
  void storeBufferingWithLockedOpsIsForbidden() {
    int[] seen =
        run(
            (ir, offset) -> {
              ir.atomic(IrOp.XCHG, 64, ir.plus(offset, X), ir.constant(1));
              return load(ir, offset, Y);
            },
            (ir, offset) -> {
              store(ir, offset, Y);
              ir.atomic(IrOp.FADD, 32, ir.plus(offset, X + 32), ir.constant(1));
              return load(ir, offset, X);
            });
    assertThat(outcomes(seen)).doesNotContain(outcome(0, 0)).hasSizeGreaterThan(1);
  }

  @Test
  void messagePassing() {
    int[] seen =
        run(
            (ir, offset) -> {
              store(ir, offset, X);
              store(ir, offset, Y);
              return ir.constant(0);
            },
            (ir, offset) -> loads(ir, offset, Y, X));
    assertThat(outcomes(seen))
        .as("Y seen, X not")
        .doesNotContain(outcome(0, 1))
        .hasSizeGreaterThan(1);
  }

  @Test
  void loadBuffering() {
    int[] seen =
        run(
            (ir, offset) -> {
              int seenX = load(ir, offset, X);
              store(ir, offset, Y);
              return seenX;
            },
            (ir, offset) -> {
              int seenY = load(ir, offset, Y);
              store(ir, offset, X);
              return seenY;
            });
    assertThat(outcomes(seen)).doesNotContain(outcome(1, 1)).hasSizeGreaterThan(1);
  }

  private static void assertSameOrderOfWrites(boolean fences) {
    Part reader =
        (ir, offset) -> {
          if (fences) {
            ir.fence();
          }
          return loads(ir, offset, X, Y);
        };
    int[] seen =
        run(
            (ir, offset) -> {
              store(ir, offset, X);
              return ir.constant(0);
            },
            (ir, offset) -> {
              store(ir, offset, Y);
              return ir.constant(0);
            },
            reader,
            (ir, offset) -> {
              if (fences) {
                ir.fence();
              }
              return loads(ir, offset, Y, X);
            });
    // Each reader has seen its first location written and its second one not yet.
    assertThat(outcomes(seen)).doesNotContain(1 << 4 | 1 << 6).hasSizeGreaterThan(1);
  }

  @Test
  void independentReadsOfIndependentWrites() {
    assertSameOrderOfWrites(false);
  }

  @Test
  void independentReadsOfIndependentWritesWithFences() {
    assertSameOrderOfWrites(true);
  }
}
