package org.coremu.exec.nativecode;

import org.coremu.exec.CoreState;

/**
 * The host's MXCSR, which is the guest's while {@code CoreState.FP_LIVE} is not 0 and Java's
 * otherwise. The guest's is never loaded with an exception unmasked.
 */
final class HostFloat {
  private static final int LDMXCSR = 2;
  private static final int STMXCSR = 3;

  private HostFloat() {}

  private static void mxcsr(Assembler asm, int operation, int displacement) {
    asm.at(Host.STATE, displacement);
    asm.opM(0x0FAE, false, operation);
  }

  /** Compares the mark with 0. */
  static void compareLive(Assembler asm) {
    asm.at(Host.STATE, Host.slot(CoreState.FP_LIVE));
    asm.aluConstantM(Assembler.CMP, false, 0);
  }

  static void mark(Assembler asm, boolean live) {
    asm.at(Host.STATE, Host.slot(CoreState.FP_LIVE));
    asm.storeConstantM(4, live ? 1 : 0);
  }

  /** Loads the guest's. */
  static void load(Assembler asm) {
    mxcsr(asm, LDMXCSR, Host.slot(CoreState.FP_CONTROL));
  }

  /** Stores the guest's, with its sticky exceptions, and loads Java's. */
  static void store(Assembler asm) {
    mxcsr(asm, STMXCSR, Host.slot(CoreState.FP_CONTROL));
    mxcsr(asm, LDMXCSR, Host.slot(CoreState.FP_LIVE) + 4);
  }
}
