package org.coremu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Debian's kernel boots through the command itself, in a process of its own as for a user. Needs
 * apt or the cache.
 */
class BootTest {
  private static final String COMPLAINTS =
      "(?s).*(BUG:|Oops|soft lockup|rcu[^\n]*stall|unchecked MSR access|clocksource[^\n]*unstable|APIC error).*";
  private static final long MOST_SECONDS = 600;

  @TempDir private Path directory;

  private record Result(int code, String out, String err) {}

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void bootsOnAsManyCoresAsAskedForWithoutComplaints(int cores) throws Exception {
    Path log = directory.resolve("log");
    Result run =
        coremu(
            "",
            "boot",
            "-smp",
            "" + cores,
            "-m",
            "512M",
            "--log",
            log.toString(),
            "--exec",
            "nproc");
    assertThat(run).isEqualTo(new Result(0, cores + "\n", ""));
    assertThat(Files.readString(log))
        .contains("Linux version", "reboot: Power down")
        .doesNotMatch(COMPLAINTS);
  }

  @Test
  void theCommandsBytesAndStatusArriveUnchanged() throws Exception {
    Result run = coremu("", "boot", "-smp", "1", "--exec", "printf 'a\\r\\n\\001b'; exit 7");
    assertThat(run).isEqualTo(new Result(7, "a\r\n\001b", ""));
  }

  @Test
  void aPipeDrivesTheShell() throws Exception {
    Result run = coremu("echo $((6 * 7))\ncat\nmore\n", "boot", "-smp", "2");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("# echo $((6 * 7))\r\n42\r\n")
        .contains("more\r\nmore\r\n")
        .contains("Power down");
  }

  @Test
  void fourJobsAtOnceGiveTheRightResults() throws Exception {
    String jobs =
        """
        for i in 1 2 3 4; do
          ( seq 1 20000 | sort -r | gzip | gunzip | sort -n | cmp - /tmp/seq && echo ok ) &
        done; wait
        dd if=/dev/zero bs=1M count=32 2>/dev/null | md5sum
        """;
    Result run = coremu("", "boot", "-smp", "4", "--exec", "seq 1 20000 >/tmp/seq; " + jobs);
    assertThat(run.out()).isEqualTo("ok\nok\nok\nok\n58f06dd588d8ffb3beb46ada6309436b  -\n");
    assertThat(run.code()).isZero();
  }

  @Test
  void deterministicRunsEndInTheSameState() throws Exception {
    String[] line = {"boot", "-smp", "2", "-m", "256M", "--deterministic", "--exec", "nproc"};
    Result first = coremu("", line);
    assertThat(first.err()).matches("state hash: [0-9a-f]+\n");
    assertThat(coremu("", line)).isEqualTo(first);
  }

  private Result coremu(String stdin, String... args) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
    line.add(Main.class.getName());
    line.addAll(List.of(args));
    File out = directory.resolve("out").toFile();
    File err = directory.resolve("err").toFile();
    File in = Files.writeString(directory.resolve("in"), stdin).toFile();
    Process process =
        new ProcessBuilder(line).redirectInput(in).redirectOutput(out).redirectError(err).start();
    try {
      assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).as("ended in time").isTrue();
    } finally {
      process.destroyForcibly();
    }
    String messages =
        Files.readString(err.toPath())
            .lines()
            .filter(
                text ->
                    !text.startsWith("coremu: fetching") && !text.startsWith("coremu: unpacking"))
            .map(text -> text + "\n")
            .reduce("", String::concat);
    return new Result(
        process.exitValue(), Files.readString(out.toPath(), StandardCharsets.ISO_8859_1), messages);
  }
}
