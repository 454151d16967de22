package org.coremu.device.acpi;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.device.RecordingLine;
import org.coremu.device.RecordingPower;
import org.coremu.hw.FakeClock;
import org.junit.jupiter.api.Test;

class PowerManagementTest {
  private static final long CARRY = PmTimer.INPUT.nanosAt(1 << 23);

  private final FakeClock clock = new FakeClock();
  private final RecordingLine sci = new RecordingLine();
  private final RecordingPower power = new RecordingPower();
  private final PmTimer timer = new PmTimer(clock, 24);
  private final PowerManagement pm = new PowerManagement(clock, timer, sci, power);

  @Test
  void theTimerCountsAndWraps() {
    clock.advance(1_000_000_000);
    assertThat(timer.read(0, 4)).isEqualTo(3_579_545);
    clock.advance(4_000_000_000L);
    assertThat(timer.read(0, 4)).isEqualTo(5 * 3_579_545 - (1 << 24));
    assertThat(new PmTimer(clock, 32).read(0, 4)).isEqualTo(5 * 3_579_545);
  }

  @Test
  void keepsTheEnableBitOfTheRtcEvent() {
    pm.write(2, 0xffff, 2);
    assertThat(pm.read(2, 2)).isEqualTo(0x0521);
    assertThat(pm.read(0, 2) & 0x0400).isZero();
  }

  @Test
  void softOffNeedsItsSleepTypeAndTheEnableBit() {
    pm.write(4, 0x0000, 2);
    pm.write(4, 0x2000 | 5 << 10, 2);
    assertThat(power.requests()).isEmpty();
    pm.write(4, 0x2000, 2);
    assertThat(power.requests()).containsExactly("off");
  }

  @Test
  void softOffWorksByBytesToo() {
    pm.write(4, 0x01, 1);
    pm.write(5, 0x20, 1);
    assertThat(power.requests()).containsExactly("off");
  }

  @Test
  void acpiModeCannotBeLeft() {
    pm.write(4, 0, 2);
    assertThat(pm.read(4, 2)).isEqualTo(1);
    pm.write(4, 0xffff & ~0x2000, 2);
    assertThat(pm.read(4, 2)).isEqualTo(0x1c03);
  }

  @Test
  void thePowerButtonInterruptsUntilCleared() {
    pm.write(2, 0x0100, 2);
    pm.pressPowerButton();
    assertThat(sci.level()).isTrue();
    assertThat(pm.read(0, 2)).isEqualTo(0x0100);
    assertThat(pm.read(0, 4)).isEqualTo(0x0100_0100);
    pm.write(1, 0x01, 1);
    assertThat(sci.level()).isFalse();
    assertThat(pm.read(0, 2)).isZero();
  }

  @Test
  void theTimerCarriesIntoItsStatus() {
    clock.advance(CARRY - 1);
    assertThat(pm.read(0, 2)).isZero();
    clock.advance(1);
    assertThat(pm.read(0, 2)).isEqualTo(1);
    pm.write(0, 1, 2);
    assertThat(pm.read(0, 2)).isZero();
    assertThat(clock.armedTimers()).as("no host timer unless enabled").isZero();
  }

  @Test
  void theTimerInterruptsWhenEnabled() {
    pm.write(2, 1, 2);
    clock.advance(CARRY - 1);
    assertThat(sci.level()).isFalse();
    clock.advance(1);
    assertThat(sci.level()).isTrue();
    pm.write(0, 1, 2);
    assertThat(sci.level()).isFalse();
    clock.advance(CARRY);
    assertThat(sci.level()).isTrue();
  }

  @Test
  void restoringDrivesTheLine() {
    pm.write(2, 0x0101, 2);
    pm.pressPowerButton();
    PowerManagement.State state = pm.save();
    pm.write(0, 0x0100, 2);
    pm.restore(state);
    assertThat(sci.level()).isTrue();
    assertThat(pm.save()).isEqualTo(state);
  }
}
