package org.coremu.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.coremu.machine.Sample;
import org.junit.jupiter.api.Test;

class TopScreenTest {
  private static final String FOOTER = "q: quit";

  private static Rates rates(int cores) {
    return new Rates(Optional.of(Samples.of(cores, 2)), Samples.of(cores, 4));
  }

  private static TopScreen.Frame frame(
      Rates rates, int width, int height, int skip, TopScreen.Share share) {
    return new TopScreen(() -> "5: guest", Optional.empty())
        .frame(rates, width, height, skip, share, FOOTER);
  }

  @Test
  void aSmallMachineFitsWhole() {
    TopScreen.Frame frame = frame(rates(5), 100, 16, 0, TopScreen.Share.SOME);
    assertThat(String.join("\n", frame.lines()))
        .isEqualTo(
            """
            coremu 5: guest; tier native
            14 MIPS, 4.0 s wall, 3.0 s guest (0.75 x)  1.5k interrupts/s  250k exits/s
            TLB 40 fills/s  3.0 flushes/s  code 100 blocks/s  0 invalidated/s  4.5 MB
            2 workers on host CPUs 0,2-3, 100 % busy, skew 400 (most 1.9M of 2.0M)  0: core 0
            5 cores: 1 running, 1 ready, 1 spinning, 1 bound, 1 halted; 8.0 yields/s  10 boosts/s
             0 Rrsb.
            R running  r ready  s spinning  b bound by skew  h halted just now  . halted
             CORE STATE     ON  MIPS HOST%  IRQ/s EXIT/s FILL/s  AHEAD  FUNCTION
                0 running    0   5.0    50     10   2.0k     30      0  0xffffffff9ac00040
                1 ready      -   4.0    50     10   2.0k     30    100  0xffffffff9ac00041
                2 spinning   -   3.0    50     10   2.0k     30    200  0xffffffff9ac00042
                3 bound      -   2.0    50     10   2.0k     30    300  0xffffffff9ac00043
                4 halted     -     0    50     10   2.0k     30    400  0xffffffff9ac00044


            q: quit""");
    assertThat(frame.heading()).isEqualTo(7);
  }

  @Test
  void aThousandCoresFitAnyScreen() {
    Rates thousand = rates(1024);
    for (int width : new int[] {1, 20, 40, 80, 132, 300}) {
      for (int height : new int[] {1, 2, 5, 8, 24, 50, 200}) {
        for (TopScreen.Share share : TopScreen.Share.values()) {
          List<String> lines = frame(thousand, width, height, 0, share).lines();
          assertThat(lines).hasSize(height).allMatch(line -> line.length() <= width);
        }
      }
    }
    assertThat(frame(thousand, 80, 24, 0, TopScreen.Share.SOME).lines())
        .anyMatch(line -> line.matches(" {2}64 ([Rrsb]{4}){16}"))
        .contains("… and 768 more cores (m: the whole map)")
        .anyMatch(line -> line.matches("… and 101\\d more, less busy \\(down: scroll\\)"))
        .endsWith(FOOTER);
  }

  @Test
  void theWholeMapShowsEveryCore() {
    List<String> lines = frame(rates(1024), 80, 24, 0, TopScreen.Share.ALL).lines();
    assertThat(lines.stream().filter(line -> line.matches(" {0,3}\\d+ [Rrsb.]{64}"))).hasSize(16);
    assertThat(lines).anyMatch(line -> line.startsWith(" 960 ") && line.endsWith("Rrs."));
  }

  @Test
  void theListCanBeScrolledToItsEnd() {
    TopView view = new TopView(new TopScreen(() -> "", Optional.empty()), FOOTER);
    assertThat(view.frame(80, 24)).isEmpty();
    view.update(Samples.of(100, 1));
    view.update(Samples.of(100, 2));
    assertThat(firstListed(view)).isEqualTo(0);
    assertThat(type(view, "j\033[B\033OB")).isTrue();
    assertThat(firstListed(view)).isEqualTo(3);
    assertThat(type(view, "\033[6~  \033[5~k")).isTrue();
    assertThat(firstListed(view)).isEqualTo(22);
    assertThat(type(view, " ".repeat(30))).isTrue();
    assertThat(firstListed(view)).isEqualTo(97);
    assertThat(type(view, "g")).isTrue();
    assertThat(firstListed(view)).isEqualTo(0);
    assertThat(type(view, "jq")).isFalse();
  }

  private static boolean type(TopView view, String keys) {
    byte[] bytes = keys.getBytes(StandardCharsets.ISO_8859_1);
    return view.keys(bytes, bytes.length);
  }

  private static int firstListed(TopView view) {
    TopScreen.Frame frame = view.frame(80, 24).orElseThrow();
    return Integer.parseInt(frame.lines().get(frame.heading() + 1).strip().split(" ")[0]);
  }

  @Test
  void oneLineSumsUp() {
    assertThat(TopLine.of(rates(5)))
        .isEqualTo(
            "4.0 s wall, 3.0 s guest, 14 MIPS, 5 cores on 2 workers: 1 running, 1 ready, 1 spinning, 1 bound, "
                + "1 halted, workers 100 % busy, 1.5k interrupts/s, 250k exits/s, 40 TLB fills/s, "
                + "100 blocks/s, 4.5 MB code, skew 400 of 2.0M");
  }

  @Test
  void whereThereIsNoScreenThereIsALine() {
    Iterator<Sample> samples =
        List.of(Samples.of(5, 2), Samples.of(5, 4), Samples.of(5, 4)).iterator();
    boolean[] runs = {false};
    Feed feed = () -> runs[0] ? Optional.of(samples.next()) : Optional.empty();
    LiveTop top = LiveTop.ofConsole(feed, () -> "guest", Optional.empty());
    assertThat(top.summary()).isEqualTo("coremu: the machine does not run yet");
    runs[0] = true;
    assertThat(top.summary()).contains("2.0 s wall", "14 MIPS");
    assertThat(top.summary()).isEqualTo("coremu: " + TopLine.of(rates(5)));
    assertThat(top.isShown()).isFalse();
  }

  @Test
  void ratesBeginAnewAfterAReset() {
    Rates r = new Rates(Optional.of(Samples.of(5, 4)), Samples.of(5, 1));
    assertThat(r.cores.getFirst().mips()).isEqualTo(5);
    Rates same = new Rates(Optional.of(Samples.of(5, 4)), Samples.of(5, 4));
    assertThat(same.cores.getFirst().mips()).isEqualTo(5);
  }

  @Test
  void amountsAreShort() {
    double[] amounts = {0, 0.04, 0.25, 9.94, 9.96, 99.4, 999.4, 999.6, 12_345, 999_600, 5e18};
    String[] texts = {"0", "0.0", "0.3", "9.9", "10", "99", "999", "1.0k", "12.3k", "1.0M", "5.0E"};
    for (int i = 0; i < amounts.length; i++) {
      assertThat(Amounts.of(amounts[i])).isEqualTo(texts[i]);
    }
  }
}
