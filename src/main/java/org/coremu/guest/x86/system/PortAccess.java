package org.coremu.guest.x86.system;

import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;
import org.coremu.hw.LogCategory;

/** IN and OUT with their permission checks (SDM vol. 1, 19.5). */
public final class PortAccess {
  private static final int MAP_BASE = 0x66;

  private PortAccess() {}

  /** Raises #GP(0) if the current privilege level may not use a port. */
  public static void check(X86 x86, int port, int size) {
    boolean protectedMode = (x86.get(X86State.CR0) & Bits.CR0_PE) != 0;
    if (!protectedMode || !x86.isVirtual8086() && x86.cpl() <= x86.iopl()) {
      return;
    }
    long limit = x86.segments.limit(X86State.TR);
    int type = x86.segments.attributes(X86State.TR) & Bits.TYPE;
    boolean hasMap =
        (type == Descriptor.TSS_AVAILABLE || type == Descriptor.TSS_BUSY) && limit >= MAP_BASE + 1;
    if (!hasMap) {
      throw X86Fault.gp(0);
    }
    long tss = x86.segments.base(X86State.TR);
    long at = x86.loadSystem(x86.linear(tss + MAP_BASE), 2) + port / 8;
    if (at + 1 > limit) {
      throw X86Fault.gp(0);
    }
    long map = x86.loadSystem(x86.linear(tss + at), 2);
    if ((map >>> (port & 7) & (1 << size) - 1) != 0) {
      throw X86Fault.gp(0);
    }
  }

  /** IN of 1, 2 or 4 bytes. */
  public static long in(X86 x86, int port, int size) {
    check(x86, port, size);
    x86.debug.port(port, size);
    report(x86, "in from", port);
    return x86.config.ports().in(port, size);
  }

  /** OUT of 1, 2 or 4 bytes. */
  public static void out(X86 x86, int port, long value, int size) {
    check(x86, port, size);
    x86.debug.port(port, size);
    report(x86, "out to", port);
    x86.config.ports().out(port, (int) value, size);
  }

  private static void report(X86 x86, String what, int port) {
    if (x86.config.log().enabled(LogCategory.GUEST_ERRORS) && !x86.config.ports().isMapped(port)) {
      x86.log(
          LogCategory.GUEST_ERRORS,
          what + " port " + Integer.toHexString(port) + ", where nothing is");
    }
  }
}
