package org.coremu.hw;

/** Virtual time of one machine. The only clock that devices and cores may read. */
public interface Clock {
  /**
   * Virtual time since the machine was powered on. Never goes backwards, on any thread.
   *
   * @return nanoseconds, 0 or more
   */
  long now();

  /**
   * Makes a one-shot timer, not armed.
   *
   * @param action runs when the deadline has passed, on a host thread of the machine, without any
   *     lock of the clock held; must not block. It may arm the timer again.
   */
  Timer newTimer(Runnable action);
}
