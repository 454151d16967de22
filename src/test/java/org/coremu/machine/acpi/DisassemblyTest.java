package org.coremu.machine.acpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An independent reader's opinion: ACPICA's {@code iasl}, where it is installed (Debian:
 * acpica-tools).
 */
class DisassemblyTest {
  @TempDir Path directory;

  @BeforeAll
  static void needsIasl() {
    boolean installed =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(p -> Files.isExecutable(Path.of(p, "iasl")));
    assumeTrue(installed, "iasl is not installed");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 255, 300, 4096})
  void iaslReadsEveryTable(int cores) throws Exception {
    byte[] block = new AcpiTables(AcpiBoards.pc(cores, true)).place(0xe0000, 0).get(1).bytes();
    for (String signature : List.of("DSDT", "FACP", "APIC", "HPET", "RSDT", "XSDT", "FACS")) {
      Files.write(directory.resolve(signature + ".aml"), find(block, signature));
      assertThat(iasl("-d", signature + ".aml"))
          .containsPattern("Disassembly completed|decoded")
          .doesNotContainIgnoringCase("error")
          .doesNotContainIgnoringCase("warning")
          .doesNotContainIgnoringCase("invalid");
      String source = Files.readString(directory.resolve(signature + ".dsl"));
      assertThat(source)
          .doesNotContainIgnoringCase("invalid")
          .doesNotContainIgnoringCase("unknown")
          .doesNotContainIgnoringCase("incorrect");
    }
  }

  /** The DSDT, disassembled and compiled again, is the same AML and raises no complaint. */
  @ParameterizedTest
  @ValueSource(ints = {1, 300})
  void theDsdtSurvivesARoundTrip(int cores) throws Exception {
    byte[] dsdt =
        find(new AcpiTables(AcpiBoards.pc(cores, true)).place(0xe0000, 0).get(1).bytes(), "DSDT");
    Files.write(directory.resolve("DSDT.aml"), dsdt);
    iasl("-d", "DSDT.aml");
    Files.delete(directory.resolve("DSDT.aml"));
    assertThat(iasl("DSDT.dsl")).contains(" 0 Errors, 0 Warnings");
    byte[] again = Files.readAllBytes(directory.resolve("DSDT.aml"));
    assertThat(Arrays.copyOfRange(again, 36, again.length))
        .isEqualTo(Arrays.copyOfRange(dsdt, 36, dsdt.length));
  }

  private static byte[] find(byte[] block, String signature) {
    ByteBuffer tables = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < block.length; at += 64) {
      if (new String(block, at, 4, StandardCharsets.US_ASCII).equals(signature)) {
        return Arrays.copyOfRange(block, at, at + tables.getInt(at + 4));
      }
    }
    throw new AssertionError("no " + signature);
  }

  private String iasl(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("iasl").directory(directory.toFile()).redirectErrorStream(true);
    builder.command().addAll(List.of(arguments));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
