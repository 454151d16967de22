package org.coremu.device.irq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IsaIrqsTest {
  private final ApicMachine machine = new ApicMachine(0);
  private final LocalApic apic = machine.apics[0];
  private final Pic8259 pic = new Pic8259(apic.lint0());
  private final IsaIrqs irqs = new IsaIrqs(pic, machine.ioApic);

  @Test
  void eachControllerSeesTheWire() {
    machine.redirect(4, 0x44);
    machine.redirect(2, 0x42);
    irqs.line(4).pulse();
    irqs.line(0).pulse();
    assertThat(machine.requesting(0x44)).isEqualTo(1);
    assertThat(machine.requesting(0x42)).isEqualTo(1);
    assertThat(pic.save().master().requested()).isEqualTo(0b1_0001);
    assertThat(IsaIrqs.ioApicPin(0)).isEqualTo(2);
    assertThat(IsaIrqs.ioApicPin(15)).isEqualTo(15);
  }

  @Test
  void virtualWireFromTheDeviceToTheCore() {
    machine.bus.attach(pic);
    apic.enableVirtualWire();
    pic.masterPorts().write(0, 0x13, 1);
    pic.masterPorts().write(1, 0x20, 1);
    pic.masterPorts().write(1, 0x01, 1);
    irqs.line(0).pulse();
    assertThat(machine.cores[0].interrupt).isTrue();
    assertThat(apic.acknowledge()).isEqualTo(0x20);
    assertThat(machine.cores[0].interrupt).isFalse();
    irqs.line(0).pulse();
    assertThat(machine.cores[0].interrupt).as("in service").isFalse();
    pic.masterPorts().write(0, 0x20, 1);
    assertThat(apic.acknowledge()).isEqualTo(0x20);
  }
}
