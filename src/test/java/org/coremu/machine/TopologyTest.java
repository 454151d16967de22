package org.coremu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopologyTest {
  @Test
  void multipliesItsCounts() {
    assertThat(new Topology(2, 3, 4).cpus()).isEqualTo(24);
    assertThat(Topology.ofCpus(4096)).isEqualTo(new Topology(1, 4096, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 4097, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void refusesNumbersOfCpusOutOfRange(int cpus) {
    assertThatThrownBy(() -> Topology.ofCpus(cpus))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("" + cpus);
  }

  @ParameterizedTest
  @CsvSource({
    "0,1,1",
    "1,0,1",
    "1,1,-1",
    "64,64,2",
    "65536,65536,1",
    "2147483647,2147483647,2147483647"
  })
  void refusesCountsOutOfRangeEvenWhenTheProductOverflows(int sockets, int cores, int threads) {
    assertThatThrownBy(() -> new Topology(sockets, cores, threads))
        .isInstanceOf(ConfigException.class);
  }
}
