package org.coremu.device.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.coremu.device.RecordingLine;
import org.coremu.hw.FakeClock;
import org.coremu.hw.IrqLine;
import org.junit.jupiter.api.Test;

class HpetTest {
  private static final int CONFIG = 0x10;
  private static final int STATUS = 0x20;
  private static final int COUNTER = 0xf0;
  private static final int ENABLE = 1;
  private static final int LEGACY = 2;
  private static final int T_LEVEL = 2;
  private static final int T_ENABLE = 4;
  private static final int T_PERIODIC = 8;
  private static final int T_SETVAL = 0x40;
  private static final int T_32 = 0x100;

  private final FakeClock clock = new FakeClock();
  private final RecordingLine irq0 = new RecordingLine();
  private final RecordingLine irq8 = new RecordingLine();
  private final RecordingLine pin20 = new RecordingLine();
  private final Hpet hpet = new Hpet(clock, irq0, irq8, routes());

  private List<IrqLine> routes() {
    List<IrqLine> routes = new ArrayList<>(Collections.nCopies(24, IrqLine.UNCONNECTED));
    routes.set(20, pin20);
    return routes;
  }

  private static int config(int timer) {
    return 0x100 + 0x20 * timer;
  }

  private static int comparator(int timer) {
    return config(timer) + 8;
  }

  @Test
  void theCapabilitiesSayWhatThereIs() {
    long capabilities = hpet.read(0, 8);
    assertThat(capabilities >>> 32).as("femtoseconds a tick").isEqualTo(10_000_000);
    assertThat(capabilities >> 8 & 0x1f).as("last timer").isEqualTo(2);
    assertThat(capabilities & 0xa0ff).isEqualTo(0xa001);
    assertThat(hpet.read(4, 4)).isEqualTo(10_000_000);
    assertThat(hpet.read(config(0), 8))
        .as("periodic, 64-bit, no FSB, pin 20")
        .isEqualTo(1L << 52 | 0x30);
  }

  @Test
  void theCounterRunsOnlyWhileEnabledAndKeepsItsValue() {
    hpet.write(COUNTER, 0x1_0000_0000L, 8);
    clock.advance(1000);
    assertThat(hpet.read(COUNTER, 8)).isEqualTo(0x1_0000_0000L);
    hpet.write(CONFIG, ENABLE, 4);
    clock.advance(1000);
    assertThat(hpet.read(COUNTER, 8)).isEqualTo(0x1_0000_0064L);
    assertThat(hpet.read(COUNTER + 4, 4)).isEqualTo(1);
    hpet.write(CONFIG, 0, 4);
    clock.advance(1000);
    assertThat(hpet.read(COUNTER, 4)).isEqualTo(0x64);
  }

  @Test
  void aOneShotInterruptsOnceAtItsComparator() {
    hpet.write(CONFIG, ENABLE, 8);
    hpet.write(config(2), T_ENABLE | 20 << 9, 8);
    hpet.write(comparator(2), 1000, 8);
    clock.advance(9_999);
    assertThat(pin20.takeRises()).isZero();
    clock.advance(1);
    assertThat(pin20.takeRises()).isEqualTo(1);
    clock.advance(1_000_000_000);
    assertThat(pin20.takeRises()).isZero();
    assertThat(clock.armedTimers()).isZero();
  }

  @Test
  void linuxStartsAPeriodicTickWithTwoWrites() {
    hpet.write(CONFIG, ENABLE | LEGACY, 4);
    clock.advance(12_340);
    hpet.write(config(0), T_ENABLE | T_PERIODIC | T_SETVAL | T_32, 4);
    hpet.write(comparator(0), 1234 + 400_000, 4);
    hpet.write(comparator(0), 400_000, 4);
    clock.advance(4_000_000 - 10);
    assertThat(irq0.takeRises()).isZero();
    clock.advance(10);
    assertThat(irq0.takeRises()).isEqualTo(1);
    clock.advance(60_000_000_000L);
    assertThat(irq0.takeRises()).as("4 ms ticks over a 32-bit wrap").isEqualTo(15_000);
  }

  @Test
  void aLateHostKeepsThePhaseOfAPeriodicTimer() {
    hpet.write(CONFIG, ENABLE, 8);
    hpet.write(config(0), T_ENABLE | T_PERIODIC | T_SETVAL | 20 << 9, 8);
    hpet.write(comparator(0), 100, 8);
    clock.jump(3_500);
    clock.advance(0);
    assertThat(pin20.takeRises()).isEqualTo(1);
    assertThat(hpet.read(comparator(0), 8)).isEqualTo(400);
    assertThat(clock.nextDeadline()).isEqualTo(4_000);
  }

  @Test
  void aLevelInterruptHoldsUntilItsStatusIsCleared() {
    hpet.write(CONFIG, ENABLE, 8);
    hpet.write(config(1), T_ENABLE | T_LEVEL | 20 << 9, 8);
    hpet.write(comparator(1), 100, 8);
    clock.advance(1_000);
    assertThat(pin20.level()).isTrue();
    assertThat(hpet.read(STATUS, 8)).isEqualTo(2);
    hpet.write(STATUS, 1, 8);
    assertThat(pin20.level()).isTrue();
    hpet.write(STATUS, 2, 8);
    assertThat(pin20.level()).isFalse();
  }

  @Test
  void aDisabledInterruptStillSetsItsStatusWithoutHostTimers() {
    hpet.write(CONFIG, ENABLE, 8);
    hpet.write(config(1), T_LEVEL, 8);
    hpet.write(comparator(1), 100, 8);
    assertThat(clock.armedTimers()).isZero();
    clock.advance(1_000);
    assertThat(hpet.read(STATUS, 8)).isEqualTo(2);
  }

  @Test
  void a32BitTimerMatchesAcrossTheWrap() {
    hpet.write(COUNTER, 0xffff_ff00L, 8);
    hpet.write(CONFIG, ENABLE, 8);
    hpet.write(config(0), T_ENABLE | T_32 | 20 << 9, 8);
    hpet.write(comparator(0), 0x10, 4);
    clock.advance(0x110 * 10 - 1);
    assertThat(pin20.takeRises()).isZero();
    clock.advance(1);
    assertThat(pin20.takeRises()).isEqualTo(1);
  }

  @Test
  void legacyReplacementCutsOffThe8254AndTheRtc() {
    IrqLine pit = hpet.legacyInput0();
    IrqLine rtc = hpet.legacyInput8();
    pit.set(true);
    assertThat(irq0.level()).isTrue();
    hpet.write(CONFIG, ENABLE | LEGACY, 8);
    assertThat(irq0.level()).isFalse();
    rtc.pulse();
    assertThat(irq8.takeRises()).isZero();
    hpet.write(CONFIG, ENABLE, 8);
    assertThat(irq0.level()).isTrue();
  }

  @Test
  void restoringContinuesWhereItWas() {
    hpet.write(CONFIG, ENABLE, 8);
    hpet.write(config(0), T_ENABLE | T_LEVEL | 20 << 9, 8);
    hpet.write(comparator(0), 100, 8);
    Hpet.State before = hpet.save();
    clock.advance(1_000);
    assertThat(pin20.level()).isTrue();
    hpet.restore(before);
    assertThat(pin20.level()).isFalse();
    assertThat(hpet.save()).usingRecursiveComparison().isEqualTo(before);
    assertThat(clock.nextDeadline()).isEqualTo(1_000);
  }
}
