package org.coremu.guest.x86;

/**
 * What a translation depends on besides the code bytes: the bits of {@code Core.mode}. Kept up to
 * date by {@code X86} whenever control registers, CS, SS or the privilege level change.
 */
public final class X86Mode {
  /** Code size: 0 for 16, 1 for 32, 2 for 64 bits. */
  public static final int CODE_SIZE = 3;

  /** The stack pointer is ESP rather than SP (outside 64-bit code). */
  public static final int STACK32 = 1 << 2;

  /** Current privilege level, bits 4:3. */
  public static final int CPL_SHIFT = 3;

  /**
   * ES, CS, SS and DS have base 0, limit 4 GiB and allow every access: no base is added and no
   * limit checked. Always set in 64-bit code (whose FS and GS bases are always added).
   */
  public static final int FLAT = 1 << 5;

  /** CR0.PE is set. */
  public static final int PROTECTED = 1 << 6;

  /** RFLAGS.VM is set: virtual-8086 mode. */
  public static final int VM86 = 1 << 7;

  /** EFER.LMA is set (64-bit or compatibility mode). */
  public static final int LONG = 1 << 8;

  /** CR0.EM is set: x87 instructions raise #NM; MMX and SSE raise #UD. */
  public static final int FPU_EMULATED = 1 << 9;

  /** CR0.TS is set: x87, MMX and SSE instructions raise #NM. */
  public static final int TASK_SWITCHED = 1 << 10;

  /** CR0.MP is set: WAIT raises #NM if TS is set. */
  public static final int MONITOR = 1 << 11;

  /** CR4.OSFXSR is set: SSE may be used. */
  public static final int SSE = 1 << 12;

  /** CR4.OSXSAVE is set. */
  public static final int XSAVE = 1 << 13;

  /** RFLAGS.TF or a debug breakpoint is active: string instructions do one iteration at a time. */
  public static final int SINGLE_STEP = 1 << 14;

  private X86Mode() {}

  /** Code size in bits: 16, 32 or 64. */
  public static int codeSize(long mode) {
    return 16 << (mode & CODE_SIZE);
  }

  /** Privilege level, 0 to 3. */
  public static int cpl(long mode) {
    return (int) mode >> CPL_SHIFT & 3;
  }
}
