package org.coremu.sched;

/**
 * When a core has done something, the one goes next that went on after it the last time: cores that
 * queue for a lock keep their order, and all but one of those that spin would only look.
 *
 * <p>Only a core is chosen that spins, and its turn ends when it looks in vain; then the others
 * come in their order. One that waits meanwhile becomes the slowest, and the only one that the
 * bound lets run.
 */
final class HandOver implements Feedback {
  @Override
  public boolean handsOver() {
    return true;
  }
}
