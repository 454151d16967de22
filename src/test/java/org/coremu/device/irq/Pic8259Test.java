package org.coremu.device.irq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.coremu.hw.PortDevice;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Pic8259Test {
  private static final int READ_IRR = 0x0a;
  private static final int READ_ISR = 0x0b;
  private static final int POLL = 0x0c;
  private static final int EOI = 0x20;

  private boolean output;
  private final Pic8259 pic = new Pic8259(level -> output = level);
  private final PortDevice master = pic.masterPorts();
  private final PortDevice slave = pic.slavePorts();
  private final PortDevice levels = pic.levelPorts();

  @BeforeEach
  void initialise() {
    initialise(0x01, 0x01);
  }

  private void initialise(int masterIcw4, int slaveIcw4) {
    int[] first = {0x11, 0x30, 0x04, masterIcw4};
    int[] second = {0x11, 0x38, 0x02, slaveIcw4};
    for (int i = 0; i < 4; i++) {
      master.write(i == 0 ? 0 : 1, first[i], 1);
      slave.write(i == 0 ? 0 : 1, second[i], 1);
    }
  }

  private int read(PortDevice chip, int ocw3) {
    chip.write(0, ocw3, 1);
    return chip.read(0, 1);
  }

  private void raise(int... irqs) {
    for (int irq : irqs) {
      pic.line(irq).pulse();
    }
  }

  @Test
  void prioritiesAndNesting() {
    raise(4, 1);
    assertThat(output).isTrue();
    assertThat(read(master, READ_IRR)).isEqualTo(0b1_0010);
    assertThat(pic.acknowledge()).isEqualTo(0x31);
    assertThat(output).as("4 is below 1").isFalse();
    assertThat(read(master, READ_ISR)).isEqualTo(0b10);
    raise(0);
    assertThat(output).isTrue();
    assertThat(pic.acknowledge()).isEqualTo(0x30);
    master.write(0, EOI, 1);
    assertThat(read(master, READ_ISR)).isEqualTo(0b10);
    master.write(0, EOI, 1);
    assertThat(pic.acknowledge()).isEqualTo(0x34);
  }

  @Test
  void slaveRanksAsInputTwo() {
    raise(3, 8, 15, 1);
    assertThat(pic.acknowledge()).isEqualTo(0x31);
    master.write(0, EOI, 1);
    assertThat(pic.acknowledge()).isEqualTo(0x38);
    assertThat(read(master, READ_ISR)).isEqualTo(0b100);
    assertThat(read(slave, READ_ISR)).isEqualTo(1);
    slave.write(0, EOI, 1);
    assertThat(output).as("the master's input 2 is in service").isFalse();
    master.write(0, EOI, 1);
    assertThat(pic.acknowledge()).isEqualTo(0x3f);
    slave.write(0, EOI, 1);
    master.write(0, EOI, 1);
    assertThat(pic.acknowledge()).isEqualTo(0x33);
  }

  @Test
  void maskHidesButRemembers() {
    master.write(1, 0x10, 1);
    assertThat(master.read(1, 1)).isEqualTo(0x10);
    raise(4);
    assertThat(output).isFalse();
    master.write(1, 0, 1);
    assertThat(output).isTrue();
    assertThat(pic.acknowledge()).isEqualTo(0x34);
  }

  @Test
  void specificEoi() {
    raise(4);
    pic.acknowledge();
    raise(1);
    pic.acknowledge();
    master.write(0, 0x64, 1);
    assertThat(read(master, READ_ISR)).isEqualTo(0b10);
    master.write(0, 0x61, 1);
    assertThat(read(master, READ_ISR)).isZero();
  }

  @Test
  void spuriousRequests() {
    levels.write(0, 0x20, 1);
    pic.line(5).set(true);
    pic.line(5).set(false);
    assertThat(output).isFalse();
    assertThat(pic.acknowledge()).isEqualTo(0x37);
    assertThat(read(master, READ_ISR)).isZero();
    raise(10);
    Pic8259.State pending = pic.save();
    slave.write(1, 0xff, 1);
    assertThat(output).as("the slave's request went away with its mask").isFalse();
    pic.restore(pending);
    assertThat(output).isTrue();
    assertThat(pic.acknowledge()).isEqualTo(0x3a);
  }

  @Test
  void levelsFollowTheWireAndInterruptAgain() {
    levels.write(1, 0x08, 1);
    pic.line(11).set(true);
    assertThat(pic.acknowledge()).isEqualTo(0x3b);
    slave.write(0, EOI, 1);
    master.write(0, EOI, 1);
    assertThat(output).isTrue();
    assertThat(pic.acknowledge()).isEqualTo(0x3b);
    pic.line(11).set(false);
    slave.write(0, EOI, 1);
    master.write(0, EOI, 1);
    assertThat(output).isFalse();
  }

  @Test
  void someInputsAreAlwaysEdges() {
    levels.write(0, 0xffff, 2);
    assertThat(levels.read(0, 1)).isEqualTo(0xf8);
    assertThat(levels.read(1, 1)).isEqualTo(0xde);
    assertThat(levels.read(0, 2)).isEqualTo(0xdef8);
    pic.line(0).set(true);
    pic.acknowledge();
    master.write(0, EOI, 1);
    assertThat(output).as("an edge counts once").isFalse();
  }

  @Test
  void autoEoi() {
    initialise(0x03, 0x03);
    raise(3);
    assertThat(pic.acknowledge()).isEqualTo(0x33);
    assertThat(read(master, READ_ISR)).isZero();
    master.write(0, 0x80, 1);
    raise(3, 4, 5);
    pic.acknowledge();
    raise(3);
    assertThat(pic.acknowledge()).as("3 has rotated to the lowest").isEqualTo(0x34);
    assertThat(pic.acknowledge()).isEqualTo(0x35);
    assertThat(pic.acknowledge()).isEqualTo(0x33);
    assertThat(output).isFalse();
  }

  @Test
  void rotationAndSetPriority() {
    master.write(0, 0xc3, 1);
    raise(3, 4);
    assertThat(pic.acknowledge()).isEqualTo(0x34);
    master.write(0, 0xa0, 1);
    raise(4, 5);
    assertThat(pic.acknowledge()).isEqualTo(0x35);
    master.write(0, 0xe5, 1);
    assertThat(pic.acknowledge()).isEqualTo(0x33);
    master.write(0, EOI, 1);
    assertThat(pic.acknowledge()).isEqualTo(0x34);
  }

  @Test
  void specialMaskModeLetsLowerInputsThrough() {
    raise(1, 6);
    pic.acknowledge();
    assertThat(output).isFalse();
    master.write(1, 0x02, 1);
    assertThat(output).isFalse();
    master.write(0, 0x68, 1);
    assertThat(output).isTrue();
    assertThat(pic.acknowledge()).isEqualTo(0x36);
    master.write(0, EOI, 1);
    assertThat(read(master, READ_ISR)).as("the masked one stays in service").isEqualTo(0b10);
    master.write(0, 0x48, 1);
    raise(6);
    assertThat(output).isFalse();
  }

  @Test
  void specialFullyNestedModeLetsTheSlaveNest() {
    initialise(0x11, 0x01);
    raise(12);
    assertThat(pic.acknowledge()).isEqualTo(0x3c);
    raise(9);
    assertThat(output).isTrue();
    assertThat(pic.acknowledge()).isEqualTo(0x39);
  }

  @Test
  void poll() {
    raise(4);
    assertThat(read(master, POLL)).isEqualTo(0x84);
    assertThat(output).isFalse();
    assertThat(read(master, READ_ISR)).isEqualTo(0x10);
    assertThat(read(master, POLL)).isZero();
    assertThat(read(master, READ_IRR)).as("poll is for one read").isZero();
  }

  @Test
  void initialisationForgets() {
    raise(4, 5);
    pic.acknowledge();
    master.write(1, 0xff, 1);
    pic.line(6).set(true);
    initialise();
    assertThat(read(master, READ_ISR)).isZero();
    assertThat(read(master, READ_IRR)).isZero();
    assertThat(master.read(1, 1)).isZero();
    assertThat(output).isFalse();
  }

  @Test
  void initialisationWithoutIcw4AndOfASingleChip() {
    master.write(0, 0x12, 1);
    master.write(1, 0x47, 1);
    master.write(1, 0x55, 1);
    assertThat(master.read(1, 1)).as("straight to the mask").isEqualTo(0x55);
    raise(1);
    assertThat(pic.acknowledge()).isEqualTo(0x41);
  }

  @Test
  void savedStateGoesOnWhereItWas() {
    raise(4, 9);
    pic.acknowledge();
    Pic8259.State state = pic.save();
    boolean[] otherOutput = {true};
    Pic8259 other = new Pic8259(level -> otherOutput[0] = level);
    other.restore(state);
    assertThat(other.save()).isEqualTo(state);
    assertThat(otherOutput[0]).isFalse();
    other.slavePorts().write(0, EOI, 1);
    other.masterPorts().write(0, EOI, 1);
    assertThat(otherOutput[0]).isTrue();
    assertThat(other.acknowledge()).isEqualTo(0x34);
  }

  @Test
  void theCascadeIsNoRequestLine() {
    assertThatIllegalArgumentException().isThrownBy(() -> pic.line(2));
    assertThatIllegalArgumentException().isThrownBy(() -> pic.line(16));
  }
}
