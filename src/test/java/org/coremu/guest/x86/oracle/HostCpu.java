package org.coremu.guest.x86.oracle;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;

/**
 * The host CPU as an emulator of itself: the client of the native harness {@code
 * src/test/c/hostcpu.c}.
 */
public final class HostCpu implements Emulator {
  private static final Path SOURCE = Path.of("src/test/c/hostcpu.c");
  private static final Path OUTPUT = Path.of("target/oracle");
  private static final List<String> COMPILE =
      List.of(
          "gcc",
          "-O2",
          "-Wall",
          "-std=gnu11",
          "-static",
          "-nostdlib",
          "-ffreestanding",
          "-fno-stack-protector",
          "-fno-pie",
          "-no-pie",
          "-fcf-protection=none",
          "-Wl,-z,noexecstack",
          "-Wl,--build-id=none",
          "-Wl,-Ttext-segment=0x70000000");
  private static final int MAGIC = 0x31455343;
  private static final int REQUEST_BYTES = 680;
  private static final int RESPONSE_BYTES = 688;

  private final Process process;
  private final OutputStream requests;
  private final DataInputStream responses;
  private final String name;

  private HostCpu(List<String> command, String name) throws IOException {
    this.name = name;
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    requests = process.getOutputStream();
    responses = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 20));
  }

  /** Why this host can't serve as the oracle, or empty if it can. */
  public static Optional<String> unavailable() {
    if (!System.getProperty("os.arch").equals("amd64")
        || !System.getProperty("os.name").equals("Linux")) {
      return Optional.of("the oracle is the host CPU, which must be x86-64 under Linux");
    }
    boolean gcc =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "gcc")));
    return gcc
        ? Optional.empty()
        : Optional.of("the native harness is built with gcc, which is not installed");
  }

  /** Whether this host's kernel lets programs have 16-bit segments. */
  public static boolean runs16BitCode() {
    try (Emulator host = start()) {
      byte[] fx = new byte[GuestState.FX_BYTES];
      GuestState state = new GuestState(new long[16], TestCase.CODE_BASE, 0x202, fx);
      host.run(List.of(new TestCase(0, state, List.of(), List.of(), 16)));
      return true;
    } catch (AssertionError refused) {
      return false;
    }
  }

  /** Builds the harness if its source changed and starts it. */
  public static HostCpu start() {
    return start(List.of(), "host CPU");
  }

  /**
   * The harness run by another program, such as a user-mode emulator: {@code prefix} is put before
   * its path.
   */
  public static HostCpu start(List<String> prefix, String name) {
    try {
      List<String> command = new ArrayList<>(prefix);
      command.add(build().toAbsolutePath().toString());
      return new HostCpu(command, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static synchronized Path build() throws IOException {
    CRC32C checksum = new CRC32C();
    checksum.update(Files.readAllBytes(SOURCE));
    checksum.update(COMPILE.toString().getBytes());
    Path binary =
        OUTPUT.resolve("hostcpu-" + HexFormat.of().toHexDigits((int) checksum.getValue()));
    if (Files.isExecutable(binary)) {
      return binary;
    }
    Files.createDirectories(OUTPUT);
    Path unfinished = Files.createTempFile(OUTPUT, "hostcpu", ".new");
    List<String> command = new ArrayList<>(COMPILE);
    command.addAll(List.of("-o", unfinished.toString(), SOURCE.toString()));
    try {
      int status = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (status != 0) {
        throw new IOException("gcc failed with status " + status);
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted while building " + binary, e);
    }
    return Files.move(unfinished, binary, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public List<Outcome> run(List<TestCase> cases) {
    AtomicReference<IOException> failure = new AtomicReference<>();
    Thread writer =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    for (TestCase testCase : cases) {
                      requests.write(encode(testCase));
                    }
                    requests.flush();
                  } catch (IOException e) {
                    failure.set(e);
                  }
                });
    List<Outcome> outcomes = new ArrayList<>(cases.size());
    try {
      while (outcomes.size() < cases.size()) {
        outcomes.add(receive(cases.get(outcomes.size()).codeBase()));
      }
      writer.join();
    } catch (EOFException e) {
      throw new AssertionError(
          name + " died in case " + Report.code(cases.get(outcomes.size())), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
    if (failure.get() != null) {
      throw new UncheckedIOException(failure.get());
    }
    return outcomes;
  }

  private static byte[] encode(TestCase testCase) {
    byte[] code = testCase.code();
    int padded = (code.length + 7) & ~7;
    ByteBuffer out =
        ByteBuffer.allocate(REQUEST_BYTES + padded + 24 * testCase.patches().size())
            .order(ByteOrder.LITTLE_ENDIAN);
    GuestState state = testCase.state();
    out.putInt(MAGIC).putInt(testCase.patches().size()).putLong(testCase.seed());
    out.putInt((int) (state.rip() - TestCase.CODE_BASE)).putInt(code.length);
    for (long value : state.gpr()) {
      out.putLong(value);
    }
    out.putLong(state.rflags()).putLong(testCase.mode()).put(state.fx());
    out.put(code).position(REQUEST_BYTES + padded);
    for (TestCase.Patch patch : testCase.patches()) {
      out.putInt(patch.offset()).putInt(patch.bytes().length).put(Arrays.copyOf(patch.bytes(), 16));
    }
    return out.array();
  }

  private Outcome receive(long codeBase) throws IOException {
    ByteBuffer in = take(RESPONSE_BYTES);
    int signal = in.getInt();
    int vector = in.getInt();
    long error = in.getLong();
    long cr2 = in.getLong();
    long rip = in.getLong() + codeBase;
    long[] gpr = new long[16];
    in.asLongBuffer().get(gpr);
    in.position(in.position() + 128);
    long rflags = in.getLong();
    byte[] fx = new byte[GuestState.FX_BYTES];
    in.get(fx);
    long[] changed = new long[2 * (int) in.getLong()];
    take(8 * changed.length).asLongBuffer().get(changed);
    int alarm = 14;
    return new Outcome(
        signal == alarm ? Outcome.TIMED_OUT : vector,
        error,
        cr2,
        new GuestState(gpr, rip, rflags, fx),
        changed);
  }

  private ByteBuffer take(int bytes) throws IOException {
    byte[] buffer = new byte[bytes];
    responses.readFully(buffer);
    return ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void close() {
    try {
      requests.close();
      responses.close();
    } catch (IOException e) {
      process.destroyForcibly();
    }
    process.destroy();
  }
}
