package org.coremu.device.irq;

import org.coremu.hw.FakeClock;

/**
 * A bus with some local APICs, an I/O APIC and fake cores, and shorthands for what a guest does
 * with them.
 */
final class ApicMachine {
  static final int ENABLED = 0x1ff;
  static final long XAPIC = 0xfee0_0800L;
  static final long X2APIC = 0xfee0_0c00L;

  final FakeClock clock = new FakeClock(1_000);
  final InterruptBus bus = new InterruptBus();
  final IoApic ioApic = new IoApic(0, bus);
  final FakeCore[] cores;
  final LocalApic[] apics;

  /** A machine with a core for each of the given ids, enabled by software, in xAPIC mode. */
  ApicMachine(int... ids) {
    cores = new FakeCore[ids.length];
    apics = new LocalApic[ids.length];
    for (int i = 0; i < ids.length; i++) {
      cores[i] = new FakeCore();
      apics[i] = new LocalApic(ids[i], i == 0, 40, clock, cores[i], bus);
      bus.attach(apics[i]);
      set(i, ApicRegister.SVR, ENABLED);
    }
    bus.attach(ioApic);
  }

  ApicMachine toX2Apic() {
    for (LocalApic apic : apics) {
      if (!apic.setApicBase(apic.apicBase() | X2APIC)) {
        throw new AssertionError("no x2APIC mode");
      }
    }
    return this;
  }

  void set(int core, int register, int value) {
    apics[core].write(register << 4, value, 4);
  }

  int get(int core, int register) {
    return (int) apics[core].read(register << 4, 4);
  }

  /** Sends an IPI in xAPIC mode. */
  void ipi(int from, int destination, int low) {
    set(from, ApicRegister.ICR_HIGH, destination << 24);
    set(from, ApicRegister.ICR, low);
  }

  /** Sends an IPI in x2APIC mode. */
  boolean wideIpi(int from, int destination, int low) {
    return apics[from].writeMsr(0x830, (long) destination << 32 | low);
  }

  int acknowledge(int core) {
    return apics[core].acknowledge();
  }

  void endOfInterrupt(int core) {
    set(core, ApicRegister.EOI, 0);
  }

  /** The cores that have the vector requested, as bits. */
  int requesting(int vector) {
    int found = 0;
    for (int i = 0; i < apics.length; i++) {
      LocalApic.State state = apics[i].save();
      if ((state.requested()[vector >> 6] >>> vector & 1) != 0) {
        found |= 1 << i;
      }
    }
    return found;
  }

  void redirect(int pin, long entry) {
    ioApic.write(0, 0x11 + 2 * pin, 4);
    ioApic.write(0x10, entry >>> 32, 4);
    ioApic.write(0, 0x10 + 2 * pin, 4);
    ioApic.write(0x10, entry, 4);
  }

  long redirection(int pin) {
    ioApic.write(0, 0x11 + 2 * pin, 4);
    long high = ioApic.read(0x10, 4);
    ioApic.write(0, 0x10 + 2 * pin, 4);
    return high << 32 | ioApic.read(0x10, 4);
  }
}
