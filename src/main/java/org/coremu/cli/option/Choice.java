package org.coremu.cli.option;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coremu.machine.ConfigException;

/**
 * An option whose value is one of a few names.
 *
 * @param <T> what a name stands for
 */
public final class Choice<T> {
  private record Entry<T>(T value, String meaning) {}

  private final String option;
  private final Map<String, Entry<T>> entries = new LinkedHashMap<>();

  /**
   * Starts with no names.
   *
   * @param option the option as the user types it, for messages
   */
  public Choice(String option) {
    this.option = option;
  }

  /** Adds a name. */
  public Choice<T> with(String name, T value, String meaning) {
    entries.put(name, new Entry<>(value, meaning));
    return this;
  }

  /**
   * Looks a name up.
   *
   * @throws HelpRequest for the name {@code help}
   * @throws ConfigException for a name that does not exist
   */
  public T parse(String name) {
    if (name.equals("help") || name.equals("?")) {
      throw new HelpRequest(help());
    }
    Entry<T> entry = entries.get(name);
    if (entry == null) {
      throw new ConfigException(
          "%s: there is no '%s'%s (%s help lists all)"
              .formatted(option, name, Suggestion.clause(name, entries.keySet()), option));
    }
    return entry.value();
  }

  private String help() {
    StringBuilder text = new StringBuilder("Choices of " + option + ":\n");
    entries.forEach((name, entry) -> text.append("  %-15s %s%n".formatted(name, entry.meaning())));
    return text.toString();
  }
}
