package org.coremu.hw;

/**
 * Something whose state can be taken and put back, for snapshots and state hashes.
 *
 * @param <S> a record whose components are primitives, strings, arrays of primitives, lists, or
 *     such records
 */
public interface Saveable<S extends Record> {
  /** The guest-visible state now. The result shares nothing mutable with this object. */
  S save();

  /**
   * Makes the state that {@link #save()} gave current again, interrupt lines and timers included.
   */
  void restore(S state);
}
