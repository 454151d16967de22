package org.coremu.cli.option;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.coremu.hw.LogCategory;
import org.coremu.machine.ConfigException;

/** The value of {@code -d}: names of log categories with commas between. */
public final class LogOption {
  private LogOption() {}

  /**
   * Reads the value.
   *
   * @throws ConfigException for a category that does not exist
   * @throws HelpRequest for {@code help}
   */
  public static Set<LogCategory> parse(String text) {
    if (text.equals("help")) {
      throw new HelpRequest(help());
    }
    List<String> names = Arrays.stream(LogCategory.values()).map(LogCategory::optionName).toList();
    Set<LogCategory> categories = EnumSet.noneOf(LogCategory.class);
    for (String name : text.split(",", -1)) {
      int index = names.indexOf(name);
      if (index < 0) {
        throw new ConfigException(
            "-d: there is no category '%s'%s (-d help lists all)"
                .formatted(name, Suggestion.clause(name, names)));
      }
      categories.add(LogCategory.values()[index]);
    }
    return categories;
  }

  private static String help() {
    StringBuilder text = new StringBuilder("Choices of -d, several with commas between:\n");
    for (LogCategory category : LogCategory.values()) {
      text.append("  %-14s %s%n".formatted(category.optionName(), category.meaning()));
    }
    return text.toString();
  }
}
