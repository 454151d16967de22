package org.coremu.sched;

/**
 * When a core has done something and all others spin, the one goes next that went on after it the
 * last time: cores that queue for a lock keep their order, and all but one of them would only look.
 *
 * <p>A turn is handed over no more often in a row than cores wait; so each of n has its turn in its
 * order after n others at most. Not while a core waits that works: a spinning core whose loop is
 * long looks like one that has done something.
 */
final class HandOver implements Feedback {
  @Override
  public boolean handsOver() {
    return true;
  }
}
