package org.coremu.guest.x86.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Generates random cases of one to eight instructions. Equal seeds generate equal cases. */
public final class InsnGenerator implements CaseGenerator {
  /** Length of the longest stream unless told otherwise. */
  public static final int LONGEST = 8;

  private static final int RARE_ONE_IN = 25;

  private final List<InsnRow> rows;
  private final long seed;
  private final int longest;

  /**
   * A generator over some rows.
   *
   * @param rows the instructions to choose from, each row as likely as any other unless tagged rare
   * @param seed decides everything
   * @param longest most instructions in a stream, 1 or more
   */
  public InsnGenerator(List<InsnRow> rows, long seed, int longest) {
    this.rows = List.copyOf(rows);
    this.seed = seed;
    this.longest = longest;
  }

  /** A generator of streams of up to {@link #LONGEST} instructions. */
  public InsnGenerator(List<InsnRow> rows, long seed) {
    this(rows, seed, LONGEST);
  }

  /** The data window's seed changes every 1024 cases. */
  @Override
  public TestCase generate(long number) {
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
    EdgeValues edges = new EdgeValues(random);
    List<InsnRow> chosen = choose(random);
    RegisterPlan plan = new RegisterPlan(random, edges, chosen);
    InsnEncoder encoder = new InsnEncoder(random, edges, plan);
    List<Insn> insns = new ArrayList<>();
    for (InsnRow row : chosen) {
      Insn insn = encoder.encode(row);
      for (int i = 0; i < 20 && (insn.reads() & UndefinedFlags.after(insns)) != 0; i++) {
        insn = encoder.encode(pick(random));
      }
      if ((insn.reads() & UndefinedFlags.after(insns)) == 0) {
        insns.add(insn);
      }
    }
    int bytes = Insn.assemble(insns, 0).length;
    boolean atEnd =
        random.nextInt(64) == 0
            && chosen.stream().noneMatch(row -> row.is("wide")); // groups stay whole
    int offset =
        atEnd
            ? Math.max(0, TestCase.CODE_BYTES - bytes + random.nextInt(-4, 4))
            : random.nextInt(TestCase.CODE_BYTES - bytes - 16);
    offset = Math.min(offset, TestCase.CODE_BYTES - 1);
    long rip = TestCase.CODE_BASE + offset;
    long rflags =
        2 | Flags.IF | random.nextInt() & Flags.STATUS | (random.nextInt(4) == 0 ? Flags.DF : 0);
    byte[] fx = new FpuPlan(random, edges, chosen).image();
    GuestState state = new GuestState(plan.gpr, rip, rflags, fx);
    return new TestCase(
        seed ^ number >>> 10, state, List.copyOf(insns), List.copyOf(encoder.patches()));
  }

  private List<InsnRow> choose(SplittableRandom random) {
    List<InsnRow> chosen = new ArrayList<>();
    int count = 1 + random.nextInt(longest);
    while (chosen.size() < count) {
      chosen.add(pick(random));
    }
    return chosen;
  }

  private InsnRow pick(SplittableRandom random) {
    for (; ; ) {
      InsnRow row = rows.get(random.nextInt(rows.size()));
      if (!row.is("rare") || random.nextInt(RARE_ONE_IN) == 0) {
        return row;
      }
    }
  }
}
