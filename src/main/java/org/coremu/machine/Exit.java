package org.coremu.machine;

/**
 * Why a machine no longer runs.
 *
 * @param reason what happened
 * @param code what the process exits with: 0 for a power-off, {@code (value << 1) | 1} for
 *     isa-debug-exit, otherwise {@link Reason#exitCode()}
 */
public record Exit(Reason reason, int code) {
  /** What can end a run. */
  public enum Reason {
    /** The guest switched itself off. */
    POWER_OFF(0),
    /** The guest wrote to isa-debug-exit. */
    DEBUG_EXIT(1),
    /** The guest asked for a reset (a kernel panic often does) and the machine does not restart. */
    RESET(3),
    /** A core met a fault while delivering a double fault, and the machine does not restart. */
    TRIPLE_FAULT(4),
    /** The user, or the program that embeds the machine, stopped it. */
    STOPPED(130),
    /** A defect of the emulator. */
    INTERNAL_ERROR(70);

    private final int exitCode;

    Reason(int exitCode) {
      this.exitCode = exitCode;
    }

    /** The documented exit code of the command line. */
    public int exitCode() {
      return exitCode;
    }
  }

  /** An end whose exit code is the reason's own. */
  public static Exit of(Reason reason) {
    return new Exit(reason, reason.exitCode());
  }

  /**
   * The end that a guest write to isa-debug-exit makes.
   *
   * @param value what the guest wrote; the low seven bits reach the exit code
   */
  public static Exit debugExit(int value) {
    return new Exit(Reason.DEBUG_EXIT, (value << 1 | 1) & 0xff);
  }
}
