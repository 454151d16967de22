package org.coremu.sched;

import org.coremu.exec.Core;

/**
 * A defect of the emulator that stopped the machine.
 *
 * @param core the core that ran, or null if a timer's action failed
 * @param pc where the block that it ran begins, as the guest sees it; 0 without a core
 * @param block the IR of that block; empty without a core
 * @param cause what was thrown
 */
public record Failure(Core core, long pc, String block, Throwable cause) {
  @Override
  public String toString() {
    return core == null
        ? "a timer failed: " + cause
        : "%s at pc %#x, after %d instructions: %s%n%s"
            .formatted(core, pc, core.instructions(), cause, block);
  }
}
