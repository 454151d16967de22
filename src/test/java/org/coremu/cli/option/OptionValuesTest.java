package org.coremu.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.coremu.hw.LogCategory;
import org.coremu.machine.ConfigException;
import org.coremu.machine.DebugExit;
import org.coremu.machine.HostCpus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionValuesTest {
  @ParameterizedTest
  @CsvSource({
    "1024,1073741824",
    "512M,536870912",
    "1G,1073741824",
    "4096k,4194304",
    "2T,2199023255552",
    "1,1048576"
  })
  void memoryIsInMegabytesUnlessASuffixSaysOtherwise(String text, long bytes) {
    assertThat(Numbers.memory("-m", text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "M", "1.5G", "-1", "1GB", "lots", "999999999999T", "0x10"})
  void otherAmountsOfMemoryAreRefused(String text) {
    assertThatThrownBy(() -> Numbers.memory("-m", text)).isInstanceOf(ConfigException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0|0", "0,2-3|0 2 3", "3,1,1-2|1 2 3", "5-5|5"})
  void affinityIsAListOfNumbersAndRanges(String text, String cpus) {
    List<Integer> expected = Stream.of(cpus.split(" ")).map(Integer::valueOf).toList();
    assertThat(AffinityOption.parse(text)).isEqualTo(expected);
    assertThat(AffinityOption.parse(HostCpus.ranges(expected))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "0,", "-1", "1-", "3-1", "0-8192", "all", "0 1", "99999"})
  void otherAffinitiesAreRefused(String text) {
    assertThatThrownBy(() -> AffinityOption.parse(text)).isInstanceOf(ConfigException.class);
  }

  @Test
  void affinityListsTheHostCpus() {
    assertThatThrownBy(() -> AffinityOption.parse("help"))
        .isInstanceOf(HelpRequest.class)
        .hasMessageContaining("0,2-3");
  }

  @Test
  void suggestsOnlyLikelySlips() {
    List<String> names = List.of("boot", "run", "explain", "help", "version");
    assertThat(Suggestion.nearest("bot", names)).contains("boot");
    assertThat(Suggestion.nearest("explian", names)).contains("explain");
    assertThat(Suggestion.nearest("ver", names)).contains("version");
    assertThat(Suggestion.nearest("frobnicate", names)).isEmpty();
    assertThat(Suggestion.nearest("", names)).isEmpty();
  }

  @Test
  void debugExitTakesItsPorts() {
    assertThat(DeviceOption.parse("isa-debug-exit,iobase=0xf4,iosize=0x4"))
        .isEqualTo(new DebugExit(0xf4, 4));
    assertThat(DeviceOption.parse("isa-debug-exit")).isEqualTo(DebugExit.DEFAULT);
    assertThatThrownBy(() -> DeviceOption.parse("isa-debug-exit,iobas=1"))
        .hasMessageContaining("did you mean iobase?");
    assertThatThrownBy(() -> DeviceOption.parse("isa-debugexit"))
        .hasMessageContaining("did you mean isa-debug-exit?");
    assertThatThrownBy(() -> DeviceOption.parse("isa-debug-exit,iosize=9"))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void logCategoriesAreNamedAsTheyAreListed() {
    assertThat(LogOption.parse("unimp,int,in_asm"))
        .containsExactlyInAnyOrder(LogCategory.UNIMP, LogCategory.INT, LogCategory.IN_ASM);
    assertThatThrownBy(() -> LogOption.parse("unimp,")).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> LogOption.parse("help"))
        .isInstanceOf(HelpRequest.class)
        .hasMessageContaining("guest_errors");
  }

  @Test
  void serialLinesLeadToOnePlaceEach() {
    assertThat(SerialOption.parse("stdio")).isEqualTo(new SerialOption.Stdio());
    assertThat(SerialOption.parse("none")).isEqualTo(new SerialOption.None());
    assertThat(SerialOption.parse("file:a b")).isEqualTo(new SerialOption.ToFile(Path.of("a b")));
    assertThatThrownBy(() -> SerialOption.parse("file:")).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> SerialOption.parse("stdoi"))
        .hasMessageContaining("did you mean stdio?");
  }

  @Test
  void statsGoToALineOrAFile() {
    assertThat(StatsOption.parse("line").json()).isEmpty();
    assertThat(StatsOption.parse("json:out.json").json())
        .isEqualTo(Optional.of(Path.of("out.json")));
    assertThatThrownBy(() -> StatsOption.parse("json")).isInstanceOf(ConfigException.class);
  }
}
