package org.coremu.guest.x86.system;

import java.util.concurrent.atomic.AtomicInteger;
import org.coremu.exec.Core;
import org.coremu.hw.CoreLines;

/** The interrupt pins of a core: bits that any thread sets and the core's thread takes. */
public final class CoreSignals implements CoreLines {
  static final int INTERRUPT = 1;
  static final int NMI = 2;
  static final int INIT = 4;

  /** A start-up message; its vector is in bits 15:8. */
  static final int SIPI = 8;

  private static final int SIPI_SHIFT = 8;

  private final Core core;
  private final AtomicInteger pending = new AtomicInteger();

  public CoreSignals(Core core) {
    this.core = core;
  }

  @Override
  public void interrupt(boolean asserted) {
    if (asserted) {
      raise(INTERRUPT);
    } else {
      take(INTERRUPT);
    }
  }

  @Override
  public void nmi() {
    raise(NMI);
  }

  @Override
  public void init() {
    pending.updateAndGet(bits -> bits & ~(SIPI | 0xff << SIPI_SHIFT) | INIT);
    core.signal();
  }

  @Override
  public void startup(int vector) {
    int sipi = SIPI | vector << SIPI_SHIFT;
    pending.updateAndGet(bits -> (bits & SIPI) != 0 ? bits : bits | sipi);
    core.signal();
  }

  private void raise(int bit) {
    if ((pending.getAndUpdate(bits -> bits | bit) & bit) == 0) {
      core.signal();
    }
  }

  /** All bits. */
  int pending() {
    return pending.get();
  }

  /** Sets all bits. */
  void restore(int bits) {
    pending.set(bits);
  }

  /** Clears bits. */
  void take(int bits) {
    pending.getAndUpdate(now -> now & ~bits);
  }

  /** Clears the start-up message and gives its vector. */
  int takeStartup() {
    int before = pending.getAndUpdate(now -> now & ~(SIPI | 0xff << SIPI_SHIFT));
    return before >> SIPI_SHIFT & 0xff;
  }
}
