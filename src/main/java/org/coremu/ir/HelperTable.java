package org.coremu.ir;

import java.util.ArrayList;
import java.util.List;

/**
 * Names and declared effects of the helpers of a guest: operations too rare or too heavy to be IR ops. What a helper does
 * is known to {@code exec} only.
 */
public class HelperTable {
  private final List<String> names = new ArrayList<>();
  private int[] effects = new int[64];

  /**
   * Adds a helper.
   *
   * @param effects {@link Effect} bits; everything it does must be declared
   * @return its number, for CALL
   */
  protected int add(String name, int effectBits) {
    int id = names.size();
    names.add(name);
    if (id == effects.length) {
      effects = java.util.Arrays.copyOf(effects, id * 2);
    }
    effects[id] = effectBits;
    return id;
  }

  public final String name(int id) {
    return names.get(id);
  }

  public final int effects(int id) {
    return effects[id];
  }

  public final int size() {
    return names.size();
  }
}
