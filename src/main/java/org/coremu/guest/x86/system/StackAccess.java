package org.coremu.guest.x86.system;

import org.coremu.exec.CoreState;
import org.coremu.guest.x86.CodeBytes;
import org.coremu.guest.x86.Decoder;
import org.coremu.guest.x86.Insn;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Mode;
import org.coremu.guest.x86.X86State;

/**
 * Tells whether the instruction at the PC was to reach an address through the stack segment: a
 * non-canonical one raises #SS then, else #GP (SDM vol. 1, 3.3.7.1). Looked up only after such a
 * fault, as 64-bit code knows no segments while it runs.
 */
final class StackAccess {
  /** How far below or above RSP an implicit stack access can be. */
  private static final long REACH = 1 << 16;

  private final X86 x86;
  private final Decoder decoder;
  private final Insn insn = new Insn();

  StackAccess(X86 x86) {
    this.x86 = x86;
    decoder = new Decoder(x86.config.model().features());
  }

  /**
   * Whether the access to {@code address} that the instruction at the PC attempted was one of the
   * stack.
   */
  boolean isFor(long address) {
    long pc = x86.get(CoreState.PC);
    if (!x86.isCode64() || !Bits.isCanonical(pc)) {
      return false;
    }
    CodeBytes code = index -> codeByte(pc + index);
    decoder.decode(code, 0, X86Mode.codeSize(x86.core.mode), insn);
    if (insn.memory && insn.segment == X86State.SS) {
      return true;
    }
    if (!insn.memory && insn.row.family.equals("Stack")) {
      return true; // also LEAVE and ENTER, which go by RBP
    }
    long distance = address - x86.get(X86State.RSP);
    boolean implicit =
        !insn.memory || insn.row.family.equals("Stack") || insn.row.family.equals("ControlFlow");
    return implicit && !insn.isRepeated() && distance >= -REACH && distance <= REACH;
  }

  private int codeByte(long address) {
    long physical = x86.peek(address);
    return physical < 0 ? 0 : (int) x86.core.memory.bus().read(physical, 1) & 0xff;
  }
}
