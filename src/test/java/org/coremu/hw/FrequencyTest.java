package org.coremu.hw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FrequencyTest {
  private static final Frequency PIT = new Frequency(1_193_182);

  @Test
  void aTickBeginsExactlyWhereItsTimeSays() {
    for (long tick : new long[] {1, 2, 1_193_181, 1_193_182, 1_193_183, 987_654_321_012L}) {
      long nanos = PIT.nanosAt(tick);
      assertThat(PIT.ticksAt(nanos)).isEqualTo(tick);
      assertThat(PIT.ticksAt(nanos - 1)).isEqualTo(tick - 1);
    }
  }

  @Test
  void aSecondHoldsItsTicksAlsoAfterACentury() {
    long century = 100L * 365 * 86_400;
    assertThat(PIT.ticksAt(century * 1_000_000_000L)).isEqualTo(century * 1_193_182);
  }

  @Test
  void ticksBeyondTheClockAreNever() {
    assertThat(new Frequency(1).nanosAt(Long.MAX_VALUE / 2)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void ratesANanosecondClockCannotShowAreRefused() {
    assertThatThrownBy(() -> new Frequency(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Frequency(1_000_000_001))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
