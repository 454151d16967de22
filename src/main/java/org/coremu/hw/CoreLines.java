package org.coremu.hw;

/**
 * The interrupt pins of one core, driven by its local interrupt controller.
 *
 * <p>Calls come from any thread, also from the core's own while it executes an instruction. An
 * implementation leaves a message for the core and wakes it when it sleeps; it takes no lock and
 * doesn't call back.
 */
public interface CoreLines {
  /**
   * Says whether a maskable interrupt waits to be taken with {@link LocalInterrupts#acknowledge()}.
   * A level, not an edge. True is a hint that may have become stale: {@code acknowledge()} may
   * still find nothing. After false there is nothing to take until the next true.
   */
  void interrupt(boolean pending);

  /** A non-maskable interrupt arrived: one edge. */
  void nmi();

  /**
   * INIT arrived: the core resets itself, calls {@link LocalInterrupts#reset()} on its own thread,
   * and waits for a start-up message unless it is the bootstrap processor.
   */
  void init();

  /**
   * A start-up message (SIPI) arrived. A core that doesn't wait for one drops it.
   *
   * @param vector 0 to 255; execution starts in real mode at physical address {@code vector << 12}
   */
  void startup(int vector);
}
