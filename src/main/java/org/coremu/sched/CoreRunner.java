package org.coremu.sched;

import org.coremu.exec.Translator;

/** How workers choose among the cores and run them. */
sealed interface CoreRunner permits ParallelRun, SerialRun {
  /** Number of host threads that shall call {@link #work}. */
  int workers();

  /**
   * Runs cores until the gate says stop.
   *
   * @param worker 0 to {@link #workers} - 1
   */
  void work(int worker, Translator translator);

  /** Notes that a core has something to do. Any thread. */
  void wake(CoreSlot slot);

  /** Has workers look at the gate soon. Any thread. */
  void kick();

  /** How many instructions a core was ahead of the slowest runnable one, at most. */
  long maxSkew();
}
