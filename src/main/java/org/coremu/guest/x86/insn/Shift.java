package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.Cond;
import org.coremu.ir.Effect;
import org.coremu.ir.FlagKind;
import org.coremu.ir.Flags;
import org.coremu.ir.IrOp;

/**
 * Shifts and rotates. Counts are taken modulo 32, or 64 for 64-bit operands; a count of 0 leaves
 * the flags alone. Where the SDM leaves OF undefined (counts above 1) it is what its one-bit
 * definition gives.
 */
public final class Shift implements Family {
  /** Result of RCL: a zero-extended value, b {@link #packed count}, c carry-in. */
  private static final int RCL =
      X86Helpers.add(
          "rcl", Effect.NONE, (core, a, b, c) -> rotateLeft(a, (int) b, c) & valueMask(b));

  private static final int RCR =
      X86Helpers.add(
          "rcr", Effect.NONE, (core, a, b, c) -> rotateRight(a, (int) b, c) & valueMask(b));

  /** CF out of RCL, operands as above. */
  private static final int RCL_CARRY =
      X86Helpers.add("rclCarry", Effect.NONE, (core, a, b, c) -> rotateLeftCarry(a, (int) b, c));

  private static final int RCR_CARRY =
      X86Helpers.add("rcrCarry", Effect.NONE, (core, a, b, c) -> rotateRightCarry(a, (int) b, c));

