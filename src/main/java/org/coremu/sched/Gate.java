package org.coremu.sched;

/** Where workers wait while the machine is paused, and learn that it stops. */
final class Gate {
  private enum Phase {
    OPEN,
    PAUSED,
    STOPPED
  }

  private volatile Phase phase = Phase.OPEN;
  private int working;

  /** Whether workers may go on without {@link #pass}. */
  boolean isOpen() {
    return phase == Phase.OPEN;
  }

  boolean isStopped() {
    return phase == Phase.STOPPED;
  }

  synchronized void enter() {
    working++;
  }

  synchronized void leave() {
    working--;
    notifyAll();
  }

  /** Waits while the machine is paused; false if it has stopped. */
  boolean pass() {
    if (phase == Phase.OPEN) {
      return true;
    }
    synchronized (this) {
      leave();
      while (phase == Phase.PAUSED) {
        await();
      }
      enter();
      return phase == Phase.OPEN;
    }
  }

  /** Has workers wait; false if the machine has stopped or is paused already. */
  synchronized boolean pause() {
    if (phase != Phase.OPEN) {
      return false;
    }
    phase = Phase.PAUSED;
    return true;
  }

  /** Waits until no worker works. */
  synchronized void awaitQuiet() {
    while (working > 0 && phase != Phase.OPEN) {
      await();
    }
  }

  synchronized void open() {
    if (phase == Phase.PAUSED) {
      phase = Phase.OPEN;
      notifyAll();
    }
  }

  /** Ends the work; false if that was done before. */
  synchronized boolean stop() {
    boolean first = phase != Phase.STOPPED;
    phase = Phase.STOPPED;
    notifyAll();
    return first;
  }

  private void await() {
    boolean interrupted = Thread.interrupted();
    try {
      wait();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
