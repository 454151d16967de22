package org.coremu.exec.toy;

import org.coremu.exec.CodeReader;
import org.coremu.exec.Core;
import org.coremu.exec.CoreState;
import org.coremu.exec.Guest;
import org.coremu.exec.GuestFault;
import org.coremu.ir.IrBuilder;
import org.coremu.ir.IrOp;
import org.coremu.mem.Ram;

/** The toy ISA for one core: 16 registers, addresses are physical, one MMU mode. */
public final class ToyGuest implements Guest {
  static final int REGISTERS = CoreState.GUEST;
  static final int TOKENS = REGISTERS + 16;
  static final int HALTED = REGISTERS + 17;
  static final int HANDLER = REGISTERS + 18;
  static final int STEPS = REGISTERS + 19;

  private final Core core;
  private final ToyHelpers helpers;

  ToyGuest(Core core, ToyHelpers helpers) {
    this.core = core;
    this.helpers = helpers;
  }

  /** The toy's only fault. */
  static final class Fault extends GuestFault {
    private static final long serialVersionUID = 1;
    static final Fault INSTANCE = new Fault();
  }

  @Override
  public void reset() {
    for (int slot = REGISTERS; slot <= STEPS; slot++) {
      core.state.put(slot, 0);
    }
  }

  @Override
  public void translateBlock(IrBuilder ir, CodeReader code, long start, long mode, int maxInsns) {
    int delta = 0;
    for (int n = 0; n < maxInsns && (n == 0 || (start & 4095) + delta < Ram.PAGE_SIZE); n++) {
      int opcode = code.u8(delta);
      if (opcode >= ToyOp.values().length) {
        opcode = ToyOp.FAULT.ordinal();
      }
      ToyOp op = ToyOp.values()[opcode];
      ir.insn(delta);
      translate(ir, op, code, delta);
      delta += op.length();
      if (!op.goesOn) {
        ir.end(delta);
        return;
      }
    }
    ir.jump(delta);
    ir.end(delta);
  }

  private static int immediate(CodeReader code, int at) {
    return code.u8(at) | code.u8(at + 1) << 8 | code.u8(at + 2) << 16 | code.u8(at + 3) << 24;
  }

  private void translate(IrBuilder ir, ToyOp op, CodeReader code, int delta) {
    boolean hasRegister = op.operands.startsWith("r");
    int slotA = hasRegister ? REGISTERS + (code.u8(delta + 1) & 15) : 0;
    int slotB = op.operands.equals("rr") ? REGISTERS + (code.u8(delta + 2) & 15) : 0;
    int imm = op.operands.endsWith("i") ? immediate(code, delta + op.length() - 4) : 0;
    int a = slotA != 0 ? ir.get(slotA) : -1;
    int b = slotB != 0 ? ir.get(slotB) : -1;
    int next = delta + op.length();
    switch (op) {
      case NOP -> {}
      case LI -> ir.put(slotA, ir.constant(imm));
      case MOV -> ir.put(slotA, b);
      case ADDI -> ir.put(slotA, ir.plus(a, imm));
      case ADD -> ir.put(slotA, ir.add(a, b));
      case MUL -> ir.put(slotA, ir.binary(IrOp.MUL, a, b));
      case XOR -> ir.put(slotA, ir.xor(a, b));
      case LD -> ir.put(slotA, ir.load(64, b, 0));
      case ST -> ir.store(64, a, 0, b);
      case ST8 -> ir.store(8, a, 0, b);
      case FADD -> ir.put(slotB, ir.atomic(IrOp.FADD, 64, a, b));
      case ADDX -> ir.put(slotB, ir.call(helpers.addExclusively, a, b));
      case JMP -> ir.jump(delta + imm);
      case BNZ -> ir.branch(a, delta + imm, next);
      case JR -> ir.jumpIndirect(a);
      case WAIT -> callAndExit(ir, helpers.halt, -1, next);
      case TOKENS -> ir.put(slotA, ir.get(TOKENS));
      case SEND -> ir.call(helpers.send, a);
      case PAUSE -> callAndExit(ir, helpers.pause, -1, next);
      case ID -> ir.put(slotA, ir.call(helpers.id));
      case NOW -> ir.put(slotA, ir.call(helpers.now));
      case COUNT -> ir.put(slotA, ir.call(helpers.count));
      case TIMER -> ir.call(helpers.timer, a);
      case OUT -> ir.call(helpers.out, a);
      case FAULT -> callAndExit(ir, helpers.fault, -1, next);
      case HANDLER -> ir.put(HANDLER, a);
      case STEPS -> callAndExit(ir, helpers.steps, a, next);
      case BUG -> ir.call(helpers.bug);
    }
  }

  private static void callAndExit(IrBuilder ir, int helper, int operand, int next) {
    ir.call(helper, operand);
    ir.exit(next);
  }

  @Override
  public long translate(long address, int access, int mmuMode) {
    long offset = core.memory.bus().ramOffset(address);
    if (offset < 0) {
      throw Fault.INSTANCE;
    }
    core.tlb.fill(mmuMode, address, offset, true, true, true, Ram.PAGE_SIZE);
    return address;
  }

  @Override
  public long peek(long address) {
    return core.memory.bus().ramOffset(address) < 0 ? -1 : address;
  }

  @Override
  public GuestFault alignmentFault(long address) {
    return Fault.INSTANCE;
  }

  @Override
  public void takeFault(GuestFault fault) {
    core.state.put(REGISTERS + 15, core.state.get(CoreState.PC));
    core.state.put(CoreState.PC, core.state.get(HANDLER));
  }

  @Override
  public int attend() {
    if (core.state.get(HALTED) != 0) {
      if (core.state.get(TOKENS) == 0) {
        return HALT;
      }
      core.state.put(TOKENS, core.state.get(TOKENS) - 1);
      core.state.put(HALTED, 0);
    }
    return core.state.get(STEPS) > 0 ? STEP : RUN;
  }

  @Override
  public void stepped() {
    core.state.put(STEPS, core.state.get(STEPS) - 1);
  }
}
