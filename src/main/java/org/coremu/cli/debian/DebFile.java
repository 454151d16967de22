package org.coremu.cli.debian;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.coremu.machine.ConfigException;
import org.tukaani.xz.XZInputStream;

/** A Debian binary package (deb(5)): an ar archive whose member data.tar.* holds the files. */
final class DebFile {
  private DebFile() {}

  /**
   * Reads one file out of a package.
   *
   * @param path what the whole path looks like, beginning with {@code ./}
   * @throws ConfigException when the package holds no such file
   */
  static byte[] extract(Path deb, Pattern path) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(deb));
        ArArchiveInputStream members = new ArArchiveInputStream(file)) {
      for (ArArchiveEntry member = members.getNextEntry();
          member != null;
          member = members.getNextEntry()) {
        if (member.getName().startsWith("data.tar")) {
          return find(new TarArchiveInputStream(decompress(member.getName(), members)), deb, path);
        }
      }
    }
    throw new ConfigException("package " + deb.getFileName() + " holds no data");
  }

  private static byte[] find(TarArchiveInputStream tar, Path deb, Pattern path) throws IOException {
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (entry.isFile() && path.matcher(entry.getName()).matches()) {
        return tar.readAllBytes();
      }
    }
    throw new ConfigException("package " + deb.getFileName() + " holds no file like " + path);
  }

  private static InputStream decompress(String name, InputStream data) throws IOException {
    return switch (name.substring("data.tar".length())) {
      case "" -> data;
      case ".gz" -> new GZIPInputStream(data);
      case ".xz" -> new XZInputStream(data);
      default ->
          throw new ConfigException("a package is compressed in a way coremu cannot read: " + name);
    };
  }
}
