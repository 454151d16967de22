package org.coremu.hw;

/** A one-shot timer in virtual time. Safe for use from any thread. */
public interface Timer {
  /**
   * Arms the timer, replacing any earlier deadline.
   *
   * @param deadline virtual time in nanoseconds ({@link Clock#now()}); one in the past fires as
   *     soon as possible
   */
  void arm(long deadline);

  /** Disarms the timer. An action that has already begun is not waited for. */
  void cancel();
}
