package org.coremu.device.irq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.coremu.hw.IrqLine;
import org.junit.jupiter.api.Test;

class IoApicTest {
  private static final long LEVEL = 1 << 15;
  private static final long REMOTE_IRR = 1 << 14;
  private static final long MASKED = 1 << 16;
  private static final long LOGICAL = 1 << 11;

  private final ApicMachine machine = new ApicMachine(0, 1);
  private final IoApic ioApic = machine.ioApic;
  private final IrqLine pin = ioApic.line(5);

  private long register(int index) {
    ioApic.write(0, index, 4);
    return ioApic.read(0x10, 4);
  }

  private static long to(int destination) {
    return (long) destination << 56;
  }

  private int takeOne(int core) {
    int vector = machine.acknowledge(core);
    machine.endOfInterrupt(core);
    return vector;
  }

  @Test
  void identification() {
    assertThat(register(1)).isEqualTo(0x0017_0020);
    ioApic.write(0, 0, 4);
    ioApic.write(0x10, 0xffff_ffffL, 4);
    assertThat(register(0)).isEqualTo(0x0f00_0000);
    assertThat(register(2)).isEqualTo(0x0f00_0000);
    assertThat(ioApic.read(0, 4)).isEqualTo(2);
    assertThat(register(0x40)).isZero();
    assertThat(machine.redirection(23)).isEqualTo(MASKED);
  }

  @Test
  void readOnlyAndReservedBits() {
    machine.redirect(0, -1L & ~0x700L);
    assertThat(machine.redirection(0)).isEqualTo(0xfffe_0000_0001_a8ffL);
  }

  @Test
  void edgesInterruptOnceEach() {
    machine.redirect(5, to(1) | 0x45);
    pin.set(true);
    pin.set(true);
    assertThat(takeOne(1)).isEqualTo(0x45);
    assertThat(takeOne(1)).isEqualTo(-1);
    pin.pulse();
    assertThat(takeOne(1)).as("was high already").isEqualTo(-1);
    pin.pulse();
    assertThat(takeOne(1)).isEqualTo(0x45);
    assertThat(machine.requesting(0x45)).isZero();
  }

  @Test
  void aMaskedPinLosesItsEdges() {
    machine.redirect(5, to(0) | MASKED | 0x45);
    pin.set(true);
    machine.redirect(5, to(0) | 0x45);
    assertThat(machine.acknowledge(0)).isEqualTo(-1);
  }

  @Test
  void aLevelInterruptsAgainAfterTheEndWhileAsserted() {
    machine.redirect(5, to(0) | LEVEL | 0x45);
    pin.set(true);
    assertThat(machine.redirection(5)).isEqualTo(LEVEL | REMOTE_IRR | 0x45);
    assertThat(machine.get(0, ApicRegister.TMR + 2)).isEqualTo(1 << 5);
    assertThat(machine.acknowledge(0)).isEqualTo(0x45);
    pin.set(false);
    pin.set(true);
    assertThat(machine.requesting(0x45)).as("waits for the end").isZero();
    machine.endOfInterrupt(0);
    assertThat(machine.acknowledge(0)).isEqualTo(0x45);
    pin.set(false);
    machine.endOfInterrupt(0);
    assertThat(machine.acknowledge(0)).isEqualTo(-1);
    assertThat(machine.redirection(5)).isEqualTo(LEVEL | 0x45);
  }

  @Test
  void aLevelThatWasMaskedInterruptsWhenUnmasked() {
    machine.redirect(5, to(0) | MASKED | LEVEL | 0x45);
    pin.set(true);
    assertThat(machine.acknowledge(0)).isEqualTo(-1);
    machine.redirect(5, to(0) | LEVEL | 0x45);
    assertThat(machine.acknowledge(0)).isEqualTo(0x45);
  }

