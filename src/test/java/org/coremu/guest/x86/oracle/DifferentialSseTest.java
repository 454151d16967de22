package org.coremu.guest.x86.oracle;

import org.junit.jupiter.api.Test;

/** MMX and SSE instructions do what the host CPU does. */
class DifferentialSseTest {
  @Test
  void agreesWithTheHostCpu() {
    DifferentialRun.compare(
        "Sse",
        SseRows.rows().stream().filter(row -> !row.is("approx")).toList(),
        InsnGenerator.LONGEST);
  }

  @Test
  void estimatesAreWithinTheirError() {
    DifferentialRun.compare(
        "SseEstimates", SseRows.rows().stream().filter(row -> row.is("approx")).toList(), 1);
  }
}
