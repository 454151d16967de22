package org.coremu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.coremu.machine.ConfigException;
import org.coremu.machine.Explain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ExplainCommandTest {
  private static final Explain ECHO =
      code ->
          List.of(new Explain.Stage("bytes", List.of(HexFormat.ofDelimiter(" ").formatHex(code))));

  @ParameterizedTest
  @ValueSource(
      strings = {"f0 48 0f b1 0a", "f0480fb10a", "0xf0, 0x48, 0x0f, 0xb1, 0x0a", "F0 480FB1 0A"})
  void takesHexadecimalAsPeopleWriteIt(String bytes) {
    assertThat(explain("x86_64", bytes)).isEqualTo("bytes\n  f0 48 0f b1 0a\n");
  }

  @Test
  void refusesOtherThings() {
    assertThatThrownBy(() -> explain("x86_64", "f0 4")).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> explain("x86_64", "")).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> explain("x86-64", "90")).hasMessageContaining("did you mean x86_64?");
  }

  private static String explain(String... args) {
    PrintStream real = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      ExplainCommand command = new ExplainCommand(Map.of("x86_64", ECHO));
      new CommandLine(command).parseArgs(args);
      command.call();
      return out.toString(StandardCharsets.UTF_8);
    } finally {
      System.setOut(real);
    }
  }
}
