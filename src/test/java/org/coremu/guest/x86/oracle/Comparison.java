package org.coremu.guest.x86.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** Compares how a case ended on two machines, leaving out what the architecture leaves open. */
public final class Comparison {
  /** What a comparison may leave out, beyond what is undefined. */
  public enum Leniency {
    /** Bits of RFLAGS above the status flags and DF: user-mode emulators don't model RF. */
    SYSTEM_FLAGS,
    /**
     * The vector (as long as the code stopped at the same place), the error code and the faulting
     * address.
     */
    FAULT_DETAILS,
    /** Condition codes C0, C2 and C3 after instructions that leave them undefined. */
    X87_CONDITION_CODES
  }

  private static final int RSP = 4;
  private static final int STACK_FAULT = 12;
  private static final int PAGE_FAULT = 14;
  private static final long USER_END = 0x7FFF_FFFF_F000L;
  private static final int C0_C2_C3 = 0x4500;

  /** MXCSR.MM, which only AMD's processors have (AMD64 manual vol. 1, 4.2.2). */
  private static final int MISALIGNED_MODE = 0x20000;

  private Comparison() {}

  /** One line a difference; empty if both ended alike. */
  public static List<String> differences(
      TestCase testCase, Outcome expected, Outcome actual, Leniency... lenient) {
    List<Leniency> allowed = List.of(lenient);
    List<String> found = new ArrayList<>();
    GuestState want = expected.state();
    GuestState got = actual.state();
    if ((want.mxcsr() & MISALIGNED_MODE) != 0) {
      return found; // it goes another way from where this bit was refused
    }
    boolean details =
        !allowed.contains(Leniency.FAULT_DETAILS)
            && !eitherOfTwo(testCase, expected, actual)
            && !passedFlatLimit(testCase, expected, actual);
    if (details) {
      compare(found, "vector", expected.vector(), actual.vector());
    }
    compare(found, "rip", want.rip(), got.rip());
    if (details && expected.vector() == PAGE_FAULT) {
      // Linux reports every address that is not a program's as present.
      long mask = expected.cr2() < 0 || expected.cr2() >= USER_END ? ~1L : -1L;
      compare(found, "error", expected.error() & mask, actual.error() & mask);
      // Which part of a wide operand or of IRET's frame a processor reads first is its own affair.
      long address =
          testCase.insns().stream().anyMatch(insn -> insn.row().is("wide")) ? ~0xFFFL : -1L;
      compare(found, "cr2", expected.cr2() & address, actual.cr2() & address);
    }
    for (int i = 0; i < 16; i++) {
      // A 16-bit stack segment leaves the upper part of RSP to whoever ran before.
      long mask = i == RSP && testCase.mode() == 16 ? 0xFFFF : -1L;
      compare(found, Report.GPR[i], want.gpr()[i] & mask, got.gpr()[i] & mask);
    }
    long flags = allowed.contains(Leniency.SYSTEM_FLAGS) ? Flags.STATUS | Flags.DF : -1L;
    flags &= ~UndefinedFlags.at(testCase, want.rip());
    compare(found, "rflags", want.rflags() & flags, got.rflags() & flags);
    if (testCase.insns().stream().anyMatch(insn -> insn.row().is("approx"))) {
      Approximation.compare(found, want, got);
    } else {
      if (!faultedInMmx(testCase, expected)) {
        x87(found, want, got, allowed.contains(Leniency.X87_CONDITION_CODES) ? ~C0_C2_C3 : -1);
      }
      vectors(found, want, got);
    }
    memory(found, expected.changed(), actual.changed());
    return found;
  }

  static void compare(List<String> found, String name, long want, long got) {
    if (want != got) {
      found.add(
          "%-7s expected %016x got %016x  (differ in %x)".formatted(name, want, got, want ^ got));
    }
  }

  /**
   * Whether an instruction with two memory operands faulted in both machines: which operand is
   * first is open.
   */
  private static boolean eitherOfTwo(TestCase testCase, Outcome expected, Outcome actual) {
    return stoppedIn(testCase, expected, row -> row.is("two"))
        && isMemoryFault(expected)
        && isMemoryFault(actual);
  }

