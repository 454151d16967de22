package org.coremu.guest.x86.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Generates random cases of 32-bit or 16-bit code. Equal seeds generate equal cases. */
final class LegacyGenerator implements CaseGenerator {
  private static final int RARE_ONE_IN = 25;

  private final List<InsnRow> rows;
  private final long seed;
  private final int mode;

  /** A generator for a mode, 32 or 16. */
  LegacyGenerator(long seed, int mode) {
    this.rows = LegacyRows.rows(mode);
    this.seed = seed;
    this.mode = mode;
  }

  @Override
  public TestCase generate(long number) {
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
    LegacyEncoder encoder = new LegacyEncoder(random, mode);
    List<Insn> insns = new ArrayList<>();
    int count = 1 + random.nextInt(InsnGenerator.LONGEST);
    while (insns.size() < count) {
      InsnRow row = rows.get(random.nextInt(rows.size()));
      boolean readsUndefined = (row.reads() & UndefinedFlags.after(insns)) != 0;
      if (!readsUndefined && (!row.is("rare") || random.nextInt(RARE_ONE_IN) == 0)) {
        insns.add(encoder.encode(row));
      }
    }
    int bytes = Insn.assemble(insns, 0).length;
    boolean atEnd =
        mode == 32 && random.nextInt(64) == 0; // the limit of CS is not checked in fetches
    int offset =
        atEnd
            ? Math.max(0, TestCase.CODE_BYTES - bytes) + random.nextInt(-4, 1)
            : random.nextInt(TestCase.CODE_BYTES - bytes - 16);
    long rflags =
        2 | Flags.IF | random.nextInt() & Flags.STATUS | (random.nextInt(4) == 0 ? Flags.DF : 0);
    byte[] fx = new byte[GuestState.FX_BYTES];
    GuestState.SHORT.set(fx, GuestState.FX_FCW, (short) 0x37F);
    GuestState.INT.set(fx, GuestState.FX_MXCSR, 0x1F80);
    GuestState state =
        new GuestState(encoder.gpr, TestCase.CODE_BASE + Math.max(0, offset), rflags, fx);
    return new TestCase(
        seed ^ number >>> 10, state, List.copyOf(insns), List.copyOf(encoder.patches), mode);
  }
}
