package org.coremu.cli.option;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coremu.machine.ConfigException;

/** An option value of the form {@code first,key=value,key=value}. */
final class KeyValues {
  private final String option;
  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * Takes a value apart.
   *
   * @param firstKey the key that a first part without {@code =} belongs to
   * @param keys all keys there are
   * @throws ConfigException for an unknown, repeated or malformed part
   */
  KeyValues(String option, String text, String firstKey, Collection<String> keys) {
    this.option = option;
    String[] parts = text.split(",", -1);
    for (int i = 0; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals < 0 && i > 0 || parts[i].isEmpty()) {
        throw new ConfigException(
            "%s: '%s' is not of the form key=value".formatted(option, parts[i]));
      }
      String key = equals < 0 ? firstKey : parts[i].substring(0, equals);
      if (!keys.contains(key)) {
        throw new ConfigException(
            "%s: there is no '%s'%s".formatted(option, key, Suggestion.clause(key, keys)));
      }
      if (values.put(key, parts[i].substring(equals + 1)) != null) {
        throw new ConfigException("%s: '%s' is given twice".formatted(option, key));
      }
    }
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  String get(String key) {
    return values.get(key);
  }

  /**
   * A number, decimal or hexadecimal with 0x.
   *
   * @throws ConfigException when it is not a number that fits
   */
  int number(String key, int otherwise) {
    String text = values.get(key);
    if (text == null) {
      return otherwise;
    }
    long value = Numbers.parse(option, text);
    if (value != (int) value) {
      throw new ConfigException("%s: %s is out of range".formatted(option, text));
    }
    return (int) value;
  }
}
