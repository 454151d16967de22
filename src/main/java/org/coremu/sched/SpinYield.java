package org.coremu.sched;

/**
 * A core that only waits gives the rest of its quantum away: its turn ends, and it is charged as if
 * it had executed the quantum, but not beyond one quantum ahead of the slowest other core. So it
 * comes after the others, neither holds time back nor falls behind, and when nobody else is
 * runnable it goes on at once.
 *
 * <p>It waits no longer than one that works: until the others have had what it gave away.
 */
final class SpinYield implements Feedback {
  @Override
  public boolean endsSpin() {
    return true;
  }

  @Override
  public long charge(long position, long least, int quantum) {
    return least == Long.MAX_VALUE ? quantum : Math.min(quantum, least + quantum - position);
  }
}
