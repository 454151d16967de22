package org.coremu.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.coremu.machine.ConfigException;
import org.coremu.machine.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmpOptionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "4 | 1 | 4 | 1",
        "cpus=4 | 1 | 4 | 1",
        "4,sockets=2,cores=2,threads=1 | 2 | 2 | 1",
        "4,sockets=2 | 2 | 2 | 1",
        "8,threads=2 | 1 | 4 | 2",
        "8,cores=2 | 4 | 2 | 1",
        "12,cores=3,threads=2 | 2 | 3 | 2",
        "sockets=2,cores=3,threads=4 | 2 | 3 | 4",
        "0x10 | 1 | 16 | 1",
      })
  void fillsInWhatIsLeftOut(String text, int sockets, int cores, int threads) {
    assertThat(SmpOption.parse(text)).isEqualTo(new Topology(sockets, cores, threads));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "9999",
        "four",
        "",
        ",",
        "4,",
        "4,cores",
        "4,cores=",
        "4,cors=2",
        "4,sockets=3",
        "4,cores=0",
        "4,sockets=0",
        "4,threads=2147483647",
        "4,cores=3",
        "4,cpus=4",
        "99999999999",
        "4,sockets=65536,threads=65536",
        "4,cores=65536,threads=65536",
      })
  void refusesTheRest(String text) {
    assertThatThrownBy(() -> SmpOption.parse(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("-smp");
  }

  @Test
  void suggestsTheKeyThatWasMeant() {
    assertThatThrownBy(() -> SmpOption.parse("4,cors=2"))
        .hasMessageContaining("did you mean cores?");
  }
}
