package org.coremu.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.coremu.cli.option.Numbers;
import org.coremu.cli.top.Attachment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coremu top}: what the cores of a running machine do. */
@Command(name = "top", description = "Show what the cores of a running machine do.")
final class TopCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PID",
      description = "The machine's process; not needed if only one machine runs.")
  private String pid;

  @Option(
      names = "--symbols",
      paramLabel = "FILE",
      description = "Names of the guest's functions: vmlinux, another ELF, System.map or kallsyms.")
  private String symbols;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Print N lines, one every 2 seconds, as without a terminal.")
  private String count;

  @Override
  public Integer call() throws Exception {
    Optional<Long> process = Optional.ofNullable(pid).map(p -> Numbers.atLeast(1, "top", p));
    Optional<Long> lines = Optional.ofNullable(count).map(n -> Numbers.atLeast(1, "--count", n));
    Attachment.run(process, Optional.ofNullable(symbols), lines);
    return 0;
  }
}
