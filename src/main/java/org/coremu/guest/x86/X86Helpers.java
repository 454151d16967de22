package org.coremu.guest.x86;

import org.coremu.exec.Helpers;

/** The helper table of the x86 guest. Each class of helpers adds its own while it is initialised. */
public final class X86Helpers {
  /** The table that cores and translators are made with. */
  public static final Helpers TABLE = new Helpers();

  private X86Helpers() {}
}
