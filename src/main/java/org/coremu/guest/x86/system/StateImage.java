package org.coremu.guest.x86.system;

import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;
import org.coremu.guest.x86.fpu.X87Image;

/**
 * FXSAVE and XSAVE images of x87 and SSE state (SDM vol. 1, 10.5 and 13.4 to 13.9), in the standard
 * format. XSAVEOPT writes as XSAVE does.
 */
public final class StateImage {
  /** The MXCSR bits that exist. */
  public static final long MXCSR_MASK = 0xffff;

  private static final int X87 = 1;
  private static final int SSE = 2;
  private static final int MXCSR = 24;
  private static final int XMM = 160;
  private static final int FXSAVE_BYTES = 512;
  private static final int HEADER = 512;
  private static final int XSAVE_BYTES = 576;

  private StateImage() {}

  private static int registers(X86 x86) {
    return x86.isCode64() ? 16 : 8;
  }

  private static void checkAligned(long address, int alignment) {
    if (!Bits.isCanonical(address)) {
      throw X86Fault.nonCanonical(address);
    }
    if ((address & alignment - 1) != 0) {
      throw X86Fault.gp(0);
    }
  }

  /**
   * Faults now if a load from the image would; AMD's processors, as here, look at its end first.
   */
  private static void checkReadable(X86 x86, long address, int bytes) {
    x86.core.memory.load(address + bytes - 1, 1);
    x86.core.memory.load(address, 1);
  }

  /** Faults now if a store to the image would. */
  private static void checkWritable(X86 x86, long address, int bytes) {
    x86.core.memory.checkWritable(address + bytes - 1, 1);
    x86.core.memory.checkWritable(address, bytes);
  }

  private static void saveVectors(X86 x86, long address) {
    for (int i = 0; i < registers(x86) * 2; i++) {
      x86.core.memory.store(address + XMM + i * 8L, x86.get(X86State.XMM + i), 8);
    }
  }

  private static void restoreVectors(X86 x86, long address) {
    for (int i = 0; i < registers(x86) * 2; i++) {
      x86.put(X86State.XMM + i, x86.core.memory.load(address + XMM + i * 8L, 8));
    }
  }

  private static long mxcsrOf(X86 x86, long address) {
    long mxcsr = x86.core.memory.load(address + MXCSR, 4);
    if ((mxcsr & ~MXCSR_MASK) != 0) {
      throw X86Fault.gp(0);
    }
    return mxcsr;
  }

  private static void saveMxcsr(X86 x86, long address) {
    x86.core.memory.store(address + MXCSR, x86.get(X86State.MXCSR) | MXCSR_MASK << 32, 8);
  }

  /** FXSAVE; {@code wide} with REX.W. SSE state is left out while CR4.OSFXSR is clear. */
  public static void fxsave(X86 x86, long address, boolean wide) {
    checkAligned(address, 16);
    checkWritable(x86, address, FXSAVE_BYTES);
    X87Image.save(x86.core, address, wide);
    saveMxcsr(x86, address);
    if ((x86.get(X86State.CR4) & Bits.CR4_OSFXSR) != 0) {
      saveVectors(x86, address);
    }
  }

  /** FXRSTOR; {@code wide} with REX.W. */
  public static void fxrstor(X86 x86, long address, boolean wide) {
    checkAligned(address, 16);
    checkReadable(x86, address, FXSAVE_BYTES);
    boolean sse = (x86.get(X86State.CR4) & Bits.CR4_OSFXSR) != 0;
    if (sse) {
      x86.put(X86State.MXCSR, mxcsrOf(x86, address));
      restoreVectors(x86, address);
    }
    X87Image.restore(x86.core, address, wide);
  }

  /** XSAVE and XSAVEOPT of the components of {@code mask} that XCR0 has. */
  public static void xsave(X86 x86, long address, long mask, boolean wide) {
    checkAligned(address, 64);
    checkWritable(x86, address, XSAVE_BYTES);
    long components = mask & x86.get(X86State.XCR0);
    long inUse = (X87Image.isInitial(x86.state) ? 0 : X87) | SSE;
    if ((components & X87) != 0) {
      X87Image.save(x86.core, address, wide);
    }
    if ((components & SSE) != 0) {
      saveMxcsr(x86, address);
      saveVectors(x86, address);
    }
    long header = x86.core.memory.load(address + HEADER, 8);
    x86.core.memory.store(address + HEADER, header & ~components | inUse & components, 8);
  }

  /** XRSTOR of the components of {@code mask} that XCR0 has. */
  public static void xrstor(X86 x86, long address, long mask, boolean wide) {
    checkAligned(address, 64);
    checkReadable(x86, address, XSAVE_BYTES);
    long xcr0 = x86.get(X86State.XCR0);
    long present = x86.core.memory.load(address + HEADER, 8);
    long reserved =
        x86.core.memory.load(address + HEADER + 8, 8)
            | x86.core.memory.load(address + HEADER + 16, 8);
    if ((present & ~xcr0) != 0 || reserved != 0) {
      throw X86Fault.gp(0);
    }
    long components = mask & xcr0;
    if ((components & SSE) != 0) {
      x86.put(X86State.MXCSR, mxcsrOf(x86, address));
      if ((present & SSE) != 0) {
        restoreVectors(x86, address);
      } else {
        for (int i = 0; i < registers(x86) * 2; i++) {
          x86.put(X86State.XMM + i, 0);
        }
      }
    }
    if ((components & X87) != 0) {
      if ((present & X87) != 0) {
        X87Image.restore(x86.core, address, wide);
      } else {
        X87Image.initialiseAll(x86.state);
      }
    }
  }
}
