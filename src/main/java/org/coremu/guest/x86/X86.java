package org.coremu.guest.x86;

import org.coremu.exec.CodeReader;
import org.coremu.exec.Core;
import org.coremu.exec.CoreState;
import org.coremu.exec.Guest;
import org.coremu.exec.GuestFault;
import org.coremu.guest.x86.fpu.X87;
import org.coremu.ir.IrBuilder;

/** The x86 side of one core. */
public final class X86 implements Guest {
  /** MMU mode of accesses with CPL 3. */
  public static final int USER = 0;

  /** MMU mode of accesses with CPL 0 to 2, SMAP not in force. */
  public static final int SUPERVISOR = 1;

  /** MMU mode of accesses with CPL 0 to 2 when pages of the user must not be touched. */
  public static final int SUPERVISOR_SMAP = 2;

  /** How many MMU modes a core needs. */
  public static final int MMU_MODES = 3;

  /** MAXPHYADDR: width of physical addresses. */
  public static final int PHYSICAL_BITS = 40;

  /** CR4.OSXMMEXCPT: SIMD floating-point exceptions are #XM rather than #UD. */
  private static final int OSXMMEXCPT = 1 << 10;

  public final Core core;
  public final CoreState state;
  public final X86Config config;

  /** The core's x87 unit. */
  public final X87 x87;

  /** The x86 side of a core. */
  public X86(Core core, X86Config config) {
    this.core = core;
    this.state = core.state;
    this.config = config;
    this.x87 = new X87(core);
  }

  /** The x86 side of a core, for helpers. */
  public static X86 of(Core core) {
    return (X86) core.guest;
  }

  public long get(int slot) {
    return state.get(slot);
  }

  public void put(int slot, long value) {
    state.put(slot, value);
  }

  /** Brings what the engine keeps of the mode up to date with the registers. */
  public void updateMode() {}

  @Override
  public void reset() {}

  @Override
  public void translateBlock(IrBuilder ir, CodeReader code, long start, long mode, int maxInsns) {
    throw new AssertionError("no translator yet");
  }

  @Override
  public long translate(long address, int access, int mmuMode) {
    return address;
  }

  @Override
  public long peek(long address) {
    return address;
  }

  @Override
  public GuestFault alignmentFault(long address) {
    return X86Fault.gp(0);
  }

  @Override
  public GuestFault floatingPointFault() {
    return (state.get(X86State.CR4) & OSXMMEXCPT) != 0 ? X86Fault.xm() : X86Fault.ud();
  }

  @Override
  public void takeFault(GuestFault fault) {
    throw new AssertionError(fault.toString());
  }

  @Override
  public int attend() {
    return RUN;
  }

  @Override
  public void stepped() {}
}
