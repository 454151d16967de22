package org.coremu.guest.x86.oracle;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

/**
 * General-purpose instructions in 32-bit and 16-bit code, segments with limits included, do what
 * the host CPU does.
 */
class DifferentialLegacyTest {
  @Test
  void agreesWithTheHostCpuIn32BitCode() {
    DifferentialRun.compare("Legacy32", seed -> new LegacyGenerator(seed, 32));
  }

  @Test
  void agreesWithTheHostCpuIn16BitCode() {
    assumeTrue(HostCpu.unavailable().isEmpty(), () -> HostCpu.unavailable().orElseThrow());
    assumeTrue(HostCpu.runs16BitCode(), "the host's kernel has no 16-bit segments for programs");
    DifferentialRun.compare("Legacy16", seed -> new LegacyGenerator(seed, 16));
  }
}
