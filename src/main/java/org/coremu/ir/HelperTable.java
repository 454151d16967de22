package org.coremu.ir;

/**
 * Names and declared effects of the helpers of a guest: operations too rare or too heavy to be IR
 * ops. What a helper does is known to {@code exec} only.
 */
public class HelperTable {
  /** The most helpers a guest may have. */
  protected static final int MAX = 1024;

  private final String[] names = new String[MAX];
  private final int[] effects = new int[MAX];
  private int size;

  /**
   * Adds a helper.
   *
   * @param effects {@link Effect} bits; everything it does must be declared
   * @return its number, for CALL
   */
  protected int add(String name, int effectBits) {
    int id = size++;
    names[id] = name;
    effects[id] = effectBits;
    return id;
  }

  public final String name(int id) {
    return names[id];
  }

  public final int effects(int id) {
    return effects[id];
  }

  public final int size() {
    return size;
  }
}
