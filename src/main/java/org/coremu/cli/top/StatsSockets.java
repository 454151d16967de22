package org.coremu.cli.top;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;
import org.coremu.cli.debian.QuickStart;

/**
 * Where the machines of a user serve their statistics: {@code PID.sock} in a directory that only
 * the user may enter.
 *
 * @param directory below $XDG_RUNTIME_DIR, or else in coremu's cache
 */
record StatsSockets(Path directory) {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");
  private static final String SUFFIX = ".sock";
  private static final Path SELF = Path.of("/proc/self");

  static StatsSockets ofUser() {
    return of(System.getenv(), QuickStart.defaultCache());
  }

  static StatsSockets of(Map<String, String> environment, Path cache) {
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    if (runtime.startsWith("/") && Files.isDirectory(Path.of(runtime))) {
      return new StatsSockets(Path.of(runtime, "coremu"));
    }
    return new StatsSockets(cache.resolve("run"));
  }

  Path socket(long pid) {
    return directory.resolve(pid + SUFFIX);
  }

  /**
   * Makes the directory if it is not there.
   *
   * @throws IOException if that cannot be done, or others may enter it
   */
  void prepare() throws IOException {
    Files.createDirectories(directory.getParent());
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
    }
    if (!isPrivate()) {
      throw new IOException(directory + " is not a directory that only its owner may enter");
    }
  }

  private boolean isPrivate() throws IOException {
    return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        && Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS).equals(PRIVATE)
        && isMine(Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS));
  }

  /** Whether this process runs for a user. */
  static boolean isMine(UserPrincipal user) throws IOException {
    return !Files.exists(SELF) || Files.getOwner(SELF).equals(user);
  }

  /**
   * Connects to a process's socket; one that nobody serves any more is removed.
   *
   * @throws ConnectException if nobody serves it
   * @throws IOException if the other side is another user's
   */
  SocketChannel connect(long pid) throws IOException {
    Path socket = socket(pid);
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      requireMine(channel);
      return channel;
    } catch (IOException e) {
      channel.close();
      if (e instanceof ConnectException) {
        Files.deleteIfExists(socket);
      }
      throw e;
    }
  }

  /** Refuses the far end of another user. */
  static void requireMine(SocketChannel channel) throws IOException {
    if (channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)
        && !isMine(channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user())) {
      throw new IOException("the far end belongs to another user");
    }
  }

  /** The processes that serve their statistics, ascending; stale sockets are removed. */
  List<Long> running() throws IOException {
    List<Long> pids = new ArrayList<>();
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) || !isPrivate()) {
      return pids;
    }
    List<String> names;
    try (Stream<Path> files = Files.list(directory)) {
      names = files.map(f -> f.getFileName().toString()).toList();
    }
    for (String name : names) {
      if (name.matches("[1-9][0-9]{0,17}\\.sock")) {
        long pid = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
        if (isServed(pid)) {
          pids.add(pid);
        }
      }
    }
    pids.sort(null);
    return pids;
  }

  private boolean isServed(long pid) {
    try (SocketChannel channel = connect(pid)) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
