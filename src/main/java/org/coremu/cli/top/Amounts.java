package org.coremu.cli.top;

import java.util.Locale;

/** Numbers in at most six characters: {@code 0}, {@code 9.5}, {@code 123}, {@code 45.6k}. */
final class Amounts {
  private static final String[] UNITS = {"", "k", "M", "G", "T", "P", "E"};

  private Amounts() {}

  static String of(double amount) {
    double left = amount;
    int unit = 0;
    while (left >= 999.5 && unit < UNITS.length - 1) {
      left /= 1000;
      unit++;
    }
    boolean fraction = left < 99.95 && left > 0 && (unit > 0 || left < 9.95);
    return String.format(Locale.ROOT, fraction ? "%.1f%s" : "%.0f%s", left, UNITS[unit]);
  }
}
