package org.coremu.cli.debian;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The package sources the host is configured with, reduced to Debian's own binary packages: others
 * would only cost time and may fail. Both formats are understood (sources.list(5)).
 *
 * @param lines one-line entries
 * @param stanzas deb822 entries
 */
record AptSources(List<String> lines, List<String> stanzas) {
  /**
   * Reads the host's configuration; entries that are disabled or for source packages are left out.
   */
  static AptSources ofHost(Path etcApt) throws IOException {
    List<String> lines = new ArrayList<>();
    List<String> stanzas = new ArrayList<>();
    for (Path file : files(etcApt)) {
      String text = Files.readString(file);
      if (file.toString().endsWith(".sources")) {
        Arrays.stream(text.split("\\n[ \\t]*\\n"))
            .filter(AptSources::isDebianStanza)
            .forEach(stanzas::add);
      } else {
        text.lines().map(String::strip).filter(AptSources::isDebianLine).forEach(lines::add);
      }
    }
    return new AptSources(List.copyOf(lines), List.copyOf(stanzas));
  }

  boolean isEmpty() {
    return lines.isEmpty() && stanzas.isEmpty();
  }

  /** Writes {@code sources.list} and {@code sources.list.d/host.sources} below a directory. */
  void writeTo(Path directory) throws IOException {
    Path parts = Files.createDirectories(directory.resolve("sources.list.d"));
    Files.write(directory.resolve("sources.list"), lines);
    if (!stanzas.isEmpty()) {
      Files.writeString(parts.resolve("host.sources"), String.join("\n\n", stanzas) + "\n");
    }
  }

  private static List<Path> files(Path etcApt) throws IOException {
    List<Path> files = new ArrayList<>();
    Path list = etcApt.resolve("sources.list");
    if (Files.isReadable(list)) {
      files.add(list);
    }
    Path parts = etcApt.resolve("sources.list.d");
    if (Files.isDirectory(parts)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(parts, "*.{list,sources}")) {
        entries.forEach(files::add);
      }
    }
    return files.stream().filter(Files::isReadable).sorted().toList();
  }

  private static boolean isDebianLine(String line) {
    return line.matches("deb\\s.*") && namesDebian(line);
  }

  private static boolean isDebianStanza(String stanza) {
    String fields =
        stanza
            .lines()
            .filter(line -> !line.startsWith("#"))
            .collect(Collectors.joining("\n", "\n", "\n"));
    return fields.matches("(?s).*\\nTypes:[^\\n]*\\bdeb\\b(?!-).*")
        && !fields.matches("(?si).*\\nEnabled:\\s*no\\b.*")
        && fields.lines().anyMatch(line -> line.startsWith("URIs:") && namesDebian(line));
  }

  /**
   * Whether the path of an archive says it is Debian's: its last part is debian or debian-security.
   */
  private static boolean namesDebian(String text) {
    return Arrays.stream(text.split("\\s+"))
        .anyMatch(word -> word.matches(".*/debian(-security)?/?"));
  }
}
