package org.coremu.cli;

import java.util.concurrent.Callable;
import org.coremu.cli.option.Suggestion;
import org.coremu.machine.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code coremu help}: what there is, or the options of one command. */
@Command(name = "help", description = "Say what there is, or the options of one command.")
final class HelpCommand implements Callable<Integer> {
  private static final String OVERVIEW =
      """
      coremu, a parallel full-system emulator for the JVM

        coremu boot                             boot Debian's kernel to a shell, a core for each host CPU
        coremu boot -smp 4 --exec 'nproc'       run a command in the guest and exit with its status
        coremu run -kernel FILE -initrd FILE -append TEXT -smp 4 -m 1G
                                                run a machine; options as QEMU spells them
        coremu top                              show what the cores of a running machine do
      """;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "COMMAND",
      description = "The command to explain.")
  private String about;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine root = spec.parent().commandLine();
    if (about == null) {
      System.out.print(OVERVIEW + "\nCommands:\n");
      root.getSubcommands()
          .forEach(
              (name, command) ->
                  System.out.printf(
                      "  %-8s %s%n",
                      name, command.getCommandSpec().usageMessage().description()[0]));
      System.out.println(
          "\n'coremu help COMMAND' tells more; an option value 'help' lists its choices.");
      return 0;
    }
    CommandLine command = root.getSubcommands().get(about);
    if (command == null) {
      throw new ConfigException(
          "there is no command '%s'%s"
              .formatted(about, Suggestion.clause(about, root.getSubcommands().keySet())));
    }
    System.out.print(options(command.getCommandSpec()));
    return 0;
  }

  private static String options(CommandSpec spec) {
    StringBuilder text = new StringBuilder("coremu " + spec.name());
    spec.positionalParameters().forEach(p -> text.append(" [").append(p.paramLabel()).append(']'));
    text.append(spec.options().isEmpty() ? "\n" : " [OPTION...]\n")
        .append(spec.usageMessage().description()[0]);
    text.append('\n').append(spec.options().isEmpty() ? "" : "\nOptions, with one dash or two:\n");
    for (OptionSpec option : spec.options()) {
      String label = option.arity().max() == 0 ? "" : option.arity().min() == 0 ? "[=%s]" : " %s";
      String left = String.join(", ", option.names()) + label.formatted(option.paramLabel());
      text.append("  %-22s %s%n".formatted(left, option.description()[0]));
    }
    return text.toString();
  }
}
