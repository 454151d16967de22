package org.coremu.cli.option;

import java.nio.file.Path;
import java.util.List;
import org.coremu.machine.ConfigException;

/** The value of {@code -serial}: where the machine's first serial line leads. */
public sealed interface SerialOption {
  /** This process's stdin and stdout. */
  record Stdio() implements SerialOption {}

  /**
   * A file that takes the output; there is no input.
   *
   * @param path created or emptied
   */
  record ToFile(Path path) implements SerialOption {}

  /** Nowhere. */
  record None() implements SerialOption {}

  /**
   * Reads the value.
   *
   * @throws ConfigException for anything else
   * @throws HelpRequest for {@code help}
   */
  static SerialOption parse(String text) {
    if (text.startsWith("file:") && text.length() > "file:".length()) {
      return new ToFile(Path.of(text.substring("file:".length())));
    }
    return switch (text) {
      case "stdio", "mon:stdio" -> new Stdio();
      case "none", "null" -> new None();
      case "help" ->
          throw new HelpRequest(
              """
              Choices of -serial:
                stdio      this terminal, or plain stdin and stdout (the default; mon:stdio is the same)
                file:PATH  output to a file, no input
                none       not connected (null is the same)
              """);
      default ->
          throw new ConfigException(
              "-serial: there is no '%s'%s (-serial help lists all)"
                  .formatted(text, Suggestion.clause(text, List.of("stdio", "file:PATH", "none"))));
    };
  }
}
