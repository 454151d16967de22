package org.coremu.cli.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import org.coremu.machine.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleTextTest {
  private static final Sample SAMPLE = Samples.of(5, 3);

  private static Sample read(String text) throws IOException {
    BufferedReader in = new BufferedReader(new StringReader(text));
    return SampleText.read(in.readLine(), in);
  }

  @Test
  void arrivesAsItWas() throws IOException {
    assertThat(read(SampleText.of(SAMPLE))).isEqualTo(SAMPLE);
  }

  @Test
  void mayHaveMoreFiguresThanTheReaderKnows() throws IOException {
    String more =
        SampleText.of(SAMPLE)
            .replace(" tier=", " temperature=80 tier=")
            .replace("columns core", "columns colour core")
            .replaceAll("(?m)^(\\d+ )", "red $1");
    assertThat(read(more)).isEqualTo(SAMPLE);
  }

  @ParameterizedTest
  @CsvSource({"end,''", "wall_ns=,wall_ns=x", "sample,simple", "halted,asleep", "tier=,tier"})
  void damagedLinesAreRefused(String what, String instead) {
    String damaged = SampleText.of(SAMPLE).replace(what, instead);
    assertThatThrownBy(() -> read(damaged)).isInstanceOf(IOException.class);
  }
}
