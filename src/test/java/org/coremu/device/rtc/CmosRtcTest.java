package org.coremu.device.rtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.coremu.device.RecordingLine;
import org.coremu.hw.FakeClock;
import org.coremu.hw.Inputs;
import org.junit.jupiter.api.Test;

class CmosRtcTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int A = 0x0a;
  private static final int B = 0x0b;
  private static final int C = 0x0c;
  private static final int B_24H = 2;

  private final FakeClock clock = new FakeClock();
  private final RecordingLine irq = new RecordingLine();
  private final CmosLayout layout = new CmosLayout();
  private final CmosRtc rtc = new CmosRtc(clock, bootedAt(2023, 12, 31, 23, 59, 58), irq, layout);

  private static Inputs bootedAt(int year, int month, int day, int hour, int minute, int second) {
    long epoch =
        LocalDateTime.of(year, month, day, hour, minute, second).toEpochSecond(ZoneOffset.UTC);
    return new Inputs() {
      @Override
      public long bootEpochSeconds() {
        return epoch;
      }

      @Override
      public long random() {
        throw new AssertionError("a clock needs no randomness");
      }
    };
  }

  private int get(int cell) {
    rtc.write(0, cell, 1);
    return rtc.read(1, 1);
  }

  private void set(int cell, int value) {
    rtc.write(0, cell, 1);
    rtc.write(1, value, 1);
  }

  /**
   * Century, year, month, day, hour, minute, second and day of the week, as the cells hold them.
   */
  private String time() {
    return "%02x%02x-%02x-%02x %02x:%02x:%02x %x"
        .formatted(get(0x32), get(9), get(8), get(7), get(4), get(2), get(0), get(6));
  }

  @Test
  void itStartsAtTheMachinesTimeInBcdAndTurnsTheYear() {
    assertThat(time()).isEqualTo("2023-12-31 23:59:58 1");
    clock.advance(2 * SECOND - 1);
    assertThat(time()).isEqualTo("2023-12-31 23:59:59 1");
    clock.advance(1);
    assertThat(time()).isEqualTo("2024-01-01 00:00:00 2");
  }

  @Test
  void binaryAndTwelveHours() {
    set(B, 4);
    assertThat(get(4)).isEqualTo(0x80 | 11);
    assertThat(get(2)).isEqualTo(59);
    clock.advance(2 * SECOND);
    assertThat(get(4)).as("midnight").isEqualTo(12);
    set(4, 0x80 | 12);
    set(B, 4 | B_24H);
    assertThat(get(4)).as("noon").isEqualTo(12);
  }

  @Test
  void theUpdateIsAnnouncedAndNeverWhileStopped() {
    clock.advance(SECOND - 2_228_001);
    assertThat(get(A) & 0x80).isZero();
    clock.advance(1);
    assertThat(get(A) & 0x80).isEqualTo(0x80);
    set(B, 0x82);
    assertThat(get(A) & 0x80).isZero();
    set(B, 0x02);
    clock.advance(2_228_000);
    assertThat(get(A) & 0x80).isZero();
  }

  @Test
  void linuxSetsTheTimeWithTheDividerStopped() {
    clock.advance(300_000_000);
    set(B, 0x82);
    set(A, 0x76);
    set(9, 0x25);
    set(8, 0x02);
    set(7, 0x28);
    set(4, 0x23);
    set(2, 0x59);
    set(0, 0x59);
    clock.advance(10 * SECOND);
    set(B, 0x02);
    set(A, 0x26);
    clock.advance(SECOND / 2 - 1);
    assertThat(time()).isEqualTo("2025-02-28 23:59:59 6");
    clock.advance(1);
    assertThat(time()).isEqualTo("2025-03-01 00:00:00 7");
  }

  @Test
  void aFieldWrittenWhileRunningCounts() {
    set(7, 0x15);
    clock.advance(2 * SECOND);
    assertThat(time()).isEqualTo("2023-12-16 00:00:00 7");
  }

  @Test
  void nonsenseFieldsDoNotBreakIt() {
    for (int cell = 0; cell < 10; cell++) {
      set(cell, 0xff);
    }
    set(0x32, 0xff);
    clock.advance(SECOND);
    assertThat(time()).isNotEmpty();
  }

  @Test
  void updateEndedInterruptsOnTheSecond() {
    set(B, B_24H | 0x10);
    clock.advance(SECOND - 1);
    assertThat(irq.level()).isFalse();
    clock.advance(1);
    assertThat(irq.level()).isTrue();
    clock.advance(5 * SECOND);
    assertThat(get(C) & 0x90).isEqualTo(0x90);
    assertThat(irq.level()).isFalse();
    assertThat(get(C)).isZero();
  }

  @Test
  void thePeriodicInterruptKeepsItsRate() {
    set(B, B_24H | 0x40);
    irq.takeRises();
    for (int i = 1; i <= 1024; i++) {
      clock.advance(SECOND * i / 1024 + 1 - clock.now());
      assertThat(get(C) & 0xc0).as("tick %d", i).isEqualTo(0xc0);
    }
    assertThat(irq.takeRises()).isEqualTo(1024);
  }

  @Test
  void theAlarmGoesOffAtItsTimeOnly() {
    set(1, 0x30);
    set(3, 0x00);
    set(5, 0x00);
    set(B, B_24H | 0x20);
    clock.advance(32 * SECOND - 1);
    assertThat(irq.level()).isFalse();
    clock.advance(1);
    assertThat(irq.level()).isTrue();
    assertThat(get(C) & 0xa0).isEqualTo(0xa0);
    clock.advance(86_399 * SECOND);
    assertThat(irq.level()).isFalse();
    clock.advance(SECOND);
    assertThat(irq.level()).isTrue();
  }

  @Test
  void anAlarmThatDoesNotCareMatchesEveryMinute() {
    set(1, 0x00);
    set(3, 0xff);
    set(5, 0xc0);
    set(B, B_24H | 0x20);
    irq.takeRises();
    for (int i = 0; i < 3; i++) {
      clock.advance(60 * SECOND);
      assertThat(get(C) & 0x20).isEqualTo(0x20);
    }
    assertThat(irq.takeRises()).isEqualTo(3);
  }

  @Test
  void flagsAreSetWithoutInterruptsAndWithoutHostTimers() {
    assertThat(clock.armedTimers()).isZero();
    get(C);
    clock.advance(SECOND);
    assertThat(clock.armedTimers()).isZero();
    assertThat(get(C)).isEqualTo(0x50);
  }

  @Test
  void theOtherCellsAreMemory() {
    set(0x7f, 0xa5);
    set(0x80 | 0x0f, 0x05);
    assertThat(get(0x7f)).isEqualTo(0xa5);
    assertThat(get(0x0f)).isEqualTo(0x05);
    assertThat(get(0x0d)).isEqualTo(0x80);
  }

  @Test
  void restoringGoesBackInCalendarTime() {
    set(B, B_24H | 0x10);
    CmosRtc.State state = rtc.save();
    set(9, 0x99);
    clock.advance(SECOND);
    rtc.restore(state);
    assertThat(rtc.save()).usingRecursiveComparison().isEqualTo(state);
    assertThat(time()).isEqualTo("2023-12-31 23:59:59 1");
    assertThat(irq.level()).isTrue();
  }
}
