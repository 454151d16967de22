package org.coremu.cli.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.coremu.machine.ConfigException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {
  private static final Map<String, byte[]> FILES =
      Map.of("vmlinuz-6", new byte[] {1, 2, 3}, "busybox-1", new byte[] {4});

  @TempDir private Path home;
  private Path directory;
  private Cache cache;

  @BeforeEach
  void make() throws IOException {
    directory = Files.createDirectory(home.resolve("coremu"));
    cache = new Cache(directory);
  }

  @Test
  void givesBackWhatWasPutIn() throws IOException {
    cache.replace(FILES);
    assertThat(cache.read().orElseThrow()).containsOnlyKeys("vmlinuz-6", "busybox-1");
    assertThat(cache.read().orElseThrow().get("vmlinuz-6")).containsExactly(1, 2, 3);
    assertThat(names()).containsExactlyInAnyOrder("vmlinuz-6", "busybox-1", "SHA256SUMS");
  }

  @Test
  void isEmptyWhenAFileIsMissingCutOrChanged() throws IOException {
    assertThat(cache.read()).isEmpty();
    cache.replace(FILES);
    Files.write(directory.resolve("vmlinuz-6"), new byte[] {1, 2});
    assertThat(cache.read()).isEmpty();
    cache.replace(FILES);
    Files.delete(directory.resolve("busybox-1"));
    assertThat(cache.read()).isEmpty();
    cache.replace(FILES);
    Files.writeString(directory.resolve("SHA256SUMS"), "junk");
    assertThat(cache.read()).isEmpty();
  }

  @Test
  void saysHowMuchSpaceIsMissing() throws IOException {
    cache.needSpace(1);
    assertThatThrownBy(() -> cache.needSpace(1L << 60))
        .isInstanceOf(ConfigException.class)
        .hasMessageMatching(".* has \\d+ MB of disk space left, 1099511627776 MB are needed");
  }

  @Test
  void removesOldVersions() throws IOException {
    cache.replace(Map.of("vmlinuz-5", new byte[1], "busybox-1", new byte[1]));
    cache.replace(FILES);
    assertThat(names()).containsExactlyInAnyOrder("vmlinuz-6", "busybox-1", "SHA256SUMS");
  }

  @Test
  void removesWhatAnEndedProcessLeft() throws IOException {
    Files.createDirectories(directory.resolve("work-1/apt/lists"));
    Files.writeString(directory.resolve("work-1/apt/lists/half"), "half");
    try (FileChannel lock = cache.lock()) {
      assertThat(lock.isOpen()).isTrue();
      Path work = cache.workDirectory();
      assertThat(work).isEmptyDirectory();
      Cache.delete(work);
    }
    assertThat(names()).containsExactly("lock");
  }

  @Test
  void followsTheXdgRules() {
    assertThat(Cache.defaultDirectory(Map.of(), "/home/u"))
        .isEqualTo(Path.of("/home/u/.cache/coremu"));
    assertThat(Cache.defaultDirectory(Map.of("XDG_CACHE_HOME", "/c"), "/home/u"))
        .isEqualTo(Path.of("/c/coremu"));
    assertThat(Cache.defaultDirectory(Map.of("XDG_CACHE_HOME", "rel"), "/h"))
        .isEqualTo(Path.of("/h/.cache/coremu"));
  }

  @Test
  void aCacheThatCannotBeMadeIsOneLineWithAdvice() throws IOException {
    Path file = Files.writeString(home.resolve("file"), "not a directory");
    assertThatThrownBy(() -> QuickStart.prepare(file.resolve("coremu"), false, System.err))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("-kernel FILE")
        .hasMessageNotContaining("Exception");
  }

  private Stream<String> names() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(path -> path.getFileName().toString()).toList().stream();
    }
  }
}
