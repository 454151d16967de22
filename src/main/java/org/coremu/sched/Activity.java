package org.coremu.sched;

/** What a core is doing, as far as the scheduler knows. */
public enum Activity {
  /** A worker runs it. */
  RUNNING,

  /** It waits for a worker. */
  READY,

  /** It gave its last quantum away because it only waits for another core; it runs or is ready. */
  SPINNING,

  /** It may not run before the slowest runnable core has come closer. */
  BOUND,

  /** It has nothing to do until it is woken. */
  HALTED
}
