package org.coremu.ir;

/**
 * Conditions on the arithmetic flags. Even and odd numbers are each other's negation; the numbering
 * is x86's.
 */
public final class Cond {
  public static final int O = 0;
  public static final int NO = 1;
  public static final int B = 2;
  public static final int AE = 3;
  public static final int E = 4;
  public static final int NE = 5;
  public static final int BE = 6;
  public static final int A = 7;
  public static final int S = 8;
  public static final int NS = 9;
  public static final int P = 10;
  public static final int NP = 11;
  public static final int L = 12;
  public static final int GE = 13;
  public static final int LE = 14;
  public static final int G = 15;

  private static final String[] NAMES = {
    "o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g"
  };

  private Cond() {}

  /** The usual suffix: {@code "ne"} for {@link #NE}. */
  public static String name(int cond) {
    return NAMES[cond & 15];
  }
}
