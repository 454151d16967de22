package org.coremu.device.irq;

/**
 * Fields in the low half of the interrupt command register (SDM 3A, "Interrupt Command Register").
 */
final class IpiFormat {
  static final int LOGICAL = 1 << 11;
  static final int STATUS = 1 << 12;
  static final int SHORTHAND = 3 << 18;
  static final int SELF = 1 << 18;
  static final int ALL = 2 << 18;
  static final int OTHERS = 3 << 18;

  private static final int ASSERT = 1 << 14;
  private static final int LEVEL = 1 << 15;

  private IpiFormat() {}

  /**
   * Whether an INIT command only re-synchronises arbitration ids, which today's processors ignore.
   */
  static boolean isDeassert(int low) {
    return (low & (ASSERT | LEVEL)) == LEVEL;
  }

  /** Whether a logical destination of eight bits includes an APIC with this logical id. */
  static boolean matches(int logicalId, int destination, boolean flat) {
    if (flat) {
      return (logicalId & destination) != 0;
    }
    return logicalId >>> 4 == destination >>> 4 && (logicalId & destination & 0xf) != 0;
  }
}
