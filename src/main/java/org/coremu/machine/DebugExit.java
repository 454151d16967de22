package org.coremu.machine;

/**
 * An isa-debug-exit device: a guest write of {@code v} to its ports ends the run with exit code
 * {@code (v << 1) | 1}.
 *
 * @param iobase first port, 0 to 0xffff
 * @param iosize number of ports, 1 to 4
 */
public record DebugExit(int iobase, int iosize) {
  /** The port range that is used when none is given. */
  public static final DebugExit DEFAULT = new DebugExit(0x501, 2);

  /**
   * Checks the ranges.
   *
   * @throws ConfigException when the ports lie outside 0 to 0xffff or the size is not 1 to 4
   */
  public DebugExit {
    if (iosize < 1 || iosize > 4) {
      throw new ConfigException("isa-debug-exit: iosize must be 1 to 4, not " + iosize);
    }
    if (iobase < 0 || iobase + iosize > 0x10000) {
      throw new ConfigException(
          "isa-debug-exit: iobase must be a port from 0 to 0xffff, not " + iobase);
    }
  }
}
