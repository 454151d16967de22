package org.coremu.machine;

import org.coremu.exec.nativecode.HostFeatures;

/** How guest code is executed. */
public enum Tier {
  INTERP("interp", "the interpreter, on any host"),
  NATIVE("native", "machine code, on x86-64 Linux hosts");

  private final String optionName;
  private final String meaning;

  Tier(String optionName, String meaning) {
    this.optionName = optionName;
    this.meaning = meaning;
  }

  /** As {@code --tier} spells it. */
  public String optionName() {
    return optionName;
  }

  /** One line for {@code --tier help}. */
  public String meaning() {
    return meaning;
  }

  /** The quickest that this host can do. */
  public static Tier best() {
    return HostFeatures.isHostSupported() ? NATIVE : INTERP;
  }
}
