package org.coremu.machine;

/**
 * The CPU models of the {@code pc} board; each is a set of CPUID features, all of them implemented.
 */
public enum CpuModel {
  X86_64("x86-64", "the baseline: SSE2, CMPXCHG8B, SYSCALL, NX"),
  X86_64_V2("x86-64-v2", "baseline and SSE3 to SSE4.2, CMPXCHG16B, POPCNT, LAHF in long mode"),
  MAX("max", "everything that is implemented");

  private final String optionName;
  private final String meaning;

  CpuModel(String optionName, String meaning) {
    this.optionName = optionName;
    this.meaning = meaning;
  }

  /** The name on the command line. */
  public String optionName() {
    return optionName;
  }

  /** One line for {@code -cpu help}. */
  public String meaning() {
    return meaning;
  }
}
