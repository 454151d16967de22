package org.coremu.mem;

import java.util.Arrays;
import org.coremu.hw.PortDevice;

/**
 * The 64 Ki I/O ports of an x86 machine. Reads from ports where nothing is give all ones. Built by
 * the board before the machine starts.
 */
public final class PortBus {
  private final PortDevice[] devices = new PortDevice[0x10000];
  private final int[] bases = new int[0x10000];

  /** Maps {@code count} ports from {@code base}; the device sees offsets from {@code base}. */
  public void map(int base, int count, PortDevice device) {
    for (int port = base; port < base + count; port++) {
      if (devices[port] != null) {
        throw new AssertionError("port 0x" + Integer.toHexString(port) + " is mapped twice");
      }
      devices[port] = device;
      bases[port] = base;
    }
  }

  /** Whether something answers at a port. */
  public boolean isMapped(int port) {
    return devices[port & 0xffff] != null;
  }

  /**
   * Reads a port.
   *
   * @param size 1, 2 or 4
   * @return the value, zero-extended
   */
  public long in(int port, int size) {
    PortDevice device = devices[port];
    long mask = 0xffffffffL >>> (32 - size * 8);
    return device == null ? mask : device.read(port - bases[port], size) & mask;
  }

  /** Writes a port; {@code size} is 1, 2 or 4. */
  public void out(int port, int value, int size) {
    PortDevice device = devices[port];
    if (device != null) {
      device.write(port - bases[port], value, size);
    }
  }

  @Override
  public String toString() {
    return "PortBus, " + Arrays.stream(devices).distinct().count() + " devices";
  }
}
