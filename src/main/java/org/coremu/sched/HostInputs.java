package org.coremu.sched;

import java.security.SecureRandom;
import org.coremu.hw.Inputs;

/**
 * What a machine takes from outside, from the host: its calendar, read once, and its randomness.
 */
public final class HostInputs implements Inputs {
  private final long bootEpochSeconds = System.currentTimeMillis() / 1000;
  private final SecureRandom random = new SecureRandom();

  @Override
  public long bootEpochSeconds() {
    return bootEpochSeconds;
  }

  @Override
  public long random() {
    return random.nextLong();
  }
}
