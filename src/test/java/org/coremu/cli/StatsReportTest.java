package org.coremu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.coremu.machine.Stats;
import org.coremu.machine.Tier;
import org.junit.jupiter.api.Test;

class StatsReportTest {
  private static final Stats STATS =
      new Stats(
          Tier.NATIVE,
          2_000_000_000L,
          1_500_000_000L,
          400_000_000L,
          List.of(300_000_000L, 100_000_000L),
          12,
          42_000,
          345,
          6,
          78_900,
          120,
          1,
          5_250_000,
          2,
          1_900_000,
          17,
          4,
          3,
          List.of(0, 2, 3));

  @Test
  void oneLineSaysItAll() {
    assertThat(StatsReport.line(STATS))
        .isEqualTo(
            "coremu: 2.00 s wall, 1.50 s guest, 400.0 M instructions, 200.0 MIPS, cores 75/25 %, 12 interrupts, "
                + "TLB 345 fills 6 flushes, tier native, code 78.9 k blocks 120 traces 1 invalidated, "
                + "5.3 MB machine code 2 evictions 42.0 k exits, skew 1900.0 k, 17 yields 3 boosts, affinity 0,2-3");
  }

  @Test
  void manyCoresAreSummedUp() {
    List<Long> cores = Collections.nCopies(64, 100L);
    Stats many =
        new Stats(Tier.INTERP, 1, 1, 6400, cores, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());
    assertThat(StatsReport.line(many)).contains("cores 64 x 2 to 2 %").endsWith(" boosts");
  }

  @Test
  void jsonHasTheSameFigures() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StatsReport.json(STATS, out);
    assertThat(out.toString(StandardCharsets.UTF_8).replaceAll("\\s", ""))
        .isEqualTo(
            "{\"tier\":\"native\",\"wall_s\":2.0,\"guest_s\":1.5,\"instructions\":400000000,\"mips\":200.0,"
                + "\"core_instructions\":[300000000,100000000],\"interrupts\":12,\"tlb_fills\":345,"
                + "\"tlb_flushes\":6,\"translated_blocks\":78900,\"traces\":120,\"invalidations\":1,"
                + "\"code_bytes\":5250000,\"evictions\":2,"
                + "\"exits\":42000,\"max_skew\":1900000,\"yields\":17,\"wake_ups\":4,\"boosts\":3,\"affinity\":[0,2,3]}");
  }
}
