package org.coremu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  @TempDir private static Path files;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bot | did you mean boot?",
        "frobnicate | there is no command 'frobnicate'",
        "-smp 4 | before the command",
        "run -smpp 4 | did you mean -smp?",
        "run --smpp=4 | did you mean -smp?",
        "run --kernal x | did you mean -kernel?",
        "run kernel x | did you mean -kernel?",
        "run -smp | -smp needs a value",
        "run -nographic=yes | takes no value",
        "run -smp 0 -kernel KERNEL | 1 to 4096",
        "run -smp 9999 -kernel KERNEL | 1 to 4096",
        "run -m 1 -kernel KERNEL | guest RAM must be",
        "run -m lots -kernel KERNEL | amount of memory",
        "run -M q35 -kernel KERNEL | -M help lists all",
        "run -cpu x86-64v2 -kernel KERNEL | did you mean x86-64-v2?",
        "run -tier jit -kernel KERNEL | -tier",
        "run --clock wall -kernel KERNEL | --clock",
        "run --quantum 0 -kernel KERNEL | --quantum",
        "run --quantum 500 --max-skew 499 -kernel KERNEL | --max-skew",
        "run --policy spin-yeild -kernel KERNEL | did you mean spin-yield?",
        "run --policy none,spin-yield -kernel KERNEL | stands alone",
        "run --affinity 8191 -kernel KERNEL | may use",
        "run --affinity 1- -kernel KERNEL | such as 0,2-3",
        "run --workers 0 -kernel KERNEL | --workers",
        "run --perf-map --tier interp -kernel KERNEL | --tier native",
        "run --seed 3 -kernel KERNEL | --seed needs --deterministic",
        "run --deterministic --clock host -kernel KERNEL | --clock icount",
        "run -d unmip -kernel KERNEL | did you mean unimp?",
        "run -D FILES/log -kernel KERNEL | -D needs -d",
        "run -d unimp -D FILES/none/log -kernel KERNEL | cannot write",
        "run --stats=jsn:x -kernel KERNEL | --stats",
        "run --stats=json:FILES/none/x -kernel KERNEL | cannot write",
        "run -serial tcp:4444 -kernel KERNEL | -serial",
        "run -serial file:FILES/none/x -kernel KERNEL | cannot write",
        "run -device virtio-net -kernel KERNEL | -device help lists all",
        "run -device isa-debug-exit,iosize=9 -kernel KERNEL | iosize",
        "run | nothing to boot",
        "run -initrd KERNEL | nothing to boot",
        "run -kernel FILES/none | there is no file",
        "run -kernel FILES | is a directory",
        "run -kernel KERNEL -initrd FILES/none | there is no file",
        "run -bios FILES/none | there is no file",
        "run -bios KERNEL -kernel KERNEL | do not go together",
        "run -m 1G -m 2G -kernel KERNEL | -m",
        "boot -smp 4097 | 1 to 4096",
        "boot --exec true -initrd KERNEL | leave out -initrd",
        "boot --log FILES/x | --log needs --exec",
        "boot -kernel FILES/none | there is no file",
        "boot --stats=json:FILES/none/x | cannot write",
        "boot -nographic | no option",
        "help bot | did you mean boot?",
        "help boot run | no argument 'run'",
      })
  void badInputIsOneLineAndExitCodeTwo(String line, String because) throws IOException {
    Path kernel = Files.writeString(files.resolve("text"), "not a kernel\n");
    String[] args =
        line.replace("KERNEL", kernel.toString()).replace("FILES", files.toString()).split(" ");
    refused(CapturedRun.of(args), because);
  }

  @Test
  void aKernelThatIsNoneIsOneLineAndExitCodeTwo() throws IOException {
    Path text = Files.writeString(files.resolve("text"), "not a kernel\n");
    Path empty = Files.write(files.resolve("empty"), new byte[0]);
    refused(CapturedRun.of("run", "-serial", "none", "-kernel", text.toString()), text.toString());
    refused(
        CapturedRun.of("run", "-serial", "none", "-kernel", empty.toString()), empty.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-smp",
        "-m",
        "-M",
        "-machine",
        "-cpu",
        "-d",
        "-serial",
        "-device",
        "--clock",
        "--policy",
        "--tier",
        "--stats="
      })
  void theValueHelpListsTheChoices(String option) {
    String[] args =
        option.endsWith("=")
            ? new String[] {"run", option + "help"}
            : new String[] {"run", option, "help"};
    CapturedRun run = CapturedRun.of(args);
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains(option.replace("=", "").replace("-machine", "-M"))
        .hasLineCount(lines(run.out()));
    assertThat(lines(run.out())).isGreaterThanOrEqualTo(1);
  }

  @Test
  void helpNamesEveryCommandAndEveryOptionOfOne() {
    assertThat(CapturedRun.of().out()).contains("boot", "run", "help", "version");
    assertThat(CapturedRun.of("--help").out()).isEqualTo(CapturedRun.of("help").out());
    assertThat(CapturedRun.of("help", "run").out())
        .contains("-smp", "-kernel", "-no-reboot", "--deterministic");
    assertThat(CapturedRun.of("help", "boot").out())
        .contains("--exec")
        .doesNotContain("-nographic");
    assertThat(CapturedRun.of("--version").out()).startsWith("coremu ");
  }

  /**
   * A mistake is refused before the console is opened. Nothing must read stdin here anyway: that is
   * how Surefire speaks to this process, and a reader that takes its last word makes the end of the
   * tests take 30 s.
   */
  @AfterEach
  void nobodyReadsStdin() {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("console-in");
  }

  private static int lines(String text) {
    return (int) text.lines().count();
  }

  private static void refused(CapturedRun run, String because) {
    assertThat(run.err())
        .startsWith("coremu: ")
        .contains(because)
        .hasLineCount(1)
        .doesNotContain("Exception");
    assertThat(run.out()).isEmpty();
    assertThat(run.code()).isEqualTo(2);
  }
}
