package org.coremu.ir;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/** The host's vector instructions as an oracle: src/test/c/hostvec.c, compiled on first use. */
public final class HostVector {
  private static final int IN = 88;
  private static final int OUT = 32;

  private final ByteBuffer in;
  private ByteBuffer out;
  private int count;

  /** Room for {@code capacity} cases. Skips the test if there is no x86-64 host or no gcc. */
  public HostVector(int capacity) {
    assumeTrue(
        Set.of("amd64", "x86_64").contains(System.getProperty("os.arch")), "needs an x86-64 host");
    assumeTrue(Compiler.PROGRAM != null, "needs gcc");
    in = ByteBuffer.allocate(capacity * IN).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Adds a case: hexadecimal bytes of an instruction on XMM1 and XMM2, and 8 words: a, b, c, RAX,
   * RDX.
   */
  public void add(String code, long[] words, int mxcsr) {
    byte[] bytes = Arrays.copyOf(HexFormat.of().parseHex(code.replace(" ", "")), 16);
    Arrays.fill(bytes, code.replace(" ", "").length() / 2, 16, (byte) 0x90);
    in.put(bytes);
    for (int i = 0; i < 8; i++) {
      in.putLong(i < words.length ? words[i] : 0);
    }
    in.putInt(mxcsr).putInt(0);
    count++;
  }

  /** Low half of XMM1 after case {@code i}. */
  public long low(int i) {
    return out.getLong(i * OUT);
  }

  public long high(int i) {
    return out.getLong(i * OUT + 8);
  }

  public long rax(int i) {
    return out.getLong(i * OUT + 16);
  }

  public int eflags(int i) {
    return out.getInt(i * OUT + 24);
  }

  public int mxcsr(int i) {
    return out.getInt(i * OUT + 28);
  }

  /** Runs all cases. */
  public void run() {
    try {
      Path input = Files.createTempFile("hostvec", ".in");
      Path output = Files.createTempFile("hostvec", ".out");
      try {
        Files.write(input, Arrays.copyOf(in.array(), count * IN));
        Process process =
            new ProcessBuilder(Compiler.PROGRAM.toString())
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.waitFor() != 0) {
          throw new AssertionError("hostvec ended with " + process.exitValue());
        }
        out = ByteBuffer.wrap(Files.readAllBytes(output)).order(ByteOrder.LITTLE_ENDIAN);
      } finally {
        Files.deleteIfExists(input);
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static final class Compiler {
    static final Path PROGRAM = compile();

    private static Path compile() {
      Path source = Path.of("src/test/c/hostvec.c").toAbsolutePath();
      try {
        Path program = Files.createTempFile("hostvec", "");
        program.toFile().deleteOnExit();
        Process gcc =
            new ProcessBuilder(
                    "gcc",
                    "-O1",
                    "-mno-red-zone",
                    "-Wall",
                    "-Wextra",
                    "-o",
                    program.toString(),
                    source.toString())
                .inheritIO()
                .start();
        if (gcc.waitFor() != 0) {
          throw new AssertionError("gcc refuses " + source);
        }
        return program;
      } catch (IOException e) {
        return null;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
