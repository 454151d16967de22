package org.coremu.device.irq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LocalTimerTest {
  private static final int MASKED = 1 << 16;
  private static final int PERIODIC = 1 << 17;
  private static final int DEADLINE = 2 << 17;
  private static final int BY_1 = 0b1011;
  private static final int BY_16 = 0b0011;

  private final ApicMachine machine = new ApicMachine(0);
  private final LocalApic apic = machine.apics[0];

  private void start(int entry, int divide, int count) {
    machine.set(0, ApicRegister.DIVIDE_CONFIGURATION, divide);
    machine.set(0, ApicRegister.LVT_TIMER, entry);
    machine.set(0, ApicRegister.INITIAL_COUNT, count);
  }

  private int count() {
    return machine.get(0, ApicRegister.CURRENT_COUNT);
  }

  private int takeOne() {
    int vector = machine.acknowledge(0);
    machine.endOfInterrupt(0);
    return vector;
  }

  @Test
  void everyDivisor() {
    int[] divisors = {2, 4, 8, 16, 32, 64, 128, 1};
    for (int encoding = 0; encoding < 8; encoding++) {
      int register = encoding & 3 | (encoding & 4) << 1;
      start(0x40, register, 1_000_000);
      machine.clock.advance(1_000L * divisors[encoding]);
      assertThat(count()).as("divide by %d", divisors[encoding]).isEqualTo(999_000);
      assertThat(machine.get(0, ApicRegister.DIVIDE_CONFIGURATION)).isEqualTo(register);
    }
  }

  @Test
  void oneShotFiresOnceAndStops() {
    start(0x40, BY_16, 100);
    machine.clock.advance(1_599);
    assertThat(count()).isEqualTo(1);
    assertThat(takeOne()).isEqualTo(-1);
    machine.clock.advance(1);
    assertThat(count()).isZero();
    assertThat(takeOne()).isEqualTo(0x40);
    machine.clock.advance(1_000_000);
    assertThat(takeOne()).isEqualTo(-1);
    assertThat(machine.get(0, ApicRegister.INITIAL_COUNT)).isEqualTo(100);
  }

  @Test
  void periodicDoesNotDriftWhenTheHostIsLate() {
    start(PERIODIC | 0x40, BY_1, 1_000_000);
    long begin = machine.clock.now();
    for (int i = 1; i <= 50; i++) {
      machine.clock.jump(1_000_000 + 123_456 % (i * 1_000));
      machine.clock.advance(0);
      assertThat(takeOne()).isEqualTo(0x40);
      assertThat((machine.clock.nextDeadline() - begin) % 1_000_000).isZero();
    }
  }

  @Test
  void missedPeriodsMerge() {
    start(PERIODIC | 0x40, BY_1, 1_000_000);
    machine.clock.jump(5_300_000);
    machine.clock.advance(0);
    assertThat(takeOne()).isEqualTo(0x40);
    assertThat(takeOne()).isEqualTo(-1);
    assertThat(count()).isEqualTo(700_000);
  }

  @Test
  void whoeverReadsTheCountFirstSeesTheInterruptToo() {
    start(PERIODIC | 0x40, BY_1, 1_000_000);
    machine.clock.jump(1_400_000);
    assertThat(count()).isEqualTo(600_000);
    assertThat(takeOne()).isEqualTo(0x40);
    machine.clock.advance(0);
    assertThat(takeOne()).as("raised once").isEqualTo(-1);
  }

  @Test
  void aMaskedTimerCountsSilently() {
    start(PERIODIC | MASKED | 0x40, BY_1, 1_000_000);
    assertThat(machine.clock.armedTimers()).isZero();
    machine.clock.advance(2_250_000);
    assertThat(takeOne()).isEqualTo(-1);
    assertThat(count()).isEqualTo(750_000);
    machine.set(0, ApicRegister.LVT_TIMER, PERIODIC | 0x40);
    assertThat(takeOne()).isEqualTo(-1);
    machine.clock.advance(750_000);
    assertThat(takeOne()).isEqualTo(0x40);
  }

  @Test
  void aShortPeriodDoesNotFloodTheHostAndKeepsItsPhase() {
    start(PERIODIC | 0x40, BY_1, 100);
    long begin = machine.clock.now();
    assertThat(machine.clock.nextDeadline()).isEqualTo(begin + 20_000);
    machine.clock.advance(20_000);
    assertThat(takeOne()).isEqualTo(0x40);
    machine.clock.advance(30);
    assertThat(count()).isEqualTo(70);
  }

  @Test
  void aCountOfZeroStops() {
    start(PERIODIC | 0x40, BY_1, 1_000_000);
    machine.set(0, ApicRegister.INITIAL_COUNT, 0);
    assertThat(machine.clock.armedTimers()).isZero();
    machine.clock.advance(3_000_000);
    assertThat(takeOne()).isEqualTo(-1);
    assertThat(count()).isZero();
  }

  @Test
  void theLargestCountIsUnsigned() {
    start(0x40, 0b1010, -1);
    machine.clock.advance(128L * 0xffff_fffeL);
    assertThat(count()).isEqualTo(1);
    machine.clock.advance(128);
    assertThat(takeOne()).isEqualTo(0x40);
  }

  @Test
  void changingTheDivisorKeepsTheCount() {
    start(0x40, BY_1, 1_000);
    machine.clock.advance(600);
    machine.set(0, ApicRegister.DIVIDE_CONFIGURATION, BY_16);
    assertThat(count()).isEqualTo(400);
    machine.clock.advance(16 * 400 - 1);
    assertThat(takeOne()).isEqualTo(-1);
    machine.clock.advance(1);
    assertThat(takeOne()).isEqualTo(0x40);
  }

  @Test
  void deadlineFiresOnceAndReadsAsZeroThen() {
    machine.set(0, ApicRegister.LVT_TIMER, DEADLINE | 0x40);
    apic.setTscDeadline(9_000);
    assertThat(apic.tscDeadline()).isEqualTo(9_000);
    machine.set(0, ApicRegister.INITIAL_COUNT, 77);
    assertThat(machine.get(0, ApicRegister.INITIAL_COUNT)).as("ignored in this mode").isZero();
    assertThat(count()).isZero();
    machine.clock.advance(7_999);
    assertThat(takeOne()).isEqualTo(-1);
    machine.clock.advance(1);
    assertThat(takeOne()).isEqualTo(0x40);
    assertThat(apic.tscDeadline()).isZero();
  }

  @Test
  void aDeadlineInThePastFiresAtOnceAndZeroDisarms() {
    machine.set(0, ApicRegister.LVT_TIMER, DEADLINE | 0x40);
    apic.setTscDeadline(1);
    assertThat(takeOne()).isEqualTo(0x40);
    apic.setTscDeadline(5_000);
    apic.setTscDeadline(0);
    assertThat(machine.clock.armedTimers()).isZero();
    machine.clock.advance(10_000);
    assertThat(takeOne()).isEqualTo(-1);
  }

  @Test
  void deadlineIsIgnoredInOtherModesAndModeChangesDisarm() {
    apic.setTscDeadline(5_000);
    assertThat(apic.tscDeadline()).isZero();
    start(0x40, BY_1, 500);
    machine.set(0, ApicRegister.LVT_TIMER, DEADLINE | 0x40);
    machine.clock.advance(1_000);
    assertThat(takeOne()).isEqualTo(-1);
    apic.setTscDeadline(5_000);
    machine.set(0, ApicRegister.LVT_TIMER, 0x40);
    machine.clock.advance(10_000);
    assertThat(takeOne()).isEqualTo(-1);
    assertThat(apic.tscDeadline()).isZero();
  }

  @Test
  void aMaskedDeadlineThatPassedIsLost() {
    machine.set(0, ApicRegister.LVT_TIMER, DEADLINE | MASKED | 0x40);
    apic.setTscDeadline(5_000);
    machine.clock.advance(10_000);
    assertThat(apic.tscDeadline()).isZero();
    machine.set(0, ApicRegister.LVT_TIMER, DEADLINE | 0x40);
    machine.clock.advance(10_000);
    assertThat(takeOne()).isEqualTo(-1);
  }

  @Test
  void resetStopsTheTimer() {
    start(PERIODIC | 0x40, BY_1, 1_000_000);
    apic.reset();
    assertThat(machine.clock.armedTimers()).isZero();
    assertThat(machine.get(0, ApicRegister.INITIAL_COUNT)).isZero();
    assertThat(machine.get(0, ApicRegister.DIVIDE_CONFIGURATION)).isZero();
  }
}
