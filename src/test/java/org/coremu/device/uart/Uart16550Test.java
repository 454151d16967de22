package org.coremu.device.uart;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.device.FakeChannel;
import org.coremu.device.RecordingLine;
import org.coremu.hw.FakeClock;
import org.junit.jupiter.api.Test;

class Uart16550Test {
  private static final int DATA = 0;
  private static final int IER = 1;
  private static final int IIR = 2;
  private static final int FCR = 2;
  private static final int LCR = 3;
  private static final int MCR = 4;
  private static final int LSR = 5;
  private static final int MSR = 6;
  private static final int SCR = 7;

  private final FakeClock clock = new FakeClock();
  private final RecordingLine irq = new RecordingLine();
  private final FakeChannel channel = new FakeChannel();
  private final Uart16550 uart = new Uart16550(clock, irq, channel, false);

  private int read(int offset) {
    return uart.read(offset, 1);
  }

  private void write(int offset, int value) {
    uart.write(offset, value, 1);
  }

  private String drain() {
    StringBuilder text = new StringBuilder();
    while ((read(LSR) & 1) != 0) {
      text.append((char) read(DATA));
    }
    return text.toString();
  }

  @Test
  void bytesGoOutAtOnceAndTheTransmitterIsAlwaysEmpty() {
    write(DATA, 'h');
    write(DATA, 'i');
    assertThat(channel.output()).isEqualTo("hi");
    assertThat(read(LSR)).isEqualTo(0x60);
  }

  @Test
  void enablingTheTransmitterInterruptRaisesItEachTime() {
    for (int i = 0; i < 2; i++) {
      write(IER, 2);
      assertThat(irq.level()).isTrue();
      assertThat(read(IIR)).isEqualTo(0x02);
      assertThat(irq.level()).as("reading IIR acknowledges").isFalse();
      assertThat(read(IIR)).isEqualTo(0x01);
      write(IER, 0);
    }
  }

  @Test
  void enablingItAgainWhileEnabledDoesNotRaiseIt() {
    write(IER, 2);
    read(IIR);
    write(IER, 2);
    assertThat(irq.level()).isFalse();
  }

  @Test
  void everyByteSentGivesAnEdge() {
    write(IER, 2);
    irq.takeRises();
    write(DATA, 'a');
    write(DATA, 'b');
    assertThat(irq.takeRises()).isEqualTo(2);
    assertThat(read(IIR)).isEqualTo(0x02);
  }

  @Test
  void identificationOfACauseOtherThanTheTransmitterKeepsTheTransmitters() {
    write(IER, 3);
    channel.type("x");
    clock.advance(1_000_000);
    assertThat(read(IIR)).isEqualTo(0x04);
    assertThat(read(DATA)).isEqualTo('x');
    assertThat(read(IIR)).isEqualTo(0x02);
    assertThat(read(IIR)).isEqualTo(0x01);
  }

  @Test
  void inputComesOnFullMillisecondsOnly() {
    clock.advance(300_000);
    write(IER, 1);
    channel.type("x");
    clock.advance(699_999);
    assertThat(irq.level()).isFalse();
    clock.advance(1);
    assertThat(irq.level()).isTrue();
  }

  @Test
  void anImmediatePortTakesInputWhenItComesAndNeverPolls() {
    Uart16550 quick = new Uart16550(clock, irq, channel, true);
    quick.write(IER, 1, 1);
    assertThat(clock.armedTimers()).isZero();
    channel.type("x");
    clock.advance(0);
    assertThat(irq.level()).isTrue();
    assertThat(quick.read(DATA, 1)).isEqualTo('x');
    assertThat(irq.level()).isFalse();
    assertThat(clock.armedTimers()).isZero();
  }

  @Test
  void aGuestThatDoesNotListenCostsNoTimersAndLosesNothing() {
    channel.type("early");
    write(FCR, 0x07);
    read(LSR);
    assertThat(read(DATA)).isZero();
    assertThat(clock.armedTimers()).isZero();
    assertThat(channel.waiting()).isEqualTo(5);
    write(FCR, 0x01);
    write(IER, 1);
    assertThat(drain()).isEqualTo("early");
  }

  /**
   * The order of accesses in which Linux's 8250 driver opens a port, its two bug tests included.
   */
  @Test
  void openingThePortAsLinuxDoesLosesNothing() {
    channel.type("typed ahead");
    write(FCR, 0x01);
    write(FCR, 0x07);
    write(FCR, 0x00);
    for (int register : new int[] {LSR, DATA, IIR, MSR, LSR, LSR}) {
      read(register);
    }
    write(IER, 2);
    int first = read(IIR);
    write(IER, 0);
    write(IER, 2);
    int second = read(IIR);
    write(IER, 0);
    assertThat(first & 1).as("no THRE bug").isZero();
    assertThat(second & 1).as("no THRE bug").isZero();
    write(LCR, 0x03);
    write(IER, 2);
    assertThat(read(LSR) & 0x40).isEqualTo(0x40);
    assertThat(read(IIR) & 1).as("no TXEN bug").isZero();
    write(IER, 0);
    for (int register : new int[] {LSR, DATA, IIR, MSR}) {
      read(register);
    }
    write(FCR, 0x01);
    write(FCR, 0x81);
    write(IER, 5);
    write(MCR, 0x0b);
    clock.advance(1_000_000);
    assertThat(irq.level()).isTrue();
    assertThat(read(IIR)).isEqualTo(0xc4);
    assertThat(drain()).isEqualTo("typed ahead");
  }

