package org.coremu.guest.x86.insn;

import static org.coremu.guest.x86.insn.VectorOperands.high;
import static org.coremu.guest.x86.insn.VectorOperands.low;
import static org.coremu.guest.x86.insn.VectorOperands.pack;
import static org.coremu.guest.x86.insn.VectorOperands.read;
import static org.coremu.guest.x86.insn.VectorOperands.write;
import static org.coremu.ir.Lane.I32;
import static org.coremu.ir.Lane.I64;
import static org.coremu.ir.Lane.I8;

import org.coremu.exec.Core;
import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86State;
import org.coremu.ir.Effect;
import org.coremu.ir.IrOp;

/** Moves of whole vectors and of their parts. */
public final class VectorMove implements Family {
  /** Stores those of the 8 bytes of b to address a whose bits in c are set. */
  private static final int STORE_BYTES =
      X86Helpers.add(
          "store_bytes",
          Effect.FAULTS | Effect.READS_STATE | Effect.VISIBLE,
          VectorMove::storeBytes);

  /** Faults if one of the b bytes at address a cannot be written. */
  private static final int CHECK_WRITABLE =
      X86Helpers.add(
          "check_writable",
          Effect.FAULTS | Effect.READS_STATE | Effect.VISIBLE,
          (core, address, bytes, c) -> {
            core.memory.checkWritable(address, (int) bytes);
            return 0;
          });

  @Override
  public void translate(String method, X86Ir t) {
    VectorOperands.begin(t);
    switch (method) {
      case "movAligned" -> movAligned(t);
      case "movUnaligned" -> movUnaligned(t);
      case "movss" -> movss(t);
      case "movsd" -> movsd(t);
      case "movd" -> movd(t);
      case "movq" -> movq(t);
      case "movq2dq" -> movq2dq(t);
      case "movdq2q" -> movdq2q(t);
      case "maskmov" -> maskmov(t);
      case "movlps" -> movlps(t);
      case "movhps" -> movhps(t);
      case "movhlps" -> movhlps(t);
      case "movlhps" -> movlhps(t);
      case "movsldup" -> movsldup(t);
      case "movshdup" -> movshdup(t);
      case "movddup" -> movddup(t);
      case "movmskps" -> movmskps(t);
      case "movmskpd" -> movmskpd(t);
      case "pmovmskb" -> pmovmskb(t);
      default -> throw Family.unknown(method, t);
    }
    VectorOperands.end(t);
  }

  static void movAligned(X86Ir t) {
    write(t, 0, read(t, 1));
  }

  static void movss(X86Ir t) {
    movScalar(t, I32);
  }

  static void movsd(X86Ir t) {
    movScalar(t, I64);
  }

  static void movq(X86Ir t) {
    write(t, 0, pack(t, low(t, read(t, 1))));
  }

  static void movq2dq(X86Ir t) {
    write(t, 0, pack(t, low(t, read(t, 1))));
  }

  static void movdq2q(X86Ir t) {
    write(t, 0, pack(t, low(t, read(t, 1))));
  }

  static void movlps(X86Ir t) {
    movHalf(t, 0);
  }

  static void movhps(X86Ir t) {
    movHalf(t, 1);
  }

  static void movlhps(X86Ir t) {
    VectorOperands.binary(t, IrOp.VUNPACKL, I64);
  }

  static void movsldup(X86Ir t) {
    VectorOperands.unary(t, IrOp.VSHUFD, 0xa0);
  }

  static void movshdup(X86Ir t) {
    VectorOperands.unary(t, IrOp.VSHUFD, 0xf5);
  }

  static void movmskps(X86Ir t) {
    signs(t, I32);
  }

  static void movmskpd(X86Ir t) {
    signs(t, I64);
  }

  static void pmovmskb(X86Ir t) {
    signs(t, I8);
  }

  static void movUnaligned(X86Ir t) {
    if (!t.insn.memory) {
      write(t, 0, read(t, 1));
    } else if (t.insn.isMemory(0)) {
      int v = read(t, 1);
      t.memory(128, true);
      t.storeV(v, false);
    } else {
      t.memory(128, false);
      write(t, 0, t.loadV(false));
    }
  }

  /** From memory the rest becomes 0, from a register it stays. */
  private static void movScalar(X86Ir t, int lane) {
    int b = read(t, 1);
    write(t, 0, t.insn.memory ? b : t.ir.emit(IrOp.VBLEND, read(t, 0), b, -1, lane | 1 << 8));
  }

  static void movd(X86Ir t) {
    switch (t.insn.row.form[0]) {
      case P, V -> write(t, 0, pack(t, t.zx(1)));
      default -> t.write(0, low(t, read(t, 1)));
    }
  }

  private static void movHalf(X86Ir t, int half) {
    if (t.insn.isMemory(0)) {
      int v = read(t, 1);
      t.memory(64, true);
      t.storeAt(64, 0, half == 0 ? low(t, v) : high(t, v));
    } else {
      t.memory(64, false);
      int part = t.loadAt(64, 0);
      write(t, 0, t.ir.emit(IrOp.VINSERT, read(t, 0), part, -1, I64 | half << 8));
    }
  }

  static void movhlps(X86Ir t) {
    int b = read(t, 1);
    write(t, 0, t.ir.emit(IrOp.VUNPACKH, b, read(t, 0), -1, I64));
  }

  static void movddup(X86Ir t) {
    int b = read(t, 1);
    write(t, 0, t.ir.emit(IrOp.VUNPACKL, b, b, -1, I64));
  }

  private static void signs(X86Ir t, int lane) {
    t.write(0, t.ir.emit(IrOp.VMOVMSK, read(t, 1), -1, -1, lane));
  }

  /**
   * Stores to DS (or the override):rDI the bytes of operand 0 where operand 1 is negative. As on
   * AMD's processors, all of the range must be writable.
   */
  static void maskmov(X86Ir t) {
    int data = read(t, 0);
    int mask = t.ir.emit(IrOp.VMOVMSK, read(t, 1), -1, -1, I8);
    int offset = t.ir.zext(t.gpr(X86State.RDI - X86State.GPR), t.insn.addrSize);
    boolean mmx = VectorOperands.isMmx(t);
    int address = t.linear(t.insn.segment, offset, mmx ? 64 : 128, true);
    // The registers have become MMX registers even if the store faults.
    VectorOperands.end(t);
    t.ir.call(CHECK_WRITABLE, address, t.ir.constant(mmx ? 8 : 16));
    t.ir.call(STORE_BYTES, address, low(t, data), t.ir.mask(mask, 0xff));
    if (!mmx) {
      t.ir.call(STORE_BYTES, t.ir.plus(address, 8), high(t, data), t.ir.shr(mask, 8));
    }
  }

  private static long storeBytes(Core core, long address, long data, long mask) {
    for (int i = 0; i < 8; i++) {
      if ((mask >>> i & 1) != 0) {
        core.memory.store(address + i, data >>> 8 * i, 1);
      }
    }
    return 0;
  }
}
