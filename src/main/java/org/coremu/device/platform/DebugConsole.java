package org.coremu.device.platform;

import org.coremu.hw.ByteChannel;
import org.coremu.hw.PortDevice;

/**
 * The Bochs and QEMU debug console, port 0x402 on a PC, to which firmware writes its log.
 * Stateless.
 *
 * <p>Source: QEMU documentation of {@code -device isa-debugcon}: bytes written are output; reads
 * give 0xE9, by which firmware finds out that the port is there.
 */
public final class DebugConsole implements PortDevice {
  private static final int PRESENT = 0xe9;

  private final ByteChannel channel;

  /** Makes the port; its output goes to {@code channel}. */
  public DebugConsole(ByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read(int offset, int size) {
    return PRESENT;
  }

  @Override
  public void write(int offset, int value, int size) {
    channel.write(value & 0xff);
  }
}
