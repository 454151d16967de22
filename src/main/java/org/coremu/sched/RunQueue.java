package org.coremu.sched;

import java.util.ArrayDeque;

/**
 * The cores that wait for a worker: those that were just woken in the order they were, then the
 * others, furthest behind first. A binary heap by position; guarded by its owner.
 */
final class RunQueue {
  private final CoreSlot[] heap;
  private final ArrayDeque<CoreSlot> urgent = new ArrayDeque<>();
  private int size;

  RunQueue(int cores) {
    heap = new CoreSlot[cores];
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  void add(CoreSlot slot) {
    slot.place = size++;
    heap[slot.place] = slot;
    siftUp(slot);
  }

  /** Moves a core that is in the queue to its front. */
  void makeUrgent(CoreSlot slot) {
    slot.urgent = true;
    slot.boosts++;
    urgent.add(slot);
  }

  /** The next core to run, or null. */
  CoreSlot first() {
    return urgent.isEmpty() ? slowest() : urgent.peek();
  }

  /** The core that is furthest behind, or null. */
  CoreSlot slowest() {
    return size == 0 ? null : heap[0];
  }

  void remove(CoreSlot slot) {
    if (slot.urgent) {
      urgent.remove(slot);
    }
    int hole = slot.place;
    slot.place = -1;
    CoreSlot last = heap[--size];
    heap[size] = null;
    if (last != slot) {
      heap[hole] = last;
      last.place = hole;
      siftUp(last);
      siftDown(last);
    }
  }

  /** The least position of all; {@link Long#MAX_VALUE} if the queue is empty. */
  long leastPosition() {
    return size == 0 ? Long.MAX_VALUE : heap[0].position;
  }

  private void siftUp(CoreSlot slot) {
    int i = slot.place;
    while (i > 0 && slot.position < heap[(i - 1) / 2].position) {
      move((i - 1) / 2, i);
      i = (i - 1) / 2;
    }
    heap[i] = slot;
    slot.place = i;
  }

  private void siftDown(CoreSlot slot) {
    int i = slot.place;
    for (int child = 2 * i + 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && heap[child + 1].position < heap[child].position) {
        child++;
      }
      if (heap[child].position >= slot.position) {
        break;
      }
      move(child, i);
      i = child;
    }
    heap[i] = slot;
    slot.place = i;
  }

  private void move(int from, int to) {
    heap[to] = heap[from];
    heap[to].place = to;
  }
}
