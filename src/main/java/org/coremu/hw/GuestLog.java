package org.coremu.hw;

/** Where cores and devices write what {@code -d} asked for. Safe to call from any thread. */
public interface GuestLog {
  /** Keeps nothing. */
  GuestLog NONE =
      new GuestLog() {
        @Override
        public boolean enabled(LogCategory category) {
          return false;
        }

        @Override
        public void log(LogCategory category, String line) {}
      };

  /** Whether lines of this category are kept; ask before building a costly line. */
  boolean enabled(LogCategory category);

  /**
   * Writes one line, if its category is enabled.
   *
   * @param line without a line end
   */
  void log(LogCategory category, String line);
}
