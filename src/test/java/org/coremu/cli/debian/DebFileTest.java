package org.coremu.cli.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.coremu.machine.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class DebFileTest {
  @TempDir private Path directory;

  @Test
  void readsAFileOutOfAnXzPackage() throws IOException {
    Path deb = deb("data.tar.xz");
    assertThat(DebFile.extract(deb, Pattern.compile("\\./boot/vmlinuz-.*")))
        .asString()
        .isEqualTo("kernel");
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    Path deb = deb("data.tar.xz");
    assertThatThrownBy(() -> DebFile.extract(deb, Pattern.compile("\\./bin/busybox")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("p.deb");
    Path strange = deb("data.tar.lzma");
    assertThatThrownBy(() -> DebFile.extract(strange, Pattern.compile(".*")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data.tar.lzma");
  }

  private Path deb(String dataName) throws IOException {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new XZOutputStream(data, new LZMA2Options(0)))) {
      for (String[] file :
          new String[][] {{"./boot/config-6", "config"}, {"./boot/vmlinuz-6", "kernel"}}) {
        byte[] content = file[1].getBytes(StandardCharsets.US_ASCII);
        TarArchiveEntry entry = new TarArchiveEntry(file[0]);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    Path deb = directory.resolve("p.deb");
    try (ArArchiveOutputStream ar = new ArArchiveOutputStream(Files.newOutputStream(deb))) {
      add(ar, "debian-binary", "2.0\n".getBytes(StandardCharsets.US_ASCII));
      add(ar, "control.tar.xz", new byte[5]);
      add(ar, dataName, data.toByteArray());
    }
    return deb;
  }

  private static void add(ArArchiveOutputStream ar, String name, byte[] content)
      throws IOException {
    ar.putArchiveEntry(new ArArchiveEntry(name, content.length));
    ar.write(content);
    ar.closeArchiveEntry();
  }
}
