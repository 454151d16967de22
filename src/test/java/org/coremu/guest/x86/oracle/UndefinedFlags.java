package org.coremu.guest.x86.oracle;

import java.util.List;

/** Which status flags the architecture leaves undefined at some point of a stream. */
final class UndefinedFlags {
  private UndefinedFlags() {}

  /** Undefined flags after all of the instructions ran, whichever way their jumps went. */
  static int after(List<Insn> insns) {
    int undefined = 0;
    long skippable = 0;
    for (Insn insn : insns) {
      if (skippable == 0) {
        undefined &= ~insn.writes();
      } else {
        skippable--;
      }
      undefined |= insn.undefined();
      if (insn.fixup() == Insn.Fixup.JUMP8 || insn.fixup() == Insn.Fixup.JUMP32) {
        skippable = Math.max(skippable, insn.target());
      }
    }
    return undefined;
  }

  /** Undefined flags in a state in which the stream stopped at {@code rip}. */
  static int at(TestCase testCase, long rip) {
    int[] offsets = Insn.offsets(testCase.insns());
    int undefined = after(testCase.insns());
    // To the end of the page lead the code and jumps out of it.
    if (rip != TestCase.CODE_BASE + TestCase.CODE_BYTES) {
      for (int i = 0; i < testCase.insns().size(); i++) {
        if (testCase.state().rip() + offsets[i] == rip) {
          return after(testCase.insns().subList(0, i)) | testCase.insns().get(i).undefined();
        }
      }
      if (rip == testCase.state().rip() + offsets[testCase.insns().size()] + 1) {
        return undefined;
      }
    }
    for (Insn insn : testCase.insns()) {
      undefined |= insn.undefined();
    }
    return undefined;
  }
}
