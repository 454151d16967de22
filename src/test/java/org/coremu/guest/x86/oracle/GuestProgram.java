package org.coremu.guest.x86.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.coremu.exec.CoreState;
import org.coremu.guest.x86.X86State;

/**
 * A guest assembly test of {@code src/test/guest/x86}: assembled into a flat binary, loaded at
 * 0x8000, entered in real mode, run to HLT. What it must have logged stands in its header, in lines
 * that begin with {@code # log:}.
 */
record GuestProgram(Path source) {
  private static final Path DIRECTORY = Path.of("src/test/guest/x86");
  private static final Path OUTPUT = Path.of("target/guest-tests");
  private static final int LOAD_ADDRESS = 0x8000;
  private static final int LOG = 0x600;
  private static final int LOG_END = 0x1000;
  private static final int RAM_BYTES = 64 << 20;
  private static final int INSTRUCTIONS = 5_000_000;
  private static final String SHUTDOWN = "shutdown";

  /** All programs, in the order of their names. */
  static List<GuestProgram> all() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files
          .filter(file -> file.toString().endsWith(".S"))
          .sorted()
          .map(GuestProgram::new)
          .toList();
    }
  }

  String name() {
    return source.getFileName().toString().replace(".S", "");
  }

  /**
   * The log as the header has it, and "shutdown" at its end if the program ends in a triple fault.
   */
  List<String> expected() throws IOException {
    List<String> log = new ArrayList<>();
    for (String line : Files.readAllLines(source)) {
      if (line.startsWith("# log:")) {
        log.addAll(List.of(line.substring(6).strip().split("\\s+")));
      } else if (line.startsWith("# end: " + SHUTDOWN)) {
        log.add(SHUTDOWN);
      }
    }
    return log;
  }

  /** Runs the program on a machine of its own and returns what it logged. */
  List<String> run() throws IOException, InterruptedException {
    byte[] code = assemble();
    try (BareMachine machine = new BareMachine(RAM_BYTES)) {
      machine.bus.write(LOAD_ADDRESS, code, 0, code.length);
      machine.setSegment(X86State.CS, 0, 0, 0xFFFF, 0x9B);
      machine.x86.put(CoreState.PC, LOAD_ADDRESS);
      machine.x86.updateMode();
      if (!machine.run(INSTRUCTIONS)) {
        throw new AssertionError(
            "%s did not end; RIP is %x, log %s"
                .formatted(name(), machine.x86.get(CoreState.PC), log(machine)));
      }
      return log(machine);
    }
  }

  private static List<String> log(BareMachine machine) {
    List<String> log = new ArrayList<>();
    long end = machine.x86.get(X86State.GPR + 15);
    end = end == 0 ? machine.x86.get(X86State.RBP) : end;
    for (long at = LOG; at < end && at < LOG_END; at += 8) {
      log.add(Long.toHexString(machine.ram.load64(at)));
    }
    if (machine.shutDown()) {
      log.add(SHUTDOWN);
    }
    return log;
  }

  private byte[] assemble() throws IOException, InterruptedException {
    Files.createDirectories(OUTPUT);
    Path object = OUTPUT.resolve(name() + ".o");
    Path binary = OUTPUT.resolve(name() + ".bin");
    execute(
        List.of(
            "gcc",
            "-x",
            "assembler-with-cpp",
            "-c",
            "-m64",
            "-I",
            DIRECTORY.toString(),
            "-o",
            object.toString(),
            source.toString()));
    execute(
        List.of(
            "ld",
            "-m",
            "elf_x86_64",
            "-Ttext=0x" + HexFormat.of().toHexDigits(LOAD_ADDRESS),
            "--oformat=binary",
            "-e",
            "_start",
            "-o",
            binary.toString(),
            object.toString()));
    return Files.readAllBytes(binary);
  }

  private static void execute(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + "\n" + output);
    }
  }
}
