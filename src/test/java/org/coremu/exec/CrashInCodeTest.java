package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/crash-in-code} names the guest code of a JVM that has really died in it. */
class CrashInCodeTest {
  /** The signal may find the thread in Java between two quanta, which is no such crash. */
  private static final int ATTEMPTS = 5;

  @TempDir private Path files;

  @Test
  @Timeout(300)
  void namesTheGuestCode() throws IOException, InterruptedException {
    assumeTrue(TestTier.NATIVE);
    String said = "";
    for (int i = 0; i < ATTEMPTS && !said.contains("in generated code"); i++) {
      said = crash(Files.createDirectory(files.resolve("attempt" + i)));
    }
    List<String> lines = said.lines().filter(line -> line.startsWith("coremu: ")).toList();
    assertThat(lines).as(said).hasSize(1);
    assertThat(lines.getFirst())
        .containsPattern("^coremu: crashed in generated code near guest PC 0x0000000000003120; ")
        .containsPattern("see hs_err_pid\\d+\\.log; the same command with --tier interp ");
  }

  private static String crash(Path directory) throws IOException, InterruptedException {
    Path script = Path.of("scripts/crash-in-code").toAbsolutePath();
    Path output = directory.resolve("stderr");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:OnError='" + script + "' %p",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingMachine.class.getName())
            .directory(directory.toFile())
            .redirectOutput(directory.resolve("stdout").toFile())
            .redirectError(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(100, TimeUnit.SECONDS)).as("it has ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output);
  }
}
