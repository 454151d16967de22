package org.coremu.cli.top;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.coremu.machine.Sample;

/**
 * Serves a machine's statistics to this user's other processes, on a socket of the local host. A
 * sample is taken when somebody asks, so nobody who does not ask pays. The lines are described in
 * docs/top.md.
 */
public final class StatsServer implements AutoCloseable {
  static final String GREETING = "coremu-stats 1";
  static final String MACHINE = "machine ";
  static final String REQUEST = "sample";
  static final String GONE = "gone";
  static final String ERROR = "error ";
  private static final int MOST_CLIENTS = 16;

  /** The longest request that is looked at. */
  private static final int LONGEST_REQUEST = 256;

  private final StatsSockets sockets;
  private final long pid;
  private final String title;
  private final Feed feed;
  private final Semaphore room = new Semaphore(MOST_CLIENTS);
  private ServerSocketChannel server;
  private boolean closed;

  StatsServer(StatsSockets sockets, long pid, String title, Feed feed) {
    this.sockets = sockets;
    this.pid = pid;
    this.title = title;
    this.feed = feed;
  }

  /**
   * Begins to serve, on a thread of its own, which costs the machine's start nothing. Where that
   * cannot be done there are no statistics for others, and the machine runs all the same.
   *
   * @param title of the machine, for people
   */
  public static StatsServer start(String title, Feed feed) {
    StatsServer server =
        new StatsServer(StatsSockets.ofUser(), ProcessHandle.current().pid(), title, feed);
    Thread.ofPlatform().daemon().name("coremu-stats").start(server::run);
    return server;
  }

  private void run() {
    try {
      open();
      for (; ; ) {
        accept();
      }
    } catch (IOException | UnsupportedOperationException e) {
      close();
    }
  }

  /**
   * Makes the socket.
   *
   * @throws IOException if it cannot be made, also because another process serves under the name
   */
  void open() throws IOException {
    sockets.prepare();
    Path path = sockets.socket(pid);
    sockets.running(); // removes what a process that was killed has left, under this name, too
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    synchronized (this) {
      if (closed) {
        channel.close();
        return;
      }
      try {
        channel.bind(UnixDomainSocketAddress.of(path));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw new IOException("cannot make " + path, e);
      }
      server = channel;
    }
  }

  /** Takes one client, and serves it on a thread of its own. */
  void accept() throws IOException {
    ServerSocketChannel channel;
    synchronized (this) {
      channel = server;
    }
    if (channel == null) {
      throw new IOException("closed");
    }
    SocketChannel client = channel.accept();
    if (!room.tryAcquire()) {
      client.close();
      return;
    }
    Thread.ofPlatform()
        .daemon()
        .name("coremu-stats-client")
        .start(
            () -> {
              try (client) {
                serve(client);
              } catch (IOException e) {
                // It has gone, or is another user's; that is its own affair.
              } finally {
                room.release();
              }
            });
  }

  private void serve(SocketChannel client) throws IOException {
    StatsSockets.requireMine(client);
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(client), StandardCharsets.UTF_8));
    Writer out = Channels.newWriter(client, StandardCharsets.UTF_8);
    out.write(GREETING + "\n" + MACHINE + title + "\n");
    out.flush();
    for (String request = line(in); request != null; request = line(in)) {
      if (!request.equals(REQUEST)) {
        out.write(ERROR + "there is no request '" + request + "'; there is: " + REQUEST + "\n");
      } else {
        Optional<Sample> sample = feed.next();
        out.write(sample.isPresent() ? SampleText.of(sample.get()) : GONE + "\n");
      }
      out.flush();
    }
  }

  /** Reads a line of bounded length; null at the end. */
  private static String line(BufferedReader in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() == LONGEST_REQUEST) {
        return null;
      }
      line.append((char) c);
    }
    return line.toString();
  }

  /** Ends the service and removes the socket. */
  @Override
  public synchronized void close() {
    closed = true;
    if (server != null) {
      try {
        server.close();
        Files.deleteIfExists(sockets.socket(pid));
      } catch (IOException e) {
        // Whoever looks for machines next removes it.
      }
      server = null;
    }
  }
}
