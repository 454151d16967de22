package org.coremu.device.timer;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.device.RecordingLine;
import org.coremu.hw.FakeClock;
import org.junit.jupiter.api.Test;

class Pit8254Test {
  private final FakeClock clock = new FakeClock();
  private final RecordingLine irq = new RecordingLine();
  private final Pit8254 pit = new Pit8254(clock, irq);

  private void program(int channel, int mode, int count) {
    pit.write(3, channel << 6 | 0x30 | mode << 1, 1);
    pit.write(channel, count & 0xff, 1);
    pit.write(channel, count >> 8, 1);
  }

  private int latched(int channel) {
    pit.write(3, channel << 6, 1);
    return pit.read(channel, 1) | pit.read(channel, 1) << 8;
  }

  private int status(int channel) {
    pit.write(3, 0xe0 | 2 << channel, 1);
    return pit.read(channel, 1);
  }

  /** Moves to the beginning of a tick. */
  private void toTick(long tick) {
    clock.advance(Pit8254.INPUT.nanosAt(tick) - clock.now());
  }

  @Test
  void rateGeneratorInterruptsOnceAPeriodWithoutDrift() {
    program(0, 2, 11932);
    irq.takeRises();
    clock.advance(100_000_000_000L);
    assertThat(irq.takeRises()).isEqualTo((int) ((Pit8254.INPUT.ticksAt(clock.now()) - 1) / 11932));
  }

  @Test
  void aLateHostDropsPeriodsButKeepsThePhase() {
    program(0, 2, 1000);
    irq.takeRises();
    clock.jump(Pit8254.INPUT.nanosAt(3500));
    clock.advance(0);
    assertThat(irq.takeRises()).isEqualTo(1);
    assertThat(clock.nextDeadline()).isEqualTo(Pit8254.INPUT.nanosAt(4001));
  }

  @Test
  void aNewCountInModeTwoWaitsForTheEndOfThePeriod() {
    program(0, 2, 1000);
    toTick(501);
    pit.write(0, 2000 & 0xff, 1);
    pit.write(0, 2000 >> 8, 1);
    assertThat(latched(0)).isEqualTo(500);
    toTick(1001);
    assertThat(latched(0)).isEqualTo(2000);
    assertThat(clock.nextDeadline()).isEqualTo(Pit8254.INPUT.nanosAt(3001));
  }

  @Test
  void modeZeroGoesLowAndRisesOnceAtTerminalCount() {
    program(0, 0, 100);
    assertThat(irq.level()).isFalse();
    irq.takeRises();
    toTick(100);
    assertThat(irq.level()).isFalse();
    toTick(101);
    assertThat(irq.level()).isTrue();
    clock.advance(1_000_000_000);
    assertThat(irq.takeRises()).isEqualTo(1);
    assertThat(clock.armedTimers()).isZero();
  }

  @Test
  void strobeModeInterruptsOncePerCountWritten() {
    program(0, 4, 50);
    irq.takeRises();
    clock.advance(1_000_000);
    assertThat(irq.takeRises()).isEqualTo(1);
    pit.write(0, 50, 1);
    pit.write(0, 0, 1);
    clock.advance(1_000_000);
    assertThat(irq.takeRises()).isEqualTo(1);
  }

  @Test
  void countZeroIsTheLongestPeriod() {
    program(0, 2, 0);
    assertThat(clock.nextDeadline()).isEqualTo(Pit8254.INPUT.nanosAt(65537));
    toTick(1);
    assertThat(latched(0)).isZero();
    toTick(2);
    assertThat(latched(0)).isEqualTo(0xffff);
  }

  @Test
  void aLatchHoldsUntilItIsReadWhole() {
    program(0, 2, 0x1234);
    toTick(1 + 0x34);
    pit.write(3, 0x00, 1);
    toTick(1 + 0x134);
    pit.write(3, 0x00, 1);
    assertThat(pit.read(0, 1)).isEqualTo(0x00);
    assertThat(pit.read(0, 1)).isEqualTo(0x12);
    assertThat(latched(0)).isEqualTo(0x1100);
  }

  @Test
  void readBackGivesStatusThenCount() {
    program(2, 3, 0x100);
    pit.gate2(true);
    toTick(1 + 10);
    pit.write(3, 0xc0 | 2 << 2, 1);
    assertThat(pit.read(2, 1)).isEqualTo(0x80 | 0x30 | 3 << 1);
    assertThat(pit.read(2, 1) | pit.read(2, 1) << 8).isEqualTo(0x100 - 20);
  }

  @Test
  void statusShowsANullCountUntilTheCountIsLoaded() {
    pit.write(3, 0x34, 1);
    assertThat(status(0) & 0x40).isEqualTo(0x40);
    pit.write(0, 1, 1);
    pit.write(0, 1, 1);
    assertThat(status(0) & 0x40).isEqualTo(0x40);
    toTick(1);
    assertThat(status(0) & 0x40).isZero();
  }

  @Test
  void bcdCountsInDecimal() {
    pit.write(3, 0x35, 1);
    pit.write(0, 0x00, 1);
    pit.write(0, 0x10, 1);
    toTick(1 + 1);
    assertThat(latched(0)).isEqualTo(0x999);
    assertThat(clock.nextDeadline()).isEqualTo(Pit8254.INPUT.nanosAt(1001));
  }

  @Test
  void squareWaveIsHighForTheLargerHalf() {
    program(2, 3, 5);
    pit.gate2(true);
    boolean[] expected = {true, true, true, false, false, true};
    for (int i = 0; i < expected.length; i++) {
      toTick(1 + i);
      assertThat(pit.output2()).as("tick %d", i).isEqualTo(expected[i]);
    }
  }

  @Test
  void theGatePausesModeZeroAsCalibrationLoopsExpect() {
    pit.gate2(false);
    program(2, 0, 100);
    toTick(1000);
    assertThat(pit.output2()).isFalse();
    pit.gate2(true);
    toTick(1050);
    pit.gate2(false);
    toTick(5000);
    assertThat(latched(2)).isEqualTo(51);
    pit.gate2(true);
    toTick(5051);
    assertThat(pit.output2()).isFalse();
    toTick(5052);
    assertThat(pit.output2()).isTrue();
  }

  @Test
  void theGateTriggersTheHardwareOneShot() {
    program(2, 1, 10);
    toTick(100);
    assertThat(pit.output2()).isTrue();
    pit.gate2(true);
    toTick(105);
    assertThat(pit.output2()).isFalse();
    toTick(111);
    assertThat(pit.output2()).isTrue();
  }

  @Test
  void lowByteAccessLoadsAtOnce() {
    pit.write(3, 0x14, 1);
    pit.write(0, 200, 1);
    toTick(1 + 3);
    assertThat(pit.read(0, 1)).isEqualTo(197);
    assertThat(pit.read(0, 1)).isEqualTo(197);
  }

  @Test
  void restoringContinuesTheSamePeriod() {
    program(0, 2, 1000);
    toTick(300);
    Pit8254.State state = pit.save();
    program(0, 0, 7);
    pit.restore(state);
    assertThat(pit.save()).isEqualTo(state);
    assertThat(clock.nextDeadline()).isEqualTo(Pit8254.INPUT.nanosAt(1001));
    assertThat(latched(0)).isEqualTo(1000 - 299);
  }
}
