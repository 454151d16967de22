package org.coremu.guest.x86.insn;

import static org.coremu.guest.x86.insn.VectorOperands.binary;
import static org.coremu.guest.x86.insn.VectorOperands.high;
import static org.coremu.guest.x86.insn.VectorOperands.imm;
import static org.coremu.guest.x86.insn.VectorOperands.isMmx;
import static org.coremu.guest.x86.insn.VectorOperands.low;
import static org.coremu.guest.x86.insn.VectorOperands.pack;
import static org.coremu.guest.x86.insn.VectorOperands.pairs;
import static org.coremu.guest.x86.insn.VectorOperands.read;
import static org.coremu.guest.x86.insn.VectorOperands.unary;
import static org.coremu.guest.x86.insn.VectorOperands.write;
import static org.coremu.ir.Lane.I16;
import static org.coremu.ir.Lane.I32;
import static org.coremu.ir.Lane.I64;
import static org.coremu.ir.Lane.I8;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Ir;
import org.coremu.ir.IrOp;

/** Lanes moved within and between vectors: shuffles, packs and unpacks, inserts, extracts, blends. */
public final class PackedShuffle implements Family {
  @Override
  public void translate(String method, X86Ir t) {
    VectorOperands.begin(t);
    if (!packs(method, t) && !shuffles(method, t) && !lanes(method, t)) {
      throw Family.unknown(method, t);
    }
    VectorOperands.end(t);
  }

  private static boolean packs(String method, X86Ir t) {
    switch (method) {
      case "packsswb" -> pairs(t, IrOp.VPACKS, I16);
      case "packssdw" -> pairs(t, IrOp.VPACKS, I32);
      case "packuswb" -> pairs(t, IrOp.VPACKU, I16);
      case "packusdw" -> pairs(t, IrOp.VPACKU, I32);
      case "punpcklbw" -> binary(t, IrOp.VUNPACKL, I8);
      case "punpcklwd" -> binary(t, IrOp.VUNPACKL, I16);
      case "punpckldq", "unpcklps" -> binary(t, IrOp.VUNPACKL, I32);
      case "punpcklqdq", "unpcklpd" -> binary(t, IrOp.VUNPACKL, I64);
      case "punpckhbw" -> unpackHigh(t, I8);
      case "punpckhwd" -> unpackHigh(t, I16);
      case "punpckhdq", "unpckhps" -> unpackHigh(t, I32);
      case "punpckhqdq", "unpckhpd" -> unpackHigh(t, I64);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static boolean shuffles(String method, X86Ir t) {
    switch (method) {
      case "pshufb" -> pshufb(t);
      case "pshufd" -> unary(t, IrOp.VSHUFD, imm(t));
      case "pshufw", "pshuflw" -> unary(t, IrOp.VSHUFLW, imm(t));
      case "pshufhw" -> unary(t, IrOp.VSHUFHW, imm(t));
      case "shufps" -> binary(t, IrOp.VSHUFPS, imm(t));
      case "shufpd" -> binary(t, IrOp.VSHUFPD, imm(t));
      case "palignr" -> palignr(t);
      case "blendps" -> binary(t, IrOp.VBLEND, I32 | (imm(t) & 15) << 8);
      case "blendpd" -> binary(t, IrOp.VBLEND, I64 | (imm(t) & 3) << 8);
      case "pblendw" -> binary(t, IrOp.VBLEND, I16 | imm(t) << 8);
      case "pblendvb" -> blendByMask(t, I8);
      case "blendvps" -> blendByMask(t, I32);
      case "blendvpd" -> blendByMask(t, I64);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static boolean lanes(String method, X86Ir t) {
    switch (method) {
      case "pinsrb" -> insert(t, I8);
      case "pinsrw" -> insert(t, I16);
      case "pinsrd" -> insert(t, t.insn.width(1) == 64 ? I64 : I32);
      case "insertps" -> binary(t, IrOp.VINSERTPS, t.insn.memory ? imm(t) & 0x3f : imm(t));
      case "pextrb" -> extract(t, I8);
      case "pextrw" -> extract(t, I16);
      case "pextrd" -> extract(t, t.insn.width(0) == 64 ? I64 : I32);
      case "extractps" -> extract(t, I32);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** The high half of a 64-bit register is the high half of what unpacking the low halves of vectors gives. */
  private static void unpackHigh(X86Ir t, int lane) {
    if (isMmx(t)) {
      int a = read(t, 0);
      int both = t.ir.emit(IrOp.VUNPACKL, a, read(t, 1), -1, lane);
      write(t, 0, pack(t, high(t, both)));
    } else {
      binary(t, IrOp.VUNPACKH, lane);
    }
  }

  /** A 64-bit register counts twice, so that bit 3 of an index does not matter. */
  static void pshufb(X86Ir t) {
    if (isMmx(t)) {
      int a = low(t, read(t, 0));
      write(t, 0, t.ir.emit(IrOp.VSHUFB, pack(t, a, a), read(t, 1), -1, 0));
    } else {
      binary(t, IrOp.VSHUFB, 0);
    }
  }

  static void palignr(X86Ir t) {
    if (isMmx(t)) {
      int a = low(t, read(t, 0));
      int both = pack(t, low(t, read(t, 1)), a);
      write(t, 0, t.ir.emit(IrOp.VSHRB, both, -1, -1, Math.min(imm(t), 16)));
    } else {
      binary(t, IrOp.VALIGN, Math.min(imm(t), 32));
    }
  }

  private static void blendByMask(X86Ir t, int lane) {
    int a = read(t, 0);
    int b = read(t, 1);
    write(t, 0, t.ir.emit(IrOp.VBLENDV, a, b, read(t, 2), lane));
  }

  private static int laneNumber(X86Ir t, int lane, boolean mmx) {
    return imm(t) & ((mmx ? 8 : 16) >> lane) - 1;
  }

  private static void insert(X86Ir t, int lane) {
    int value = t.raw(1);
    write(t, 0, t.ir.emit(IrOp.VINSERT, read(t, 0), value, -1, lane | laneNumber(t, lane, isMmx(t)) << 8));
  }

  private static void extract(X86Ir t, int lane) {
    int number = laneNumber(t, lane, VectorOperands.usesMmx(t));
    t.write(0, t.ir.emit(IrOp.VEXTRACT, read(t, 1), -1, -1, lane | number << 8));
  }
}
