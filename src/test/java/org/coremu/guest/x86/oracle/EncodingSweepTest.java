package org.coremu.guest.x86.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The engine takes for an instruction what the host CPU takes for one, and of the same length. */
@Tag("tierless")
class EncodingSweepTest {
  private static final int INVALID_OPCODE = 6;
  private static final int BREAKPOINT = 3;

  @Test
  void agreesOnWhatIsAnInstruction() {
    assumeTrue(HostCpu.unavailable().isEmpty(), () -> HostCpu.unavailable().orElseThrow());
    try (Emulator host = HostCpu.start();
        Emulator engine = new CoremuEmulator()) {
      assertThat(disagreements(host, engine)).isEmpty();
    }
  }

  static List<String> disagreements(Emulator host, Emulator engine) {
    List<TestCase> cases = EncodingSweep.cases();
    List<Outcome> expected = host.run(cases);
    List<Outcome> actual = engine.run(cases);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      Outcome want = expected.get(i);
      Outcome got = actual.get(i);
      boolean length =
          want.vector() == BREAKPOINT
              && got.vector() == BREAKPOINT
              && want.state().rip() != got.state().rip();
      if (isInvalid(cases.get(i), want) != isInvalid(cases.get(i), got) || length) {
        wrong.add(
            "%s: expected vector %d at %x, got %d at %x"
                .formatted(
                    Report.code(cases.get(i)).lines().toList().get(1),
                    want.vector(),
                    want.state().rip(),
                    got.vector(),
                    got.state().rip()));
      }
    }
    return wrong;
  }

  /** Whether the instruction itself was refused, rather than what the bytes after it are. */
  private static boolean isInvalid(TestCase testCase, Outcome outcome) {
    return outcome.vector() == INVALID_OPCODE && outcome.state().rip() == testCase.state().rip();
  }
}
