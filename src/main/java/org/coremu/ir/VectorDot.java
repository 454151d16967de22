package org.coremu.ir;

import org.coremu.bits.FpEnv;
import org.coremu.bits.SoftFloat32;
import org.coremu.bits.SoftFloat64;

/**
 * The dot product, VFDOT: products of the chosen lanes, summed pair by pair, broadcast to the
 * chosen lanes.
 */
final class VectorDot {
  private VectorDot() {}

  static long low(long al, long ah, long bl, long bh, int imm, FpEnv env) {
    return half(al, ah, bl, bh, imm, imm >> 8, env);
  }

  static long high(long al, long ah, long bl, long bh, int imm, FpEnv env) {
    return half(
        al, ah, bl, bh, imm, (imm & FpLanes.MASK) == FpLanes.PACKED32 ? imm >> 10 : imm >> 9, env);
  }

  private static long half(long al, long ah, long bl, long bh, int imm, int wanted, FpEnv env) {
    int chosen = imm >> 12;
    if ((imm & FpLanes.MASK) == FpLanes.PACKED64) {
      long low = (chosen & 1) == 0 ? 0 : SoftFloat64.mul(al, bl, env);
      long high = (chosen & 2) == 0 ? 0 : SoftFloat64.mul(ah, bh, env);
      return stopped(env) ? 0 : SoftFloat64.add(low, high, env) & -(wanted & 1L);
    }
    int p0 = product(al, bl, chosen, env);
    int p1 = product(al >>> 32, bl >>> 32, chosen >> 1, env);
    int p2 = product(ah, bh, chosen >> 2, env);
    int p3 = product(ah >>> 32, bh >>> 32, chosen >> 3, env);
    if (stopped(env)) {
      return 0;
    }
    int low = SoftFloat32.add(p0, p1, env);
    int high = SoftFloat32.add(p2, p3, env);
    if (stopped(env)) {
      return 0;
    }
    long sum = SoftFloat32.add(low, high, env) & 0xffffffffL;
    return sum & -(wanted & 1L) | sum << 32 & -(wanted >> 1 & 1L);
  }

  private static int product(long a, long b, int chosen, FpEnv env) {
    return (chosen & 1) == 0 ? 0 : SoftFloat32.mul((int) a, (int) b, env);
  }

  /**
   * Ends a step. Whether it has raised an exception that is not masked: then the next one is not
   * done.
   */
  private static boolean stopped(FpEnv env) {
    if (env.masks == FpEnv.ALL_EXCEPTIONS) {
      return false;
    }
    if ((env.flags & ~env.masks) != 0) {
      return true;
    }
    env.endSse();
    env.begin();
    return false;
  }
}
