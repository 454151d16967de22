package org.coremu.sched;

/** Cores in a binary heap, furthest behind first. Guarded by its owner. */
final class CoreHeap {
  private final CoreSlot[] heap;
  private int size;

  CoreHeap(int cores) {
    heap = new CoreSlot[cores];
  }

  void add(CoreSlot slot) {
    slot.place = size++;
    heap[slot.place] = slot;
    siftUp(slot);
  }

  int size() {
    return size;
  }

  /** The core that is furthest behind, or null. */
  CoreSlot first() {
    return size == 0 ? null : heap[0];
  }

  void remove(CoreSlot slot) {
    int hole = slot.place;
    CoreSlot last = heap[--size];
    heap[size] = null;
    if (last != slot) {
      heap[hole] = last;
      last.place = hole;
      siftUp(last);
      siftDown(last);
    }
  }

  /** The least position of all; {@link Long#MAX_VALUE} if there is none. */
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
