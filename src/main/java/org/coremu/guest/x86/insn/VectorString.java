package org.coremu.guest.x86.insn;

import static org.coremu.guest.x86.insn.VectorOperands.imm;
import static org.coremu.guest.x86.insn.VectorOperands.pack;
import static org.coremu.guest.x86.insn.VectorOperands.read;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86State;
import org.coremu.ir.IrOp;
import org.coremu.ir.Lane;
import org.coremu.ir.StringCompare;

/** The string comparisons of SSE4.2 (SDM vol. 2, 4.1). Their memory operand need not be aligned. */
public final class VectorString implements Family {
  private static final int WORDS = 1;
  private static final int LAST_OR_LANES = 1 << 6;

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "pcmpestri" -> pcmpestri(t);
      case "pcmpestrm" -> pcmpestrm(t);
      case "pcmpistri" -> pcmpistri(t);
      case "pcmpistrm" -> pcmpistrm(t);
      default -> throw Family.unknown(method, t);
    }
  }

  static void pcmpestri(X86Ir t) {
    index(t, compare(t, 0, lengths(t)));
  }

  static void pcmpestrm(X86Ir t) {
    mask(t, compare(t, 0, lengths(t)));
  }

  static void pcmpistri(X86Ir t) {
    index(t, compare(t, StringCompare.IMPLICIT, t.ir.constant(0)));
  }

  static void pcmpistrm(X86Ir t) {
    mask(t, compare(t, StringCompare.IMPLICIT, t.ir.constant(0)));
  }

  private static int compare(X86Ir t, int implicit, int lengths) {
    int a = read(t, 0);
    int b;
    if (t.insn.memory) {
      t.memory(128, false);
      b = t.loadV(false);
    } else {
      b = read(t, 1);
    }
    return t.ir.emit(IrOp.VSTRING, a, b, lengths, implicit | imm(t) & 0x3f);
  }

  private static int lengths(X86Ir t) {
    int a = length(t, X86State.RAX - X86State.GPR);
    int b = length(t, X86State.RDX - X86State.GPR);
    return t.ir.or(a, t.ir.shl(b, 8));
  }

  /** The magnitude of a register, at most 16. */
  private static int length(X86Ir t, int number) {
    int x = t.ir.sext(t.gpr(number), t.insn.opSize == 64 ? 64 : 32);
    int sign = t.ir.sar(x, 63);
    int magnitude = t.ir.sub(t.ir.xor(x, sign), sign);
    int most = t.ir.constant(16);
    return t.ir.select(t.ir.binary(IrOp.LTU, magnitude, most), magnitude, most);
  }

  private static void flags(X86Ir t, int result) {
    t.ir.setFlags(t.ir.shr(result, 16));
  }

  private static void index(X86Ir t, int result) {
    int count = (imm(t) & WORDS) != 0 ? 8 : 16;
    int found = t.ir.mask(result, 0xffff);
    int at;
    if ((imm(t) & LAST_OR_LANES) == 0) {
      at = t.ir.unary(IrOp.CTZ64, t.ir.or(found, t.ir.constant(1 << count)));
    } else {
      int last = t.ir.sub(t.ir.constant(63), t.ir.unary(IrOp.CLZ64, found));
      at = t.ir.select(found, last, t.ir.constant(count));
    }
    t.ir.put(X86State.RCX, at);
    flags(t, result);
  }

  private static void mask(X86Ir t, int result) {
    int found = t.ir.mask(result, 0xffff);
    int v = (imm(t) & LAST_OR_LANES) == 0 ? pack(t, found) : lanes(t, found);
    t.ir.putV(X86State.xmm(0), v);
    flags(t, result);
  }

  /**
   * A lane of all ones for every bit: copies the mask to all lanes and compares its bit in each.
   */
  private static int lanes(X86Ir t, int found) {
    boolean words = (imm(t) & WORDS) != 0;
    int low = t.ir.mask(found, words ? 0xf : 0xff);
    int high = t.ir.shr(found, words ? 4 : 8);
    int copies = t.ir.constant(words ? 0x0001_0001_0001_0001L : 0x0101_0101_0101_0101L);
    int everywhere =
        pack(t, t.ir.binary(IrOp.MUL, low, copies), t.ir.binary(IrOp.MUL, high, copies));
    int bit = t.ir.constant(words ? 0x0008_0004_0002_0001L : 0x8040_2010_0804_0201L);
    int bits = pack(t, bit, bit);
    int chosen = t.ir.emit(IrOp.VAND, everywhere, bits, -1, 0);
    return t.ir.emit(IrOp.VCMPEQ, chosen, bits, -1, words ? Lane.I16 : Lane.I8);
  }
}
