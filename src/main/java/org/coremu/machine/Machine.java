package org.coremu.machine;

/** A machine that can be started, waited for, stopped and closed. */
public final class Machine implements AutoCloseable {
  private Machine() {}

  /**
   * Builds a machine.
   *
   * @throws ConfigException when it cannot be what the specification says
   */
  public static Machine create(MachineSpec spec) {
    throw new ConfigException(
        "this build has no engine yet; it cannot run "
            + spec.kernel().or(spec::bios).orElseThrow());
  }

  /** Starts the cores. */
  public void start() {}

  /** Waits for the end. */
  public Exit await() {
    return Exit.of(Exit.Reason.STOPPED);
  }

  /** Asks the cores to stop. */
  public void stop() {}

  /** What has been done so far. */
  public Stats stats() {
    return new Stats(0, 0, 0, java.util.List.of(), 0, 0, 0, 0, 0);
  }

  /** A hash of the whole state, hexadecimal. */
  public String stateHash() {
    return "";
  }

  @Override
  public void close() {}
}
