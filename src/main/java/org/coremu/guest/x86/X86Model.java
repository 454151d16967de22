package org.coremu.guest.x86;

/**
 * The processors that can be chosen: sets of {@link Feature}s, all of them implemented.
 *
 * <p>Every model has long mode, NX, SYSCALL, the APIC with x2APIC and TSC-deadline timer, and an
 * invariant TSC of 1 GHz.
 */
public enum X86Model {
  /** The baseline of the x86-64 psABI. */
  X86_64(Feature.FPU, Feature.CX8, Feature.MMX, Feature.FXSR, Feature.SSE, Feature.SSE2),

  /** The psABI's level 2, with what systems of that age also had. */
  X86_64_V2(
      X86_64,
      Feature.SSE3,
      Feature.SSSE3,
      Feature.SSE41,
      Feature.SSE42,
      Feature.POPCNT,
      Feature.XSAVE,
      Feature.RDTSCP,
      Feature.FSGSBASE,
      Feature.RDRAND,
      Feature.INVPCID,
      Feature.SMAP),

  /** Everything that is implemented. */
  MAX(
      X86_64_V2,
      Feature.AES,
      Feature.PCLMUL,
      Feature.RDSEED,
      Feature.RDPID,
      Feature.XSAVEOPT,
      Feature.CLFLUSHOPT,
      Feature.CLWB,
      Feature.MOVBE);

  private final long features;

  X86Model(Feature... features) {
    this.features = mask(features);
  }

  X86Model(X86Model base, Feature... more) {
    this.features = base.features | mask(more);
  }

  private static long mask(Feature[] features) {
    long mask = 0;
    for (Feature feature : features) {
      mask |= feature.bit();
    }
    return mask;
  }

  /** Its {@link Feature} bits. */
  public long features() {
    return features;
  }

  /** Whether it has a feature. */
  public boolean has(Feature feature) {
    return (features & feature.bit()) != 0;
  }
}
