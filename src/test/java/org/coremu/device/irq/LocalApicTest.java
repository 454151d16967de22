package org.coremu.device.irq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalApicTest {
  private static final int FIXED_TO_SELF = 1 << 18;

  private final ApicMachine machine = new ApicMachine(0, 1);
  private final FakeCore core = machine.cores[0];
  private final LocalApic apic = machine.apics[0];

  private void request(int vector) {
    machine.set(0, ApicRegister.ICR, FIXED_TO_SELF | vector);
  }

  @Test
  void stateAtPowerOn() {
    LocalApic fresh = new LocalApic(3, true, 40, machine.clock, core, machine.bus);
    assertThat(fresh.apicBase()).isEqualTo(0xfee0_0900L);
    assertThat(fresh.read(0x20, 4)).isEqualTo(0x0300_0000);
    assertThat(fresh.read(0x30, 4)).isEqualTo(0x0105_0014);
    assertThat(fresh.read(0x80, 4)).isZero();
    assertThat(fresh.read(0xd0, 4)).isZero();
    assertThat(fresh.read(0xe0, 4)).isEqualTo(0xffff_ffffL);
    assertThat(fresh.read(0xf0, 4)).isEqualTo(0xff);
    for (int offset = 0x320; offset <= 0x370; offset += 0x10) {
      assertThat(fresh.read(offset, 4)).isEqualTo(0x1_0000);
    }
  }

  @Test
  void takesTheHighestVectorFirstAndNestsByClass() {
    request(0x31);
    request(0x55);
    assertThat(core.interrupt).isTrue();
    assertThat(machine.acknowledge(0)).isEqualTo(0x55);
    assertThat(machine.get(0, ApicRegister.PPR)).isEqualTo(0x50);
    assertThat(core.interrupt).isFalse();
    request(0x5f);
    assertThat(core.interrupt).as("same class as in service").isFalse();
    assertThat(machine.acknowledge(0)).isEqualTo(-1);
    request(0x60);
    assertThat(core.interrupt).isTrue();
    assertThat(machine.acknowledge(0)).isEqualTo(0x60);
    machine.endOfInterrupt(0);
    assertThat(core.interrupt).as("0x55 still in service").isFalse();
    machine.endOfInterrupt(0);
    assertThat(core.interrupt).isTrue();
    assertThat(machine.acknowledge(0)).isEqualTo(0x5f);
    machine.endOfInterrupt(0);
    assertThat(machine.acknowledge(0)).isEqualTo(0x31);
    machine.endOfInterrupt(0);
    assertThat(machine.get(0, ApicRegister.PPR)).isZero();
    assertThat(machine.acknowledge(0)).isEqualTo(-1);
  }

  @Test
  void aRequestWhileInServiceIsKeptOnce() {
    request(0x40);
    machine.acknowledge(0);
    request(0x40);
    request(0x40);
    machine.endOfInterrupt(0);
    assertThat(machine.acknowledge(0)).isEqualTo(0x40);
    machine.endOfInterrupt(0);
    assertThat(machine.acknowledge(0)).isEqualTo(-1);
  }

  @Test
  void taskPriorityHoldsBackItsClassAndLower() {
    apic.setTaskPriority(4);
    assertThat(machine.get(0, ApicRegister.TPR)).isEqualTo(0x40);
    request(0x4f);
    assertThat(core.interrupt).isFalse();
    assertThat(apic.pending()).isFalse();
    request(0x50);
    assertThat(machine.acknowledge(0)).isEqualTo(0x50);
    machine.endOfInterrupt(0);
    machine.set(0, ApicRegister.TPR, 0x3f);
    assertThat(apic.taskPriority()).isEqualTo(3);
    assertThat(core.interrupt).isTrue();
    assertThat(machine.get(0, ApicRegister.PPR)).isEqualTo(0x3f);
    assertThat(machine.acknowledge(0)).isEqualTo(0x4f);
  }

  @Test
  void arbitrationPriorityIsTheGreatestOfThree() {
    machine.set(0, ApicRegister.TPR, 0x25);
    assertThat(machine.get(0, ApicRegister.APR)).isEqualTo(0x25);
    request(0x71);
    assertThat(machine.get(0, ApicRegister.APR)).isEqualTo(0x70);
    machine.acknowledge(0);
    assertThat(machine.get(0, ApicRegister.APR)).isEqualTo(0x70);
  }

  @Test
  void registersShowRequestsAndService() {
    request(0x83);
    assertThat(machine.get(0, ApicRegister.IRR + 4)).isEqualTo(1 << 3);
    machine.acknowledge(0);
    assertThat(machine.get(0, ApicRegister.IRR + 4)).isZero();
    assertThat(machine.get(0, ApicRegister.ISR + 4)).isEqualTo(1 << 3);
    machine.set(0, ApicRegister.ISR + 4, 0);
    assertThat(machine.get(0, ApicRegister.ISR + 4)).as("read-only").isEqualTo(1 << 3);
  }

  @Test
  void anEndOfInterruptTooManyDoesNothing() {
    machine.endOfInterrupt(0);
    request(0x40);
    assertThat(machine.acknowledge(0)).isEqualTo(0x40);
  }

  @Test
  void disabledBySoftwareItKeepsWhatItHasAndRefusesMore() {
    request(0x40);
    machine.set(0, ApicRegister.LVT_ERROR, 0xfe);
    machine.set(0, ApicRegister.SVR, 0xff);
    assertThat(machine.get(0, ApicRegister.LVT_ERROR)).isEqualTo(0x1_00fe);
    machine.set(0, ApicRegister.LVT_ERROR, 0xfe);
    assertThat(machine.get(0, ApicRegister.LVT_ERROR)).as("can't be unmasked").isEqualTo(0x1_00fe);
    request(0x50);
    assertThat(machine.acknowledge(0)).isEqualTo(0x40);
    machine.endOfInterrupt(0);
    assertThat(machine.acknowledge(0)).isEqualTo(-1);
    machine.ipi(1, 0, 0x400);
    assertThat(core.nmis).isEqualTo(1);
    machine.set(0, ApicRegister.SVR, 0x1ff);
    assertThat(machine.get(0, ApicRegister.LVT_ERROR)).as("stays masked").isEqualTo(0x1_00fe);
  }

  @Test
  void sendingAnIllegalVectorIsAnError() {
    machine.set(0, ApicRegister.LVT_ERROR, 0xfe);
    request(0x0f);
    assertThat(machine.get(0, ApicRegister.ESR)).as("until written").isZero();
    assertThat(machine.acknowledge(0)).isEqualTo(0xfe);
    machine.endOfInterrupt(0);
    request(0x05);
    assertThat(machine.acknowledge(0)).as("not armed again yet").isEqualTo(-1);
    machine.set(0, ApicRegister.ESR, 0);
    assertThat(machine.get(0, ApicRegister.ESR)).isEqualTo(0x20);
    request(0x05);
    assertThat(machine.acknowledge(0)).isEqualTo(0xfe);
    machine.set(0, ApicRegister.ESR, 0);
    machine.set(0, ApicRegister.ESR, 0);
    assertThat(machine.get(0, ApicRegister.ESR)).isZero();
  }

  @Test
  void receivingAnIllegalVectorIsAnError() {
    machine.bus.message(0xfee0_0000L, 0x0e);
    machine.set(0, ApicRegister.ESR, 0);
    assertThat(machine.get(0, ApicRegister.ESR)).isEqualTo(0x40);
    assertThat(machine.acknowledge(0)).isEqualTo(-1);
  }

  @Test
  void reservedRegistersAreAnError() {
    assertThat(machine.get(0, 0x2f)).isZero();
    machine.set(0, ApicRegister.ESR, 0);
    assertThat(machine.get(0, ApicRegister.ESR)).isEqualTo(0x80);
    machine.set(0, ApicRegister.ESR, 0);
    machine.set(0, 0x3f, 0x40);
    machine.set(0, ApicRegister.ESR, 0);
    assertThat(machine.get(0, ApicRegister.ESR)).isEqualTo(0x80);
    assertThat(machine.acknowledge(0)).as("no self-IPI register in xAPIC mode").isEqualTo(-1);
  }

  @Test
  void anErrorEntryWithAnIllegalVectorEndsThere() {
    machine.set(0, ApicRegister.LVT_ERROR, 0x03);
    request(0x05);
    machine.set(0, ApicRegister.ESR, 0);
    assertThat(machine.get(0, ApicRegister.ESR)).isEqualTo(0x60);
  }

  @Test
  void initKeepsIdentityAndMode() {
    machine.toX2Apic();
    request(0x40);
    apic.writeMsr(0x80f, 0x1f0);
    apic.reset();
    assertThat(apic.apicBase()).isEqualTo(0xfee0_0d00L);
    assertThat(apic.readMsr(0x80f)).isEqualTo(0xff);
    assertThat(apic.readMsr(0x802)).isZero();
    assertThat(apic.pending()).isFalse();
    assertThat(core.interrupt).isFalse();
  }

  @Test
  void savedStateGoesOnWhereItWas() {
    machine.set(0, ApicRegister.TPR, 0x10);
    machine.set(0, ApicRegister.LVT_TIMER, 0x2_0070);
    machine.set(0, ApicRegister.INITIAL_COUNT, 50_000);
    machine.clock.advance(30_000);
    request(0x66);
    request(0x40);
    machine.acknowledge(0);
    LocalApic.State state = apic.save();

    FakeCore otherCore = new FakeCore();
    LocalApic other = new LocalApic(0, true, 40, machine.clock, otherCore, new InterruptBus());
    other.restore(state);
    assertThat(other.save()).usingRecursiveComparison().isEqualTo(state);
    assertThat(other.acknowledge()).isEqualTo(-1);
    other.write(0xb0, 0, 4);
    assertThat(otherCore.interrupt).isTrue();
    assertThat(other.acknowledge()).isEqualTo(0x40);
    other.write(0xb0, 0, 4);
    machine.clock.advance(70_000);
    assertThat(other.acknowledge()).isEqualTo(0x70);
    assertThat(other.read(0x390, 4)).isEqualTo(50_000);
  }

  @Test
  void concurrentSendersLoseNoWakeUp() throws InterruptedException {
    List<Thread> senders = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      int vector = 0x40 + 0x10 * t;
      senders.add(
          new Thread(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  machine.bus.deliver(0, false, DeliveryMode.FIXED, vector, false);
                }
              }));
    }
    senders.forEach(Thread::start);
    while (senders.stream().anyMatch(Thread::isAlive)) {
      if (machine.acknowledge(0) >= 0) {
        machine.endOfInterrupt(0);
      }
    }
    while (core.interrupt) {
      machine.acknowledge(0);
      machine.endOfInterrupt(0);
    }
    assertThat(apic.save().requested()).as("nothing left without a signal").containsOnly(0L);
  }

  @Test
  void aMessageWhileTheSignalIsLoweredIsNotForgotten() {
    boolean[] level = new boolean[1];
    LocalApic[] raced = new LocalApic[1];
    FakeCore slow =
        new FakeCore() {
          @Override
          public void interrupt(boolean pending) {
            if (!pending && raced[0] != null) {
              LocalApic target = raced[0];
              raced[0] = null;
              target.acceptVector(0x50, false);
            }
            level[0] = pending;
          }
        };
    LocalApic target = new LocalApic(7, false, 40, machine.clock, slow, machine.bus);
    target.write(0xf0, 0x1ff, 4);
    target.acceptVector(0x60, false);
    assertThat(target.acknowledge()).isEqualTo(0x60);
    raced[0] = target;
    target.write(0xb0, 0, 4);
    assertThat(level[0]).isTrue();
    assertThat(target.acknowledge()).isEqualTo(0x50);
  }
}
