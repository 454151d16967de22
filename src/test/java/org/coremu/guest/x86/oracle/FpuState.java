package org.coremu.guest.x86.oracle;

import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86State;

/** Moves x87, MXCSR and XMM state between a core and an FXSAVE64 image. */
final class FpuState {
  private static final int TOP_SHIFT = 11;
  private static final int TOP = 7 << TOP_SHIFT;

  private FpuState() {}

  static void load(X86 x86, byte[] fx) {
    GuestState image = new GuestState(new long[16], 0, 0, fx);
    int top = image.fsw() >> TOP_SHIFT & 7;
    x86.put(X86State.FCW, image.fcw());
    x86.put(X86State.FSW, image.fsw() & ~TOP);
    x86.put(X86State.FTOP, top);
    x86.put(X86State.FEMPTY, ~image.ftw() & 0xFF);
    for (int i = 0; i < 8; i++) {
      x86.put(X86State.FPR + (top + i & 7), image.stLow(i));
      x86.put(X86State.FPR_EXP + (top + i & 7), image.stHigh(i));
    }
    for (int slot = X86State.FOP; slot <= X86State.FDS; slot++) {
      x86.put(slot, 0);
    }
    x86.put(X86State.MXCSR, image.mxcsr());
    for (int i = 0; i < 16; i++) {
      x86.put(X86State.xmm(i), image.xmm(i, 0));
      x86.put(X86State.xmm(i) + 1, image.xmm(i, 1));
    }
  }

  static byte[] save(X86 x86) {
    byte[] fx = new byte[GuestState.FX_BYTES];
    int top = (int) x86.get(X86State.FTOP);
    GuestState.SHORT.set(fx, GuestState.FX_FCW, (short) x86.get(X86State.FCW));
    GuestState.SHORT.set(fx, GuestState.FX_FSW, (short) (x86.get(X86State.FSW) | top << TOP_SHIFT));
    fx[GuestState.FX_FTW] = (byte) ~x86.get(X86State.FEMPTY);
    for (int i = 0; i < 8; i++) {
      int at = GuestState.FX_ST0 + 16 * i;
      GuestState.LONG.set(fx, at, x86.get(X86State.FPR + (top + i & 7)));
      GuestState.SHORT.set(fx, at + 8, (short) x86.get(X86State.FPR_EXP + (top + i & 7)));
    }
    GuestState.INT.set(fx, GuestState.FX_MXCSR, (int) x86.get(X86State.MXCSR));
    for (int i = 0; i < 16; i++) {
      GuestState.LONG.set(fx, GuestState.FX_XMM0 + 16 * i, x86.get(X86State.xmm(i)));
      GuestState.LONG.set(fx, GuestState.FX_XMM0 + 16 * i + 8, x86.get(X86State.xmm(i) + 1));
    }
    return fx;
  }
}
