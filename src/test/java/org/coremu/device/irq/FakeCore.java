package org.coremu.device.irq;

import java.util.ArrayList;
import java.util.List;
import org.coremu.hw.CoreLines;

/** A core that notes what its local APIC tells it. */
class FakeCore implements CoreLines {
  volatile boolean interrupt;
  int nmis;
  int inits;
  final List<Integer> startups = new ArrayList<>();

  @Override
  public void interrupt(boolean pending) {
    interrupt = pending;
  }

  @Override
  public void nmi() {
    nmis++;
  }

  @Override
  public void init() {
    inits++;
  }

  @Override
  public void startup(int vector) {
    startups.add(vector);
  }
}