  /**
   * Whether an access straddled 4 GiB: in flat segments the engine lets it wrap, into a page fault.
   */
  private static boolean passedFlatLimit(TestCase testCase, Outcome expected, Outcome actual) {
    return testCase.mode() == 32
        && isMemoryFault(expected)
        && expected.vector() != PAGE_FAULT
        && actual.vector() == PAGE_FAULT;
  }

  private static boolean isMemoryFault(Outcome outcome) {
    return outcome.vector() >= STACK_FAULT && outcome.vector() <= PAGE_FAULT;
  }

  /**
   * Whether an MMX instruction faulted: it may or may not have made the x87 state MMX state before.
   */
  private static boolean faultedInMmx(TestCase testCase, Outcome outcome) {
    return stoppedIn(testCase, outcome, InsnRow::usesMmx);
  }

  private static boolean stoppedIn(TestCase testCase, Outcome outcome, Predicate<InsnRow> rows) {
    int[] offsets = Insn.offsets(testCase.insns());
    for (int i = 0; i < testCase.insns().size(); i++) {
      boolean here = outcome.state().rip() == testCase.state().rip() + offsets[i];
      if (here && rows.test(testCase.insns().get(i).row())) {
        return true;
      }
    }
    return false;
  }

  private static void x87(List<String> found, GuestState want, GuestState got, int fswMask) {
    compare(found, "fcw", want.fcw(), got.fcw());
    compare(found, "fsw", want.fsw() & fswMask, got.fsw() & fswMask);
    compare(found, "ftw", want.ftw(), got.ftw());
    for (int i = 0; i < 8; i++) {
      if (want.stLow(i) != got.stLow(i) || want.stHigh(i) != got.stHigh(i)) {
        found.add(
            "st%d     expected %04x:%016x got %04x:%016x"
                .formatted(i, want.stHigh(i), want.stLow(i), got.stHigh(i), got.stLow(i)));
      }
    }
  }

  private static void vectors(List<String> found, GuestState want, GuestState got) {
    compare(found, "mxcsr", want.mxcsr(), got.mxcsr());
    for (int i = 0; i < 16; i++) {
      if (want.xmm(i, 0) != got.xmm(i, 0) || want.xmm(i, 1) != got.xmm(i, 1)) {
        found.add(
            "xmm%-2d   expected %016x:%016x got %016x:%016x"
                .formatted(i, want.xmm(i, 1), want.xmm(i, 0), got.xmm(i, 1), got.xmm(i, 0)));
      }
    }
  }

  private static void memory(List<String> found, long[] want, long[] got) {
    if (Arrays.equals(want, got)) {
      return;
    }
    String missing = words(want, got);
    String unwanted = words(got, want);
    if (missing.length() + unwanted.length() > 0) {
      found.add("memory  expected " + missing + " got " + unwanted);
    }
  }

  /**
   * Equal, but for the misaligned-SSE bit of MXCSR_MASK, which AMD's processors have and the
   * guest's has not: where an FXSAVE stores it is known to the generator, which clears it, unless
   * an earlier instruction has overwritten the base register.
   */
  private static boolean isSame(long a, long b) {
    return a == b
        || (a ^ b) == 1L << 49 && (a & 0xffff_0000L) == 0 && (a >>> 32 | 1 << 17) == 0x2ffff;
  }

  private static String words(long[] pairs, long[] others) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pairs.length && text.length() < 200; i += 2) {
      if (!contains(others, pairs[i], pairs[i + 1])) {
        text.append("[%x]=%016x ".formatted(TestCase.DATA_BASE + 8 * pairs[i], pairs[i + 1]));
      }
    }
    return text.toString();
  }

  private static boolean contains(long[] pairs, long index, long value) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i] == index) {
        return isSame(pairs[i + 1], value);
      }
    }
    return false;
  }
}
