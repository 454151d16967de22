package org.coremu.sched;

/**
 * A core that was woken goes before all that wait for a worker: it has an interrupt or a message,
 * and often another core spins until it has answered, as when TLB entries are shot down.
 *
 * <p>It does so while it is at most {@link #QUANTA} quanta ahead of the slowest, which its own
 * turns bring it past. So n cores that wake one another for ever keep the slowest waiting for 3 n
 * quanta of instructions at most.
 */
final class InterruptFirst implements Feedback {
  private static final int QUANTA = 2;

  @Override
  public long firstWithin(int quantum) {
    return (long) QUANTA * quantum;
  }
}
