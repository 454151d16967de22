package org.coremu.ir;

/** Which floating-point lanes an op works on, as the immediates of vector ops name them. */
public final class FpLanes {
  /** One single in the lowest lane; the op keeps the other lanes. */
  public static final int SCALAR32 = 0;

  /** One double in the low half; the op keeps the high half. */
  public static final int SCALAR64 = 1;

  /** Four singles. */
  public static final int PACKED32 = 2;

  /** Two doubles. */
  public static final int PACKED64 = 3;

  /** Two singles in the low half. */
  public static final int PAIR32 = 4;

  /** Bits of an immediate for these. */
  static final int MASK = 7;

  private FpLanes() {}
}
