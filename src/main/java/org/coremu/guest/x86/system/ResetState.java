package org.coremu.guest.x86.system;

import org.coremu.exec.CoreState;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86State;
import org.coremu.ir.FlagKind;

/** Register values after power-on, INIT and a start-up message (SDM vol. 3A, table 9-1). */
public final class ResetState {
  private static final int DATA16 = 0x93;
  private static final int CODE16 = 0x9b;
  private static final int LDT = 0x82;
  private static final int TSS_BUSY = 0x8b;
  private static final long PAT = 0x0007_0406_0007_0406L;
  private static final int SIGNATURE = Cpuid.SIGNATURE;

  private final X86 x86;

  public ResetState(X86 x86) {
    this.x86 = x86;
  }

  /** Power-on. */
  public void powerOn() {
    for (int slot = CoreState.PC; slot < CoreState.SCRATCH; slot++) {
      if (CoreState.isGuestState(slot)) {
        x86.put(slot, 0);
      }
    }
    x86.put(X86State.MXCSR, 0x1f80);
    x86.put(X86State.FCW, 0x40);
    x86.put(X86State.XCR0, 1);
    x86.put(X86State.PAT, PAT);
    x86.put(X86State.MISC_ENABLE, Msrs.MISC_ENABLE_RESET);
    x86.put(SystemSlots.MICROCODE, 1L << 32);
    init(Bits.CR0_CD | Bits.CR0_NW);
    x86.put(SystemSlots.WAIT_FOR_SIPI, x86.config.topology().bootstrap() ? 0 : 1);
  }

  /**
   * INIT: FPU, SSE, MTRRs and most MSRs stay. An application processor waits for a start-up message
   * then.
   */
  public void init() {
    init(x86.get(X86State.CR0) & (Bits.CR0_CD | Bits.CR0_NW));
    x86.put(SystemSlots.WAIT_FOR_SIPI, x86.config.topology().bootstrap() ? 0 : 1);
  }

  private void init(long cache) {
    for (int r = 0; r < 16; r++) {
      x86.put(X86State.GPR + r, 0);
    }
    x86.put(X86State.RDX, SIGNATURE);
    x86.put(X86State.RFLAGS, 2);
    x86.put(CoreState.FLAG_KIND, FlagKind.PACKED);
    x86.put(CoreState.FLAG_A, 0);
    x86.put(CoreState.PC, 0xfff0);
    x86.put(X86State.CR0, cache | Bits.CR0_ET);
    x86.put(X86State.CR2, 0);
    x86.put(X86State.CR3, 0);
    x86.put(X86State.CR4, 0);
    x86.put(X86State.EFER, 0);
    x86.put(X86State.CPL, 0);
    x86.put(X86State.INTERRUPT_SHADOW, 0);
    x86.put(X86State.HALTED, 0);
    x86.put(SystemSlots.SHUTDOWN, 0);
    x86.put(SystemSlots.NMI_BLOCKED, 0);
    for (int i = 0; i < 4; i++) {
      x86.put(X86State.DR + i, 0);
    }
    x86.put(X86State.DR + 6, 0xffff_0ff0L);
    x86.put(X86State.DR + 7, 0x400);
    for (int seg = X86State.ES; seg <= X86State.GS; seg++) {
      x86.segments.set(seg, 0, 0, 0xffff, DATA16);
    }
    x86.segments.set(X86State.CS, 0xf000, 0xffff_0000L, 0xffff, CODE16);
    x86.segments.set(X86State.LDTR, 0, 0, 0xffff, LDT);
    x86.segments.set(X86State.TR, 0, 0, 0xffff, TSS_BUSY);
    x86.put(X86State.GDT_BASE, 0);
    x86.put(X86State.GDT_LIMIT, 0xffff);
    x86.put(X86State.IDT_BASE, 0);
    x86.put(X86State.IDT_LIMIT, 0xffff);
    x86.core.flushTlb();
    x86.updateMode();
  }

  /** A start-up message: real mode at {@code vector << 12}. */
  public void startup(int vector) {
    x86.put(SystemSlots.WAIT_FOR_SIPI, 0);
    x86.segments.set(X86State.CS, vector << 8, (long) vector << 12, 0xffff, CODE16);
    x86.put(CoreState.PC, 0);
    x86.updateMode();
  }
}
