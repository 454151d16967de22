package org.coremu.guest.x86.insn;

import org.coremu.exec.Core;
import org.coremu.exec.CoreState;
import org.coremu.guest.x86.Family;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Ir;
import org.coremu.guest.x86.system.SystemCalls;
import org.coremu.ir.Cond;
import org.coremu.ir.Effect;

/**
 * Transfers of control that change the code segment or the privilege level. Their helpers write the
 * PC.
 */
public final class FarTransfer implements Family {
  /** Selector a, offset b. */
  private static final int JUMP =
      add(
          "jmp_far",
          (core, selector, offset, c) -> {
            X86.of(core).events.farTransfers.jump((int) selector, offset);
            return 0;
          });

  /** Selector a, offset b; c: operand size in bytes, length of the instruction &lt;&lt; 8. */
  private static final int CALL =
      add(
          "call_far",
          (core, selector, offset, info) -> {
            X86 x86 = X86.of(core);
            x86.events.farTransfers.call(
                (int) selector, offset, (int) info & 0xff, core.nextPc((int) info >> 8));
            return 0;
          });

  /** Operand size in bytes a, bytes to release b. */
  private static final int RETURN =
      add(
          "ret_far",
          (core, bytes, release, c) -> {
            X86.of(core).events.farTransfers.ret((int) bytes, (int) release);
            return 0;
          });

  /** Vector a, length of the instruction b. */
  private static final int INTERRUPT =
      add("int", (core, vector, length, c) -> interrupt(core, (int) vector, (int) length));

  /** INTO: length of the instruction a, whether OF is set b. */
  private static final int OVERFLOW =
      add(
          "into",
          (core, length, overflow, c) -> {
            if (overflow != 0) {
              return interrupt(core, X86Fault.OF, (int) length);
            }
            core.state.put(CoreState.PC, core.nextPc((int) length));
            return 0;
          });

  private static final int TRAP =
      add(
          "int1",
          (core, length, b, c) -> {
            X86.of(core).events.icebp(core.nextPc((int) length));
            return 0;
          });

  private static final int INTERRUPT_RETURN =
      add(
          "iret",
          (core, bytes, b, c) -> {
            X86.of(core).events.interruptReturn.iret((int) bytes);
            return 0;
          });

  private static final int SYSCALL =
      add(
          "syscall",
          (core, length, b, c) -> {
            SystemCalls.syscall(X86.of(core), core.nextPc((int) length));
            return 0;
          });

  private static final int SYSRET =
      add(
          "sysret",
          (core, wide, b, c) -> {
            SystemCalls.sysret(X86.of(core), wide != 0);
            return 0;
          });

  private static final int SYSENTER =
      add(
          "sysenter",
          (core, a, b, c) -> {
            SystemCalls.sysenter(X86.of(core));
            return 0;
          });

  private static final int SYSEXIT =
      add(
          "sysexit",
          (core, wide, b, c) -> {
            SystemCalls.sysexit(X86.of(core), wide != 0);
            return 0;
          });

  private static int add(String name, org.coremu.exec.Helper body) {
    return X86Helpers.add(name, Effect.ANY, body);
  }

  private static long interrupt(Core core, int vector, int length) {
    X86.of(core).events.software(vector, core.nextPc(length));
    return 0;
  }

  @Override
  public void translate(String method, X86Ir t) {
    switch (method) {
      case "jmpFar" -> jmpFar(t);
      case "callFar" -> callFar(t);
      case "retFar" -> retFar(t);
      case "int3" -> int3(t);
      case "intN" -> intN(t);
      case "into" -> into(t);
      case "int1" -> int1(t);
      case "iret" -> iret(t);
      case "syscall" -> syscall(t);
      case "sysret" -> sysret(t);
      case "sysenter" -> sysenter(t);
      case "sysexit" -> sysexit(t);
      default -> throw Family.unknown(method, t);
    }
  }

  /** Selector of the far pointer, in the instruction or in memory. */
  private static int selector(X86Ir t) {
    return t.insn.memory ? t.loadAt(16, t.insn.opSize / 8) : t.ir.constant(t.insn.imm2);
  }

  private static int offset(X86Ir t) {
    if (!t.insn.memory) {
      long mask = t.insn.opSize == 16 ? 0xffff : 0xffff_ffffL;
      return t.ir.constant(t.insn.imm & mask);
    }
    t.memory(t.insn.opSize + 16, false);
    return t.loadAt(t.insn.opSize, 0);
  }

  static void jmpFar(X86Ir t) {
    int offset = offset(t);
    t.ir.call(JUMP, selector(t), offset);
    t.ir.leave();
  }

  static void callFar(X86Ir t) {
    int offset = offset(t);
    t.ir.call(CALL, selector(t), offset, t.ir.constant(t.insn.opSize / 8 | t.insn.length << 8));
    t.ir.leave();
  }

  static void retFar(X86Ir t) {
    long release = t.insn.row.operandCount() > 0 ? t.insn.imm & 0xffff : 0;
    t.ir.call(RETURN, t.ir.constant(t.insn.opSize / 8), t.ir.constant(release));
    t.ir.leave();
  }

  private static void interrupt(X86Ir t, long vector) {
    t.ir.call(INTERRUPT, t.ir.constant(vector), t.ir.constant(t.insn.length));
    t.ir.leave();
  }

  static void int3(X86Ir t) {
    interrupt(t, X86Fault.BP);
  }

  /** In virtual-8086 mode only with IOPL 3. */
  static void intN(X86Ir t) {
    Privilege.requireIoplInVirtual8086(t);
    interrupt(t, t.insn.imm & 0xff);
  }

  static void into(X86Ir t) {
    t.ir.call(OVERFLOW, t.ir.constant(t.insn.length), t.ir.cond(Cond.O));
    t.ir.leave();
  }

  static void int1(X86Ir t) {
    t.ir.call(TRAP, t.ir.constant(t.insn.length));
    t.ir.leave();
  }

  static void iret(X86Ir t) {
    t.ir.call(INTERRUPT_RETURN, t.ir.constant(t.insn.opSize / 8));
    t.ir.leave();
  }

  static void syscall(X86Ir t) {
    t.ir.call(SYSCALL, t.ir.constant(t.insn.length));
    t.ir.leave();
  }

  static void sysret(X86Ir t) {
    t.ir.call(SYSRET, t.ir.constant(t.insn.opSize == 64 ? 1 : 0));
    t.ir.leave();
  }

  static void sysenter(X86Ir t) {
    t.ir.call(SYSENTER);
    t.ir.leave();
  }

  static void sysexit(X86Ir t) {
    t.ir.call(SYSEXIT, t.ir.constant(t.insn.opSize == 64 ? 1 : 0));
    t.ir.leave();
  }
}
