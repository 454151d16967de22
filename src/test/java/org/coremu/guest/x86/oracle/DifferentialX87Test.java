package org.coremu.guest.x86.oracle;

import org.junit.jupiter.api.Test;

/** x87 instructions do what the host CPU does. */
class DifferentialX87Test {
  @Test
  void agreesWithTheHostCpu() {
    DifferentialRun.compare(
        "X87",
        X87Rows.rows().stream().filter(row -> !row.is("approx")).toList(),
        InsnGenerator.LONGEST);
  }

  @Test
  void transcendentalsAreWithinOneUnit() {
    DifferentialRun.compare(
        "Transcendentals", X87Rows.rows().stream().filter(row -> row.is("approx")).toList(), 1);
  }
}
