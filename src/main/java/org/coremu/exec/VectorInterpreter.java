package org.coremu.exec;

import org.coremu.bits.FpEnv;
import org.coremu.ir.Division;
import org.coremu.ir.IrOp.Code;
import org.coremu.ir.VectorFloat;
import org.coremu.ir.VectorMeaning;
import org.coremu.mem.Ram;
import org.coremu.mem.SoftTlb;
import org.coremu.mem.StateMemory;

/**
 * The vector ops of the {@link Interpreter}, and division, to keep its switch small: vector
 * operands and results are pairs of slots. All operands are read before the result is written, for
 * they may be the same slots.
 */
final class VectorInterpreter {
  private static final int SLOT = CoreState.SLOTS - 1 << 3;
  private static final long PAGE = -4096L;
  private static final int FP_CONTROL = CoreState.FP_CONTROL * 8;

  private VectorInterpreter() {}

  /**
   * Runs one op.
   *
   * @param base address of the core's state
   * @param w op word
   * @param x low half of operand a
   * @param y low half of operand b, plus the immediate
   */
  static void execute(Core core, long base, long w, long x, long y, long imm) {
    int code = (int) w & 0x3ff;
    long d = base + (w >>> Lowering.D - 3 & SLOT);
    long a = base + (w >>> Lowering.A - 3 & SLOT);
    switch (code) {
      case Code.GETV -> put(d, x, StateMemory.getLong(a + 8));
      case Code.VLO -> StateMemory.putLong(d, x);
      case Code.VHI -> StateMemory.putLong(d, StateMemory.getLong(a + 8));
      case Code.VPACK -> put(d, x, y - imm);
      case Code.LDVA -> {
        checkAligned(core, y);
        load(core, d, y);
      }
      case Code.LDV -> load(core, d, y);
      case Code.STVA -> {
        checkAligned(core, y);
        store(core, y, x, StateMemory.getLong(a + 8));
      }
      case Code.STV -> store(core, y, x, StateMemory.getLong(a + 8));
      case Code.DIVU, Code.DIVS, Code.REMU, Code.REMS -> {
        long c = StateMemory.getLong(base + (w >>> Lowering.C - 3 & SLOT));
        StateMemory.putLong(d, divide(core, code, x, y - imm, c, (int) imm));
      }
      case Code.ATTEND -> {
        if (x != 0) {
          core.state.requestStop();
        }
      }
      default -> compute(core, base, w, d, x, y - imm, imm);
    }
  }

  /** Quotient or remainder, or the guest's fault. */
  static long divide(Core core, int op, long high, long low, long divisor, int bits) {
    boolean quotient = op == Code.DIVU || op == Code.DIVS;
    boolean signed = op == Code.DIVS || op == Code.REMS;
    if (!quotient) {
      return Division.remainder(signed, high, low, divisor);
    }
    if (!Division.isDefined(op, high, low, divisor, bits)) {
      throw core.guest.divideFault();
    }
    return Division.quotient(signed, high, low, divisor);
  }

  private static void compute(Core core, long base, long w, long d, long al, long bl, long imm) {
    int code = (int) w & 0x3ff;
    long ah = StateMemory.getLong(base + (w >>> Lowering.A - 3 & SLOT) + 8);
    long bh = StateMemory.getLong(base + (w >>> Lowering.B - 3 & SLOT) + 8);
    if (code <= Code.VABS) {
      put(
          d,
          VectorMeaning.half(code, al, bl, (int) imm),
          VectorMeaning.half(code, ah, bh, (int) imm));
    } else if (code <= Code.VFRSQRT) {
      long c = base + (w >>> Lowering.C - 3 & SLOT);
      long low = VectorMeaning.low(code, al, ah, bl, bh, StateMemory.getLong(c), imm);
      put(d, low, VectorMeaning.high(code, al, ah, bl, bh, StateMemory.getLong(c + 8), imm));
    } else if (code <= Code.VSTRING) {
      long c = StateMemory.getLong(base + (w >>> Lowering.C - 3 & SLOT));
      StateMemory.putLong(d, VectorMeaning.integer(code, al, ah, bl, bh, c, imm));
    } else if (code <= Code.VFFROMINT) {
      FpEnv env = beginFloat(core, base);
      long low = VectorFloat.low(code, al, ah, bl, bh, (int) imm, env);
      long high = VectorFloat.high(code, al, ah, bl, bh, (int) imm, env);
      endFloat(core, base, env);
      put(d, low, high);
    } else if (code <= Code.VFCOMI) {
      FpEnv env = beginFloat(core, base);
      long r = VectorFloat.integer(code, al, bl, (int) imm, env);
      endFloat(core, base, env);
      StateMemory.putLong(d, r);
    } else {
      throw new AssertionError("interpreter op " + code);
    }
  }

  private static FpEnv beginFloat(Core core, long base) {
    FpEnv env = core.fp;
    int control = StateMemory.getInt(base + FP_CONTROL);
    if (control != core.fpControl) {
      env.setMxcsr(control);
      core.fpControl = control;
    }
    if (env.masks != FpEnv.ALL_EXCEPTIONS) {
      env.begin();
    }
    return env;
  }

  private static void endFloat(Core core, long base, FpEnv env) {
    boolean valid = env.masks == FpEnv.ALL_EXCEPTIONS || env.endSse();
    int control = core.fpControl & ~FpEnv.ALL_EXCEPTIONS | env.flags;
    if (control != core.fpControl) {
      core.fpControl = control;
      StateMemory.putInt(base + FP_CONTROL, control);
    }
    if (!valid) {
      throw core.guest.floatingPointFault();
    }
  }

  private static void checkAligned(Core core, long address) {
    if ((address & 15) != 0) {
      throw core.guest.alignmentFault(address);
    }
  }

  private static void load(Core core, long d, long address) {
    long e = core.tlbTable + SoftTlb.offset(address, core.tlbMask);
    if (StateMemory.getLong(e + SoftTlb.READ) == (address + 15 & PAGE)) {
      Ram ram = core.memory.ram();
      long offset =
          address + StateMemory.getLong(e + SoftTlb.READ + SoftTlb.ADDEND) - ram.hostAddress();
      put(d, ram.load64(offset), ram.load64(offset + 8));
    } else {
      long low = core.memory.load(address, 8);
      put(d, low, core.memory.load(address + 8, 8));
    }
  }

  private static void store(Core core, long address, long low, long high) {
    long e = core.tlbTable + SoftTlb.offset(address, core.tlbMask);
    if (StateMemory.getLong(e + SoftTlb.WRITE) == (address + 15 & PAGE)) {
      Ram ram = core.memory.ram();
      long offset =
          address + StateMemory.getLong(e + SoftTlb.WRITE + SoftTlb.ADDEND) - ram.hostAddress();
      ram.store64(offset, low);
      ram.store64(offset + 8, high);
    } else {
      core.memory.store128(address, low, high);
    }
  }

  private static void put(long slot, long low, long high) {
    StateMemory.putLong(slot, low);
    StateMemory.putLong(slot + 8, high);
  }
}
