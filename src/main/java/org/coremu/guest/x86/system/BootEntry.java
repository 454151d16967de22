package org.coremu.guest.x86.system;

import org.coremu.exec.CoreState;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86State;

/**
 * The state in which a boot loader hands a core to an operating system, as a board that loads a
 * kernel itself needs it. The core must have been reset.
 */
public final class BootEntry {
  private static final int CODE32 = 0xc09b;
  private static final int CODE64 = 0xa09b;
  private static final int DATA = 0xc093;
  private static final int TSS_BUSY = 0x8b;

  /** IA32_APIC_BASE.EXTD (SDM vol. 3A, 11.12.1). */
  private static final long APIC_BASE_X2APIC = 1 << 10;

  private final X86 x86;

  public BootEntry(X86 x86) {
    this.x86 = x86;
  }

  /**
   * 32-bit protected mode without paging, flat segments.
   *
   * @param ip EIP
   * @param gdtBase linear address of the table that holds the descriptors
   */
  public void protected32(long ip, int codeSelector, int dataSelector, long gdtBase, int gdtLimit) {
    x86.put(X86State.CR0, Bits.CR0_PE | Bits.CR0_ET);
    enter(ip, codeSelector, CODE32, dataSelector, gdtBase, gdtLimit);
  }

  /**
   * 64-bit mode with the page tables at {@code cr3}.
   *
   * @param ip RIP
   */
  public void long64(
      long ip, int codeSelector, int dataSelector, long gdtBase, int gdtLimit, long cr3) {
    x86.put(X86State.CR0, Bits.CR0_PE | Bits.CR0_ET | Bits.CR0_PG);
    x86.put(X86State.CR3, cr3);
    x86.put(X86State.CR4, Bits.CR4_PAE);
    x86.put(X86State.EFER, Bits.EFER_LME | Bits.EFER_LMA);
    enter(ip, codeSelector, CODE64, dataSelector, gdtBase, gdtLimit);
  }

  private void enter(
      long ip, int codeSelector, int code, int dataSelector, long gdtBase, int gdtLimit) {
    for (int seg = X86State.ES; seg <= X86State.GS; seg++) {
      x86.segments.set(seg, dataSelector, 0, 0xffff_ffffL, DATA);
    }
    x86.segments.set(X86State.CS, codeSelector, 0, 0xffff_ffffL, code);
    x86.segments.set(X86State.TR, 0, 0, 0x67, TSS_BUSY);
    x86.segments.setNull(X86State.LDTR, 0);
    x86.put(X86State.GDT_BASE, gdtBase);
    x86.put(X86State.GDT_LIMIT, gdtLimit);
    x86.put(X86State.IDT_BASE, 0);
    x86.put(X86State.IDT_LIMIT, 0);
    x86.put(X86State.RDX, 0);
    x86.put(CoreState.PC, ip);
    x86.put(SystemSlots.WAIT_FOR_SIPI, 0);
    x86.core.flushTlb();
    x86.updateMode();
  }

  /**
   * What firmware does on every core of a machine with ids that no xAPIC can have: it leaves the
   * local APICs in x2APIC mode.
   */
  public void x2Apic() {
    if (!x86.setApicBase(x86.local().apicBase() | APIC_BASE_X2APIC)) {
      throw new IllegalStateException("the local APIC is switched off");
    }
  }

  /** General register 0 to 15 (RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 …). */
  public void register(int number, long value) {
    x86.put(X86State.GPR + number, value);
  }

  /** The memory types that firmware sets up, on every core: all memory write-back. */
  public void cachedMemory() {
    x86.put(SystemSlots.MTRR_DEF_TYPE, Msrs.MTRR_ENABLED_WRITE_BACK);
  }
}
