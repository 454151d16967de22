package org.coremu.sched;

import java.util.concurrent.atomic.AtomicLong;
import org.coremu.hw.Inputs;
import org.coremu.hw.Saveable;

/**
 * What a deterministic machine takes from outside: a fixed date, and random numbers that are a
 * function of a seed and of how many were taken (SplitMix64: Steele, Lea and Flood, "Fast
 * splittable pseudorandom number generators", 2014).
 */
public final class SeededInputs implements Inputs, Saveable<SeededInputs.State> {
  /** 2025-01-01T00:00:00Z. */
  public static final long BOOT_EPOCH_SECONDS = 1_735_689_600;

  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /**
   * Where the sequence is.
   *
   * @param position state of the generator
   */
  public record State(long position) {}

  private final AtomicLong position;

  /** Inputs for a seed. */
  public SeededInputs(long seed) {
    position = new AtomicLong(seed);
  }

  @Override
  public long bootEpochSeconds() {
    return BOOT_EPOCH_SECONDS;
  }

  @Override
  public long random() {
    long z = position.addAndGet(GOLDEN);
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  @Override
  public State save() {
    return new State(position.get());
  }

  @Override
  public void restore(State state) {
    position.set(state.position);
  }
}
