package org.coremu.guest.x86.system;

import org.coremu.guest.x86.X86State;

/** Slots of system registers beyond those that translations use. */
public final class SystemSlots {
  /** 1 while an application processor waits for a start-up message. */
  public static final int WAIT_FOR_SIPI = X86State.SYSTEM;

  /** 1 after a triple fault, until INIT or reset. */
  public static final int SHUTDOWN = WAIT_FOR_SIPI + 1;

  /** 1 from the delivery of an NMI to the next IRET. */
  public static final int NMI_BLOCKED = SHUTDOWN + 1;

  /** The PDPTE registers of PAE paging, 4 slots. */
  public static final int PDPTE = NMI_BLOCKED + 1;

  public static final int MCG_STATUS = PDPTE + 4;
  public static final int MTRR_DEF_TYPE = MCG_STATUS + 1;

  /** IA32_MTRR_PHYSBASE0, PHYSMASK0, … of 8 pairs. */
  public static final int MTRR_VARIABLE = MTRR_DEF_TYPE + 1;

  /** The 11 fixed-range MTRRs, in the order of their addresses. */
  public static final int MTRR_FIXED = MTRR_VARIABLE + 16;

  public static final int MICROCODE = MTRR_FIXED + 11;
  public static final int DEBUGCTL = MICROCODE + 1;

  /**
   * 1 if an interrupt waits for RFLAGS.IF: setting it must have the core look at its events. May be
   * 1 without need.
   */
  public static final int INTERRUPT_WAITS = DEBUGCTL + 1;

  /** Address of the instruction that {@link Events#SHADOW_NEXT} is about. */
  public static final int SHADOW_PC = INTERRUPT_WAITS + 1;

  private SystemSlots() {}
}
