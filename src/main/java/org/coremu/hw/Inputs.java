package org.coremu.hw;

/**
 * Everything a machine takes from outside besides device back ends: wall time and randomness. A
 * deterministic machine is given fixed ones, a replayed machine the recorded ones.
 */
public interface Inputs {
  /**
   * The calendar time at which the machine was powered on; devices add {@link Clock#now()}.
   *
   * @return seconds since 1970-01-01T00:00:00Z
   */
  long bootEpochSeconds();

  /** 64 random bits, for RDRAND and the like. */
  long random();
}
