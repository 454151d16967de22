package org.coremu.device.platform;

import org.coremu.hw.PortDevice;
import org.coremu.hw.PowerControl;

/**
 * QEMU's isa-debug-exit: a port with which a test inside the guest ends the emulation. Stateless.
 *
 * <p>Source: QEMU documentation of {@code -device isa-debug-exit}: a value {@code v} written to any
 * of its ports ends the emulator with status {@code (v << 1) | 1}, which is therefore never 0.
 * Reads give 0.
 */
public final class DebugExit implements PortDevice {
  private final PowerControl power;

  /** Makes the port. */
  public DebugExit(PowerControl power) {
    this.power = power;
  }

  @Override
  public int read(int offset, int size) {
    return 0;
  }

  @Override
  public void write(int offset, int value, int size) {
    int written = size == 4 ? value : value & (1 << size * 8) - 1;
    power.exit(written << 1 | 1);
  }
}
