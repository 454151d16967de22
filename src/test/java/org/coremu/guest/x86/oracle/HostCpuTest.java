package org.coremu.guest.x86.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The oracle itself: the native harness reports what the CPU did, and disagreements are found and
 * shortened.
 */
@Tag("tierless")
class HostCpuTest {
  private static Emulator host;

  @BeforeAll
  static void start() {
    assumeTrue(HostCpu.unavailable().isEmpty(), () -> HostCpu.unavailable().orElseThrow());
    host = HostCpu.start();
  }

  @AfterAll
  static void stop() {
    if (host != null) {
      host.close();
    }
  }

  private static Outcome run(String hex, long[] gpr) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    InsnRow row = InsnRow.parse("any 90").getFirst();
    Insn insn = new Insn(row, bytes, Insn.Fixup.NONE, 0, 0, 0, 0, 0);
    byte[] fx = new byte[GuestState.FX_BYTES];
    GuestState.SHORT.set(fx, GuestState.FX_FCW, (short) 0x37F);
    GuestState.INT.set(fx, GuestState.FX_MXCSR, 0x1F80);
    GuestState state = new GuestState(gpr, TestCase.CODE_BASE + 16, 0x202, fx);
    return host.run(List.of(new TestCase(7, state, List.of(insn), List.of()))).getFirst();
  }

  @Test
  void reportsRegistersAndFlags() {
    long[] gpr = new long[16];
    gpr[0] = 0x7FFF_FFFF_FFFF_FFFFL;
    gpr[1] = 1;
    Outcome outcome = run("48 01 c8", gpr); // add rax, rcx
    assertThat(outcome.vector()).isEqualTo(3);
    assertThat(outcome.state().rip()).isEqualTo(TestCase.CODE_BASE + 16 + 4);
    assertThat(outcome.state().gpr()[0]).isEqualTo(Long.MIN_VALUE);
    assertThat(outcome.state().rflags() & Flags.STATUS)
        .isEqualTo(Flags.OF | Flags.SF | Flags.AF | Flags.PF);
  }

  @Test
  void reportsChangedMemoryAndRestoresItForTheNextCase() {
    long[] gpr = new long[16];
    gpr[3] = TestCase.DATA_BASE + 8;
    gpr[0] = 0x1122;
    assertThat(run("48 89 03", gpr).changed()).containsExactly(1, 0x1122); // mov [rbx], rax
    assertThat(run("48 8b 03", gpr).state().gpr()[0])
        .isEqualTo(TestCase.fill(7, 1)); // mov rax, [rbx]
  }

  @Test
  void reportsFaultsWithErrorCodeAndAddress() {
    long[] gpr = new long[16];
    gpr[3] = TestCase.READ_ONLY_BASE + 4;
    Outcome write = run("90 89 03", gpr); // nop; mov [rbx], eax
    assertThat(write.vector()).isEqualTo(14);
    assertThat(write.error()).isEqualTo(7);
    assertThat(write.cr2()).isEqualTo(TestCase.READ_ONLY_BASE + 4);
    assertThat(write.state().rip()).isEqualTo(TestCase.CODE_BASE + 17);
    assertThat(run("f7 f1", gpr).vector()).isZero(); // div ecx, which is 0
    assertThat(run("0f 0b", gpr).vector()).isEqualTo(6);
    gpr[3] = 1L << 62;
    assertThat(run("89 03", gpr).vector()).isEqualTo(13);
  }

  @Test
  void survivesAnyStackPointer() {
    long[] gpr = new long[16];
    gpr[4] = -1L << 63;
    assertThat(run("50", gpr).vector()).isEqualTo(12); // push rax
    assertThat(run("90", gpr).state().gpr()[4]).isEqualTo(-1L << 63);
  }

  @Test
  void endsEndlessLoops() {
    assertThat(run("eb fe", new long[16]).vector()).isEqualTo(Outcome.TIMED_OUT);
  }

  @Test
  void reportsFloatingPointState() {
    Outcome outcome =
        run(
            "d9 e8 0f 57 c0 f3 0f 51 c0",
            new long[16]); // fld1; xorps xmm0, xmm0; sqrtss xmm0, xmm0
    assertThat(outcome.state().stLow(0)).isEqualTo(Long.MIN_VALUE);
    assertThat(outcome.state().stHigh(0)).isEqualTo(0x3FFF);
    assertThat(outcome.state().ftw()).isEqualTo(0x80);
    assertThat(outcome.state().mxcsr()).isEqualTo(0x1F80);
  }

  @Test
  void agreesWithItselfOverAllRows() {
    List<InsnRow> rows = new ArrayList<>(IntegerRows.rows());
    rows.addAll(SseRows.rows());
    rows.addAll(X87Rows.rows());
    try (Emulator other = HostCpu.start()) {
      Differential differential = new Differential(host, other);
      assertThat(differential.run(new InsnGenerator(rows, 1), 0, 3000, 3)).isEmpty();
    }
  }

  @Test
  void findsAndShortensADefect() {
    try (Emulator broken = new ForgetsCarryOfAdc(host)) {
      Differential differential = new Differential(host, broken);
      List<String> reports = differential.run(new InsnGenerator(IntegerRows.rows(), 1), 0, 3000, 1);
      assertThat(reports).singleElement().asString().matches("(?s)case \\d+: adc: .*rflags .*");
    }
  }

  /** An emulator with one bug: CF is always clear in the end if the code held an ADC. */
  private record ForgetsCarryOfAdc(Emulator real) implements Emulator {
    @Override
    public List<Outcome> run(List<TestCase> cases) {
      List<Outcome> outcomes = real.run(cases);
      List<Outcome> changed = new ArrayList<>();
      for (int i = 0; i < cases.size(); i++) {
        boolean adc =
            cases.get(i).insns().stream().anyMatch(insn -> insn.row().name().equals("adc"));
        changed.add(adc ? withoutCarry(outcomes.get(i)) : outcomes.get(i));
      }
      return changed;
    }

    private static Outcome withoutCarry(Outcome outcome) {
      GuestState state = outcome.state();
      GuestState other =
          new GuestState(state.gpr(), state.rip(), state.rflags() & ~Flags.CF, state.fx());
      return new Outcome(
          outcome.vector(), outcome.error(), outcome.cr2(), other, outcome.changed());
    }

    @Override
    public String name() {
      return "broken";
    }

    @Override
    public void close() {}
  }
}
