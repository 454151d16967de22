package org.coremu.bits;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The host's own floating-point instructions, as an oracle. Cases are collected, then run in one
 * batch by the program in src/test/c/hostfp.c, which is compiled on first use; without an x86-64
 * host or gcc the test is skipped.
 */
final class HostFpu {
  private static final int IN = 40;
  private static final int OUT = 40;

  private final Path program;
  private final ByteBuffer in;
  private ByteBuffer out;
  private int count;

  HostFpu(int capacity) {
    assumeTrue(
        Set.of("amd64", "x86_64").contains(System.getProperty("os.arch")), "needs an x86-64 host");
    program = Compiler.PROGRAM;
    assumeTrue(program != null, "needs gcc");
    in = ByteBuffer.allocate(capacity * IN).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Adds a case; operands are 128 bits, of which an operation uses what it needs. */
  void add(int op, int control, long a0, long a1, long b0, long b1) {
    in.putInt(op).putInt(control).putLong(a0).putLong(a1).putLong(b0).putLong(b1);
    count++;
  }

  int count() {
    return count;
  }

  int op(int i) {
    return in.getInt(i * IN);
  }

  int control(int i) {
    return in.getInt(i * IN + 4);
  }

  long a(int i) {
    return in.getLong(i * IN + 8);
  }

  int aHigh(int i) {
    return in.getShort(i * IN + 16) & 0xFFFF;
  }

  long b(int i) {
    return in.getLong(i * IN + 24);
  }

  int bHigh(int i) {
    return in.getShort(i * IN + 32) & 0xFFFF;
  }

  long result(int i) {
    return out.getLong(i * OUT);
  }

  int resultHigh(int i) {
    return out.getShort(i * OUT + 8) & 0xFFFF;
  }

  long second(int i) {
    return out.getLong(i * OUT + 16);
  }

  int secondHigh(int i) {
    return out.getShort(i * OUT + 24) & 0xFFFF;
  }

  /** MXCSR or the x87 status word after the operation. */
  int status(int i) {
    return out.getInt(i * OUT + 32);
  }

  boolean trapped(int i) {
    return out.getInt(i * OUT + 36) != 0;
  }

  void run() {
    try {
      Path input = Files.createTempFile("hostfp", ".in");
      Path output = Files.createTempFile("hostfp", ".out");
      try {
        Files.write(input, Arrays.copyOf(in.array(), count * IN));
        Process process =
            new ProcessBuilder(program.toString())
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.waitFor() != 0) {
          throw new AssertionError("hostfp ended with " + process.exitValue());
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
      Path source = Path.of("src/test/c/hostfp.c").toAbsolutePath();
      try {
        Path program = Files.createTempFile("hostfp", "");
        program.toFile().deleteOnExit();
        String[] options = {"-O1", "-mno-red-zone", "-msse4.1", "-Wall", "-Wextra"};
        List<String> command =
            new ArrayList<>(List.of("gcc", "-o", program.toString(), source.toString()));
        command.addAll(List.of(options));
        Process gcc = new ProcessBuilder(command).inheritIO().start();
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
