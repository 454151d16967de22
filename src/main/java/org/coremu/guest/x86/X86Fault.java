package org.coremu.guest.x86;

import org.coremu.exec.GuestFault;

/**
 * An exception of the x86 architecture on its way to the guest (Intel SDM vol. 3A, chapter 6).
 * Immutable; those without particulars are shared.
 */
public final class X86Fault extends GuestFault {
  private static final long serialVersionUID = 1;

  /** Divide error. */
  public static final int DE = 0;

  /** Debug exception. */
  public static final int DB = 1;

  /** Non-maskable interrupt. */
  public static final int NMI = 2;

  /** Breakpoint. */
  public static final int BP = 3;

  /** Overflow. */
  public static final int OF = 4;

  /** BOUND range exceeded. */
  public static final int BR = 5;

  /** Invalid opcode. */
  public static final int UD = 6;

  /** Device (x87) not available. */
  public static final int NM = 7;

  /** Double fault. */
  public static final int DF = 8;

  /** Invalid TSS. */
  public static final int TS = 10;

  /** Segment not present. */
  public static final int NP = 11;

  /** Stack fault. */
  public static final int SS = 12;

  /** General protection. */
  public static final int GP = 13;

  /** Page fault. */
  public static final int PF = 14;

  /** x87 floating-point error. */
  public static final int MF = 16;

  /** Alignment check. */
  public static final int AC = 17;

  /** Machine check. */
  public static final int MC = 18;

  /** SIMD floating-point exception. */
  public static final int XM = 19;

  private static final X86Fault[] PLAIN = new X86Fault[32];

  static {
    for (int vector = 0; vector < PLAIN.length; vector++) {
      PLAIN[vector] = new X86Fault(vector, 0, 0, 0);
    }
  }

  private final int vector;
  private final int errorCode;

  /**
   * CR2 of a page fault; bits to set in DR6 of a debug exception; the address of a #GP for a
   * non-canonical one.
   */
  private final long detail;

  /** 1 when delivery must not set RF in the saved flags, as for traps. */
  private final int trap;

  private X86Fault(int vector, int errorCode, long detail, int trap) {
    this.vector = vector;
    this.errorCode = errorCode;
    this.detail = detail;
    this.trap = trap;
  }

  /**
   * The exception with error code 0, or with none if this vector has none.
   *
   * @param vector 0 to 31
   */
  public static X86Fault of(int vector) {
    return PLAIN[vector];
  }

  /** The exception with an error code: 0, or a selector with its low bits. */
  public static X86Fault of(int vector, int errorCode) {
    return errorCode == 0 ? PLAIN[vector] : new X86Fault(vector, errorCode, 0, 0);
  }

  /** Divide error. */
  public static X86Fault de() {
    return PLAIN[DE];
  }

  /** Invalid opcode. */
  public static X86Fault ud() {
    return PLAIN[UD];
  }

  /** Device not available. */
  public static X86Fault nm() {
    return PLAIN[NM];
  }

  /** Invalid TSS. */
  public static X86Fault ts(int errorCode) {
    return of(TS, errorCode);
  }

  /** Segment not present. */
  public static X86Fault np(int errorCode) {
    return of(NP, errorCode);
  }

  /** Stack fault. */
  public static X86Fault ss(int errorCode) {
    return of(SS, errorCode);
  }

  /** General protection. */
  public static X86Fault gp(int errorCode) {
    return of(GP, errorCode);
  }

  /** x87 floating-point error. */
  public static X86Fault mf() {
    return PLAIN[MF];
  }

  /** Alignment check. */
  public static X86Fault ac() {
    return PLAIN[AC];
  }

  /** SIMD floating-point exception. */
  public static X86Fault xm() {
    return PLAIN[XM];
  }

  /**
   * Page fault.
   *
   * @param address linear address, for CR2
   * @param errorCode as in SDM vol. 3A, figure 4-12
   */
  public static X86Fault page(long address, int errorCode) {
    return new X86Fault(PF, errorCode, address, 0);
  }

  /**
   * #GP(0) for a linear address that is not canonical; one that was to reach the stack is delivered
   * as #SS(0).
   */
  public static X86Fault nonCanonical(long address) {
    return new X86Fault(GP, 0, address, 0);
  }

  /**
   * Debug fault, of an instruction breakpoint or general detect; {@code dr6} are the bits to set in
   * DR6.
   */
  public static X86Fault debugFault(long dr6) {
    return new X86Fault(DB, 0, dr6, 0);
  }

  /** Debug trap, after an instruction; {@code dr6} are the bits to set in DR6. */
  public static X86Fault debugTrap(long dr6) {
    return new X86Fault(DB, 0, dr6, 1);
  }

  /** Exception number, 0 to 31. */
  public int vector() {
    return vector;
  }

  /** Error code; 0 if the exception has none. */
  public int errorCode() {
    return errorCode;
  }

  /**
   * CR2 of a page fault, new DR6 bits of a debug exception, the address of {@link #nonCanonical},
   * else 0.
   */
  public long detail() {
    return detail;
  }

  /** Whether this reports an instruction that has completed. */
  public boolean isTrap() {
    return trap != 0;
  }

  /** Whether an exception pushes an error code (SDM vol. 3A, table 6-1). */
  public static boolean hasErrorCode(int vector) {
    return vector == DF || vector >= TS && vector <= PF || vector == AC;
  }

  @Override
  public String toString() {
    return String.format("exception %d, error code %x, detail %x", vector, errorCode, detail);
  }
}
