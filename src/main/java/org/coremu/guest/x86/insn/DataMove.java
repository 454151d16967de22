package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.Effect;
import org.coremu.ir.IrOp;

/**
 * Moves between general registers and memory, extensions, byte swaps; NOPs, hints and cache
 * control.
 */
public final class DataMove implements Family {
  private static final int RAX = 0;
  private static final int RDX = 2;
  private static final int RBX = 3;

  /** Faults as a load of the byte at a does; nothing else of a cache line is modelled. */
  private static final int CHECK_READABLE =
      X86Helpers.add(
          "checkReadable",
          Effect.FAULTS | Effect.READS_STATE | Effect.VISIBLE,
          (core, address, b, c) -> core.memory.readableRam(address));

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "mov" -> mov(t);
      case "movFromSegment" -> movFromSegment(t);
      case "movzx" -> movzx(t);
      case "movsx" -> movsx(t);
      case "movsxd" -> movsxd(t);
      case "lea" -> lea(t);
      case "xchgAccumulator" -> xchgAccumulator(t);
      case "signExtendAccumulator" -> signExtendAccumulator(t);
      case "signExtendToDx" -> signExtendToDx(t);
      case "xlat" -> xlat(t);
      case "bswap" -> bswap(t);
      case "movbe" -> movbe(t);
      case "clflush" -> clflush(t);
      case "nop" -> nop(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void mov(X86Ir t) {
    t.write(0, t.raw(1));
  }

  static void movFromSegment(X86Ir t) {
    t.write(0, t.raw(1));
  }

  static void movzx(X86Ir t) {
    t.write(0, t.zx(1));
  }

  static void movsx(X86Ir t) {
    t.write(0, t.sx(1));
  }

  static void movsxd(X86Ir t) {
    t.write(0, t.sx(1));
  }

  static void lea(X86Ir t) {
    t.write(0, t.offset());
  }

  /** The opcode 90 with RAX is NOP: it does not clear the upper half (SDM, XCHG). */
  static void xchgAccumulator(X86Ir t) {
    if (t.insn.rm != RAX) {
      int a = t.raw(0);
      int b = t.raw(1);
      t.write(0, b);
      t.write(1, a);
    }
  }

  /** CBW, CWDE, CDQE. */
  static void signExtendAccumulator(X86Ir t) {
    t.setReg(RAX, t.insn.opSize, t.ir.sext(t.gpr(RAX), t.insn.opSize / 2));
  }

  /** CWD, CDQ, CQO. */
  static void signExtendToDx(X86Ir t) {
    int bits = t.insn.opSize;
    t.setReg(RDX, bits, t.ir.sar(t.ir.sext(t.gpr(RAX), bits), 63));
  }

  static void xlat(X86Ir t) {
    int sum = t.ir.add(t.gpr(RBX), t.ir.zext(t.gpr(RAX), 8));
    int offset = t.ir.zext(sum, t.insn.addrSize);
    t.setReg(RAX, 8, t.ir.load(8, t.linear(t.insn.segment, offset, 8, false), 0));
  }

  /** Of 16 bits it is undefined; processors give 0. */
  static void bswap(X86Ir t) {
    int v = t.raw(0);
    switch (t.insn.opSize) {
      case 16 -> t.write(0, t.ir.constant(0));
      case 32 -> t.write(0, t.ir.unary(IrOp.BSWAP32, v));
      default -> t.write(0, t.ir.unary(IrOp.BSWAP64, v));
    }
  }

  static void movbe(X86Ir t) {
    int swapped = t.ir.unary(IrOp.BSWAP64, t.raw(1));
    t.write(0, t.ir.shr(swapped, 64 - t.insn.opSize));
  }

  static void clflush(X86Ir t) {
    t.memory(8, false);
    t.ir.call(CHECK_READABLE, t.address());
  }

  static void nop(X86Ir t) {
    // nothing: a hint, or an operand that is not accessed
  }
}
