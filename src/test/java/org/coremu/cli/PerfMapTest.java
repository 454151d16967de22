package org.coremu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.coremu.exec.CodeListener;
import org.coremu.machine.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerfMapTest {
  @TempDir private Path files;

  @Test
  void hasALineForEachBlockAtOnce() throws IOException {
    Path file = files.resolve("perf-1.map");
    try (PerfMap map = PerfMap.create(file)) {
      map.listener().installed(0x7f00_0000_1230L, 0x1a0, 0xffff_ffff_8100_0000L, false);
      map.listener().installed(0x7f00_0000_1400L, 15, 0x401000, true);
      assertThat(file)
          .hasContent(
              """
              7f0000001230 1a0 guest_ffffffff81000000
              7f0000001400 f guest_0000000000401000_trace
              """);
    }
  }

  @Test
  void doesNotWriteThroughALink() throws IOException {
    Path other = Files.writeString(files.resolve("other"), "mine");
    Path file = Files.createSymbolicLink(files.resolve("perf-2.map"), other);
    try (PerfMap map = PerfMap.create(file)) {
      map.listener().installed(1, 2, 3, false);
    }
    assertThat(other).hasContent("mine");
    assertThat(file).isRegularFile().hasContent("1 2 guest_0000000000000003");
  }

  @Test
  void saysThatItCannotBeWritten() {
    assertThatThrownBy(() -> PerfMap.create(files.resolve("none/perf-3.map")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--perf-map: cannot write");
  }

  @Test
  void isSilentUnlessAskedFor() {
    try (PerfMap map = PerfMap.none()) {
      assertThat(map.listener()).isSameAs(CodeListener.NONE);
    }
  }
}
