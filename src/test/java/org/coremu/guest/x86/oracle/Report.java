package org.coremu.guest.x86.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Texts about cases, for people. */
final class Report {
  static final String[] GPR = {
    "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
    "r14", "r15"
  };

  private Report() {}

  /** The instructions of a case: disassembled if this host has objdump, as bytes if not. */
  static String code(TestCase testCase) {
    String names =
        testCase.insns().stream().map(insn -> insn.row().name()).collect(Collectors.joining(" "));
    String bytes =
        testCase.insns().stream()
            .map(insn -> HexFormat.ofDelimiter(" ").formatHex(insn.bytes()))
            .collect(Collectors.joining(" | "));
    return "%s: %s\n%s".formatted(names, bytes, disassemble(testCase));
  }

  private static String disassemble(TestCase testCase) {
    return disassemble(testCase.code(), testCase.state().rip(), testCase.mode());
  }

  private static String disassemble(byte[] code, long address, int mode) {
    try {
      Path file = Files.createTempFile("case", ".bin");
      try {
        Files.write(file, code);
        String machine = mode == 64 ? "i386:x86-64" : mode == 32 ? "i386" : "i8086";
        Process objdump =
            new ProcessBuilder(
                    "objdump",
                    "-D",
                    "-b",
                    "binary",
                    "-m",
                    machine,
                    "-M",
                    "intel",
                    "--adjust-vma=0x" + Long.toHexString(address),
                    file.toString())
                .redirectErrorStream(true)
                .start();
        String text = new String(objdump.getInputStream().readAllBytes());
        return text.lines()
            .filter(line -> line.matches("\\s+[0-9a-f]+:\t.*"))
            .collect(Collectors.joining("\n"));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      return "(no disassembly: " + e.getMessage() + ")";
    }
  }

  /** A program, and what it starts from. */
  static String program(BlockProgram program) {
    BlockProgram.Start start = program.start();
    StringBuilder text = new StringBuilder();
    text.append(
        "case %d: %d-bit code%s%s%s%s, %d instructions, quanta %s and %s%n"
            .formatted(
                start.number(),
                start.mode(),
                start.kernel() ? ", CPL 0" : "",
                start.aliased() ? ", aliased" : "",
                start.cold() ? ", cold" : "",
                start.smallStack() ? ", SP" : "",
                program.limit(),
                program.interp(),
                program.compiled()));
    text.append(withoutNops(disassemble(program.code(), program.entry(), start.mode())));
    GuestState state = start.registers();
    for (int i = 0; i < 16; i++) {
      text.append("%s=%x ".formatted(GPR[i], state.gpr()[i]));
    }
    text.append("rflags=%x mxcsr=%x%n".formatted(state.rflags(), state.mxcsr()));
    return text.toString();
  }

  /** One line for a row of NOPs, which are what is left of instructions that do not matter. */
  private static String withoutNops(String code) {
    StringBuilder text = new StringBuilder();
    String last = "";
    for (String line : code.split("\n")) {
      if (!line.endsWith("\tnop") || !last.endsWith("\tnop")) {
        text.append(line).append('\n');
      }
      last = line;
    }
    return text.toString();
  }

  /** Everything needed to understand and repeat a disagreement. */
  static String disagreement(
      TestCase testCase, Outcome expected, Outcome actual, List<String> differences) {
    StringBuilder text = new StringBuilder(code(testCase)).append('\n');
    text.append(
        "vector %d at %x, error %x, cr2 %x\n"
            .formatted(
                expected.vector(), expected.state().rip(), expected.error(), expected.cr2()));
    GuestState start = testCase.state();
    for (int i = 0; i < 16; i++) {
      text.append("%s=%x ".formatted(GPR[i], start.gpr()[i]));
    }
    text.append(
        "rflags=%x fcw=%x fsw=%x ftw=%x mxcsr=%x\n"
            .formatted(start.rflags(), start.fcw(), start.fsw(), start.ftw(), start.mxcsr()));
    floats(text, testCase);
    for (TestCase.Patch patch : testCase.patches()) {
      text.append(
          "[%x]=%s "
              .formatted(
                  TestCase.DATA_BASE + patch.offset(), HexFormat.of().formatHex(patch.bytes())));
    }
    text.append('\n');
    differences.forEach(line -> text.append("  ").append(line).append('\n'));
    return text.toString();
  }

  /**
   * The registers that the code's own instruction classes use; a case of integer code is short
   * enough without.
   */
  private static void floats(StringBuilder text, TestCase testCase) {
    GuestState start = testCase.state();
    if (testCase.insns().stream().anyMatch(insn -> insn.row().usesX87())) {
      for (int i = 0; i < 8; i++) {
        text.append("st%d=%04x:%016x ".formatted(i, start.stHigh(i), start.stLow(i)));
      }
      text.append('\n');
    }
    if (testCase.insns().stream().anyMatch(insn -> insn.row().usesXmm())) {
      for (int i = 0; i < 16; i++) {
        text.append("xmm%d=%016x:%016x ".formatted(i, start.xmm(i, 1), start.xmm(i, 0)));
      }
      text.append('\n');
    }
  }
}
