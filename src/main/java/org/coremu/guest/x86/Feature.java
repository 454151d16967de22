package org.coremu.guest.x86;

/**
 * CPUID features that instructions depend on; a CPU model is a set of them, as a mask of {@link
 * #bit}s.
 */
public enum Feature {
  FPU,
  CX8,
  MMX,
  FXSR,
  SSE,
  SSE2,
  SSE3,
  SSSE3,
  SSE41,
  SSE42,
  POPCNT,
  MOVBE,
  AES,
  PCLMUL,
  XSAVE,
  XSAVEOPT,
  XSAVEC,
  XSAVES,
  FSGSBASE,
  RDRAND,
  RDSEED,
  RDTSCP,
  RDPID,
  CLFLUSHOPT,
  CLWB,
  INVPCID,
  SMAP,
  MONITOR;

  /** Every feature. */
  public static final long ALL = (1L << values().length) - 1;

  /** The features whose instructions are executed by the SSE unit. */
  static final long VECTOR =
      SSE.bit()
          | SSE2.bit()
          | SSE3.bit()
          | SSSE3.bit()
          | SSE41.bit()
          | SSE42.bit()
          | AES.bit()
          | PCLMUL.bit();

  /** Returns this feature's bit in a mask. */
  public long bit() {
    return 1L << ordinal();
  }
}
