package org.coremu.exec;

/**
 * Runs an action while no other core of the machine executes: for the locked accesses that the host
 * cannot do in one step.
 */
@FunctionalInterface
public interface Exclusive {
  /** For a machine whose cores never run at the same time. */
  Exclusive SERIAL = Runnable::run;

  /** Runs the action, on this thread, before it returns. Called by a thread that runs a core. */
  void run(Runnable action);
}
