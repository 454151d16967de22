package org.coremu.device.irq;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.hw.LocalInterrupts;
import org.junit.jupiter.api.Test;

class X2ApicTest {
  private static final long OFF = 0xfee0_0000L;

  private final ApicMachine machine = new ApicMachine(0x123, 1);
  private final LocalApic apic = machine.apics[0];

  @Test
  void legalAndIllegalModeChanges() {
    long x2 = 0xfee0_0c00L;
    long x1 = 0xfee0_0800L;
    assertThat(apic.setApicBase(0xfee0_0400L)).as("x2APIC without enable").isFalse();
    assertThat(apic.setApicBase(x1 | 1)).as("reserved bit").isFalse();
    assertThat(apic.setApicBase(x1 | 1L << 40)).as("beyond MAXPHYADDR").isFalse();
    assertThat(apic.setApicBase(x1 | 1L << 39)).isTrue();
    assertThat(apic.setApicBase(x2)).isTrue();
    assertThat(apic.setApicBase(x1)).as("x2APIC to xAPIC").isFalse();
    assertThat(apic.apicBase()).isEqualTo(x2);
    assertThat(apic.setApicBase(OFF)).isTrue();
    assertThat(apic.setApicBase(x2)).as("off to x2APIC").isFalse();
    assertThat(apic.setApicBase(x1)).isTrue();
  }

  @Test
  void switchingOffForgetsEverything() {
    machine.set(0, ApicRegister.TPR, 0x30);
    machine.set(0, ApicRegister.ICR, 1 << 18 | 0x40);
    assertThat(apic.pending()).isTrue();
    apic.setApicBase(OFF);
    assertThat(apic.pending()).isFalse();
    assertThat(machine.cores[0].interrupt).isFalse();
    apic.setApicBase(ApicMachine.XAPIC);
    assertThat(machine.get(0, ApicRegister.TPR)).isZero();
    assertThat(machine.get(0, ApicRegister.SVR)).isEqualTo(0xff);
  }

  @Test
  void eachModeHasItsOwnAccess() {
    assertThat(apic.readMsr(0x802)).isEqualTo(LocalInterrupts.REFUSED);
    assertThat(apic.writeMsr(0x808, 0)).isFalse();
    assertThat(apic.read(0x20, 4)).isEqualTo(0x2300_0000L);
    machine.toX2Apic();
    assertThat(apic.readMsr(0x802)).isEqualTo(0x123);
    assertThat(apic.readMsr(0x80d)).isEqualTo(0x0012_0008);
    assertThat(apic.read(0x20, 4)).isEqualTo(-1);
    apic.write(0x80, 0x50, 4);
    assertThat(apic.readMsr(0x808)).isZero();
  }

  @Test
  void readableRegistersAreExactlyTheArchitecturalOnes() {
    machine.toX2Apic();
    StringBuilder readable = new StringBuilder();
    for (int msr = 0x800; msr < 0x900; msr++) {
      if (apic.readMsr(msr) != LocalInterrupts.REFUSED) {
        readable.append(Integer.toHexString(msr)).append(' ');
      }
    }
    StringBuilder expected = new StringBuilder("802 803 808 80a 80d 80f ");
    for (int msr = 0x810; msr <= 0x828; msr++) {
      expected.append(Integer.toHexString(msr)).append(' ');
    }
    expected.append("830 832 833 834 835 836 837 838 839 83e ");
    assertThat(readable).hasToString(expected.toString());
  }

  @Test
  void writableRegistersAreExactlyTheArchitecturalOnes() {
    machine.toX2Apic();
    StringBuilder writable = new StringBuilder();
    for (int msr = 0x800; msr < 0x900; msr++) {
      if (apic.writeMsr(msr, 0)) {
        writable.append(Integer.toHexString(msr)).append(' ');
      }
    }
    assertThat(writable).hasToString("808 80b 80f 828 830 832 833 834 835 836 837 838 83e 83f ");
  }

  @Test
  void reservedBitsAreRefusedAndChangeNothing() {
    machine.toX2Apic();
    assertThat(apic.writeMsr(0x808, 0x100)).isFalse();
    assertThat(apic.writeMsr(0x80b, 1)).isFalse();
    assertThat(apic.writeMsr(0x80f, 0x11ff)).isTrue();
    assertThat(apic.writeMsr(0x80f, 0x3ff)).isFalse();
    assertThat(apic.readMsr(0x80f)).isEqualTo(0x11ff);
    assertThat(apic.writeMsr(0x828, 1)).isFalse();
    assertThat(apic.writeMsr(0x830, 1L << 13)).isFalse();
    assertThat(apic.writeMsr(0x830, 1L << 20)).isFalse();
    assertThat(apic.writeMsr(0x832, 3L << 17)).isFalse();
    assertThat(apic.writeMsr(0x832, 1L << 19)).isFalse();
    assertThat(apic.writeMsr(0x838, 1L << 32)).isFalse();
    assertThat(apic.writeMsr(0x83e, 4)).isFalse();
    assertThat(apic.writeMsr(0x83f, 0x140)).isFalse();
    assertThat(apic.pending()).isFalse();
  }

  @Test
  void commandRegisterIs64BitsWide() {
    machine.toX2Apic();
    assertThat(apic.writeMsr(0x830, 0xdead_beef_0000_0840L)).isTrue();
    assertThat(apic.readMsr(0x830)).isEqualTo(0xdead_beef_0000_0840L);
    assertThat(apic.writeMsr(0x830, 0x1_0000_0041L)).isTrue();
    assertThat(machine.requesting(0x41)).isEqualTo(0b10);
  }

  @Test
  void selfIpi() {
    machine.toX2Apic();
    assertThat(apic.writeMsr(0x83f, 0x77)).isTrue();
    assertThat(apic.acknowledge()).isEqualTo(0x77);
    assertThat(apic.writeMsr(0x80b, 0)).isTrue();
    assertThat(apic.writeMsr(0x83f, 0x07)).isTrue();
    apic.writeMsr(0x828, 0);
    assertThat(apic.readMsr(0x828)).isEqualTo(0x20);
    assertThat(apic.acknowledge()).isEqualTo(-1);
  }

  @Test
  void commandOfAllOnesThatCouldLookRefusedIsRefused() {
    machine.toX2Apic();
    assertThat(apic.writeMsr(0x830, -1)).isFalse();
    assertThat(apic.writeMsr(0x830, 0xffff_ffff_000c_dfffL)).isTrue();
    assertThat(apic.readMsr(0x830)).isNotEqualTo(LocalInterrupts.REFUSED);
  }

  @Test
  void stateSurvivesTheChangeToX2Apic() {
    machine.set(0, ApicRegister.TPR, 0x20);
    machine.set(0, ApicRegister.ICR, 1 << 18 | 0x40);
    machine.set(0, ApicRegister.ICR_HIGH, 0x0500_0000);
    machine.toX2Apic();
    assertThat(apic.readMsr(0x808)).isEqualTo(0x20);
    assertThat(apic.readMsr(0x830)).isEqualTo(0x4_0040);
    assertThat(apic.acknowledge()).isEqualTo(0x40);
  }
}
