package org.coremu.cli.debian;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.coremu.machine.ConfigException;

/**
 * The host's apt client, working in a directory of its own: own package lists, own state, no root,
 * no effect on the host's packages. It checks signatures and hashes as it always does.
 */
final class AptClient {
  private static final String ARCHITECTURE = "amd64";

  private static final int LOOK_AT_DISK_MILLIS = 500;

  /** So few bytes left are a full disk. */
  private static final long FULL = 64 << 10;

  private final Path home;
  private final List<String> options = new ArrayList<>();

  /**
   * Prepares the directory.
   *
   * @param home an empty directory for everything apt writes
   * @throws ConfigException when the host has no Debian sources
   */
  AptClient(Path home, Path etcApt) throws IOException {
    this.home = home;
    AptSources sources = AptSources.ofHost(etcApt);
    if (sources.isEmpty()) {
      throw new ConfigException("this host's apt has no Debian sources");
    }
    sources.writeTo(home);
    Files.createDirectories(home.resolve("lists/partial"));
    Files.createDirectories(home.resolve("archives/partial"));
    Files.createDirectories(home.resolve("packages"));
    Files.createFile(home.resolve("status"));
    option("Dir::State", home);
    option("Dir::State::lists", home.resolve("lists"));
    option("Dir::State::status", home.resolve("status"));
    option("Dir::Cache", home);
    option("Dir::Cache::archives", home.resolve("archives"));
    option("Dir::Log", home);
    option("Dir::Etc::sourcelist", home.resolve("sources.list"));
    option("Dir::Etc::sourceparts", home.resolve("sources.list.d"));
    option("Dir::Etc::preferences", home.resolve("none"));
    option("Dir::Etc::preferencesparts", home.resolve("none.d"));
    option("APT::Architecture", ARCHITECTURE);
    option("APT::Architectures", ARCHITECTURE);
    option("APT::Sandbox::User", "");
    option("Acquire::Languages", "none");
    option("Acquire::Retries", "2");
    option("Acquire::http::Timeout", "20");
    option("Acquire::https::Timeout", "20");
  }

  /** Whether the host has the client at all. */
  static boolean isInstalled() {
    return Files.isExecutable(Path.of("/usr/bin/apt-get"));
  }

  /** Fetches the lists of packages; all of them, or it fails. */
  void update() throws IOException {
    run("apt-get", "-q", "--error-on=any", "update");
  }

  /**
   * The package a meta-package stands for.
   *
   * @param pattern what its name looks like among the dependencies
   */
  String dependency(String metaPackage, Pattern pattern) throws IOException {
    String record = run("apt-cache", "show", "--no-all-versions", metaPackage);
    Matcher depends = Pattern.compile("(?m)^(?:Pre-)?Depends: (.*)$").matcher(record);
    while (depends.find()) {
      for (String clause : depends.group(1).split("[,|]")) {
        String name = clause.strip().split("[\\s(]")[0];
        if (pattern.matcher(name).matches()) {
          return name;
        }
      }
    }
    throw new ConfigException("package " + metaPackage + " names no package like " + pattern);
  }

  /** Fetches the current version of a package and checks it. */
  Path download(String name) throws IOException {
    Path directory = Files.createDirectory(home.resolve("packages").resolve(name));
    runIn(directory, "apt-get", "-q", "download", name);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.deb")) {
      for (Path file : files) {
        return file;
      }
    }
    throw new ConfigException("apt fetched no package " + name);
  }

  private void option(String name, Object value) {
    options.add("-o");
    options.add(name + "=" + value);
  }

  private String run(String... command) throws IOException {
    return runIn(home, command);
  }

  private String runIn(Path directory, String... command) throws IOException {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(1, options);
    Path output = home.resolve("output");
    Path errors = home.resolve("errors");
    ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
    builder
        .redirectOutput(output.toFile())
        .redirectError(errors.toFile())
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().put("LC_ALL", "C");
    builder.environment().remove("APT_CONFIG");
    Process process = builder.start();
    Thread killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
    try {
      while (!process.waitFor(LOOK_AT_DISK_MILLIS, TimeUnit.MILLISECONDS)) {
        failIfFull();
      }
      if (process.exitValue() != 0) {
        failIfFull();
        throw new IOException(reason(Files.readString(errors)));
      }
      return Files.readString(output);
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(killer);
    }
  }

  /** A full disk makes apt wait for ever, or fail without a word. */
  private void failIfFull() throws IOException {
    if (Files.getFileStore(home).getUsableSpace() < FULL) {
      throw new IOException("no space left on the disk of " + home.getParent().getParent());
    }
  }

  /** The first error that apt wrote, else its first warning, without the prefix. */
  private static String reason(String errors) {
    return errors
        .lines()
        .filter(line -> line.matches("[EW]: .*"))
        .min(Comparator.comparing(line -> line.charAt(0)))
        .map(line -> "apt: " + line.substring("E: ".length()))
        .orElse("apt failed");
  }
}
