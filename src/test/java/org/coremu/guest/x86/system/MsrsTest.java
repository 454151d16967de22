package org.coremu.guest.x86.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.guest.x86.X86State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Model-specific registers: what they keep and what they refuse. */
class MsrsTest {
  private final TestCore t = new TestCore();

  @AfterEach
  void close() {
    t.close();
  }

  private String write(String msr, String value) {
    return TestCore.faultOf(
        () ->
            Msrs.write(
                t.x86, Integer.parseUnsignedInt(msr, 16), Long.parseUnsignedLong(value, 16)));
  }

  @ParameterizedTest
  @CsvSource({
    "c0000082, 0000800000000000, 13:0",
    "c0000082, ffff800000000000, none",
    "c0000084, 0000000100000000, 13:0",
    "c0000101, 0000700000000000, none",
    "c0000102, 8000000000000000, 13:0",
    "277, 0007040600070406, none",
    "277, 0007040600070402, 13:0",
    "2ff, 0000000000000c06, none",
    "2ff, 0000000000000c07, 13:0",
    "2ff, 0000000000001000, 13:0",
    "c0000080, 0000000000000901, none",
    "c0000080, 0000000000004000, 13:0",
    "fe, 0, 13:0",
    "12345, 0, 13:0",
  })
  void writes(String msr, String value, String fault) {
    assertThat(write(msr, value)).isEqualTo(fault);
    if (fault.equals("none")) {
      assertThat(Msrs.read(t.x86, Integer.parseUnsignedInt(msr, 16)))
          .isEqualTo(Long.parseUnsignedLong(value, 16));
    }
  }

  @Test
  void anUnknownOneIsReported() {
    assertThat(TestCore.faultOf(() -> Msrs.read(t.x86, 0xbad))).isEqualTo("13:0");
    assertThat(t.log).singleElement().asString().contains("rdmsr MSR bad");
  }

  @Test
  void settingTheTscMovesTscAdjust() {
    t.clock.advance(1000);
    Msrs.write(t.x86, 0x10, 5000);
    long adjust = 5000 - t.clock.now();
    assertThat(Msrs.read(t.x86, 0x3b)).isEqualTo(adjust);
    t.clock.advance(7);
    assertThat(Msrs.read(t.x86, 0x10)).isEqualTo(5007);
    Msrs.write(t.x86, 0x3b, 0);
    assertThat(Msrs.read(t.x86, 0x10)).isEqualTo(t.clock.now());
  }

  @Test
  void longModeCannotBeSwitchedWhilePagingIsOn() {
    t.longMode();
    assertThat(write("c0000080", "0")).isEqualTo("13:0");
    assertThat(write("c0000080", "900")).isEqualTo("none");
    assertThat(t.x86.get(X86State.EFER)).as("LMA stays").isEqualTo(0xd00);
  }

  @Test
  void theMicrocodeRevisionStays() {
    Msrs.write(t.x86, 0x8b, 0);
    assertThat(Msrs.read(t.x86, 0x8b)).isEqualTo(1L << 32);
  }
}
