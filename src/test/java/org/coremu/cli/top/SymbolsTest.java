package org.coremu.cli.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.coremu.machine.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymbolsTest {
  private static final String MAP =
      """
      0000000000000000 A per_cpu_start
      ffffffff81000000 T _text
      ffffffff81000100 t helper	[module]
      ffffffff81000180 d not_a_function
      ffffffff81c00040 T entry_SYSCALL_64
      ffffffff81c00200 W weak
      """;

  @TempDir private Path files;

  private Symbols read(String text) throws IOException {
    return SymbolFile.read(Files.writeString(files.resolve("map"), text).toString());
  }

  @Test
  void findsTheFunctionThatAnAddressIsIn() throws IOException {
    Symbols symbols = read(MAP);
    assertThat(symbols.find(0xffffffff81000000L, 0)).contains("_text");
    assertThat(symbols.find(0xffffffff810000ffL, 0)).contains("_text");
    assertThat(symbols.find(0xffffffff81000190L, 0)).contains("helper");
    assertThat(symbols.find(0xffffffff81c00240L, 0)).contains("weak");
    assertThat(symbols.find(0xffffffff80ffffffL, 0)).isEmpty();
    assertThat(symbols.find(0xffffffff91c00200L, 0)).as("too far from any").isEmpty();
    assertThat(symbols.find(0x401000, 0)).isEmpty();
  }

  @Test
  void findsAKernelThatHasMoved() throws IOException {
    Symbols symbols = read(MAP);
    long entry = 0xffffffff9ac00040L;
    long moved = entry - 0xffffffff81c00040L;
    assertThat(symbols.find(0xffffffff81000104L + moved, entry)).contains("helper");
    assertThat(symbols.find(0x401000, entry)).as("a program").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 64})
  void readsElf(int bits) throws Exception {
    assumeThat(Files.isExecutable(Path.of("/usr/bin/gcc"))).as("gcc is installed").isTrue();
    Path source =
        Files.writeString(
            files.resolve("a.s"),
            """
            .globl first, second
            .type first, @function
            first: nop
            nop
            .size first, 2
            second: nop
            .data
            datum: .long 0
            """);
    Path elf = files.resolve("a.elf");
    Process gcc =
        new ProcessBuilder(
                List.of(
                    "gcc",
                    "-m" + bits,
                    "-nostdlib",
                    "-static",
                    "-no-pie",
                    "-Wl,-Ttext=0x100000,-e,first,--build-id=none",
                    "-o",
                    "" + elf,
                    "" + source))
            .inheritIO()
            .start();
    assertThat(gcc.waitFor()).isZero();
    Symbols symbols = SymbolFile.read(elf.toString());
    assertThat(symbols.find(0x100001, 0)).contains("first");
    assertThat(symbols.find(0x100002, 0)).contains("second");
    assertThat(symbols.find(0xfffff, 0)).isEmpty();
    byte[] half = java.util.Arrays.copyOf(Files.readAllBytes(elf), 100);
    assertThatThrownBy(() -> SymbolFile.read(Files.write(elf, half).toString()))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void aFileWithoutFunctionsIsRefused() {
    assertThatThrownBy(() -> read("0000000000000000 T hidden\nhello\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("names no function");
    assertThatThrownBy(() -> SymbolFile.read(files.resolve("none").toString()))
        .hasMessageContaining("there is no file");
  }
}
