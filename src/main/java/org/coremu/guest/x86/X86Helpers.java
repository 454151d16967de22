package org.coremu.guest.x86;

import org.coremu.exec.Helper;
import org.coremu.exec.Helpers;
import org.coremu.ir.Effect;
import org.coremu.ir.Intrinsic;

/**
 * The helpers of the x86 guest. A family adds its own in a static field's initialiser; {@link
 * #table} loads all families first, so that nothing is added to a table in use.
 */
public final class X86Helpers {
  /** The table; use {@link #table} where it must be complete. */
  public static final Helpers TABLE = new Helpers();

  /** Raises the exception with vector a and error code b. */
  static final int RAISE =
      add(
          "raise",
          Effect.FAULTS | Effect.READS_STATE | Effect.VISIBLE,
          (core, vector, errorCode, c) -> {
            throw X86Fault.of((int) vector, (int) errorCode);
          });

  /** Linear address of offset a; b: segment, size in bytes &lt;&lt; 4, write &lt;&lt; 12. */
  static final int LINEAR =
      add(
          "linear",
          Effect.FAULTS | Effect.READS_STATE | Effect.VISIBLE,
          (core, offset, access, c) ->
              Segmentation.linear(
                  core, (int) access & 15, offset, (int) access >> 4 & 0xff, access >> 12 != 0));

  private X86Helpers() {}

  /**
   * Adds a helper; to be called while the class of a family loads. Arguments as {@link
   * Helpers#add}.
   */
  public static int add(String name, int effects, Helper body) {
    return TABLE.add(name, effects, body);
  }

  /** Adds a helper that changes nothing but x87 state, and memory; see {@link #add}. */
  public static int addX87(String name, Intrinsic intrinsic, Helper body) {
    return TABLE.add(name, Effect.FAULTS | Effect.VISIBLE, X86State.X87, intrinsic, body);
  }

  /** All helpers: what cores and translators of an x86 machine are made with. */
  public static Helpers table() {
    Families.load();
    return TABLE;
  }
}
