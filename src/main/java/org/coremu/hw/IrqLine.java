package org.coremu.hw;

/**
 * One interrupt wire into an interrupt controller. Setting the level it already has is harmless.
 */
@FunctionalInterface
public interface IrqLine {
  /** A wire that ends nowhere. */
  IrqLine UNCONNECTED = level -> {};

  /**
   * Drives the wire.
   *
   * @param level true for asserted, whatever the electrical polarity
   */
  void set(boolean level);

  /** Asserts and releases the wire: one edge. */
  default void pulse() {
    set(true);
    set(false);
  }
}
