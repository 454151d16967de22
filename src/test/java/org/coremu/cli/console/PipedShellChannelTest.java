package org.coremu.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PipedShellChannelTest {
  private static final String PROMPT = "@p prompt@# ";

  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();

  @Test
  void letsOneLineThroughAtEachPromptAndEndsTheShellAtTheEnd() {
    try (PipedShellChannel channel = new PipedShellChannel("p", stdout, false, () -> {})) {
      pipe(channel, "nproc\nuname\n");
      channel.end();
      assertThat(received(channel)).as("before the shell").isEmpty();
      guest(channel, "Linux\r\n" + PROMPT);
      assertThat(received(channel)).isEqualTo("nproc\n");
      guest(channel, "nproc\r\n4\r\n");
      assertThat(received(channel)).as("while the command runs").isEmpty();
      guest(channel, PROMPT);
      assertThat(received(channel)).isEqualTo("uname\n");
      guest(channel, PROMPT);
      assertThat(received(channel)).as("after the last line").isEqualTo("\4");
    }
    assertThat(stdout.toString(StandardCharsets.US_ASCII))
        .isEqualTo("Linux\r\n# nproc\r\n4\r\n# # ");
  }

  @Test
  void passesBytesAsTheyComeWhileThePromptWaits() {
    try (PipedShellChannel channel = new PipedShellChannel("p", stdout, false, () -> {})) {
      guest(channel, PROMPT);
      pipe(channel, "ec");
      assertThat(received(channel)).isEqualTo("ec");
      pipe(channel, "ho hi\nnext\n");
      assertThat(received(channel)).isEqualTo("ho hi\n");
    }
  }

  @Test
  void endsALineThatThePipeDidNotEnd() {
    try (PipedShellChannel channel = new PipedShellChannel("p", stdout, false, () -> {})) {
      pipe(channel, "nproc");
      channel.end();
      guest(channel, PROMPT);
      assertThat(received(channel)).isEqualTo("nproc\n");
      guest(channel, PROMPT);
      assertThat(received(channel)).isEqualTo("\4");
    }
  }

  @Test
  void longLinesArriveWhole() {
    try (PipedShellChannel channel = new PipedShellChannel("p", stdout, false, () -> {})) {
      String line = "echo " + "x".repeat(3000) + "\n";
      pipe(channel, line + "next\n");
      guest(channel, PROMPT);
      assertThat(received(channel)).isEqualTo(line);
    }
  }

  @Test
  void silenceLetsALineThroughForAProgramThatReads() throws InterruptedException {
    try (PipedShellChannel channel = new PipedShellChannel("p", stdout, true, () -> {})) {
      guest(channel, PROMPT);
      pipe(channel, "cat\ntext\n");
      assertThat(received(channel)).isEqualTo("cat\n");
      CountDownLatch arrived = new CountDownLatch(1);
      channel.onInput(arrived::countDown);
      assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(received(channel)).isEqualTo("text\n");
    }
  }

  @Test
  void hidesTheCursorQuery() {
    try (PipedShellChannel channel = new PipedShellChannel("p", stdout, false, () -> {})) {
      guest(channel, "a\33[6nb\33[0mc\33\33[6nd");
    }
    assertThat(stdout.toString(StandardCharsets.US_ASCII)).isEqualTo("ab\33[0mc\33d");
  }

  private static void pipe(PipedShellChannel channel, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    channel.bytes(bytes, bytes.length);
  }

  private static void guest(PipedShellChannel channel, String text) {
    text.chars().forEach(channel::write);
  }

  private static String received(PipedShellChannel channel) {
    StringBuilder text = new StringBuilder();
    for (int value = channel.read(); value >= 0; value = channel.read()) {
      text.append((char) value);
    }
    return text.toString();
  }
}
