package org.coremu.guest.x86.oracle;

/**
 * Flags after shifts and rotates, which depend on the count (SDM vol. 2, SAL/SAR/SHL/SHR,
 * RCL/RCR/ROL/ROR, SHLD, SHRD).
 */
final class ShiftFlags {
  private ShiftFlags() {}

  private static boolean rotates(InsnRow row) {
    return row.modrm() >= 0 && row.modrm() < 4 && row.is("shift");
  }

  /**
   * Flags left undefined.
   *
   * @param size operand size in bytes
   * @param count what the processor makes of the count: modulo 32 or 64
   */
  static int undefined(InsnRow row, int size, int count) {
    if (count == 0) {
      return 0;
    }
    int overflow = count == 1 ? 0 : Flags.OF;
    if (rotates(row)) {
      return overflow;
    }
    int carry = count > 8 * size || row.is("dshift") && count >= 8 * size ? Flags.CF : 0;
    return overflow | Flags.AF | carry;
  }

  /** Flags that may be undefined when the count is not known. */
  static int undefinedForAnyCount(InsnRow row) {
    return rotates(row) ? Flags.OF : Flags.OF | Flags.AF | Flags.CF;
  }

  /** Flags that have a defined value afterwards. */
  static int written(InsnRow row, int size, int count) {
    if (count == 0) {
      return 0;
    }
    int all = rotates(row) ? Flags.CF | Flags.OF : Flags.STATUS;
    return all & ~undefined(row, size, count);
  }
}
