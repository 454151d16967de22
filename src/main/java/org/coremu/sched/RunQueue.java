package org.coremu.sched;

import java.util.ArrayDeque;

/**
 * The cores that wait for a worker: those that were just woken in the order they were, then the
 * others, furthest behind first, where those that spin count as further ahead. Guarded by its
 * owner.
 */
final class RunQueue {
  private final CoreHeap working;
  private final CoreHeap spinning;
  private final long behind;
  private final ArrayDeque<CoreSlot> wokenFromHalt = new ArrayDeque<>();
  private final ArrayDeque<CoreSlot> wokenWaiting = new ArrayDeque<>();

  /**
   * An empty queue.
   *
   * @param cores the most it holds
   * @param behind how many instructions further ahead than it is a spinning core counts
   */
  RunQueue(int cores, long behind) {
    working = new CoreHeap(cores);
    spinning = new CoreHeap(cores);
    this.behind = behind;
  }

  void add(CoreSlot slot) {
    slot.queuedIn = slot.isSpinning() ? spinning : working;
    slot.queuedIn.add(slot);
  }

  /**
   * Moves a core that is in the queue to its front; one that was halted comes before the others.
   */
  void makeUrgent(CoreSlot slot, boolean fromHalt) {
    slot.urgent = true;
    slot.boosts++;
    (fromHalt ? wokenFromHalt : wokenWaiting).add(slot);
  }

  /** Whether a core that was halted goes first. */
  boolean hasWokenFromHalt() {
    return !wokenFromHalt.isEmpty();
  }

  /** The core that was woken first of those that go first, or null. */
  CoreSlot firstWoken() {
    CoreSlot first = wokenFromHalt.peek();
    return first == null ? wokenWaiting.peek() : first;
  }

  /** The core whose turn it is if woken ones are left aside, or null. */
  CoreSlot inTurn() {
    CoreSlot worker = working.first();
    CoreSlot spinner = spinning.first();
    if (worker == null || spinner == null) {
      return worker == null ? spinner : worker;
    }
    return worker.position <= spinner.position + behind ? worker : spinner;
  }

  /** The core that is furthest behind, or null. */
  CoreSlot slowest() {
    return working.leastPosition() <= spinning.leastPosition() ? working.first() : spinning.first();
  }

  void remove(CoreSlot slot) {
    if (slot.urgent) {
      if (!wokenFromHalt.remove(slot)) {
        wokenWaiting.remove(slot);
      }
    }
    slot.queuedIn.remove(slot);
    slot.queuedIn = null;
  }

  /** Whether it holds a core that does not spin. */
  boolean hasWorking() {
    return working.size() > 0;
  }

  int size() {
    return working.size() + spinning.size();
  }

  /** The least position of all; {@link Long#MAX_VALUE} if the queue is empty. */
  long leastPosition() {
    return Math.min(working.leastPosition(), spinning.leastPosition());
  }
}
