package org.coremu.exec;

/**
 * Something another thread asks of a core; delivered between two blocks, by the thread that runs
 * the core.
 */
@FunctionalInterface
public interface CoreMessage {
  void deliver(Core core);
}
