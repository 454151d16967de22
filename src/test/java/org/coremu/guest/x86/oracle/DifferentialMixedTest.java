package org.coremu.guest.x86.oracle;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Integer, x87, MMX and SSE instructions among each other do what the host CPU does. */
class DifferentialMixedTest {
  @Test
  void agreesWithTheHostCpu() {
    List<InsnRow> rows = new ArrayList<>(IntegerRows.rows());
    rows.addAll(X87Rows.rows());
    rows.addAll(SseRows.rows());
    rows.removeIf(row -> row.is("approx"));
    DifferentialRun.compare("Mixed", rows, InsnGenerator.LONGEST);
  }
}
