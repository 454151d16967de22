package org.coremu.sched;

/**
 * A core whose quantum ends while it works goes on at once, for as long as the bound lets it: what
 * it has in the host's caches is used for longer than it took to get there. Only one that was woken
 * from halt comes between.
 *
 * <p>The others wait for it no longer than the bound is long, each of n cores once before the
 * slowest has its turn.
 */
final class WarmCache implements Feedback {
  @Override
  public boolean stays() {
    return true;
  }
}
