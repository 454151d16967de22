package org.coremu.guest.x86.insn;

import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.X86State;
import org.coremu.guest.x86.system.Bits;
import org.coremu.guest.x86.system.Events;
import org.coremu.ir.Effect;
import org.coremu.ir.Flags;
import org.coremu.ir.IrOp;

/** Loading segment registers, FS and GS bases, and looking at descriptors. */
public final class SegmentRegister implements Family {
  private static final int CHECKS = Effect.FAULTS | Effect.READS_STATE | Effect.VISIBLE;

  /** Segment register a, selector b. */
  private static final int LOAD =
      X86Helpers.add(
          "load_segment",
          Effect.ANY,
          (core, segment, selector, c) -> {
            X86 x86 = X86.of(core);
            x86.segments.load((int) segment, (int) selector);
            if (segment == X86State.SS) {
              x86.events.shadow(Events.SHADOW_SS);
            }
            return 0;
          });

  private static final int RIGHTS =
      X86Helpers.add(
          "lar",
          CHECKS,
          (core, selector, b, c) -> X86.of(core).segments.accessRights((int) selector));

  private static final int LIMIT =
      X86Helpers.add(
          "lsl",
          CHECKS,
          (core, selector, b, c) -> X86.of(core).segments.segmentLimit((int) selector));

  /** Selector a, whether for writing b. */
  private static final int ACCESSIBLE =
      X86Helpers.add(
          "verify_segment",
          CHECKS,
          (core, selector, write, c) ->
              X86.of(core).segments.isAccessible((int) selector, write != 0) ? 1 : 0);

  /** #UD unless CR4.FSGSBASE, #GP unless a is canonical. */
  private static final int CHECK_BASE =
      X86Helpers.add(
          "check_fsgsbase",
          CHECKS,
          (core, base, b, c) -> {
            if ((core.state.get(X86State.CR4) & Bits.CR4_FSGSBASE) == 0) {
              throw X86Fault.ud();
            }
            if (!Bits.isCanonical(base)) {
              throw X86Fault.gp(0);
            }
            return 0;
          });

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "movToSegment" -> movToSegment(t);
      case "popSegment" -> popSegment(t);
      case "loadFarPointer" -> loadFarPointer(t);
      case "arpl" -> arpl(t);
      case "lar" -> lar(t);
      case "lsl" -> lsl(t);
      case "verr" -> verr(t);
      case "verw" -> verw(t);
      case "rdfsbase" -> readBase(t, X86State.FS);
      case "rdgsbase" -> readBase(t, X86State.GS);
      case "wrfsbase" -> writeBase(t, X86State.FS);
      case "wrgsbase" -> writeBase(t, X86State.GS);
      case "swapgs" -> swapgs(t);
      default -> throw Family.unknown(method, t);
    }
  }

  private static void load(X86Ir t, int segment, int selector) {
    t.ir.call(LOAD, t.ir.constant(segment), t.ir.zext(selector, 16));
  }

  static void movToSegment(X86Ir t) {
    load(t, t.insn.reg & 7, t.raw(1));
    t.ir.exit(t.next());
  }

  static void popSegment(X86Ir t) {
    int pointer = t.stackPointer(t.insn.opSize / 8);
    load(t, t.insn.row.fixed, t.loadStack(t.insn.opSize, t.stackPointer(0)));
    t.setStackPointer(pointer);
    t.ir.exit(t.next());
  }

  /** LES, LDS, LSS, LFS and LGS are opcodes C4, C5, 0F B2, 0F B4 and 0F B5. */
  static void loadFarPointer(X86Ir t) {
    int bits = t.insn.opSize;
    int segment =
        switch (t.insn.opcode) {
          case 0xc4 -> X86State.ES;
          case 0xc5 -> X86State.DS;
          case 0xb2 -> X86State.SS;
          case 0xb4 -> X86State.FS;
          default -> X86State.GS;
        };
    t.memory(bits + 16, false);
    int offset = t.loadAt(bits, 0);
    load(t, segment, t.loadAt(16, bits / 8));
    t.setReg(t.insn.reg, bits, offset);
    t.ir.exit(t.next());
  }

  private static void setZero(X86Ir t, int test) {
    t.setFlags(Flags.ZF, t.ir.shl(test, 6));
  }

  static void arpl(X86Ir t) {
    if (!Privilege.isProtected(t)) {
      return;
    }
    int destination = t.zx(0);
    int level = t.ir.mask(t.zx(1), 3);
    int lower = t.ir.binary(IrOp.LTU, t.ir.mask(destination, 3), level);
    t.write(0, t.ir.select(lower, t.ir.or(t.ir.mask(destination, ~3L), level), destination));
    setZero(t, lower);
  }

  private static void lookAt(X86Ir t, int helper) {
    if (!Privilege.isProtected(t)) {
      return;
    }
    int bits = t.insn.opSize;
    int found = t.ir.call(helper, t.ir.zext(t.raw(1), 16));
    int valid = t.ir.binary(IrOp.NE, found, t.ir.constant(-1));
    t.setReg(t.insn.reg, bits, t.ir.select(valid, found, t.gpr(t.insn.reg)));
    setZero(t, valid);
  }

  static void lar(X86Ir t) {
    lookAt(t, RIGHTS);
  }

  static void lsl(X86Ir t) {
    lookAt(t, LIMIT);
  }

  private static void verify(X86Ir t, int write) {
    if (Privilege.isProtected(t)) {
      setZero(t, t.ir.call(ACCESSIBLE, t.zx(0), t.ir.constant(write)));
    }
  }

  static void verr(X86Ir t) {
    verify(t, 0);
  }

  static void verw(X86Ir t) {
    verify(t, 1);
  }

  private static void readBase(X86Ir t, int segment) {
    t.ir.call(CHECK_BASE, t.ir.constant(0));
    t.write(0, t.ir.get(X86State.SEG_BASE + segment));
  }

  private static void writeBase(X86Ir t, int segment) {
    int base = t.zx(0);
    t.ir.call(CHECK_BASE, base);
    t.ir.put(X86State.SEG_BASE + segment, base);
  }

  static void swapgs(X86Ir t) {
    if (Privilege.isKernel(t)) {
      int base = t.ir.get(X86State.SEG_BASE + X86State.GS);
      int other = t.ir.get(X86State.KERNEL_GS_BASE);
      t.ir.put(X86State.SEG_BASE + X86State.GS, other);
      t.ir.put(X86State.KERNEL_GS_BASE, base);
    }
  }
}
