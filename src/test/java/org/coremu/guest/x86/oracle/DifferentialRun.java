package org.coremu.guest.x86.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.function.LongFunction;

/**
 * Runs one class of instructions on the engine and on the host CPU. System properties: {@code
 * oracle.cases} is the number of cases (about 4.5 instructions each; the default suits CI), {@code
 * oracle.seed} repeats a run.
 */
final class DifferentialRun {
  private static final long CASES = Long.getLong("oracle.cases", 20_000);
  private static final int REPORTS = Integer.getInteger("oracle.reports", 5);

  private DifferentialRun() {}

  /** Compares over streams of up to {@code longest} instructions out of {@code rows}. */
  static void compare(String title, List<InsnRow> rows, int longest) {
    compare(title, seed -> new InsnGenerator(rows, seed, longest));
  }

  /** Compares over the cases of a generator, made from a seed. */
  static void compare(String title, LongFunction<CaseGenerator> generator) {
    assumeTrue(HostCpu.unavailable().isEmpty(), () -> HostCpu.unavailable().orElseThrow());
    long seed = Long.getLong("oracle.seed", System.nanoTime() & 0xFFFF_FFFFL);
    System.out.printf("%s: -Doracle.seed=%d -Doracle.cases=%d%n", title, seed, CASES);
    try (Emulator host = HostCpu.start();
        Emulator engine = new CoremuEmulator()) {
      Differential differential = new Differential(host, engine);
      List<String> reports = differential.run(generator.apply(seed), 0, CASES, REPORTS);
      System.out.printf("%s: %s%n", title, differential.statistics());
      assertThat(reports).as("disagreements with the host CPU, seed %d", seed).isEmpty();
    }
  }
}