  @Test
  void aSuppressedBroadcastLeavesTheEndToTheEoiRegister() {
    machine.set(0, ApicRegister.SVR, 0x11ff);
    machine.redirect(5, to(0) | LEVEL | 0x45);
    pin.set(true);
    assertThat(takeOne(0)).isEqualTo(0x45);
    assertThat(machine.redirection(5) & REMOTE_IRR).isNotZero();
    assertThat(takeOne(0)).isEqualTo(-1);
    ioApic.write(0x40, 0x46, 4);
    assertThat(takeOne(0)).as("the end of another vector").isEqualTo(-1);
    ioApic.write(0x40, 0x45, 4);
    assertThat(takeOne(0)).isEqualTo(0x45);
  }

  @Test
  void becomingEdgeTriggeredClearsRemoteIrr() {
    machine.redirect(5, to(0) | LEVEL | 0x45);
    pin.set(true);
    pin.set(false);
    machine.redirect(5, to(0) | MASKED | 0x45);
    machine.redirect(5, to(0) | MASKED | LEVEL | 0x45);
    assertThat(machine.redirection(5)).isEqualTo(MASKED | LEVEL | 0x45);
  }

  @Test
  void anEdgeInterruptOfTheSameVectorIsNoEndForTheIoApic() {
    machine.redirect(5, to(0) | LEVEL | 0x45);
    pin.set(true);
    machine.acknowledge(0);
    machine.set(0, ApicRegister.ICR, 1 << 18 | 0x46);
    machine.endOfInterrupt(0);
    assertThat(machine.acknowledge(0)).isEqualTo(0x46);
    machine.endOfInterrupt(0);
    assertThat(machine.acknowledge(0)).as("from the first end").isEqualTo(0x45);
  }

  @Test
  void aLevelThatNobodyAcceptsIsTriedAgain() {
    machine.redirect(5, to(9) | LEVEL | 0x45);
    pin.set(true);
    assertThat(machine.redirection(5) & REMOTE_IRR).isZero();
    machine.redirect(5, to(1) | LEVEL | 0x45);
    assertThat(machine.acknowledge(1)).isEqualTo(0x45);
  }

  @Test
  void destinations() {
    machine.set(0, ApicRegister.LDR, 0x0100_0000);
    machine.set(1, ApicRegister.LDR, 0x0200_0000);
    machine.redirect(5, to(3) | LOGICAL | 0x45);
    pin.pulse();
    assertThat(machine.requesting(0x45)).isEqualTo(0b11);
    machine.redirect(5, to(3) | LOGICAL | 0x100 | 0x46);
    pin.pulse();
    assertThat(machine.requesting(0x46)).isEqualTo(0b01);
    ApicMachine large = new ApicMachine(0, 0x3ff).toX2Apic();
    large.redirect(7, to(0xff) | 3L << 49 | 0x47);
    large.ioApic.line(7).pulse();
    assertThat(large.requesting(0x47)).isEqualTo(0b10);
  }

  @Test
  void nmiAndExtIntAreEdges() {
    machine.bus.attach(() -> 0x20);
    machine.redirect(5, to(1) | LEVEL | 0x400);
    pin.set(true);
    assertThat(machine.cores[1].nmis).isEqualTo(1);
    assertThat(machine.redirection(5) & REMOTE_IRR).isZero();
    machine.redirect(6, to(1) | 0x700);
    ioApic.line(6).pulse();
    assertThat(machine.acknowledge(1)).isEqualTo(0x20);
  }

  @Test
  void savedStateGoesOnWhereItWas() {
    machine.redirect(5, to(0) | LEVEL | 0x45);
    pin.set(true);
    IoApic.State state = ioApic.save();
    IoApic other = new IoApic(3, machine.bus);
    other.restore(state);
    assertThat(other.save()).usingRecursiveComparison().isEqualTo(state);
    assertThat(takeOne(0)).isEqualTo(0x45);
    pin.set(false);
    other.write(0x40, 0x45, 4);
    assertThat(takeOne(0)).isEqualTo(0x45);
  }

  @Test
  void pinsAreChecked() {
    assertThatIllegalArgumentException().isThrownBy(() -> ioApic.line(24));
  }
}
