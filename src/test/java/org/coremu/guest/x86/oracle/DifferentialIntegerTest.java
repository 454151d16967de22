package org.coremu.guest.x86.oracle;

import org.junit.jupiter.api.Test;

/** General-purpose instructions do what the host CPU does. */
class DifferentialIntegerTest {
  @Test
  void agreesWithTheHostCpu() {
    DifferentialRun.compare("Integer", IntegerRows.rows(), InsnGenerator.LONGEST);
  }
}
