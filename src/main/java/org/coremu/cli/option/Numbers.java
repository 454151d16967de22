package org.coremu.cli.option;

import org.coremu.machine.ConfigException;

/**
 * Numbers on the command line: decimal, or hexadecimal with {@code 0x}; sizes and counts take a
 * suffix.
 */
public final class Numbers {
  private Numbers() {}

  /**
   * Reads a whole number.
   *
   * @param option the option as the user types it, for the message
   * @throws ConfigException when it is none, or does not fit 64 bits
   */
  public static long parse(String option, String text) {
    try {
      return Long.decode(text);
    } catch (NumberFormatException e) {
      throw new ConfigException("%s: '%s' is not a whole number".formatted(option, text), e);
    }
  }

  /**
   * Reads a whole number of at least {@code least}.
   *
   * @throws ConfigException when it is none, or smaller
   */
  public static long atLeast(long least, String option, String text) {
    long value = parse(option, text);
    if (value < least) {
      throw new ConfigException("%s must be at least %d, not %s".formatted(option, least, text));
    }
    return value;
  }

  /**
   * Reads an amount of memory: megabytes, or with a suffix K, M, G or T.
   *
   * @return bytes
   * @throws ConfigException when it is none
   */
  public static long memory(String option, String text) {
    if (text.equals("help")) {
      throw new HelpRequest(
          option + " takes megabytes, or a number with K, M, G or T: 512M, 1G, 1024\n");
    }
    int last =
        text.isEmpty() ? -1 : "KMGT".indexOf(Character.toUpperCase(text.charAt(text.length() - 1)));
    String digits = last < 0 ? text : text.substring(0, text.length() - 1);
    int shift = last < 0 ? 20 : 10 * (last + 1);
    if (!digits.matches("[0-9]{1,12}")) {
      throw new ConfigException(
          "%s: '%s' is not an amount of memory such as 512M or 2G".formatted(option, text));
    }
    long value = Long.parseLong(digits);
    if (value > Long.MAX_VALUE >> shift) {
      throw new ConfigException(
          "%s: %s is more memory than a machine can have".formatted(option, text));
    }
    return value << shift;
  }
}
