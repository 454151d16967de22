package org.coremu.guest.x86;

import org.coremu.exec.Core;

/** Checks of data segments outside 64-bit code: SDM volume 3, 5.3 and 5.5; for real mode, 20.1. */
public final class Segmentation {
  private static final int PRESENT = 1 << 7;
  private static final int CODE = 8;
  private static final int EXPAND_DOWN = 4;
  private static final int WRITABLE_OR_READABLE = 2;
  private static final int BIG = 1 << 14;
  private static final long LOW32 = 0xffff_ffffL;

  private Segmentation() {}

  /**
   * Returns the linear address of an access.
   *
   * @param segment ES, CS, SS, DS, FS, GS = 0 to 5
   * @param offset zero-extended
   * @param size in bytes, 1 or more
   * @throws X86Fault #GP(0), or #SS(0) for SS, if the segment does not allow it
   */
  public static long linear(Core core, int segment, long offset, int size, boolean write) {
    int attributes = (int) core.state.get(X86State.SEG_ATTR + segment);
    if ((core.mode & (X86Mode.PROTECTED | X86Mode.VM86)) == X86Mode.PROTECTED
            && !allows(attributes, write)
        || !within(core, segment, attributes, offset, offset + size - 1)) {
      throw X86Fault.of(segment == X86State.SS ? X86Fault.SS : X86Fault.GP, 0);
    }
    return core.state.get(X86State.SEG_BASE + segment) + offset & LOW32;
  }

  private static boolean allows(int attributes, boolean write) {
    if ((attributes & PRESENT) == 0) {
      return false;
    }
    boolean code = (attributes & CODE) != 0;
    return write
        ? !code && (attributes & WRITABLE_OR_READABLE) != 0
        : !code || (attributes & WRITABLE_OR_READABLE) != 0;
  }

  private static boolean within(Core core, int segment, int attributes, long first, long last) {
    long limit = core.state.get(X86State.SEG_LIMIT + segment) & LOW32;
    if ((attributes & (CODE | EXPAND_DOWN)) == EXPAND_DOWN) {
      return first > limit && last <= ((attributes & BIG) != 0 ? LOW32 : 0xffff);
    }
    return last <= limit;
  }
}
