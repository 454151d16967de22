package org.coremu.exec;

import org.coremu.ir.Effect;
import org.coremu.ir.FlagKind;
import org.coremu.ir.Flags;

/**
 * Helpers with all sorts of effects, for random IR: the same code works on a core and on {@link
 * IrReference}.
 */
final class IrHelpers {
  /** What a helper sees of the machine. */
  interface State {
    long get(int slot);

    void put(int slot, long value);

    long instructions();

    long pc();

    void trace(long value);
  }

  static final int R = CoreState.GUEST;

  /** The address that the fault of a helper has. */
  static final long FAULTY = 0x7_0000;

  static final int PURE = 0;
  static final int READS = 1;
  static final int WRITES = 2;
  static final int ANY = 3;
  static final int FAULTS = 4;
  static final int TRACES = 5;
  static final int READS_OR_FAULTS = 6;
  static final int SETS_PC = 7;

  private static final int[] EFFECTS = {
    Effect.NONE,
    Effect.READS_STATE,
    Effect.WRITES_STATE,
    Effect.ANY,
    Effect.FAULTS,
    Effect.VISIBLE,
    Effect.FAULTS | Effect.READS_STATE | Effect.VISIBLE,
    Effect.WRITES_STATE | Effect.VISIBLE
  };

  static final int COUNT = EFFECTS.length;

  private IrHelpers() {}

  /** The effects that a helper declares. */
  static int effects(int helper) {
    return EFFECTS[helper];
  }

  /** Whether a helper faults. */
  static boolean refuses(int helper, long a) {
    return (EFFECTS[helper] & Effect.FAULTS) != 0 && (a & 7) == 5;
  }

  static long flags(State s) {
    return Flags.pack(
        (int) s.get(CoreState.FLAG_KIND),
        s.get(CoreState.FLAG_A),
        s.get(CoreState.FLAG_B),
        s.get(CoreState.FLAG_C));
  }

  /** Runs a helper that does not fault. */
  static long apply(int helper, State s, long a, long b, long c) {
    switch (helper) {
      case PURE, FAULTS:
        return a * 31 + b ^ c;
      case WRITES:
        s.put(R + 2, a);
        return b;
      case ANY:
        s.put(R + 5, s.get(R + 5) ^ s.get(R + 1) + a);
        s.put(CoreState.FLAG_KIND, FlagKind.PACKED);
        s.put(CoreState.FLAG_A, b);
        s.trace(sum(s));
        return c;
      case TRACES:
        s.trace(a);
        s.trace(s.instructions());
        s.trace(s.pc());
        return b;
      case SETS_PC:
        s.put(CoreState.PC, 0x2000 + (a & 0xff0));
        return 0;
      default:
        return sum(s) + a;
    }
  }

  /** Something of all the state. */
  private static long sum(State s) {
    long sum = flags(s);
    for (int n = 0; n < 24; n++) {
      sum = sum * 31 + s.get(R + n);
    }
    return sum;
  }
}
