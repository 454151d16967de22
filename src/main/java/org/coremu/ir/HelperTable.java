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
  private final SlotRange[] changes = new SlotRange[MAX];
  private final Intrinsic[] intrinsics = new Intrinsic[MAX];
  private int size;

  /**
   * Adds a helper.
   *
   * @param effectBits {@link Effect} bits; everything it does must be declared
   * @return its number, for CALL
   */
  protected int add(String name, int effectBits) {
    return add(name, effectBits, SlotRange.NONE, Intrinsic.NONE);
  }

  /**
   * Adds a helper that a tier may do itself.
   *
   * @param effectBits {@link Effect} bits
   * @param changed state slots that it may change though {@link Effect#WRITES_STATE} is not
   *     declared
   * @return its number, for CALL
   */
  protected int add(String name, int effectBits, SlotRange changed, Intrinsic intrinsic) {
    int id = size++;
    names[id] = name;
    effects[id] = effectBits;
    changes[id] = changed;
    intrinsics[id] = intrinsic;
    return id;
  }

  public final String name(int id) {
    return names[id];
  }

  public final int effects(int id) {
    return effects[id];
  }

  /** The slots that a helper may change besides what its effects say. */
  public final SlotRange changes(int id) {
    return changes[id];
  }

  public final Intrinsic intrinsic(int id) {
    return intrinsics[id];
  }

  public final int size() {
    return size;
  }
}
