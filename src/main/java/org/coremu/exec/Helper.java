package org.coremu.exec;

/** A guest operation that is a call rather than IR. */
@FunctionalInterface
public interface Helper {
  /**
   * Runs the operation. Operands that the CALL lacks are 0.
   *
   * @return the value of the CALL; anything if it is not used
   * @throws GuestFault if it faults; the helper must not have written state then
   */
  long call(Core core, long a, long b, long c);
}
