package org.coremu.guest.x86.insn;

import org.coremu.exec.Core;
import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86State;
import org.coremu.ir.Effect;
import org.coremu.ir.FlagKind;
import org.coremu.ir.Flags;
import org.coremu.ir.IrOp;

/**
 * Exchanges, compare-and-exchange, and fences. Instructions of other families handle their LOCK
 * forms themselves.
 */
public final class Atomic implements Family {
  private static final int RAX = 0;
  private static final int RCX = 1;
  private static final int RDX = 2;
  private static final int RBX = 3;

  /**
   * CMPXCHG16B at address a, locked if b: gives 1 and stores RCX:RBX, or gives 0 and loads RDX:RAX.
   */
  private static final int CMPXCHG16B =
      X86Helpers.add(
          "cmpxchg16b",
          Effect.ANY,
          (core, address, locked, c) -> {
            if ((address & 15) != 0) {
              throw X86Fault.gp(0);
            }
            core.memory.checkWritable(address, 16);
            if (locked == 0) {
              return compareExchange16(core, address);
            }
            long[] equal = new long[1];
            core.memory.exclusively(() -> equal[0] = compareExchange16(core, address));
            return equal[0];
          });

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "xchg" -> xchg(t);
      case "xadd" -> xadd(t);
      case "cmpxchg" -> cmpxchg(t);
      case "cmpxchgPair" -> cmpxchgPair(t);
      case "lfence" -> lfence(t);
      case "mfence" -> mfence(t);
      case "sfence" -> sfence(t);
      default -> throw Family.unknown(method, t);
    }
  }

  /** Locked whenever an operand is memory (SDM, XCHG). */
  static void xchg(X86Ir t) {
    int b = t.raw(1);
    if (t.insn.memory) {
      t.memory(t.insn.opSize, true);
      t.write(1, t.ir.atomic(IrOp.XCHG, t.insn.opSize, t.address(), b));
    } else {
      int a = t.raw(0);
      t.write(0, b);
      t.write(1, a);
    }
  }

  static void xadd(X86Ir t) {
    int b = t.raw(1);
    int a;
    if (t.insn.lock) {
      t.memory(t.insn.opSize, true);
      a = t.ir.atomic(IrOp.FADD, t.insn.opSize, t.address(), b);
      t.write(1, a);
    } else {
      a = t.update(0);
      int sum = t.op(IrOp.ADD, IrOp.ADD32, a, b);
      if (t.insn.memory) {
        t.write(0, sum);
        t.write(1, a);
      } else {
        t.write(1, a);
        t.write(0, sum);
      }
    }
    t.flags(FlagKind.ADD, a, b);
  }

  /**
   * The accumulator keeps its upper half when it is equal; the destination is written in either
   * case.
   */
  static void cmpxchg(X86Ir t) {
    int bits = t.insn.opSize;
    int accumulator = t.ir.zext(t.gpr(RAX), bits);
    int source = t.raw(1);
    int d;
    int equal;
    if (t.insn.lock) {
      t.memory(bits, true);
      d = t.ir.cas(bits, t.address(), accumulator, source);
      equal = t.ir.binary(IrOp.EQ, d, accumulator);
    } else {
      int full = t.update(0);
      d = t.ir.zext(full, bits);
      equal = t.ir.binary(IrOp.EQ, d, accumulator);
      writeCompared(t, equal, source, full);
    }
    // read again: the destination may be AH
    int before = t.gpr(RAX);
    int loaded =
        switch (bits) {
          case 8 -> t.ir.binary(IrOp.DEP8, before, d);
          case 16 -> t.ir.binary(IrOp.DEP16, before, d);
          default -> d;
        };
    t.ir.put(X86State.RAX, t.ir.select(equal, before, loaded));
    t.flags(FlagKind.SUB, accumulator, d);
  }

  /**
   * Memory is written in either case; a 32-bit register keeps its upper half when it is not equal.
   */
  private static void writeCompared(X86Ir t, int equal, int source, int full) {
    if (!t.insn.memory && t.insn.opSize == 32) {
      t.setReg(t.insn.rm, 64, t.ir.select(equal, t.ir.zext(source, 32), full));
    } else {
      t.write(0, t.ir.select(equal, source, full));
    }
  }

  /** CMPXCHG8B and CMPXCHG16B: only ZF changes. */
  static void cmpxchgPair(X86Ir t) {
    int equal;
    if (t.insn.opSize == 64) {
      t.memory(128, true);
      equal = t.ir.call(CMPXCHG16B, t.address(), t.ir.constant(t.insn.lock ? 1 : 0));
    } else {
      equal = cmpxchg8b(t);
    }
    t.setFlags(Flags.ZF, t.ir.shl(equal, 6));
  }

  private static int cmpxchg8b(X86Ir t) {
    int rax = t.gpr(RAX);
    int rdx = t.gpr(RDX);
    int expected = t.ir.or(t.ir.shl(rdx, 32), t.ir.zext(rax, 32));
    int source = t.ir.or(t.ir.shl(t.gpr(RCX), 32), t.ir.zext(t.gpr(RBX), 32));
    t.memory(64, true);
    int d;
    if (t.insn.lock) {
      d = t.ir.cas(64, t.address(), expected, source);
    } else {
      d = t.updateAt(64, 0);
      t.storeAt(64, 0, t.ir.select(t.ir.binary(IrOp.EQ, d, expected), source, d));
    }
    int equal = t.ir.binary(IrOp.EQ, d, expected);
    t.ir.put(X86State.RAX, t.ir.select(equal, rax, t.ir.zext(d, 32)));
    t.ir.put(X86State.RDX, t.ir.select(equal, rdx, t.ir.shr(d, 32)));
    return equal;
  }

  private static long compareExchange16(Core core, long address) {
    long low = core.memory.load(address, 8);
    long high = core.memory.load(address + 8, 8);
    boolean equal = low == core.state.get(X86State.RAX) && high == core.state.get(X86State.RDX);
    if (equal) {
      core.memory.store128(address, core.state.get(X86State.RBX), core.state.get(X86State.RCX));
    } else {
      core.state.put(X86State.RAX, low);
      core.state.put(X86State.RDX, high);
    }
    return equal ? 1 : 0;
  }

  /** Loads are in order anyway. */
  static void lfence(X86Ir t) {}

  /** Stores are in order anyway. */
  static void sfence(X86Ir t) {}

  static void mfence(X86Ir t) {
    t.ir.fence();
  }
}
