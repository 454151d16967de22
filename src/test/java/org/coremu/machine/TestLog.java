package org.coremu.machine;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.coremu.hw.GuestLog;
import org.coremu.hw.LogCategory;

/** A machine's log for a test to look at. */
final class TestLog implements GuestLog {
  private final Set<LogCategory> categories;
  private final List<String> lines = new ArrayList<>();

  TestLog(LogCategory first, LogCategory... more) {
    categories = EnumSet.of(first, more);
  }

  @Override
  public boolean enabled(LogCategory category) {
    return categories.contains(category);
  }

  @Override
  public synchronized void log(LogCategory category, String line) {
    if (enabled(category)) {
      lines.add(line);
    }
  }

  synchronized String text() {
    return String.join("\n", lines);
  }
}
