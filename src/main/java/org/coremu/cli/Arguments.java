package org.coremu.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coremu.cli.option.Suggestion;
import org.coremu.machine.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Brings what the user typed into the form picocli parses without doubt: QEMU's single dash and the
 * usual double dash are the same, a value is joined to its option by {@code =}, and what does not
 * exist is refused with what comes nearest.
 */
final class Arguments {
  private Arguments() {}

  /**
   * Puts a command line into its plain form.
   *
   * @param args the command's name and its arguments
   * @throws ConfigException for an unknown command, option or argument, or a missing value
   */
  static List<String> plain(CommandLine root, List<String> args) {
    if (args.isEmpty()) {
      return List.of("help");
    }
    String first = args.getFirst();
    String name =
        switch (first) {
          case "-h", "-help", "--help", "-?" -> "help";
          case "-V", "-version", "--version" -> "version";
          default -> first;
        };
    CommandLine command = root.getSubcommands().get(name);
    if (command == null) {
      Collection<String> known = root.getSubcommands().keySet();
      String what = name.startsWith("-") ? "option before the command" : "command";
      throw new ConfigException(
          "there is no %s '%s'%s (coremu help lists all)"
              .formatted(what, name, Suggestion.clause(name, known)));
    }
    List<String> plain = new ArrayList<>(List.of(name));
    CommandSpec spec = command.getCommandSpec();
    for (int i = 1; i < args.size(); i++) {
      String arg = args.get(i);
      if (!arg.startsWith("-") || arg.equals("-")) {
        plain.add(positional(spec, plain, arg));
        continue;
      }
      int equals = arg.indexOf('=');
      String typed = equals < 0 ? arg : arg.substring(0, equals);
      OptionSpec option = find(spec, typed);
      boolean wantsValue = option.arity().min() > 0;
      if (equals >= 0 && option.arity().max() == 0) {
        throw new ConfigException(typed + " takes no value");
      }
      if (equals < 0 && wantsValue && i + 1 == args.size()) {
        throw new ConfigException(typed + " needs a value");
      }
      String value = equals >= 0 ? arg.substring(equals) : wantsValue ? "=" + args.get(++i) : "";
      plain.add(option.longestName() + value);
    }
    return plain;
  }

  private static String positional(CommandSpec spec, List<String> before, String arg) {
    long given = before.stream().skip(1).filter(word -> !word.startsWith("-")).count();
    if (given
        >= spec.positionalParameters().stream()
            .mapToInt(p -> p.index().max() + 1)
            .max()
            .orElse(0)) {
      throw new ConfigException(
          "%s takes no argument '%s'%s"
              .formatted(spec.name(), arg, Suggestion.clause("-" + arg, names(spec))));
    }
    return arg;
  }

  private static OptionSpec find(CommandSpec spec, String typed) {
    String bare = typed.replaceFirst("^--?", "");
    Optional<OptionSpec> found =
        spec.optionsMap().entrySet().stream()
            .filter(entry -> entry.getKey().replaceFirst("^--?", "").equals(bare))
            .map(Map.Entry::getValue)
            .findFirst();
    return found.orElseThrow(
        () ->
            new ConfigException(
                "%s has no option '%s'%s (coremu help %s lists all)"
                    .formatted(spec.name(), typed, suggestion(spec, bare), spec.name())));
  }

  private static String suggestion(CommandSpec spec, String bare) {
    List<String> bareNames =
        names(spec).stream().map(name -> name.replaceFirst("^--?", "")).toList();
    return Suggestion.nearest(bare, bareNames)
        .map(name -> "; did you mean " + names(spec).get(bareNames.indexOf(name)) + "?")
        .orElse("");
  }

  private static List<String> names(CommandSpec spec) {
    return spec.options().stream().map(OptionSpec::longestName).sorted().toList();
  }
}
