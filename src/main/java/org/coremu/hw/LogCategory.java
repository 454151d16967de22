package org.coremu.hw;

import java.util.Locale;

/** What a machine can write to its debug log; the names are those the {@code -d} option takes. */
public enum LogCategory {
  UNIMP("unimplemented encodings, registers and device functions the guest used"),
  GUEST_ERRORS("things a guest should not do, such as access to missing devices"),
  INT("interrupts and exceptions as a core takes them"),
  IN_ASM("guest code of each block as it is translated"),
  OP("intermediate code of each block as it is translated"),
  EXEC("every instruction as it starts (runs one at a time, slowly)"),
  CPU("registers before every instruction (likewise)"),
  MMU("page walks and faults"),
  CPU_RESET("registers after power-on, INIT and start-up messages"),
  BOOT("how the guest was loaded: images, memory map, entry point"),
  FIRMWARE("what firmware writes to its debug port, 0x402");

  private final String meaning;

  LogCategory(String meaning) {
    this.meaning = meaning;
  }

  /** One line for {@code -d help}. */
  public String meaning() {
    return meaning;
  }

  /** The name on the command line: lower case with underscores. */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
