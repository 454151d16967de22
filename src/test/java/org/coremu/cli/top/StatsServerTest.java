package org.coremu.cli.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.coremu.machine.ConfigException;
import org.coremu.machine.Sample;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StatsServerTest {
  private static final long PID = 4321;
  private static final Sample SAMPLE = Samples.of(3, 2);

  @TempDir private Path temporary;
  private StatsSockets sockets;

  @BeforeEach
  void chooseDirectory() {
    sockets = StatsSockets.of(Map.of("XDG_RUNTIME_DIR", temporary.toString()), temporary);
  }

  private StatsServer serve(long pid, Feed feed) throws IOException {
    StatsServer server = new StatsServer(sockets, pid, "guest", feed);
    server.open();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                for (; ; ) {
                  server.accept();
                }
              } catch (IOException e) {
                return; // closed
              }
            });
    return server;
  }

  @Test
  void clientsAttachAndDetachAsTheyLike() throws IOException {
    try (StatsServer server = serve(PID, () -> Optional.of(SAMPLE))) {
      assertThat(server).isNotNull();
      for (int round = 0; round < 40; round++) { // more than may be attached at once
        try (StatsClient client = StatsClient.attach(sockets, Optional.empty())) {
          assertThat(client.title()).isEqualTo("4321: guest");
          assertThat(client.next()).contains(SAMPLE);
          assertThat(client.next()).contains(SAMPLE);
        }
      }
    }
    assertThat(sockets.socket(PID)).doesNotExist();
    refused("no machine of yours is running", Optional.empty());
  }

  @Test
  void onlyTheUserMayComeIn() throws IOException {
    try (StatsServer server = serve(PID, Optional::empty)) {
      assertThat(server).isNotNull();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(sockets.directory())))
          .isEqualTo("rwx------");
    }
    Files.setPosixFilePermissions(
        sockets.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThatThrownBy(() -> serve(PID, Optional::empty)).hasMessageContaining("only its owner");
    assertThat(sockets.running()).isEmpty();
    assertThat(StatsSockets.isMine(Files.getOwner(temporary))).isTrue();
    Files.delete(sockets.directory());
    Files.createSymbolicLink(sockets.directory(), temporary);
    assertThatThrownBy(() -> serve(PID, Optional::empty)).hasMessageContaining("only its owner");
  }

  @Test
  void aSocketThatNobodyServesIsRemoved() throws IOException {
    sockets.prepare();
    Path stale = sockets.socket(77);
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(stale));
    }
    Path other = Files.createFile(sockets.directory().resolve("notes.txt"));
    assertThat(stale).exists();
    assertThat(sockets.running()).isEmpty();
    assertThat(stale).doesNotExist();
    assertThat(other).exists();
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(stale));
    }
    try (StatsServer server = serve(77, Optional::empty)) { // the number was given away again
      assertThat(server).isNotNull();
      assertThat(sockets.running()).containsExactly(77L);
    }
  }

  @Test
  void ofSeveralMachinesOneMustBeNamed() throws IOException {
    try (StatsServer one = serve(11, () -> Optional.of(SAMPLE));
        StatsServer two = serve(9, Optional::empty)) {
      assertThat(one).isNotEqualTo(two);
      refused("several machines run; say which, coremu top PID: 9, 11", Optional.empty());
      refused("process 10 runs no machine of yours; these do: 9, 11", Optional.of(10L));
      try (StatsClient client = StatsClient.attach(sockets, Optional.of(11L))) {
        assertThat(client.next()).contains(SAMPLE);
      }
      try (StatsClient client = StatsClient.attach(sockets, Optional.of(9L))) {
        assertThat(client.next()).as("it has ended").isEmpty();
      }
    }
  }

  @Test
  void saysWhatRequestsThereAre() throws IOException {
    try (StatsServer server = serve(PID, Optional::empty);
        SocketChannel channel = sockets.connect(PID)) {
      assertThat(server).isNotNull();
      OutputStream out = Channels.newOutputStream(channel);
      BufferedReader in =
          new BufferedReader(new InputStreamReader(Channels.newInputStream(channel)));
      assertThat(in.readLine()).isEqualTo("coremu-stats 1");
      assertThat(in.readLine()).isEqualTo("machine guest");
      out.write("halt\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(in.readLine()).isEqualTo("error there is no request 'halt'; there is: sample");
      out.write("x".repeat(300).getBytes(StandardCharsets.US_ASCII));
      assertThat(in.readLine()).as("such a client is left").isNull();
    }
  }

  private void refused(String because, Optional<Long> pid) {
    assertThatThrownBy(() -> StatsClient.attach(sockets, pid))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(because);
  }
}
