package org.coremu.cli.option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.coremu.machine.ConfigException;

/**
 * The value of {@code --stats}: nothing for a line on stderr, {@code json:FILE} for a file.
 *
 * @param json the file, or empty for the line
 */
public record StatsOption(Optional<Path> json) {
  /** What the option means without a value. */
  public static final String LINE = "line";

  private static final String JSON = "json:";

  /**
   * Reads the value.
   *
   * @throws ConfigException for anything else
   * @throws HelpRequest for {@code help}
   */
  public static StatsOption parse(String text) {
    if (text.equals("help")) {
      throw new HelpRequest(
          """
          Choices of --stats:
            line       a closing line on stderr (the default)
            json:FILE  the same figures in a file
          """);
    }
    if (text.equals(LINE)) {
      return new StatsOption(Optional.empty());
    }
    if (text.startsWith(JSON) && text.length() > JSON.length()) {
      return new StatsOption(Optional.of(Path.of(text.substring(JSON.length()))));
    }
    throw new ConfigException(
        "--stats: '%s' is neither line nor json:FILE%s"
            .formatted(text, Suggestion.clause(text, List.of(LINE, "json:FILE"))));
  }
}
