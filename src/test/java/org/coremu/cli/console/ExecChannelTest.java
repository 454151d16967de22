package org.coremu.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ExecChannelTest {
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  @Test
  void partsTheCommandsBytesFromTheKernelsLog() throws IOException {
    ExecChannel channel = new ExecChannel("k7", stdout, log, () -> {});
    send(
        channel,
        "[0.0] Linux\r\n\n@k7 begin@one\ntwo\0\377no newline@k7 end 7@[1.0] reboot: Power down\r\n");
    channel.close();
    assertThat(stdout.toByteArray()).isEqualTo(latin("one\ntwo\0\377no newline"));
    assertThat(log.toByteArray()).isEqualTo(latin("[0.0] Linux\r\n\n[1.0] reboot: Power down\r\n"));
    assertThat(channel.status()).hasValue(7);
  }

  @Test
  void aMachineThatDiesLeavesNoStatusButTheEndOfItsLog() throws IOException {
    ExecChannel channel = new ExecChannel("k7", stdout, log, () -> {});
    send(channel, "x".repeat(5000) + "Kernel panic");
    channel.close();
    assertThat(channel.status()).isEmpty();
    assertThat(channel.tail()).endsWith("Kernel panic").hasSize(2048);
    assertThat(stdout.size()).isZero();
  }

  @Test
  void theLogHoldsEachLineAtOnce() {
    ExecChannel channel =
        new ExecChannel("k7", stdout, new BufferedOutputStream(log, 1 << 16), () -> {});
    send(channel, "[0.0] Linux\r\n[0.1] smp: Bringing up secondary CPUs\r\n[0.2] x86");
    assertThat(log.toByteArray())
        .isEqualTo(latin("[0.0] Linux\r\n[0.1] smp: Bringing up secondary CPUs\r\n"));
  }

  @Test
  void tellsWhenNobodyReadsAndLosesTheRestQuietly() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    ExecChannel channel = new ExecChannel("k7", broken, log, gone::countDown);
    send(channel, "@k7 begin@" + "y\n".repeat(200_000));
    assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
    send(channel, "@k7 end 0@");
    channel.close();
    assertThat(channel.status()).hasValue(0);
  }

  private static void send(ExecChannel channel, String text) {
    for (byte b : latin(text)) {
      channel.write(b & 0xff);
    }
  }

  private static byte[] latin(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
