package org.coremu.machine;

/** How virtual time runs (DESIGN.md §5). */
public enum ClockPolicy {
  ADAPTIVE(
      "follows the host's clock, but never faster than the slowest runnable core makes progress"),
  HOST("the host's clock"),
  ICOUNT("a pure function of instruction counts; idle time is skipped");

  private final String meaning;

  ClockPolicy(String meaning) {
    this.meaning = meaning;
  }

  /** One line for {@code --clock help}. */
  public String meaning() {
    return meaning;
  }
}
