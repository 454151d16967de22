package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.Form;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.Effect;
import org.coremu.ir.FlagKind;
import org.coremu.ir.Flags;
import org.coremu.ir.IrOp;

/** Bit tests, bit scans, population count and CRC-32C. */
public final class Bit implements Family {
  /** The polynomial of CRC-32C, bits reversed. */
  private static final int CRC32C = 0x82f63b78;

  private static final int[] CRC_OF_BYTE = crcTable();

  /** CRC a continued with the c low bytes of b. */
  private static final int CRC32 =
      X86Helpers.add(
          "crc32",
          Effect.NONE,
          (core, crc, data, bytes) -> {
            int sum = (int) crc;
            for (int i = 0; i < bytes; i++) {
              sum = sum >>> 8 ^ CRC_OF_BYTE[(sum ^ (int) (data >>> 8 * i)) & 0xff];
            }
            return sum & 0xffff_ffffL;
          });

  private static int[] crcTable() {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc >>> 1 ^ ((crc & 1) != 0 ? CRC32C : 0);
      }
      table[i] = crc;
    }
    return table;
  }

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "bt" -> bt(t);
      case "bts" -> bts(t);
      case "btr" -> btr(t);
      case "btc" -> btc(t);
      case "bsf" -> bsf(t);
      case "bsr" -> bsr(t);
      case "popcnt" -> popcnt(t);
      case "crc32" -> crc32(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void bt(X86Ir t) {
    int bit = bitNumber(t);
    carry(t, t.raw(0), bit);
  }

  static void bts(X86Ir t) {
    int bit = bitNumber(t);
    change(t, bit, IrOp.OR, IrOp.FOR, mask(t, bit));
  }

  static void btr(X86Ir t) {
    int bit = bitNumber(t);
    change(t, bit, IrOp.AND, IrOp.FAND, t.ir.unary(IrOp.NOT, mask(t, bit)));
  }

  static void btc(X86Ir t) {
    int bit = bitNumber(t);
    change(t, bit, IrOp.XOR, IrOp.FXOR, mask(t, bit));
  }

  private static int mask(X86Ir t, int bit) {
    return t.ir.binary(IrOp.SHL, t.ir.constant(1), bit);
  }

  private static void change(X86Ir t, int bit, IrOp op, IrOp atomic, int mask) {
    int old;
    if (t.insn.lock) {
      t.memory(t.insn.opSize, true);
      old = t.ir.atomic(atomic, t.insn.opSize, t.address(), mask);
    } else {
      old = t.update(0);
      t.write(0, t.ir.binary(op, old, mask));
    }
    carry(t, old, bit);
  }

  /**
   * The bit's number within the operand; a register's selects the operand from a bit string in
   * memory.
   */
  private static int bitNumber(X86Ir t) {
    int size = t.insn.opSize;
    int number = t.raw(1);
    if (t.insn.memory && t.insn.row.form[1] == Form.G) {
      int log = Integer.numberOfTrailingZeros(size);
      int element = t.ir.sar(t.ir.sext(number, size), log);
      t.addToOffset(t.ir.shl(element, log - 3));
    }
    return t.ir.mask(number, size - 1);
  }

  /** Sets CF to a bit; processors leave the other flags alone. */
  private static void carry(X86Ir t, int value, int bit) {
    t.setFlags(Flags.CF, t.ir.mask(t.ir.binary(IrOp.SHR, value, bit), 1));
  }

  static void bsf(X86Ir t) {
    int v = t.zx(1);
    scan(t, v, t.ir.unary(IrOp.CTZ64, v));
  }

  static void bsr(X86Ir t) {
    int v = t.zx(1);
    scan(t, v, t.ir.sub(t.ir.constant(63), t.ir.unary(IrOp.CLZ64, v)));
  }

  /** Of 0, the destination stays as it was, all 64 bits of it: software relies on it. */
  private static void scan(X86Ir t, int v, int position) {
    int before = t.gpr(t.insn.reg);
    int r = t.insn.opSize == 16 ? t.ir.binary(IrOp.DEP16, before, position) : position;
    t.setReg(t.insn.reg, 64, t.ir.select(v, r, before));
    t.flags(FlagKind.LOGIC, v, v);
  }

  static void popcnt(X86Ir t) {
    int v = t.zx(1);
    t.write(0, t.ir.unary(IrOp.POPCNT64, v));
    t.ir.setFlags(t.ir.shl(t.ir.binary(IrOp.EQ, v, t.ir.constant(0)), 6));
  }

  static void crc32(X86Ir t) {
    int data = t.raw(1);
    t.write(0, t.ir.call(CRC32, t.raw(0), data, t.ir.constant(t.insn.width(1) / 8)));
  }
}
