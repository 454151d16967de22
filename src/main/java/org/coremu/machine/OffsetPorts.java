package org.coremu.machine;

import org.coremu.hw.PortDevice;

/** Ports of a device that the board maps apart from its other ones. */
record OffsetPorts(PortDevice device, int offset) implements PortDevice {
  @Override
  public int read(int port, int size) {
    return device.read(port + offset, size);
  }

  @Override
  public void write(int port, int value, int size) {
    device.write(port + offset, value, size);
  }
}
