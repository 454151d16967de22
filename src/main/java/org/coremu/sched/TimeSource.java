package org.coremu.sched;

/**
 * How virtual time runs: one small class a policy. It stands still until {@link #run} and between
 * {@link #freeze} and {@link #run}.
 */
sealed interface TimeSource permits HostTime, AdaptiveTime, InstructionTime {
  /** Virtual nanoseconds. Any thread; takes no lock. Never goes backwards while it runs. */
  long now();

  /** Lets time run, from where it stands. */
  void run();

  /** Makes time stand still. To be called while no core executes. */
  void freeze();

  /** Sets the time, in virtual nanoseconds, while it is frozen. */
  void set(long nanos);
}
