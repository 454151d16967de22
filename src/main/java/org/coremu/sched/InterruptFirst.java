package org.coremu.sched;

/**
 * A core that was woken goes before all that wait for a worker: it has an interrupt or a message,
 * and often another core spins until it has answered, as when TLB entries are shot down.
 *
 * <p>It does so as long as the bound lets it. So n cores that wake one another for ever keep the
 * slowest waiting until all of them are as far ahead as they may be.
 */
final class InterruptFirst implements Feedback {
  @Override
  public boolean wokenFirst() {
    return true;
  }
}
