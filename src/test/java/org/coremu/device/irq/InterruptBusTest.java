package org.coremu.device.irq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InterruptBusTest {
  private static final int LOGICAL = 1 << 11;
  private static final int LOWEST = 1 << 8;

  private static ApicMachine machine(int cores) {
    return new ApicMachine(IntStream.range(0, cores).toArray());
  }

  @Test
  void physicalDestination() {
    ApicMachine machine = new ApicMachine(0, 4, 254);
    machine.ipi(0, 254, 0x40);
    machine.ipi(0, 4, 0x41);
    machine.ipi(0, 5, 0x42);
    assertThat(machine.requesting(0x40)).isEqualTo(0b100);
    assertThat(machine.requesting(0x41)).isEqualTo(0b010);
    assertThat(machine.requesting(0x42)).isZero();
    machine.ipi(1, 0xff, 0x43);
    assertThat(machine.requesting(0x43)).isEqualTo(0b111);
  }

  @Test
  void shorthands() {
    ApicMachine machine = machine(3);
    machine.ipi(1, 0, 1 << 18 | 0x40);
    machine.ipi(1, 0, 2 << 18 | 0x41);
    machine.ipi(1, 0, 3 << 18 | 0x42);
    assertThat(machine.requesting(0x40)).isEqualTo(0b010);
    assertThat(machine.requesting(0x41)).isEqualTo(0b111);
    assertThat(machine.requesting(0x42)).isEqualTo(0b101);
  }

  @Test
  void flatLogicalDestination() {
    ApicMachine machine = machine(8);
    for (int i = 0; i < 8; i++) {
      machine.set(i, ApicRegister.LDR, 1 << 24 + i);
    }
    machine.ipi(0, 0b1010_0001, LOGICAL | 0x40);
    assertThat(machine.requesting(0x40)).isEqualTo(0b1010_0001);
    machine.ipi(0, 0xff, LOGICAL | 0x41);
    assertThat(machine.requesting(0x41)).isEqualTo(0xff);
    machine.ipi(0, 0, LOGICAL | 0x42);
    assertThat(machine.requesting(0x42)).isZero();
  }

  @Test
  void clusterLogicalDestination() {
    ApicMachine machine = machine(8);
    for (int i = 0; i < 8; i++) {
      machine.set(i, ApicRegister.DFR, 0x0fff_ffff);
      machine.set(i, ApicRegister.LDR, (i / 4 << 4 | 1 << i % 4) << 24);
    }
    machine.ipi(0, 0x1a, LOGICAL | 0x40);
    assertThat(machine.requesting(0x40)).isEqualTo(0b1010_0000);
    machine.ipi(0, 0x03, LOGICAL | 0x41);
    assertThat(machine.requesting(0x41)).isEqualTo(0b0000_0011);
    machine.ipi(0, 0x2f, LOGICAL | 0x42);
    assertThat(machine.requesting(0x42)).isZero();
    machine.ipi(0, 0xff, LOGICAL | 0x43);
    assertThat(machine.requesting(0x43)).isEqualTo(0xff);
  }

  @Test
  void x2ApicClusterDestination() {
    ApicMachine machine = new ApicMachine(0, 15, 16, 17, 31, 32, 1000).toX2Apic();
    assertThat(machine.apics[6].readMsr(0x80d)).isEqualTo(1000 / 16 << 16 | 1 << 1000 % 16);
    machine.wideIpi(0, 1 << 16 | 0x8003, LOGICAL | 0x40);
    assertThat(machine.requesting(0x40)).isEqualTo(0b0011100);
    machine.wideIpi(0, 62 << 16 | 1 << 8, LOGICAL | 0x41);
    assertThat(machine.requesting(0x41)).isEqualTo(0b1000000);
    machine.wideIpi(0, -1, LOGICAL | 0x42);
    assertThat(machine.requesting(0x42)).isEqualTo(0b1111111);
    machine.wideIpi(0, 0xffff_0001, LOGICAL | 0x43);
    assertThat(machine.requesting(0x43)).isZero();
  }

  @Test
  void x2ApicPhysicalDestination() {
    ApicMachine machine = new ApicMachine(0, 255, 1000).toX2Apic();
    machine.wideIpi(0, 1000, 0x40);
    machine.wideIpi(0, 255, 0x41);
    machine.wideIpi(0, -1, 0x42);
    machine.wideIpi(0, 1_000_000, 0x43);
    assertThat(machine.requesting(0x40)).isEqualTo(0b100);
    assertThat(machine.requesting(0x41)).isEqualTo(0b010);
    assertThat(machine.requesting(0x42)).isEqualTo(0b111);
    assertThat(machine.requesting(0x43)).isZero();
  }

  @Test
  void startsACoreThatIsStillInXApicMode() {
    ApicMachine machine = new ApicMachine(0, 300);
    machine.apics[0].setApicBase(machine.apics[0].apicBase() | ApicMachine.X2APIC);
    machine.wideIpi(0, 300, 0x4500);
    machine.wideIpi(0, 300, 0x4699);
    assertThat(machine.cores[1].inits).isEqualTo(1);
    assertThat(machine.cores[1].startups).containsExactly(0x99);
    assertThat(machine.cores[0].inits).isZero();
  }

  @Test
  void initAndStartupSequence() {
    ApicMachine machine = machine(2);
    machine.ipi(0, 1, 0xc500);
    assertThat(machine.cores[1].inits).isEqualTo(1);
    machine.ipi(0, 1, 0x8500);
    assertThat(machine.cores[1].inits).as("de-assert is not another INIT").isEqualTo(1);
    machine.ipi(0, 1, 0x0608);
    machine.ipi(0, 1, 0x0608);
    assertThat(machine.cores[1].startups).containsExactly(8, 8);
    machine.ipi(0, 0, 3 << 18 | 0x400);
    assertThat(machine.cores[0].nmis).isZero();
    assertThat(machine.cores[1].nmis).isEqualTo(1);
  }

  @Test
  void aCoreThatIsSwitchedOffHearsNothing() {
    ApicMachine machine = machine(2);
    machine.apics[1].setApicBase(0xfee0_0000L);
    machine.ipi(0, 1, 0x4500);
    machine.ipi(0, 1, 0x400);
    machine.ipi(0, 1, 0x40);
    assertThat(machine.cores[1].inits + machine.cores[1].nmis).isZero();
    assertThat(machine.requesting(0x40)).isZero();
  }

  @Test
  void lowestPriorityGoesToOneIdleCore() {
    ApicMachine machine = machine(4);
    for (int i = 0; i < 4; i++) {
      machine.set(i, ApicRegister.LDR, 1 << 24 + i);
      machine.set(i, ApicRegister.TPR, 0x20);
    }
    machine.set(2, ApicRegister.TPR, 0x10);
    machine.set(3, ApicRegister.SVR, 0xff);
    machine.ipi(0, 0b1111, LOGICAL | LOWEST | 0x40);
    assertThat(machine.requesting(0x40)).isEqualTo(0b0100);
    machine.ipi(0, 0b1011, LOGICAL | LOWEST | 0x41);
    machine.ipi(0, 0b1011, LOGICAL | LOWEST | 0x44);
    assertThat(machine.requesting(0x41)).as("ties: by vector").isEqualTo(0b0010);
    assertThat(machine.requesting(0x44)).isEqualTo(0b0001);
  }

  @Test
  void messageSignalledInterrupts() {
    ApicMachine machine = machine(4);
    for (int i = 0; i < 4; i++) {
      machine.set(i, ApicRegister.LDR, 1 << 24 + i);
    }
    assertThat(machine.bus.message(0xfee0_3000L, 0x51)).isTrue();
    assertThat(machine.requesting(0x51)).isEqualTo(0b1000);
    assertThat(machine.bus.message(0xfee0_6004L, 0x52)).isTrue();
    assertThat(machine.requesting(0x52)).isEqualTo(0b0110);
    assertThat(machine.bus.message(0xfee0_f00cL, 0x53)).isTrue();
    assertThat(Integer.bitCount(machine.requesting(0x53))).isEqualTo(1);
    assertThat(machine.bus.message(0xfee0_9000L, 0x54)).isFalse();
    assertThat(machine.bus.message(0xfee0_2000L, 0x400)).isTrue();
    assertThat(machine.cores[2].nmis).isEqualTo(1);
  }

  @Test
  void aWriteToTheWindowIsAMessage() {
    ApicMachine machine = machine(2);
    machine.bus.write(0x1000, 0x51, 4);
    machine.bus.write(0x1000, 0x52, 2);
    assertThat(machine.requesting(0x51)).isEqualTo(0b10);
    assertThat(machine.requesting(0x52)).isZero();
    assertThat(machine.bus.read(0x1000, 4)).isEqualTo(-1);
  }

  @Test
  void extendedDestinationsOfMessages() {
    ApicMachine machine = new ApicMachine(0, 255, 0x155).toX2Apic();
    machine.bus.message(0xfee5_5020L, 0x51);
    assertThat(machine.requesting(0x51)).isEqualTo(0b100);
    machine.bus.message(0xfeef_f000L, 0x52);
    assertThat(machine.requesting(0x52)).as("255 is a core here, not broadcast").isEqualTo(0b010);
  }

  @Test
  void idsAreUnique() {
    ApicMachine machine = machine(2);
    assertThatIllegalArgumentException().isThrownBy(() -> machine.bus.attach(machine.apics[1]));
  }
}
