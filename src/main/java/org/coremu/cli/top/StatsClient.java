package org.coremu.cli.top;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.coremu.cli.option.HostFiles;
import org.coremu.machine.ConfigException;
import org.coremu.machine.Sample;

/** Samples of a machine in another process of this user. */
final class StatsClient implements Feed, AutoCloseable {
  private final SocketChannel channel;
  private final BufferedReader in;
  private final Writer out;
  private final String title;

  private StatsClient(SocketChannel channel, long pid) throws IOException {
    this.channel = channel;
    in =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
    out = Channels.newWriter(channel, StandardCharsets.UTF_8);
    String greeting = in.readLine();
    String machine = in.readLine();
    if (!StatsServer.GREETING.equals(greeting)
        || machine == null
        || !machine.startsWith(StatsServer.MACHINE)) {
      throw new IOException("it is another version of coremu, or busy");
    }
    title = pid + ": " + machine.substring(StatsServer.MACHINE.length());
  }

  /**
   * Attaches to a machine.
   *
   * @param pid its process; empty if there is only one
   * @throws ConfigException if it is not there, or if it is not clear which
   */
  static StatsClient attach(StatsSockets sockets, Optional<Long> pid) {
    try {
      List<Long> running = sockets.running();
      long chosen = choose(running, pid);
      SocketChannel channel = sockets.connect(chosen);
      try {
        return new StatsClient(channel, chosen);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new ConfigException("top: cannot attach: " + HostFiles.reason(e), e);
    }
  }

  private static long choose(List<Long> running, Optional<Long> pid) {
    if (running.isEmpty()) {
      throw new ConfigException(
          "top: no machine of yours is running; start one with coremu boot or coremu run");
    }
    String list = running.stream().map(String::valueOf).collect(Collectors.joining(", "));
    if (pid.isEmpty() && running.size() > 1) {
      throw new ConfigException("top: several machines run; say which, coremu top PID: " + list);
    }
    if (pid.isPresent() && !running.contains(pid.get())) {
      throw new ConfigException(
          "top: process %d runs no machine of yours; these do: %s".formatted(pid.get(), list));
    }
    return pid.orElse(running.getFirst());
  }

  /** What the machine is, for people. */
  String title() {
    return title;
  }

  @Override
  public Optional<Sample> next() throws IOException {
    String first;
    try {
      out.write(StatsServer.REQUEST + "\n");
      out.flush();
      first = in.readLine();
    } catch (IOException e) {
      return Optional.empty(); // its process has ended
    }
    return first == null || first.equals(StatsServer.GONE)
        ? Optional.empty()
        : Optional.of(SampleText.read(first, in));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
