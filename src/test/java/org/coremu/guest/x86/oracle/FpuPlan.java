package org.coremu.guest.x86.oracle;

import java.util.List;
import java.util.SplittableRandom;

/** Initial x87, MMX and SSE state. */
final class FpuPlan {
  private static final int FLOAT_EXCEPTIONS = 0x3F;
  private static final int DEFAULT_FCW = 0x37F;
  private static final int DEFAULT_MXCSR = 0x1F80;
  private static final int MXCSR_DAZ = 0x40;
  private static final int MXCSR_FTZ = 0x8000;

  private final SplittableRandom random;
  private final EdgeValues edges;
  private final List<InsnRow> rows;

  FpuPlan(SplittableRandom random, EdgeValues edges, List<InsnRow> rows) {
    this.random = random;
    this.edges = edges;
    this.rows = rows;
  }

  /** An FXSAVE image that FXRSTOR accepts. */
  byte[] image() {
    byte[] fx = new byte[GuestState.FX_BYTES];
    int fcw = fcw();
    GuestState.SHORT.set(fx, GuestState.FX_FCW, (short) fcw);
    GuestState.SHORT.set(fx, GuestState.FX_FSW, (short) fsw(fcw));
    fx[GuestState.FX_FTW] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0xFF);
    GuestState.INT.set(fx, GuestState.FX_MXCSR, mxcsr());
    boolean mmx = rows.stream().anyMatch(row -> row.reg() == 'M' || row.rm() == 'M');
    for (int i = 0; i < 8; i++) {
      long[] value = edges.f80();
      int at = GuestState.FX_ST0 + 16 * i;
      GuestState.LONG.set(fx, at, mmx ? edges.integer() : value[1]);
      GuestState.SHORT.set(fx, at + 8, (short) value[0]);
    }
    if (rows.getFirst().name().matches("f2xm1|fyl2xp1")) {
      keepInDomain(fx);
    }
    for (int i = 0; i < 16; i++) {
      byte[] value = edges.vector(rows.get(random.nextInt(rows.size())));
      System.arraycopy(value, 0, fx, GuestState.FX_XMM0 + 16 * i, 16);
    }
    return fx;
  }

  /** F2XM1 and FYL2XP1 are defined for small numbers only (and infinities and NaNs). */
  private static void keepInDomain(byte[] fx) {
    int at = GuestState.FX_ST0 + 8;
    int high = (short) GuestState.SHORT.get(fx, at);
    if ((high & 0x7FFF) >= 0x3FFD && (high & 0x7FFF) != 0x7FFF) {
      GuestState.SHORT.set(fx, at, (short) (high & 0x8000 | 0x3F00 | high & 0xFC));
    }
  }

  private int fcw() {
    if (random.nextInt(5) < 2) {
      return DEFAULT_FCW;
    }
    int precision = random.nextInt(3) == 0 ? random.nextInt(4) : 3;
    int masks = random.nextInt(6) == 0 ? random.nextInt(64) : FLOAT_EXCEPTIONS;
    return random.nextInt(4) << 10 | (precision == 1 ? 3 : precision) << 8 | 0x40 | masks;
  }

  private int fsw(int fcw) {
    int flags = random.nextInt(5) == 0 ? random.nextInt(0x80) : 0;
    if (random.nextInt(8) != 0) {
      flags &= fcw & FLOAT_EXCEPTIONS | 0x40;
    }
    int summary = (flags & ~fcw & FLOAT_EXCEPTIONS) != 0 ? 0x8080 : 0;
    return random.nextInt(8) << 11 | random.nextInt() & 0x4700 | flags | summary;
  }

  private int mxcsr() {
    if (random.nextInt(3) == 0) {
      return DEFAULT_MXCSR;
    }
    int masks = random.nextInt(6) == 0 ? random.nextInt(64) << 7 : DEFAULT_MXCSR;
    int flush = random.nextInt(4) == 0 ? random.nextInt() & (MXCSR_DAZ | MXCSR_FTZ) : 0;
    int flags = random.nextInt(3) == 0 ? random.nextInt(64) : 0;
    return random.nextInt(4) << 13 | masks | flush | flags;
  }
}
