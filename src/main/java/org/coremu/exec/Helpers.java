package org.coremu.exec;

import java.util.Arrays;
import org.coremu.ir.HelperTable;

/** The helpers of a guest: what {@link HelperTable} declares, and the code. Filled while the guest's classes load, then constant. */
public final class Helpers extends HelperTable {
  private Helper[] bodies = new Helper[64];

  /**
   * Adds a helper.
   *
   * @param name for printed IR
   * @param effects {@code ir.Effect} bits: everything it does must be declared
   * @return its number, for {@code IrBuilder.call}
   */
  public int add(String name, int effects, Helper body) {
    int id = add(name, effects);
    if (id == bodies.length) {
      bodies = Arrays.copyOf(bodies, id * 2);
    }
    bodies[id] = body;
    return id;
  }

  Helper[] bodies() {
    return bodies;
  }
}
