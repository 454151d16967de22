package org.coremu.guest.x86.insn;

import org.coremu.exec.Core;
import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.Form;
import org.coremu.guest.x86.Segmentation;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86Mode;
import org.coremu.guest.x86.X86State;
import org.coremu.guest.x86.system.Bits;
import org.coremu.guest.x86.system.PortAccess;
import org.coremu.ir.Effect;

/** IN, OUT, INS and OUTS. */
public final class PortIo implements Family {
  /** Most transfers of a repeated instruction before the core looks at interrupts. */
  private static final int CHUNK = 512;

  private static final int REPEATED = 1 << 16;
  private static final int SEGMENT_SHIFT = 20;

  /** Port a, size in bytes b. */
  private static final int IN =
      X86Helpers.add(
          "in",
          Effect.ANY,
          (core, port, size, c) -> PortAccess.in(X86.of(core), (int) port, (int) size));

  /** Port a, value b, size in bytes c. */
  private static final int OUT =
      X86Helpers.add(
          "out",
          Effect.ANY,
          (core, port, value, size) -> {
            PortAccess.out(X86.of(core), (int) port, value, (int) size);
            return 0;
          });

  /**
   * a: size in bytes, address size in bits &lt;&lt; 8, REPEATED; gives 1 while there is more to do.
   */
  private static final int INS =
      X86Helpers.add("ins", Effect.ANY, (core, info, b, c) -> string(core, (int) info, true));

  /** As INS, and the segment in bits 22:20. */
  private static final int OUTS =
      X86Helpers.add("outs", Effect.ANY, (core, info, b, c) -> string(core, (int) info, false));

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "in" -> in(t);
      case "out" -> out(t);
      case "ins" -> ins(t);
      case "outs" -> outs(t);
      default -> throw Family.unknown(method, t);
    }
  }

  private static int port(X86Ir t, int n) {
    return t.insn.row.form[n] == Form.DX
        ? t.ir.zext(t.gpr(2), 16)
        : t.ir.constant(t.insn.imm & 0xff);
  }

  static void in(X86Ir t) {
    int bits = t.insn.width(0);
    t.setReg(0, bits, t.ir.call(IN, port(t, 1), t.ir.constant(bits / 8)));
  }

  static void out(X86Ir t) {
    int bits = t.insn.width(1);
    t.ir.call(OUT, port(t, 0), t.ir.zext(t.gpr(0), bits), t.ir.constant(bits / 8));
  }

  static void ins(X86Ir t) {
    repeat(t, INS, t.insn.width(0) / 8 | X86State.ES << SEGMENT_SHIFT);
  }

  static void outs(X86Ir t) {
    repeat(t, OUTS, t.insn.width(1) / 8 | t.insn.segment << SEGMENT_SHIFT);
  }

  private static void repeat(X86Ir t, int helper, int info) {
    int all = info | t.insn.addrSize << 8 | (t.insn.rep != 0 ? REPEATED : 0);
    int more = t.ir.call(helper, t.ir.constant(all));
    if (t.insn.rep != 0) {
      t.ir.branch(more, t.delta, t.next());
    }
  }

  private static long string(Core core, int info, boolean in) {
    X86 x86 = X86.of(core);
    int addressBits = info >> 8 & 0xff;
    long mask = -1L >>> 64 - addressBits;
    if ((info & REPEATED) == 0) {
      transfer(x86, info, mask, in);
      return 0;
    }
    int chunk = (core.mode & X86Mode.SINGLE_STEP) != 0 ? 1 : CHUNK;
    long count = x86.get(X86State.RCX) & mask;
    for (int i = 0; i < chunk && count != 0; i++) {
      transfer(x86, info, mask, in);
      count--;
      advance(x86, X86State.RCX, -1, mask);
    }
    return count != 0 ? 1 : 0;
  }

  /**
   * One transfer, with the address register moved on. The store is checked first: reading a port
   * may have effects.
   */
  private static void transfer(X86 x86, int info, long mask, boolean in) {
    int size = info & 0xff;
    int segment = info >> SEGMENT_SHIFT & 7;
    int register = in ? X86State.RDI : X86State.RSI;
    int port = (int) x86.get(X86State.RDX) & 0xffff;
    long offset = x86.get(register) & mask;
    PortAccess.check(x86, port, size);
    long address = address(x86, segment, offset, size, in);
    if (in) {
      x86.core.memory.checkWritable(address, size);
      x86.core.memory.store(address, PortAccess.in(x86, port, size), size);
    } else {
      PortAccess.out(x86, port, x86.core.memory.load(address, size), size);
    }
    advance(x86, register, (x86.get(X86State.RFLAGS) & Bits.DF) != 0 ? -size : size, mask);
  }

  private static long address(X86 x86, int segment, long offset, int size, boolean write) {
    if (x86.isCode64()) {
      return segment >= X86State.FS ? offset + x86.segments.base(segment) : offset;
    }
    return Segmentation.linear(x86.core, segment, offset, size, write);
  }

  /** Adds to a register of the address size; 32 bits clear the upper half. */
  private static void advance(X86 x86, int register, int by, long mask) {
    long old = x86.get(register);
    long next = old + by & mask;
    x86.put(register, mask == 0xffff ? old & ~mask | next : next);
  }
}
