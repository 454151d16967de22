package org.coremu.guest.x86;

import org.coremu.exec.CoreState;
import org.coremu.exec.nativecode.StateLayout;
import org.coremu.exec.nativecode.X87Slots;
import org.coremu.ir.SlotRange;

/**
 * Where an x86 core keeps its registers: slots of {@link CoreState}. The one layout table; the
 * translator, helpers, debugger and snapshots use it.
 *
 * <p>RIP is {@link CoreState#PC} (EIP and IP zero-extended); the six arithmetic flags are the lazy
 * flags of {@link CoreState}; the rest of RFLAGS is in {@link #RFLAGS}.
 */
public final class X86State {
  /** RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 to R15. */
  public static final int GPR = CoreState.GUEST;

  public static final int RAX = GPR;
  public static final int RCX = GPR + 1;
  public static final int RDX = GPR + 2;
  public static final int RBX = GPR + 3;
  public static final int RSP = GPR + 4;
  public static final int RBP = GPR + 5;
  public static final int RSI = GPR + 6;
  public static final int RDI = GPR + 7;

  /** RFLAGS without CF, PF, AF, ZF, SF and OF (those bits are 0 here); bit 1 is set. */
  public static final int RFLAGS = GPR + 16;

  /** XMM0 to XMM15, two slots each, low half first. */
  public static final int XMM = RFLAGS + 1;

  /** MXCSR: what all vector ops use. */
  public static final int MXCSR = CoreState.FP_CONTROL;

  /** x87 physical registers R0 to R7: 64-bit significands. MMX registers are these. */
  public static final int FPR = XMM + 32;

  /** x87 physical registers: sign and exponent, 16 bits. */
  public static final int FPR_EXP = FPR + 8;

  /** x87 control word. */
  public static final int FCW = FPR_EXP + 8;

  /** x87 status word without TOP (bits 13:11 are 0). */
  public static final int FSW = FCW + 1;

  /** x87 top of stack, 0 to 7. */
  public static final int FTOP = FSW + 1;

  /** x87 tags: bit n set when physical register n is empty. */
  public static final int FEMPTY = FTOP + 1;

  /** x87 last opcode (11 bits), instruction and data pointer (offsets) and their selectors. */
  public static final int FOP = FEMPTY + 1;

  public static final int FIP = FOP + 1;
  public static final int FDP = FIP + 1;
  public static final int FCS = FDP + 1;
  public static final int FDS = FCS + 1;

  /** All of the x87 state. */
  public static final SlotRange X87 = new SlotRange(FPR, FDS + 1);

  /** Segment registers ES, CS, SS, DS, FS, GS, then LDTR, TR: selectors. */
  public static final int SELECTOR = FDS + 1;

  public static final int ES = 0;
  public static final int CS = 1;
  public static final int SS = 2;
  public static final int DS = 3;
  public static final int FS = 4;
  public static final int GS = 5;
  public static final int LDTR = 6;
  public static final int TR = 7;

  /**
   * Hidden parts: base (64 bits), limit in bytes (32 bits, inclusive), and bits 63:40 and 23:0 of
   * the descriptor's attributes as in SEG_ATTR below.
   */
  public static final int SEG_BASE = SELECTOR + 8;

  public static final int SEG_LIMIT = SEG_BASE + 8;

  /**
   * Attributes as in the descriptor's high dword shifted right by 8: type 3:0, S 4, DPL 6:5, P 7,
   * AVL 12, L 13, D/B 14, G 15; 0 when the segment is unusable.
   */
  public static final int SEG_ATTR = SEG_LIMIT + 8;

  public static final int GDT_BASE = SEG_ATTR + 8;
  public static final int GDT_LIMIT = GDT_BASE + 1;
  public static final int IDT_BASE = GDT_LIMIT + 1;
  public static final int IDT_LIMIT = IDT_BASE + 1;

  public static final int CR0 = IDT_LIMIT + 1;
  public static final int CR2 = CR0 + 1;
  public static final int CR3 = CR2 + 1;
  public static final int CR4 = CR3 + 1;
  public static final int EFER = CR4 + 1;
  public static final int XCR0 = EFER + 1;

  /** DR0 to DR7; 4 and 5 are unused. */
  public static final int DR = XCR0 + 1;

  public static final int STAR = DR + 8;
  public static final int LSTAR = STAR + 1;
  public static final int CSTAR = LSTAR + 1;
  public static final int FMASK = CSTAR + 1;
  public static final int KERNEL_GS_BASE = FMASK + 1;
  public static final int SYSENTER_CS = KERNEL_GS_BASE + 1;
  public static final int SYSENTER_ESP = SYSENTER_CS + 1;
  public static final int SYSENTER_EIP = SYSENTER_ESP + 1;
  public static final int PAT = SYSENTER_EIP + 1;
  public static final int TSC_ADJUST = PAT + 1;
  public static final int TSC_AUX = TSC_ADJUST + 1;
  public static final int MISC_ENABLE = TSC_AUX + 1;

  /** Current privilege level, 0 to 3. */
  public static final int CPL = MISC_ENABLE + 1;

  /** 1 while interrupts are held off for one instruction (after STI, MOV SS, POP SS). */
  public static final int INTERRUPT_SHADOW = CPL + 1;

  /** 1 after HLT until an event. */
  public static final int HALTED = INTERRUPT_SHADOW + 1;

  /** First slot for further system registers. */
  public static final int SYSTEM = HALTED + 1;

  private X86State() {}

  /** What native code must know of these slots. */
  public static StateLayout layout() {
    int[] hottest = {RAX, RDX, RCX, RSP, RDI, RSI, RBX, RBP};
    return new StateLayout(
        hottest,
        new X87Slots(
            FPR, FPR_EXP, FCW, FSW, FTOP, FEMPTY, FOP, FIP, FDP, FCS, FDS, SELECTOR, CS, SEG_BASE));
  }

  /** Slot of a vector register. */
  public static int xmm(int number) {
    return XMM + number * 2;
  }
}
