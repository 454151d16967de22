package org.coremu.guest.x86.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Guest assembly tests: modes, segments, paging, faults and system instructions, on one core
 * without a board.
 */
class GuestProgramTest {
  @TestFactory
  Stream<DynamicTest> programs() throws IOException {
    assumeTrue(HostCpu.unavailable().isEmpty(), "needs gcc and binutils for x86");
    return GuestProgram.all().stream()
        .map(
            program ->
                DynamicTest.dynamicTest(
                    program.name(), () -> assertThat(program.run()).isEqualTo(program.expected())));
  }
}
