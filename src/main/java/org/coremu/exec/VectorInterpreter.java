package org.coremu.exec;

import org.coremu.ir.IrOp.Code;
import org.coremu.mem.StateMemory;

/** The vector ops of the {@link Interpreter}: operands and results are pairs of slots. All operands are read before the result is written. */
final class VectorInterpreter {
  private static final int SLOT = CoreState.SLOTS - 1 << 3;

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
    long d = base + (w >>> Lowering.D - 3 & SLOT);
    long a = base + (w >>> Lowering.A - 3 & SLOT);
    long b = base + (w >>> Lowering.B - 3 & SLOT);
    switch ((int) w & 0x3ff) {
      case Code.GETV -> put(d, x, StateMemory.getLong(a + 8));
      case Code.VLO -> StateMemory.putLong(d, x);
      case Code.VHI -> StateMemory.putLong(d, StateMemory.getLong(a + 8));
      case Code.VPACK -> put(d, x, StateMemory.getLong(b));
      case Code.LDV -> {
        long low = core.memory.load(y, 8);
        put(d, low, core.memory.load(y + 8, 8));
      }
      case Code.LDVA -> {
        checkAligned(core, y);
        long low = core.memory.load(y, 8);
        put(d, low, core.memory.load(y + 8, 8));
      }
      case Code.STV -> core.memory.store128(y, x, StateMemory.getLong(a + 8));
      case Code.STVA -> {
        checkAligned(core, y);
        core.memory.store128(y, x, StateMemory.getLong(a + 8));
      }
      default -> throw new AssertionError("interpreter op " + (w & 0x3ff));
    }
  }

  private static void checkAligned(Core core, long address) {
    if ((address & 15) != 0) {
      throw core.guest.alignmentFault(address);
    }
  }

  private static void put(long slot, long low, long high) {
    StateMemory.putLong(slot, low);
    StateMemory.putLong(slot + 8, high);
  }
}
