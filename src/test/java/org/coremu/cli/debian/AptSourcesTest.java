package org.coremu.cli.debian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AptSourcesTest {
  @TempDir private Path apt;

  @Test
  void keepsDebiansBinaryPackagesOnly() throws IOException {
    Files.createDirectories(apt.resolve("sources.list.d"));
    Files.writeString(
        apt.resolve("sources.list"),
        """
        # deb http://mirror.example/debian old main
        deb http://mirror.example/debian bookworm main
        deb-src http://mirror.example/debian bookworm main
        deb [signed-by=/k.gpg] https://other.example/node_20.x nodistro main
        deb [arch=amd64] http://mirror.example/debian-security bookworm-security main
        """);
    Files.writeString(
        apt.resolve("sources.list.d/a.sources"),
        """
        Types: deb deb-src
        URIs: http://mirror.example/debian/
        Suites: trixie

        Types: deb-src
        URIs: http://mirror.example/debian
        Suites: sources

        Enabled: no
        Types: deb
        URIs: http://mirror.example/debian
        Suites: disabled

        Types: deb
        URIs: http://other.example/products
        Suites: foreign
        """);
    AptSources sources = AptSources.ofHost(apt);
    assertThat(sources.lines())
        .containsExactly(
            "deb http://mirror.example/debian bookworm main",
            "deb [arch=amd64] http://mirror.example/debian-security bookworm-security main");
    assertThat(sources.stanzas()).singleElement().asString().contains("trixie");
  }

  @Test
  void aHostWithoutDebianHasNone() throws IOException {
    assertThat(AptSources.ofHost(apt).isEmpty()).isTrue();
  }

  @Test
  void writesBothFormats(@TempDir Path out) throws IOException {
    Files.writeString(apt.resolve("sources.list"), "deb http://m.example/debian sid main\n");
    AptSources.ofHost(apt).writeTo(out);
    assertThat(out.resolve("sources.list")).hasContent("deb http://m.example/debian sid main");
    assertThat(out.resolve("sources.list.d")).isEmptyDirectory();
  }
}