  /**
   * Flags of SHLD and SHRD: a result, b destination before, c {@link #packed count} and 1 &lt;&lt;
   * 16 for SHRD.
   */
  private static final int DOUBLE_FLAGS =
      X86Helpers.add(
          "shiftDoubleFlags", Effect.NONE, (core, a, b, c) -> doubleFlags(a, b, (int) c));

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "shl" -> shl(t);
      case "shr" -> shr(t);
      case "sar" -> sar(t);
      case "rol" -> rol(t);
      case "ror" -> ror(t);
      case "rcl" -> rcl(t);
      case "rcr" -> rcr(t);
      case "shld" -> shld(t);
      case "shrd" -> shrd(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void shl(X86Ir t) {
    int count = count(t, 1);
    int a = t.update(0);
    t.write(0, t.op(IrOp.SHL, IrOp.SHL32, a, count));
    t.ir.flagsUnlessZero(FlagKind.SHL, t.insn.opSize, a, count);
  }

  static void shr(X86Ir t) {
    int count = count(t, 1);
    int a = t.insn.opSize < 32 ? zx(t) : t.update(0);
    t.write(0, t.op(IrOp.SHR, IrOp.SHR32, a, count));
    t.ir.flagsUnlessZero(FlagKind.SHR, t.insn.opSize, a, count);
  }

  static void sar(X86Ir t) {
    int count = count(t, 1);
    int a = t.insn.opSize < 32 ? t.ir.sext(t.update(0), t.insn.opSize) : t.update(0);
    t.write(0, t.op(IrOp.SAR, IrOp.SAR32, a, count));
    t.ir.flagsUnlessZero(FlagKind.SAR, t.insn.opSize, a, count);
  }

  static void rol(X86Ir t) {
    int count = count(t, 1);
    int r = rotate(t, IrOp.ROL, IrOp.ROL32, count);
    t.write(0, r);
    int carry = t.ir.mask(r, 1);
    rotateFlags(t, count, carry, t.ir.xor(carry, t.ir.shr(r, t.insn.opSize - 1)));
  }

  static void ror(X86Ir t) {
    int count = count(t, 1);
    int r = rotate(t, IrOp.ROR, IrOp.ROR32, count);
    t.write(0, r);
    int top = t.insn.opSize - 1;
    int carry = t.ir.mask(t.ir.shr(r, top), 1);
    rotateFlags(t, count, carry, t.ir.xor(carry, t.ir.shr(r, top - 1)));
  }

  /** Rotates; 8 and 16 bits as part of 32 that repeat them. */
  private static int rotate(X86Ir t, IrOp op64, IrOp op32, int count) {
    return switch (t.insn.opSize) {
      case 8 -> t.ir.binary(op32, t.ir.binary(IrOp.MUL, zx(t), t.ir.constant(0x0101_0101)), count);
      case 16 -> t.ir.binary(op32, t.ir.binary(IrOp.MUL, zx(t), t.ir.constant(0x0001_0001)), count);
      case 32 -> t.ir.binary(op32, t.update(0), count);
      default -> t.ir.binary(op64, t.update(0), count);
    };
  }

  static void rcl(X86Ir t) {
    int count = count(t, 1);
    int packed = packed(t, count);
    int carryIn = t.ir.cond(Cond.B);
    int a = zx(t);
    int r = t.ir.call(RCL, a, packed, carryIn);
    t.write(0, r);
    int carry = t.ir.call(RCL_CARRY, a, packed, carryIn);
    rotateFlags(t, count, carry, t.ir.xor(carry, t.ir.shr(r, t.insn.opSize - 1)));
  }

  static void rcr(X86Ir t) {
    int count = count(t, 1);
    int packed = packed(t, count);
    int carryIn = t.ir.cond(Cond.B);
    int a = zx(t);
    int r = t.ir.call(RCR, a, packed, carryIn);
    t.write(0, r);
    int carry = t.ir.call(RCR_CARRY, a, packed, carryIn);
    int top = t.insn.opSize - 1;
    rotateFlags(t, count, carry, t.ir.xor(t.ir.shr(r, top), t.ir.shr(r, top - 1)));
  }

  static void shld(X86Ir t) {
    int count = count(t, 2);
    int source = t.raw(1);
    int d = t.update(0);
    int r;
    if (t.insn.opSize == 64) {
      // the source's shift by 64 - count, right also for 0
      int rest = t.ir.sub(t.ir.constant(63), count);
      int in = t.ir.binary(IrOp.SHR, t.ir.shr(source, 1), rest);
      r = t.ir.or(t.ir.binary(IrOp.SHL, d, count), in);
    } else {
      int high = t.ir.shl(d, 32);
      int wide = t.insn.opSize == 32 ? t.ir.or(high, t.ir.zext(source, 32)) : tripled(t, d, source);
      r = t.ir.shr(t.ir.binary(IrOp.SHL, wide, count), 32);
    }
    t.write(0, r);
    doubleFlags(t, r, d, count, 0);
  }

  static void shrd(X86Ir t) {
    int count = count(t, 2);
    int source = t.raw(1);
    int d = t.update(0);
    int r;
    if (t.insn.opSize == 64) {
      int rest = t.ir.sub(t.ir.constant(63), count);
      int in = t.ir.binary(IrOp.SHL, t.ir.shl(source, 1), rest);
      r = t.ir.or(t.ir.binary(IrOp.SHR, d, count), in);
    } else {
      int wide =
          t.insn.opSize == 32
              ? t.ir.or(t.ir.shl(source, 32), t.ir.zext(d, 32))
              : tripled(t, d, source);
      r = t.ir.binary(IrOp.SHR, wide, count);
    }
    t.write(0, r);
    doubleFlags(t, r, d, count, 1 << 16);
  }

  /**
   * Destination, source, destination, 16 bits each: what processors shift when the count exceeds
   * 16.
   */
  private static int tripled(X86Ir t, int d, int source) {
    int low = t.ir.or(t.ir.shl(t.ir.zext(source, 16), 16), t.ir.zext(d, 16));
    return t.ir.or(t.ir.shl(d, 32), low);
  }

  /** The operand to be shifted, zero-extended. */
  private static int zx(X86Ir t) {
    return t.ir.zext(t.update(0), t.insn.opSize);
  }

  // ---- counts and flags

  private static int count(X86Ir t, int operand) {
    return t.ir.mask(t.raw(operand), t.insn.opSize == 64 ? 63 : 31);
  }

  /** A count with the operand size, for helpers: bits 7:0 and 15:8. */
  private static int packed(X86Ir t, int count) {
    return t.ir.plus(count, (long) t.insn.opSize << 8);
  }

  /** Sets CF and OF (of which bit 0 counts) unless the count is 0. */
  private static void rotateFlags(X86Ir t, int count, int carry, int overflow) {
    int old = t.ir.getFlags();
    int cleared = t.ir.mask(old, ~(long) (Flags.CF | Flags.OF));
    int of = t.ir.shl(t.ir.mask(overflow, 1), 11);
    setFlagsUnlessZero(t, count, t.ir.or(t.ir.or(cleared, carry), of), old);
  }

  private static void doubleFlags(X86Ir t, int result, int before, int count, long right) {
    int packed = t.ir.plus(packed(t, count), right);
    setFlagsUnlessZero(t, count, t.ir.call(DOUBLE_FLAGS, result, before, packed), t.ir.getFlags());
  }

  private static void setFlagsUnlessZero(X86Ir t, int count, int flags, int old) {
    t.ir.setFlags(t.ir.select(count, flags, old));
  }

  // ---- helpers

  private static long valueMask(long packed) {
    return -1L >>> 64 - (packed >> 8);
  }

  private static long rotateLeft(long a, int packed, long carry) {
    int bits = packed >> 8;
    int n = (packed & 0xff) % (bits + 1);
    if (n == 0) {
      return a;
    }
    long in = n == 1 ? 0 : a >>> bits - n + 1;
    return (n == 64 ? 0 : a << n) | carry << n - 1 | in;
  }

  private static long rotateLeftCarry(long a, int packed, long carry) {
    int bits = packed >> 8;
    int n = (packed & 0xff) % (bits + 1);
    return n == 0 ? carry : a >>> bits - n & 1;
  }

  private static long rotateRight(long a, int packed, long carry) {
    int bits = packed >> 8;
    int n = (packed & 0xff) % (bits + 1);
    if (n == 0) {
      return a;
    }
    long in = n == 1 ? 0 : a << bits - n + 1;
    return (n == 64 ? 0 : a >>> n) | carry << bits - n | in;
  }

  private static long rotateRightCarry(long a, int packed, long carry) {
    int n = (packed & 0xff) % ((packed >> 8) + 1);
    return n == 0 ? carry : a >>> n - 1 & 1;
  }

  private static long doubleFlags(long result, long before, int packed) {
    int count = packed & 0xff;
    int bits = packed >> 8 & 0xff;
    if (count == 0) {
      return 0;
    }
    int size = FlagKind.LOGIC + Integer.numberOfTrailingZeros(bits) - 3;
    int bit = (packed & 1 << 16) != 0 ? count - 1 : bits - count;
    // a 16-bit shift by more than 16 goes on with the destination's own bits
    long carry = before >>> (bit & bits - 1) & 1;
    long overflow = (result ^ before) >>> bits - 1 & 1;
    return Flags.pack(size, result, result, 0) | carry | overflow << 11;
  }
}
