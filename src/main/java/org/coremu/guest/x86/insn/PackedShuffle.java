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

/**
 * Lanes moved within and between vectors: shuffles, packs and unpacks, inserts, extracts, blends.
 */
public final class PackedShuffle implements Family {
  @Override
  public void translate(String method, X86Ir t) {
    VectorOperands.begin(t);
    switch (method) {
      case "packsswb" -> packsswb(t);
      case "packssdw" -> packssdw(t);
      case "packuswb" -> packuswb(t);
      case "packusdw" -> packusdw(t);
      case "punpcklbw" -> punpcklbw(t);
      case "punpcklwd" -> punpcklwd(t);
      case "punpckldq" -> punpckldq(t);
      case "unpcklps" -> unpcklps(t);
      case "punpcklqdq" -> punpcklqdq(t);
      case "unpcklpd" -> unpcklpd(t);
      case "punpckhbw" -> punpckhbw(t);
      case "punpckhwd" -> punpckhwd(t);
      case "punpckhdq" -> punpckhdq(t);
      case "unpckhps" -> unpckhps(t);
      case "punpckhqdq" -> punpckhqdq(t);
      case "unpckhpd" -> unpckhpd(t);
      case "pshufb" -> pshufb(t);
      case "pshufd" -> pshufd(t);
      case "pshufw" -> pshufw(t);
      case "pshuflw" -> pshuflw(t);
      case "pshufhw" -> pshufhw(t);
      case "shufps" -> shufps(t);
      case "shufpd" -> shufpd(t);
      case "palignr" -> palignr(t);
      case "blendps" -> blendps(t);
      case "blendpd" -> blendpd(t);
      case "pblendw" -> pblendw(t);
      case "pblendvb" -> pblendvb(t);
      case "blendvps" -> blendvps(t);
      case "blendvpd" -> blendvpd(t);
      case "pinsrb" -> pinsrb(t);
      case "pinsrw" -> pinsrw(t);
      case "pinsrd" -> pinsrd(t);
      case "insertps" -> insertps(t);
      case "pextrb" -> pextrb(t);
      case "pextrw" -> pextrw(t);
      case "pextrd" -> pextrd(t);
      case "extractps" -> extractps(t);
      default -> throw Family.unknown(method, t);
    }
    VectorOperands.end(t);
  }

  static void packsswb(X86Ir t) {
    pairs(t, IrOp.VPACKS, I16);
  }

  static void packssdw(X86Ir t) {
    pairs(t, IrOp.VPACKS, I32);
  }

  static void packuswb(X86Ir t) {
    pairs(t, IrOp.VPACKU, I16);
  }

  static void packusdw(X86Ir t) {
    pairs(t, IrOp.VPACKU, I32);
  }

  static void punpcklbw(X86Ir t) {
    binary(t, IrOp.VUNPACKL, I8);
  }

  static void punpcklwd(X86Ir t) {
    binary(t, IrOp.VUNPACKL, I16);
  }

  static void punpckldq(X86Ir t) {
    binary(t, IrOp.VUNPACKL, I32);
  }

  static void unpcklps(X86Ir t) {
    binary(t, IrOp.VUNPACKL, I32);
  }

  static void punpcklqdq(X86Ir t) {
    binary(t, IrOp.VUNPACKL, I64);
  }

  static void unpcklpd(X86Ir t) {
    binary(t, IrOp.VUNPACKL, I64);
  }

  static void punpckhbw(X86Ir t) {
    unpackHigh(t, I8);
  }

  static void punpckhwd(X86Ir t) {
    unpackHigh(t, I16);
  }

  static void punpckhdq(X86Ir t) {
    unpackHigh(t, I32);
  }

  static void unpckhps(X86Ir t) {
    unpackHigh(t, I32);
  }

  static void punpckhqdq(X86Ir t) {
    unpackHigh(t, I64);
  }

  static void unpckhpd(X86Ir t) {
    unpackHigh(t, I64);
  }

  static void pshufd(X86Ir t) {
    unary(t, IrOp.VSHUFD, imm(t));
  }

  static void pshufw(X86Ir t) {
    unary(t, IrOp.VSHUFLW, imm(t));
  }

  static void pshuflw(X86Ir t) {
    unary(t, IrOp.VSHUFLW, imm(t));
  }

  static void pshufhw(X86Ir t) {
    unary(t, IrOp.VSHUFHW, imm(t));
  }

  static void shufps(X86Ir t) {
    binary(t, IrOp.VSHUFPS, imm(t));
  }

  static void shufpd(X86Ir t) {
    binary(t, IrOp.VSHUFPD, imm(t));
  }

  static void blendps(X86Ir t) {
    binary(t, IrOp.VBLEND, I32 | (imm(t) & 15) << 8);
  }

  static void blendpd(X86Ir t) {
    binary(t, IrOp.VBLEND, I64 | (imm(t) & 3) << 8);
  }

  static void pblendw(X86Ir t) {
    binary(t, IrOp.VBLEND, I16 | imm(t) << 8);
  }

  static void pblendvb(X86Ir t) {
    blendByMask(t, I8);
  }

  static void blendvps(X86Ir t) {
    blendByMask(t, I32);
  }

  static void blendvpd(X86Ir t) {
    blendByMask(t, I64);
  }

  static void pinsrb(X86Ir t) {
    insert(t, I8);
  }

  static void pinsrw(X86Ir t) {
    insert(t, I16);
  }

  static void pinsrd(X86Ir t) {
    insert(t, t.insn.width(1) == 64 ? I64 : I32);
  }

  static void insertps(X86Ir t) {
    binary(t, IrOp.VINSERTPS, t.insn.memory ? imm(t) & 0x3f : imm(t));
  }

  static void pextrb(X86Ir t) {
    extract(t, I8);
  }

  static void pextrw(X86Ir t) {
    extract(t, I16);
  }

  static void pextrd(X86Ir t) {
    extract(t, t.insn.width(0) == 64 ? I64 : I32);
  }

  static void extractps(X86Ir t) {
    extract(t, I32);
  }

  /**
   * The high half of a 64-bit register is the high half of what unpacking the low halves of vectors
   * gives.
   */
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
    write(
        t,
        0,
        t.ir.emit(IrOp.VINSERT, read(t, 0), value, -1, lane | laneNumber(t, lane, isMmx(t)) << 8));
  }

  private static void extract(X86Ir t, int lane) {
    int number = laneNumber(t, lane, VectorOperands.usesMmx(t));
    t.write(0, t.ir.emit(IrOp.VEXTRACT, read(t, 1), -1, -1, lane | number << 8));
  }
}
