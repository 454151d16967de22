package org.coremu.guest.x86.system;

/**
 * Bits of RFLAGS, control registers, EFER and descriptor attributes (SDM vol. 3A, chapters 2 and
 * 3).
 */
public final class Bits {
  public static final long CF = 1;
  public static final long TF = 1 << 8;
  public static final long IF = 1 << 9;
  public static final long DF = 1 << 10;
  public static final long IOPL = 3 << 12;
  public static final long NT = 1 << 14;
  public static final long RF = 1 << 16;
  public static final long VM = 1 << 17;
  public static final long AC = 1 << 18;
  public static final long VIF = 1 << 19;
  public static final long VIP = 1 << 20;
  public static final long ID = 1 << 21;

  /** The bits of RFLAGS that exist. */
  public static final long RFLAGS_DEFINED = 0x3f7fd7;

  public static final long CR0_PE = 1;
  public static final long CR0_MP = 1 << 1;
  public static final long CR0_EM = 1 << 2;
  public static final long CR0_TS = 1 << 3;
  public static final long CR0_ET = 1 << 4;
  public static final long CR0_NE = 1 << 5;
  public static final long CR0_WP = 1 << 16;
  public static final long CR0_AM = 1 << 18;
  public static final long CR0_NW = 1 << 29;
  public static final long CR0_CD = 1 << 30;
  public static final long CR0_PG = 1L << 31;

  public static final long CR4_VME = 1;
  public static final long CR4_PVI = 1 << 1;
  public static final long CR4_TSD = 1 << 2;
  public static final long CR4_DE = 1 << 3;
  public static final long CR4_PSE = 1 << 4;
  public static final long CR4_PAE = 1 << 5;
  public static final long CR4_MCE = 1 << 6;
  public static final long CR4_PGE = 1 << 7;
  public static final long CR4_PCE = 1 << 8;
  public static final long CR4_OSFXSR = 1 << 9;
  public static final long CR4_OSXMMEXCPT = 1 << 10;
  public static final long CR4_UMIP = 1 << 11;
  public static final long CR4_FSGSBASE = 1 << 16;
  public static final long CR4_PCIDE = 1 << 17;
  public static final long CR4_OSXSAVE = 1 << 18;
  public static final long CR4_SMEP = 1 << 20;
  public static final long CR4_SMAP = 1 << 21;

  public static final long EFER_SCE = 1;
  public static final long EFER_LME = 1 << 8;
  public static final long EFER_LMA = 1 << 10;
  public static final long EFER_NXE = 1 << 11;

  /** Segment attributes, as in {@code X86State.SEG_ATTR}. */
  public static final int TYPE = 0xf;

  public static final int ACCESSED = 1;

  /** Of data: writable; of code: readable. */
  public static final int WRITABLE = 2;

  /** Of data: expands down; of code: conforming. */
  public static final int CONFORMING = 4;

  public static final int CODE = 8;

  /** Code or data, not a system descriptor. */
  public static final int S = 1 << 4;

  public static final int DPL_SHIFT = 5;
  public static final int PRESENT = 1 << 7;
  public static final int LONG_CODE = 1 << 13;

  /** Default size 32 bits: D of code, B of stacks. */
  public static final int BIG = 1 << 14;

  public static final int GRANULAR = 1 << 15;

  /** The bits of an attribute word that come from the descriptor. */
  public static final int ATTRIBUTES = 0xf0ff;

  private Bits() {}

  /** Descriptor privilege level of an attribute word. */
  public static int dpl(int attributes) {
    return attributes >> DPL_SHIFT & 3;
  }

  /** Whether an attribute word is that of a code segment. */
  public static boolean isCode(int attributes) {
    return (attributes & (S | CODE)) == (S | CODE);
  }

  /** Whether an attribute word is that of a conforming code segment. */
  public static boolean isConforming(int attributes) {
    return (attributes & (S | CODE | CONFORMING)) == (S | CODE | CONFORMING);
  }

  /** Whether an attribute word is that of a writable data segment. */
  public static boolean isWritableData(int attributes) {
    return (attributes & (S | CODE | WRITABLE)) == (S | WRITABLE);
  }

  /** Whether a 48-bit linear address is canonical. */
  public static boolean isCanonical(long address) {
    return address << 16 >> 16 == address;
  }
}
