package org.coremu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A machine in one process, and top in another, as a user has them. */
@Timeout(120)
class TopTest {
  @TempDir private Path directory;

  private Path kernel() throws IOException, InterruptedException {
    assumeThat(Files.isExecutable(Path.of("/usr/bin/gcc"))).as("gcc is installed").isTrue();
    Path kernel = directory.resolve("echo.elf");
    Process gcc =
        new ProcessBuilder(
                List.of(
                    "gcc",
                    "-m32",
                    "-nostdlib",
                    "-static",
                    "-no-pie",
                    "-Wl,-n,-Ttext=0x100000,--build-id=none",
                    "-o",
                    "" + kernel,
                    "src/test/guest/multiboot/echo.S"))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("gcc.log").toFile())
            .start();
    assertThat(gcc.waitFor()).isZero();
    return kernel;
  }

  private ProcessBuilder coremu(File out, String... args) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
    line.add(Main.class.getName());
    line.addAll(List.of(args));
    ProcessBuilder process = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(out);
    Path runtime = directory.resolve("r");
    if (!Files.exists(runtime)) {
      Files.createDirectory(
          runtime,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    process.environment().put("XDG_RUNTIME_DIR", runtime.toString());
    return process;
  }

  private String top(String... args) throws IOException, InterruptedException {
    File out = directory.resolve("top").toFile();
    Process top = coremu(out, args).start();
    int code = top.waitFor();
    return code + " " + Files.readString(out.toPath());
  }

  private List<String> sockets() throws IOException {
    Path sockets = directory.resolve("r").resolve("coremu");
    if (!Files.exists(sockets)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(sockets)) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }

  @Test
  void showsAMachineUntilItEnds() throws IOException, InterruptedException {
    String kernel = kernel().toString();
    File console = directory.resolve("console").toFile();
    Process machine =
        coremu(console, "run", "-kernel", kernel, "-smp", "3", "-m", "16M", "--top").start();
    try {
      while (sockets().isEmpty() || !Files.readString(console.toPath()).contains("ready")) {
        assertThat(machine.isAlive()).isTrue();
        Thread.sleep(20);
      }
      String shown = top("top", "" + machine.pid(), "--count", "2");
      assertThat(shown)
          .matches(
              "(?s)0 (coremu: [^\n]* guest, [^\n]* MIPS, 3 cores on \\d+ workers: [^\n]*"
                  + " 1 spinning, 0 bound, 2 halted, [^\n]*\n){2}");
      assertThat(top("top", "1")).startsWith("2 coremu: top: process 1 runs no machine of yours");
      machine.getOutputStream().write('\n');
      machine.getOutputStream().flush();
      assertThat(machine.waitFor()).isZero();
      assertThat(sockets()).isEmpty();
      assertThat(Files.readString(console.toPath())).as("--top").contains("3 cores on ");
      assertThat(top("top"))
          .isEqualTo(
              "2 coremu: top: no machine of yours is running; start one with coremu boot or coremu run\n");
    } finally {
      machine.destroyForcibly();
    }
  }

  /** On a terminal, which script(1) makes: the console and top, and what they leave behind. */
  @Test
  void onATerminalTheScreenIsGivenBack() throws IOException, InterruptedException {
    assumeThat(Files.isExecutable(Path.of("/usr/bin/script"))).as("script is there").isTrue();
    File console = directory.resolve("console").toFile();
    Process machine = onTerminal(console, "run", "-kernel", kernel().toString(), "-smp", "3");
    try {
      await(machine, console, "(?s).*ready\\s.*");
      assertThat(sockets()).hasSize(1);
      type(machine, "\1t");
      await(machine, console, "(?s).*\033\\[\\?1049h.*3 cores: .* 2 halted.*to the console.*");
      File screen = directory.resolve("screen").toFile();
      Process top = onTerminal(screen, "top");
      await(top, screen, "(?s).*3 cores: .*q: quit.*");
      type(top, "q");
      assertThat(top.waitFor()).isZero();
      assertThat(Files.readString(screen.toPath())).matches(RESTORED).doesNotContain("ended");
      type(machine, "q");
      await(machine, console, "(?s).*\033\\[\\?1049l");
      type(machine, "done\r\n");
      assertThat(machine.waitFor()).isZero();
      assertThat(Files.readString(console.toPath())).matches(RESTORED).contains("DONE");
    } finally {
      machine.destroyForcibly();
    }
  }

  /** Equal settings of the terminal before and after, the first screen last. */
  private static final String RESTORED = "(?s)([0-9a-f:]+)\\s.*\033\\[\\?1049l(.*\\s)?\\1\\s+";

  private Process onTerminal(File out, String... args) throws IOException {
    ProcessBuilder plain = coremu(out, args);
    String line = "'" + String.join("' '", plain.command()) + "'";
    plain.command("script", "-qec", "stty -g; " + line + "; e=$?; stty -g; exit $e", "/dev/null");
    plain.environment().put("TERM", "xterm");
    return plain.start();
  }

  private static void type(Process process, String keys) throws IOException {
    process.getOutputStream().write(keys.getBytes(StandardCharsets.ISO_8859_1));
    process.getOutputStream().flush();
  }

  private static void await(Process process, File out, String pattern)
      throws IOException, InterruptedException {
    while (!Files.readString(out.toPath()).matches(pattern)) {
      assertThat(process.isAlive()).as(Files.readString(out.toPath())).isTrue();
      Thread.sleep(20);
    }
  }

  @Test
  void aSignalLeavesNoSocket() throws IOException, InterruptedException {
    File console = directory.resolve("console").toFile();
    Process machine = coremu(console, "run", "-kernel", kernel().toString()).start();
    try {
      while (sockets().isEmpty()) {
        assertThat(machine.isAlive()).isTrue();
        Thread.sleep(20);
      }
      machine.destroy();
      assertThat(machine.waitFor()).isEqualTo(143);
      assertThat(sockets()).isEmpty();
    } finally {
      machine.destroyForcibly();
    }
  }
}
