package org.coremu.sched;

import java.util.Set;

/** The policies of a run, taken together. */
final class Feedbacks {
  final boolean endsSpin;
  final boolean wokenFirst;
  final boolean stays;
  final boolean handsOver;
  final int restsAfter;
  private final Feedback[] all;
  private final int quantum;
  private final long behind;

  Feedbacks(Set<Policy> policies, int quantum) {
    this.quantum = quantum;
    all = policies.stream().map(policy -> policy.feedback).toArray(Feedback[]::new);
    boolean ends = false;
    boolean woken = false;
    long last = 0;
    boolean stay = false;
    boolean hand = false;
    int looks = Integer.MAX_VALUE;
    for (Feedback one : all) {
      ends |= one.endsSpin();
      woken |= one.wokenFirst();
      last = Math.max(last, one.spinnersBehind(quantum));
      stay |= one.stays();
      hand |= one.handsOver();
      looks = Math.min(looks, one.restsAfter());
    }
    endsSpin = ends;
    wokenFirst = woken;
    behind = last;
    stays = stay;
    handsOver = hand;
    restsAfter = looks;
  }

  /** As {@link Feedback#charge}. */
  long charge(long position, long least) {
    long most = 0;
    for (Feedback one : all) {
      most = Math.max(most, one.charge(position, least, quantum));
    }
    return most;
  }

  /** How many instructions further ahead than they are spinning cores are queued. */
  long spinnersBehind() {
    return behind;
  }
}
