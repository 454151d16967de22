package org.coremu.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeldOutputTest {
  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
  private final AsyncOutput output = new AsyncOutput(terminal, () -> {});
  private final HeldOutput held = new HeldOutput(output);

  private void write(String text) {
    text.chars().forEach(held::write);
  }

  private String written() {
    output.awaitWritten();
    return terminal.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void keepsWhatComesWhileTheTerminalIsTaken() {
    write("a");
    held.hold();
    assertThat(terminal.toString(StandardCharsets.ISO_8859_1)).isEqualTo("a");
    write("bc");
    assertThat(written()).isEqualTo("a");
    held.release();
    write("d");
    assertThat(written()).isEqualTo("abcd");
    held.release();
    held.hold();
    held.release();
    assertThat(written()).isEqualTo("abcd");
  }

  @Test
  void saysHowMuchItCouldNotKeep() {
    held.hold();
    write("x".repeat(1000) + "y".repeat(1 << 18));
    held.release();
    assertThat(written())
        .startsWith("\r\n[coremu: 1000 bytes of output left out]\r\nyyy")
        .doesNotContain("x");
  }
}
