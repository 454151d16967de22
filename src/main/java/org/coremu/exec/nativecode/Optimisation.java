package org.coremu.exec.nativecode;

import java.util.List;

/**
 * What can be left out to see what it is worth: {@code -Dcoremu.off=traces,linking}. For {@code
 * bench/ablation} only. Read once, so that the JVM's compilers see constants.
 */
public enum Optimisation {
  /** Traces of hot code. */
  TRACES("traces"),
  /** Direct jumps between blocks of a page; without it they look into the jump cache. */
  LINKING("linking"),
  /** Flags kept back until they are needed or overwritten. */
  DELAYED_FLAGS("delayed-flags"),
  /** A comparison and the branch that uses it as one. */
  FUSION("fusion"),
  /** Host registers for the guest's hottest ones, throughout native code. */
  PINNING("pinning"),
  /** Entries of the TLB by instruction, in traces. */
  SITE_TLB("site-tlb");

  private final boolean on;

  Optimisation(String name) {
    on = !List.of(System.getProperty("coremu.off", "").split(",")).contains(name);
  }

  public boolean isOn() {
    return on;
  }
}
