package org.coremu.guest.x86.fpu;

import static org.coremu.guest.x86.X86State.FEMPTY;
import static org.coremu.guest.x86.X86State.FSW;
import static org.coremu.guest.x86.X86State.FTOP;

import org.coremu.exec.Core;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.ir.Effect;
import org.coremu.ir.Intrinsic;
import org.coremu.ir.SlotRange;

/**
 * Helpers of the x87 control instructions. Operands: a is an {@link X87Site}, b the linear address
 * of the operand.
 */
public final class X87Control {
  /** WAIT: raises a pending exception. No operands. */
  public static final int WAIT =
      X86Helpers.TABLE.add(
          "x87Wait",
          Effect.FAULTS | Effect.READS_STATE | Effect.VISIBLE,
          SlotRange.NONE,
          Intrinsic.X87_WAIT,
          (core, a, b, c) -> {
            X87.of(core).checkPending();
            return 0;
          });

  /** Gives the status word, with TOP. No operands. */
  public static final int STATUS =
      X86Helpers.TABLE.add(
          "x87Status",
          Effect.READS_STATE,
          SlotRange.NONE,
          Intrinsic.X87_STATUS,
          (core, a, b, c) -> X87Image.statusWord(core.state));

  /** EMMS. No operands. */
  public static final int LEAVE_MMX =
      X86Helpers.add(
          "x87LeaveMmx",
          Effect.ANY,
          (core, a, b, c) -> {
            X87.of(core).checkPending();
            X87Image.leaveMmx(core.state);
            return 0;
          });

  public static final int NOTHING = X86Helpers.addX87("x87Nop", Intrinsic.X87, X87Control::nothing);
  public static final int FREE = X86Helpers.addX87("x87Free", Intrinsic.X87, X87Control::free);

  /** Operation of the site: by how much TOP grows, 1 or 7. */
  public static final int ROTATE =
      X86Helpers.addX87("x87Rotate", Intrinsic.X87, X87Control::rotate);

  /** FNCLEX. No operands. */
  public static final int CLEAR =
      X86Helpers.add(
          "x87Clear",
          Effect.ANY,
          (core, a, b, c) -> {
            core.state.put(FSW, core.state.get(FSW) & 0x7F00);
            return 0;
          });

  /** FNINIT. No operands. */
  public static final int INITIALISE =
      X86Helpers.add(
          "x87Initialise",
          Effect.ANY,
          (core, a, b, c) -> {
            X87Image.initialise(core.state);
            return 0;
          });

  /** FLDCW with the word at b. */
  public static final int LOAD_CONTROL =
      X86Helpers.addX87("x87LoadControl", Intrinsic.X87_LOAD_CONTROL, X87Control::loadControl);

  private X87Control() {}

  private static long nothing(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.checkPending();
    f.note(site, 0);
    return 0;
  }

  private static long free(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.checkPending();
    f.note(site, 0);
    f.s.put(FSW, f.s.get(FSW) & ~X87Image.C1);
    f.s.put(FEMPTY, f.s.get(FEMPTY) | 1L << f.physical(X87Site.sti(site)));
    if (X87Site.pops(site) != 0) {
      f.pop(1);
    }
    return 0;
  }

  private static long rotate(Core core, long site, long b, long c) {
    X87 f = X87.of(core);
    f.checkPending();
    f.note(site, 0);
    f.s.put(FTOP, f.physical(X87Site.operationOf(site)));
    f.s.put(FSW, f.s.get(FSW) & ~X87Image.C1);
    return 0;
  }

  private static long loadControl(Core core, long site, long address, long c) {
    X87.of(core).checkPending();
    X87Image.setControlWord(core.state, (int) core.memory.load(address, 2));
    return 0;
  }
}
