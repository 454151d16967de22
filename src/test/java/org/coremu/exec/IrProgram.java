package org.coremu.exec;

import java.util.ArrayList;
import java.util.List;
import org.coremu.ir.IrBuilder;
import org.coremu.ir.IrOp;

/**
 * A block as a plain list of ops, nothing folded or forwarded: what {@link IrReference} evaluates
 * and a builder is fed.
 */
final class IrProgram {
  /**
   * An op; its value is named by its place in the list.
   *
   * @param insn number of the guest instruction it belongs to
   */
  record Step(int insn, IrOp op, int a, int b, int c, long imm) {}

  /** Length of each guest instruction. */
  static final int LENGTH = 4;

  final List<Step> steps = new ArrayList<>();
  int insns;

  int add(IrOp op, int a, int b, int c, long imm) {
    steps.add(new Step(insns - 1, op, a, b, c, imm));
    return steps.size() - 1;
  }

  void beginInsn() {
    insns++;
  }

  /** Builds it as a guest's translation would. */
  void build(IrBuilder ir) {
    int[] value = new int[steps.size()];
    int insn = -1;
    for (int i = 0; i < value.length; i++) {
      Step s = steps.get(i);
      if (s.insn != insn) {
        insn = s.insn;
        ir.insn(insn * LENGTH);
      }
      int a = s.a < 0 ? -1 : value[s.a];
      int b = s.b < 0 ? -1 : value[s.b];
      int c = s.c < 0 ? -1 : value[s.c];
      value[i] = build(ir, s, a, b, c);
    }
    ir.end(insns * LENGTH);
  }

  private static int build(IrBuilder ir, Step s, int a, int b, int c) {
    long imm = s.imm;
    int size = (int) imm * 8;
    switch (s.op) {
      case CONST:
        return ir.constant(imm);
      case GET:
        return ir.get((int) imm);
      case GETV:
        return ir.getV((int) imm);
      case PCREL:
        return ir.pcRelative(imm);
      case SHLADD:
        return ir.shiftAdd(a, b, (int) imm);
      case SELECT:
        return ir.select(a, b, c);
      case LD8, LD16, LD32, LD64:
        return ir.load(bits(s.op), a, imm);
      case LDU8, LDU16, LDU32, LDU64:
        return ir.loadForUpdate(bits(s.op), a, imm);
      case LDV, LDVA:
        return ir.loadV(a, imm, s.op == IrOp.LDVA);
      case CAS:
        return ir.cas(size, a, b, c);
      case XCHG, FADD, FAND, FOR, FXOR:
        return ir.atomic(s.op, size, a, b);
      case GETFLAGS:
        return ir.getFlags();
      case COND:
        return ir.cond((int) imm);
      case CALL:
        return ir.call((int) imm, a, b, c);
      case DIVU, DIVS, REMU, REMS, CANONICAL:
        return ir.emit(s.op, a, b, c, imm);
      default:
        if (isVector(s.op)) {
          return ir.emit(s.op, a, b, c, imm);
        }
        if (s.op.isPure()) {
          return s.op.form.values == 1 ? ir.unary(s.op, a) : ir.binary(s.op, a, b);
        }
        effect(ir, s, a, b, c);
        return -1;
    }
  }

  private static void effect(IrBuilder ir, Step s, int a, int b, int c) {
    int imm = (int) s.imm;
    switch (s.op) {
      case PUT -> ir.put(imm, a);
      case PUTV -> ir.putV(imm, a);
      case ST8, ST16, ST32, ST64 -> ir.store(bits(s.op), a, s.imm, b);
      case STV, STVA -> ir.storeV(a, s.imm, b, s.op == IrOp.STVA);
      case FENCE -> ir.fence();
      case ATTEND -> ir.attend(a);
      case FLAGS -> {
        if (imm == 0) {
          ir.setFlags(a);
        } else {
          ir.flags(imm & ~3, 8 << (imm & 3), a, b);
        }
      }
      case FLAGS3 -> ir.flags(imm & ~3, 8 << (imm & 3), a, b, c);
      case FLAGSNZ -> ir.flagsUnlessZero(imm & ~3, 8 << (imm & 3), a, b);
      case EXITIF -> ir.exitIf(a, imm);
      case JUMP -> ir.jump(imm);
      case BRANCH -> ir.branch(a, (int) (s.imm >> 32), imm);
      case JUMPI -> ir.jumpIndirect(a);
      case EXIT -> ir.exit(imm);
      case LEAVE -> ir.leave();
      default -> throw new AssertionError(s.op);
    }
  }

  /** Whether an op computes with vectors. */
  static boolean isVector(IrOp op) {
    return op.code >= IrOp.VPACK.code && op.code < IrOp.LDU8.code;
  }

  /** Bits of a load or store. */
  static int bits(IrOp op) {
    return switch (op) {
      case LD8, LDU8, ST8 -> 8;
      case LD16, LDU16, ST16 -> 16;
      case LD32, LDU32, ST32 -> 32;
      case LD64, LDU64, ST64 -> 64;
      default -> 128;
    };
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < steps.size(); i++) {
      Step s = steps.get(i);
      out.append(
          String.format(
              "  %d: v%d = %s v%d, v%d, v%d, 0x%x%n", s.insn, i, s.op, s.a, s.b, s.c, s.imm));
    }
    return out.toString();
  }
}
