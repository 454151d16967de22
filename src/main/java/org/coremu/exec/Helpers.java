package org.coremu.exec;

import org.coremu.ir.HelperTable;
import org.coremu.ir.Intrinsic;
import org.coremu.ir.SlotRange;

/**
 * The helpers of a guest: what {@link HelperTable} declares, and the code. Filled while the guest's
 * classes load, on any thread, also when cores exist already.
 */
public final class Helpers extends HelperTable {
  /** Of a fixed size, so that cores can keep the array while helpers are added. */
  private final Helper[] bodies = new Helper[MAX];

  /**
   * Adds a helper.
   *
   * @param name for printed IR
   * @param effects {@code ir.Effect} bits: everything it does must be declared
   * @return its number, for {@code IrBuilder.call}
   */
  public synchronized int add(String name, int effects, Helper body) {
    int id = add(name, effects);
    bodies[id] = body;
    return id;
  }

  /**
   * Adds a helper that native code may do itself.
   *
   * @param changed state slots that it may change, if {@code effects} is without WRITES_STATE
   */
  public synchronized int add(
      String name, int effects, SlotRange changed, Intrinsic intrinsic, Helper body) {
    int id = add(name, effects, changed, intrinsic);
    bodies[id] = body;
    return id;
  }

  Helper[] bodies() {
    return bodies;
  }
}
