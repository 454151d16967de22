package org.coremu.device.irq;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.hw.IrqLine;
import org.junit.jupiter.api.Test;

class LocalVectorsTest {
  private static final int EXT_INT = 0x700;
  private static final int NMI = 0x400;
  private static final int MASKED = 1 << 16;
  private static final int LEVEL = 1 << 15;
  private static final int REMOTE_IRR = 1 << 14;

  private final ApicMachine machine = new ApicMachine(0);
  private final LocalApic apic = machine.apics[0];
  private final FakeCore core = machine.cores[0];
  private final IrqLine lint0 = apic.lint0();
  private final IrqLine lint1 = apic.lint1();

  @Test
  void extIntIsALevelThatLeadsToThe8259() {
    machine.bus.attach(() -> 0x33);
    machine.set(0, ApicRegister.LVT_LINT0, EXT_INT);
    lint0.set(true);
    assertThat(core.interrupt).isTrue();
    lint0.set(false);
    assertThat(core.interrupt).isFalse();
    assertThat(machine.acknowledge(0)).isEqualTo(-1);
    lint0.set(true);
    assertThat(machine.acknowledge(0)).isEqualTo(0x33);
    assertThat(machine.get(0, ApicRegister.PPR)).as("nothing comes into service").isZero();
    assertThat(core.interrupt).as("the wire is still asserted").isTrue();
    machine.set(0, ApicRegister.LVT_LINT0, EXT_INT | MASKED);
    assertThat(core.interrupt).isFalse();
    machine.set(0, ApicRegister.LVT_LINT0, EXT_INT);
    assertThat(core.interrupt).isTrue();
  }

  @Test
  void extIntIgnoresTheTaskPriority() {
    machine.bus.attach(() -> 0x33);
    apic.setTaskPriority(15);
    machine.set(0, ApicRegister.LVT_LINT0, EXT_INT);
    lint0.set(true);
    assertThat(machine.acknowledge(0)).isEqualTo(0x33);
  }

  @Test
  void switchedOffThePinsAreThoseOfTheCore() {
    machine.bus.attach(() -> 0x08);
    apic.setApicBase(0xfee0_0000L);
    lint0.set(true);
    assertThat(core.interrupt).isTrue();
    assertThat(machine.acknowledge(0)).isEqualTo(0x08);
    lint0.set(false);
    assertThat(core.interrupt).isFalse();
    lint1.pulse();
    assertThat(core.nmis).isEqualTo(1);
  }

  @Test
  void anExtIntMessageIsAnsweredOnce() {
    machine.bus.attach(() -> 0x08);
    machine.bus.message(0xfee0_0000L, EXT_INT);
    assertThat(core.interrupt).isTrue();
    assertThat(machine.acknowledge(0)).isEqualTo(0x08);
    assertThat(core.interrupt).isFalse();
    assertThat(machine.acknowledge(0)).isEqualTo(-1);
  }

  @Test
  void virtualWireIsWhatFirmwareLeaves() {
    LocalApic fresh = new LocalApic(0, true, 40, machine.clock, core, machine.bus);
    fresh.enableVirtualWire();
    machine.bus.attach(() -> 0x20);
    assertThat(fresh.read(0xf0, 4)).isEqualTo(0x1ff);
    fresh.lint0().set(true);
    assertThat(fresh.acknowledge()).isEqualTo(0x20);
    fresh.lint1().set(true);
    assertThat(core.nmis).isEqualTo(1);
  }

  @Test
  void nmiPinIsAnEdgeAndCanBeMasked() {
    lint1.set(true);
    lint1.set(false);
    assertThat(core.nmis).as("masked after reset").isZero();
    machine.set(0, ApicRegister.LVT_LINT1, NMI);
    lint1.set(true);
    lint1.set(true);
    assertThat(core.nmis).isEqualTo(1);
    lint1.set(false);
    lint1.set(true);
    assertThat(core.nmis).isEqualTo(2);
  }

  @Test
  void fixedEdgePin() {
    machine.set(0, ApicRegister.LVT_LINT0, 0x45);
    lint0.set(true);
    assertThat(machine.acknowledge(0)).isEqualTo(0x45);
    machine.endOfInterrupt(0);
    assertThat(machine.acknowledge(0)).isEqualTo(-1);
    lint0.set(false);
    lint0.set(true);
    assertThat(machine.acknowledge(0)).isEqualTo(0x45);
  }

  @Test
  void fixedLevelPinInterruptsAgainAfterTheEnd() {
    machine.set(0, ApicRegister.LVT_LINT0, LEVEL | 0x45);
    lint0.set(true);
    assertThat(machine.get(0, ApicRegister.LVT_LINT0)).isEqualTo(LEVEL | REMOTE_IRR | 0x45);
    assertThat(machine.acknowledge(0)).isEqualTo(0x45);
    assertThat(core.interrupt).isFalse();
    machine.endOfInterrupt(0);
    assertThat(machine.acknowledge(0)).isEqualTo(0x45);
    lint0.set(false);
    machine.endOfInterrupt(0);
    assertThat(machine.acknowledge(0)).isEqualTo(-1);
    assertThat(machine.get(0, ApicRegister.LVT_LINT0)).isEqualTo(LEVEL | 0x45);
  }

  @Test
  void aLevelThatWasMaskedInterruptsWhenUnmasked() {
    machine.set(0, ApicRegister.LVT_LINT0, LEVEL | MASKED | 0x45);
    lint0.set(true);
    assertThat(machine.acknowledge(0)).isEqualTo(-1);
    machine.set(0, ApicRegister.LVT_LINT0, LEVEL | 0x45);
    assertThat(machine.acknowledge(0)).isEqualTo(0x45);
  }

  @Test
  void reservedBitsReadAsZero() {
    machine.set(0, ApicRegister.LVT_TIMER, -1);
    assertThat(machine.get(0, ApicRegister.LVT_TIMER)).isEqualTo(0x7_00ff);
    machine.set(0, ApicRegister.LVT_LINT0, -1);
    assertThat(machine.get(0, ApicRegister.LVT_LINT0)).isEqualTo(0x1_a7ff);
    machine.set(0, ApicRegister.LVT_PERFORMANCE, -1);
    assertThat(machine.get(0, ApicRegister.LVT_PERFORMANCE)).isEqualTo(0x1_07ff);
    machine.set(0, ApicRegister.LVT_ERROR, -1);
    assertThat(machine.get(0, ApicRegister.LVT_ERROR)).isEqualTo(0x1_00ff);
  }
}
