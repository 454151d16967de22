package org.coremu.guest.x86;

import org.coremu.exec.Core;
import org.coremu.exec.CoreState;
import org.coremu.exec.GuestFault;

/**
 * Finds out whether a non-canonical access in 64-bit code was one to the stack segment, which makes it #SS(0) rather than
 * #GP(0) (SDM volume 3, 6.15, vector 12). Translated code does not carry the segment of an access, so the instruction is
 * looked at again when this rare fault has come up.
 */
final class StackFaults {
  private final Decoder decoder;
  private final Insn insn = new Insn();

  StackFaults(long features) {
    decoder = new Decoder(features);
  }

  /** The fault to deliver in place of {@code fault}; the core's state is exact, at the faulting instruction. */
  X86Fault refine(Core core, X86Fault fault) {
    if (fault != X86Fault.nonCanonical() || X86Mode.codeSize(core.mode) != 64) {
      return fault;
    }
    long pc = core.state.get(CoreState.PC);
    try {
      decoder.decode(index -> (int) core.memory.load(pc + index, 1), 0, 64, insn);
    } catch (GuestFault unreadable) {
      return fault;
    }
    return usesStackSegment(core.state, pc) ? X86Fault.ss(0) : fault;
  }

  private boolean usesStackSegment(CoreState state, long pc) {
    if (!insn.memory) {
      return hasStackAccess(insn.row);
    }
    boolean operandInStack = insn.segment == X86State.SS;
    if (!hasStackAccess(insn.row)) {
      return operandInStack;
    }
    return isCanonical(operandAddress(state, pc)) || operandInStack;
  }

  /** Whether an instruction pushes or pops. */
  private static boolean hasStackAccess(OpcodeRow row) {
    return switch (row.family) {
      case "Stack", "FarTransfer" -> true;
      default -> switch (row.method) {
        case "call", "callIndirect", "ret", "pushf", "popf", "popSegment" -> true;
        default -> false;
      };
    };
  }

  private long operandAddress(CoreState state, long pc) {
    long address = insn.disp;
    if (insn.base == Insn.RIP) {
      address += pc + insn.length;
    } else if (insn.base >= 0) {
      address += state.get(X86State.GPR + insn.base);
    }
    if (insn.index >= 0) {
      address += state.get(X86State.GPR + insn.index) << insn.scale;
    }
    if (insn.addrSize == 32) {
      address &= 0xffff_ffffL;
    }
    return insn.segment >= X86State.FS
        ? address + state.get(X86State.SEG_BASE + insn.segment)
        : address;
  }

  private static boolean isCanonical(long address) {
    return address << 16 >> 16 == address;
  }
}
