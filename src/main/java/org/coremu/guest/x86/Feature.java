package org.coremu.guest.x86;

/** CPUID features that instructions depend on; a CPU model is a set of them, as a mask of {@link #bit}s. */
public enum Feature {
  FPU, CX8, MMX, FXSR, SSE, SSE2, SSE3, SSSE3, SSE41, SSE42, POPCNT, MOVBE, AES, PCLMUL, XSAVE, XSAVEOPT, XSAVEC,
  XSAVES, FSGSBASE, RDRAND, RDSEED, RDTSCP, RDPID, CLFLUSHOPT, CLWB, INVPCID, SMAP, MONITOR;

  /** Every feature. */
  public static final long ALL = (1L << values().length) - 1;

  /** Returns this feature's bit in a mask. */
  public long bit() {
    return 1L << ordinal();
  }
}
