package org.coremu.ir;

import org.coremu.bits.FpEnv;
import org.coremu.bits.SoftFloat32;
import org.coremu.bits.SoftFloat64;

/** The dot product, VFDOT: products of the chosen lanes, summed pair by pair, broadcast to the chosen lanes. */
final class VectorDot {
  private VectorDot() {}

  static long low(long al, long ah, long bl, long bh, int imm, FpEnv env) {
    return half(al, ah, bl, bh, imm, imm >> 8, env);
  }

  static long high(long al, long ah, long bl, long bh, int imm, FpEnv env) {
    return half(al, ah, bl, bh, imm, (imm & FpLanes.MASK) == FpLanes.PACKED32 ? imm >> 10 : imm >> 9, env);
  }

  private static long half(long al, long ah, long bl, long bh, int imm, int wanted, FpEnv env) {
    int chosen = imm >> 12;
    if ((imm & FpLanes.MASK) == FpLanes.PACKED64) {
      long low = (chosen & 1) == 0 ? 0 : SoftFloat64.mul(al, bl, env);
      long high = (chosen & 2) == 0 ? 0 : SoftFloat64.mul(ah, bh, env);
      long sum = SoftFloat64.add(low, high, env);
      return (wanted & 1) == 0 ? 0 : sum;
    }
    int low = pairSum(al, bl, chosen, env);
    int high = pairSum(ah, bh, chosen >> 2, env);
    long sum = SoftFloat32.add(low, high, env) & 0xffffffffL;
    return ((wanted & 1) == 0 ? 0 : sum) | ((wanted & 2) == 0 ? 0 : sum << 32);
  }

  private static int pairSum(long a, long b, int chosen, FpEnv env) {
    int low = (chosen & 1) == 0 ? 0 : SoftFloat32.mul((int) a, (int) b, env);
    int high = (chosen & 2) == 0 ? 0 : SoftFloat32.mul((int) (a >>> 32), (int) (b >>> 32), env);
    return SoftFloat32.add(low, high, env);
  }
}
