package org.coremu.guest.x86.oracle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The user-mode registers of one x86-64 core.
 *
 * @param gpr the 16 general registers in encoding order: rax rcx rdx rbx rsp rbp rsi rdi r8..r15
 * @param rip address of the next instruction (or of the faulting one)
 * @param rflags all of RFLAGS
 * @param fx x87, MXCSR and XMM state as the 512-byte image of FXSAVE64 (SDM vol. 1, 10.5.1)
 */
public record GuestState(long[] gpr, long rip, long rflags, byte[] fx) {
  /** Bytes of an FXSAVE image. */
  public static final int FX_BYTES = 512;

  /** Offsets in the FXSAVE image. */
  public static final int FX_FCW = 0;

  public static final int FX_FSW = 2;
  public static final int FX_FTW = 4;
  public static final int FX_MXCSR = 24;
  public static final int FX_ST0 = 32;
  public static final int FX_XMM0 = 160;

  static final VarHandle LONG = view(long[].class);
  static final VarHandle INT = view(int[].class);
  static final VarHandle SHORT = view(short[].class);

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  /** The x87 control word, as an unsigned number. */
  public int fcw() {
    return (short) SHORT.get(fx, FX_FCW) & 0xFFFF;
  }

  /** The x87 status word, as an unsigned number. */
  public int fsw() {
    return (short) SHORT.get(fx, FX_FSW) & 0xFFFF;
  }

  /** The abridged x87 tag word: one bit per physical register, 1 = in use. */
  public int ftw() {
    return fx[FX_FTW] & 0xFF;
  }

  /** The SSE control and status register. */
  public int mxcsr() {
    return (int) INT.get(fx, FX_MXCSR);
  }

  /**
   * The low 64 bits of stack register {@code i}: ST(i)'s significand, which is also where MMX
   * registers live.
   */
  public long stLow(int i) {
    return (long) LONG.get(fx, FX_ST0 + 16 * i);
  }

  /** Sign and exponent of ST(i), 16 bits. */
  public int stHigh(int i) {
    return (short) SHORT.get(fx, FX_ST0 + 16 * i + 8) & 0xFFFF;
  }

  /** One half of an XMM register: {@code half} 0 is bits 63:0. */
  public long xmm(int i, int half) {
    return (long) LONG.get(fx, FX_XMM0 + 16 * i + 8 * half);
  }
}