  @Test
  void printingDoesNotListen() {
    channel.type("early");
    for (int i = 0; i < 10; i++) {
      read(LSR);
      write(DATA, '.');
    }
    assertThat(channel.waiting()).isEqualTo(5);
  }

  @Test
  void aPollingGuestIsHeard() {
    channel.type("key");
    int polls = 0;
    while ((read(LSR) & 1) == 0) {
      assertThat(++polls).isLessThan(10);
    }
    assertThat(drain()).isEqualTo("key");
  }

  @Test
  void triggerLevelsHoldBackTheInterruptUntilTheTimeOut() {
    write(LCR, 0x83);
    write(DATA, 1);
    write(IER, 0);
    write(LCR, 0x03);
    write(FCR, 0x81);
    write(IER, 1);
    channel.type("1234567");
    clock.advance(1_000_000);
    assertThat(irq.level()).as("7 of 8 bytes").isFalse();
    clock.advance(4 * 86_805);
    assertThat(irq.level()).as("four characters later").isTrue();
    assertThat(read(IIR)).isEqualTo(0xcc);
    assertThat(read(DATA)).isEqualTo('1');
    assertThat(read(IIR)).isEqualTo(0xc1);
    channel.type("89");
    clock.advance(1_000_000);
    assertThat(read(IIR)).as("8 bytes").isEqualTo(0xc4);
  }

  @Test
  void theFifoHoldsSixteenAndTheChannelKeepsTheRest() {
    write(FCR, 0xc1);
    write(IER, 1);
    channel.type("0123456789abcdefghij");
    clock.advance(1_000_000);
    assertThat(channel.waiting()).isEqualTo(4);
    assertThat(clock.armedTimers()).as("no polling without room").isZero();
    assertThat(drain()).isEqualTo("0123456789abcdefghij");
  }

  @Test
  void withoutFifoOneByteAtATime() {
    write(IER, 1);
    channel.type("ab");
    clock.advance(1_000_000);
    assertThat(channel.waiting()).isEqualTo(1);
    assertThat(drain()).isEqualTo("ab");
  }

  @Test
  void clearingTheFifoPutsLineBytesBack() {
    write(FCR, 0x01);
    write(IER, 1);
    channel.type("abcdef");
    clock.advance(1_000_000);
    assertThat(read(DATA)).isEqualTo('a');
    write(IER, 0);
    write(FCR, 0x07);
    assertThat(read(LSR) & 1).isZero();
    channel.type("gh");
    write(IER, 1);
    assertThat(drain()).isEqualTo("bcdefgh");
  }

  @Test
  void loopbackConnectsTransmitterAndModemLines() {
    write(FCR, 0x01);
    channel.type("line");
    write(MCR, 0x1a);
    assertThat(read(MSR) & 0xf0).as("Linux's autoconfig").isEqualTo(0x90);
    write(IER, 5);
    for (int i = 0; i < 17; i++) {
      write(DATA, 'a' + i);
    }
    assertThat(channel.output()).isEmpty();
    assertThat(read(IIR)).isEqualTo(0xc6);
    assertThat(read(LSR)).as("overrun").isEqualTo(0x63);
    assertThat(read(IIR)).isEqualTo(0xc4);
    assertThat(drain()).isEqualTo("abcdefghijklmnop");
    write(MCR, 0x0b);
    clock.advance(1_000_000);
    assertThat(drain()).isEqualTo("line");
  }

  @Test
  void modemChangesInterruptUntilRead() {
    write(IER, 8);
    write(MCR, 0x10);
    assertThat(read(IIR)).isZero();
    assertThat(read(MSR)).isEqualTo(0x0b);
    assertThat(irq.level()).isFalse();
    write(MCR, 0x14);
    assertThat(read(MSR)).as("RI coming does not count").isEqualTo(0x40);
    write(MCR, 0x10);
    assertThat(read(MSR)).as("RI going does").isEqualTo(0x04);
  }

  @Test
  void registersThatLinuxProbesForLaterChipsStayA16550As() {
    write(IER, 0xff);
    assertThat(read(IER)).isEqualTo(0x0f);
    write(MCR, 0xff);
    assertThat(read(MCR)).isEqualTo(0x1f);
    write(FCR, 0x21);
    assertThat(read(IIR) & 0xe0).isEqualTo(0xc0);
    write(SCR, 0xa5);
    assertThat(read(SCR)).isEqualTo(0xa5);
    write(LCR, 0x80);
    write(DATA, 0x34);
    write(IER, 0x12);
    assertThat(read(DATA) | read(IER) << 8).isEqualTo(0x1234);
  }

  @Test
  void restoringBringsBackBytesTimersAndTheLine() {
    write(FCR, 0x81);
    write(IER, 1);
    channel.type("abc");
    clock.advance(1_000_000);
    Uart16550.State state = uart.save();
    drain();
    write(IER, 0);
    uart.restore(state);
    assertThat(uart.save()).usingRecursiveComparison().isEqualTo(state);
    clock.advance(10_000_000);
    assertThat(irq.level()).isTrue();
    assertThat(drain()).isEqualTo("abc");
  }
}
