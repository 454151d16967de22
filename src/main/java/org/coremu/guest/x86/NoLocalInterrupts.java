package org.coremu.guest.x86;

import org.coremu.hw.LocalInterrupts;

/** The local APIC of a core that has none connected: nothing ever arrives. */
final class NoLocalInterrupts implements LocalInterrupts {
  static final NoLocalInterrupts INSTANCE = new NoLocalInterrupts();

  private NoLocalInterrupts() {}

  @Override
  public int acknowledge() {
    return -1;
  }

  @Override
  public boolean pending() {
    return false;
  }

  @Override
  public void reset() {}

  @Override
  public long readMsr(int msr) {
    return REFUSED;
  }

  @Override
  public boolean writeMsr(int msr, long value) {
    return false;
  }

  @Override
  public long apicBase() {
    return 0;
  }

  @Override
  public boolean setApicBase(long value) {
    return false;
  }

  @Override
  public int taskPriority() {
    return 0;
  }

  @Override
  public void setTaskPriority(int priority) {}

  @Override
  public long tscDeadline() {
    return 0;
  }

  @Override
  public void setTscDeadline(long deadline) {}
}
