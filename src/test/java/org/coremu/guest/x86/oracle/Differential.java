package org.coremu.guest.x86.oracle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Runs generated cases on an oracle and on an emulator under test and explains the first
 * disagreements.
 */
public final class Differential {
  private static final int BATCH = 256;

  private final Emulator oracle;
  private final Emulator subject;
  private final Comparison.Leniency[] lenient;
  private final Map<String, Integer> vectors = new TreeMap<>();
  private long instructions;

  /** An empty comparison of {@code subject} with {@code oracle}. */
  public Differential(Emulator oracle, Emulator subject, Comparison.Leniency... lenient) {
    this.oracle = oracle;
    this.subject = subject;
    this.lenient = lenient;
  }

  /**
   * Runs {@code count} cases and returns at most {@code limit} reports of disagreements, each of a
   * different row.
   */
  List<String> run(CaseGenerator generator, long first, long count, int limit) {
    Map<String, String> reports = new TreeMap<>();
    for (long done = 0; done < count && reports.size() < limit; done += BATCH) {
      List<TestCase> cases = new ArrayList<>();
      for (long i = done; i < Math.min(done + BATCH, count); i++) {
        cases.add(generator.generate(first + i));
      }
      List<Outcome> expected = oracle.run(cases);
      List<Outcome> actual = subject.run(cases);
      for (int i = 0; i < cases.size() && reports.size() < limit; i++) {
        vectors.merge("vector " + expected.get(i).vector(), 1, Integer::sum);
        instructions += cases.get(i).insns().size();
        if (!Comparison.differences(cases.get(i), expected.get(i), actual.get(i), lenient)
            .isEmpty()) {
          TestCase shortest = minimise(cases.get(i));
          String row =
              shortest.insns().stream()
                  .map(insn -> insn.row().name())
                  .collect(Collectors.joining(" "));
          long number = first + done + i;
          reports.computeIfAbsent(row, key -> "case " + number + ": " + describe(shortest));
        }
      }
    }
    return reports.values().stream().sorted(Comparator.comparingInt(String::length)).toList();
  }

  /** Drops instructions for as long as the two still disagree. */
  private TestCase minimise(TestCase testCase) {
    TestCase shortest = testCase;
    for (int i = shortest.insns().size() - 1; i >= 0 && shortest.insns().size() > 1; i--) {
      TestCase candidate = shortest.without(i);
      if (disagree(candidate)) {
        shortest = candidate;
        i = shortest.insns().size(); // what was needed before may not be any more
      }
    }
    return shortest;
  }

  private boolean disagree(TestCase testCase) {
    List<TestCase> one = List.of(testCase);
    return !Comparison.differences(
            testCase, oracle.run(one).getFirst(), subject.run(one).getFirst(), lenient)
        .isEmpty();
  }

  private String describe(TestCase testCase) {
    Outcome expected = oracle.run(List.of(testCase)).getFirst();
    Outcome actual = subject.run(List.of(testCase)).getFirst();
    return Report.disagreement(
        testCase, expected, actual, Comparison.differences(testCase, expected, actual, lenient));
  }

  /** How many instructions ran and how the cases ended on the oracle. */
  public String statistics() {
    return "%d instructions, %s".formatted(instructions, vectors);
  }
}
