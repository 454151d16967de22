package org.coremu.guest.x86.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.coremu.exec.nativecode.HostFeatures;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The native tier does exactly what the interpreter does, on random programs of several blocks:
 * registers, memory, faults and instruction counts, however their runs are divided into quanta, and
 * when all native code is traces. System properties: {@code oracle.cases} is the number of programs
 * (about 85 instructions each; the default suits CI), {@code oracle.seed} repeats a run, {@code
 * oracle.first} is the first case.
 */
@Tag("tierless")
class NativeAgreementTest {
  private static final long CASES = Long.getLong("oracle.cases", 30_000);
  private static final long FIRST = Long.getLong("oracle.first", 0);
  private static final int REPORTS = Integer.getInteger("oracle.reports", 5);

  /**
   * Little, so that code is evicted all the time, but enough for any block: one that does not fit
   * is run instruction by instruction, and then quanta that are not exact end elsewhere.
   */
  private static final int CODE_BYTES = 3 << 19;

  @Test
  void nativeCodeDoesWhatTheInterpreterDoes() {
    assumeTrue(HostFeatures.isHostSupported(), "the host has no native tier");
    long seed = Long.getLong("oracle.seed", System.nanoTime() & 0xFFFF_FFFFL);
    System.out.printf("NativeAgreement: -Doracle.seed=%d -Doracle.cases=%d%n", seed, CASES);
    BlockGenerator generator = new BlockGenerator(seed);
    List<String> reports = new ArrayList<>();
    long generated = 0;
    long executed = 0;
    long faults = 0;
    try (BlockMachine interpreter = new BlockMachine(0);
        BlockMachine blocks = new BlockMachine(CODE_BYTES);
        BlockMachine traces = BlockMachine.ofTraces(CODE_BYTES)) {
      for (long i = FIRST; i < FIRST + CASES && reports.size() < REPORTS; i++) {
        BlockProgram program = generator.generate(i);
        run(interpreter, program, program.interp());
        generated += program.length();
        executed += interpreter.instructions();
        faults += interpreter.faults();
        if (!agrees(interpreter, blocks, program)) {
          reports.add("blocks: " + report(interpreter, blocks, program));
        } else if (program.isExact() && !agrees(interpreter, traces, program)) {
          reports.add("traces: " + report(interpreter, traces, program));
        }
      }
    }
    System.out.printf(
        "NativeAgreement: %d instructions in programs, %d executed, %d faults%n",
        generated, executed, faults);
    assertThat(reports).as("programs that differ, seed %d", seed).isEmpty();
  }

  /** Whether native code does what the interpreter has just done. */
  private static boolean agrees(
      BlockMachine interpreter, BlockMachine compiled, BlockProgram program) {
    run(compiled, program, program.compiled());
    if (compiled.agrees(interpreter)) {
      return true;
    }
    // Whether a fault of the fetch after the last instruction has been taken is open: one more.
    BlockProgram longer = program.until(program.limit() + 1);
    run(interpreter, longer, program.interp());
    run(compiled, longer, program.compiled());
    return compiled.agrees(interpreter);
  }

  private static boolean agree(
      BlockMachine interpreter, BlockMachine compiled, BlockProgram program) {
    run(interpreter, program, program.interp());
    return agrees(interpreter, compiled, program);
  }

  private static void run(BlockMachine machine, BlockProgram program, BlockProgram.Quanta quanta) {
    machine.load(program);
    try {
      machine.run(quanta, program.limit());
    } catch (RuntimeException | Error e) {
      throw new AssertionError("the engine failed in " + Report.program(program), e);
    }
  }

  private static String report(
      BlockMachine interpreter, BlockMachine compiled, BlockProgram program) {
    List<String> differences = compiled.differences(interpreter);
    String log = interpreter.log();
    if (agree(interpreter, compiled, program)) {
      return "only after the programs before it:\n" + text(program, log, differences);
    }
    BlockProgram shortest = minimise(interpreter, compiled, program);
    agree(interpreter, compiled, shortest);
    return text(shortest, interpreter.log(), compiled.differences(interpreter));
  }

  private static String text(BlockProgram program, String log, List<String> differences) {
    return Report.program(program) + log + String.join("\n", differences) + "\n";
  }

  /** Drops instructions and shortens the run for as long as the two still disagree. */
  private static BlockProgram minimise(
      BlockMachine interpreter, BlockMachine compiled, BlockProgram program) {
    BlockProgram shortest = program;
    for (int step = shortest.limit() / 2; step > 0; step /= 2) {
      BlockProgram candidate = shortest.until(Math.max(1, shortest.limit() - step));
      if (!agree(interpreter, compiled, candidate)) {
        shortest = candidate;
      }
    }
    for (int i = shortest.items().size() - 1; i >= 0; i--) {
      if (shortest.items().get(i).fix() == BlockProgram.Fix.LABEL) {
        continue;
      }
      BlockProgram candidate = shortest.without(i);
      if (agree(interpreter, compiled, candidate)) {
        if (shortest.items().get(i).isBlank()) {
          continue;
        }
        candidate = shortest.blank(i);
      }
      if (!agree(interpreter, compiled, candidate)) {
        shortest = candidate;
        i = Math.min(i + 20, shortest.items().size());
      }
    }
    return shortest;
  }
}
