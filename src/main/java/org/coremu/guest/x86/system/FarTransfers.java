package org.coremu.guest.x86.system;

import org.coremu.exec.CoreState;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;

/**
 * Far JMP, CALL and RET, with call gates (SDM vol. 2, their pages; vol. 3A, 5.8). Transfers to a
 * task-state segment or task gate are refused with #GP.
 */
public final class FarTransfers {
  private static final int GATE64 = 8;

  private final X86 x86;
  private final Segments segments;
  private final TaskStacks taskStacks;
  private final StackFrame stack;
  private final StackFrame caller;
  private final Descriptor code = new Descriptor();
  private final Descriptor gate = new Descriptor();
  private final Descriptor ss = new Descriptor();
  private final CodeReturn codeReturn;

  FarTransfers(X86 x86, TaskStacks taskStacks) {
    this.x86 = x86;
    this.taskStacks = taskStacks;
    segments = x86.segments;
    stack = new StackFrame(x86);
    caller = new StackFrame(x86);
    codeReturn = new CodeReturn(x86);
  }

  // ---- JMP

  /** JMP far. */
  public void jump(int selector, long offset) {
    if (!x86.isProtected()) {
      setRealCode(selector, offset);
    } else {
      int cpl = x86.cpl();
      segments.require(selector, code, X86Fault.GP);
      if (code.isSystem()) {
        offset = readCallGate(selector);
        checkPresent(code);
        if (!Bits.isConforming(code.attributes()) && code.dpl() != cpl) {
          throw X86Fault.gp(code.selector & 0xfffc);
        }
      } else {
        checkDirect(selector, cpl);
      }
      checkTarget(offset);
      enter(cpl, offset);
    }
    x86.updateMode();
  }

  private void setRealCode(int selector, long offset) {
    if (offset > segments.limit(X86State.CS)) {
      throw X86Fault.gp(0);
    }
    if (x86.isVirtual8086()) {
      segments.setVirtual(X86State.CS, selector);
    } else {
      segments.setReal(X86State.CS, selector);
    }
    x86.put(CoreState.PC, offset);
  }

  private void checkDirect(int selector, int cpl) {
    int attributes = code.attributes();
    int error = selector & 0xfffc;
    if (!Bits.isCode(attributes)) {
      throw X86Fault.gp(error);
    }
    boolean allowed =
        Bits.isConforming(attributes)
            ? code.dpl() <= cpl
            : (selector & 3) <= cpl && code.dpl() == cpl;
    if (!allowed) {
      throw X86Fault.gp(error);
    }
    checkPresent(code);
    if (x86.isLongMode()
        && (attributes & (Bits.LONG_CODE | Bits.BIG)) == (Bits.LONG_CODE | Bits.BIG)) {
      throw X86Fault.gp(error);
    }
  }

  private void checkPresent(Descriptor d) {
    if (!d.isPresent()) {
      throw X86Fault.np(d.selector & 0xfffc);
    }
  }

  private boolean isCode64(Descriptor d) {
    return x86.isLongMode() && (d.attributes() & Bits.LONG_CODE) != 0;
  }

  private void checkTarget(long offset) {
    boolean fits = isCode64(code) ? Bits.isCanonical(offset) : offset <= code.limit();
    if (!fits) {
      throw X86Fault.gp(0);
    }
  }

  private void enter(int cpl, long offset) {
    segments.setAccessed(code);
    segments.set(X86State.CS, code.selector & 0xfffc | cpl, code);
    x86.put(X86State.CPL, cpl);
    x86.put(CoreState.PC, offset);
  }

  /**
   * Reads the call gate in {@link #code} into {@link #gate}, then its code segment into {@link
   * #code}; gives the offset.
   */
  private long readCallGate(int selector) {
    gate.raw = code.raw;
    gate.address = code.address;
    gate.selector = selector;
    gate.high = 0;
    int error = selector & 0xfffc;
    int type = gate.type();
    boolean wanted =
        type == Descriptor.CALL_GATE || type == Descriptor.CALL_GATE16 && !x86.isLongMode();
    if (!wanted) {
      if (type == Descriptor.TASK_GATE
          || (type | 2) == Descriptor.TSS_BUSY
          || (type | 2) == Descriptor.TSS16_BUSY) {
        x86.unimplemented(
            "task switch by far transfer to selector " + Integer.toHexString(selector));
      }
      throw X86Fault.gp(error);
    }
    int cpl = x86.cpl();
    if (gate.dpl() < cpl || (selector & 3) > gate.dpl()) {
      throw X86Fault.gp(error);
    }
    checkPresent(gate);
    if (x86.isLongMode() && (!segments.readHigh(gate) || (gate.high >>> 40 & 0x1f) != 0)) {
      throw X86Fault.gp(error);
    }
    int target = gate.gateSelector();
    segments.require(target, code, X86Fault.GP);
    boolean wrongSize =
        x86.isLongMode() && (code.attributes() & (Bits.LONG_CODE | Bits.BIG)) != Bits.LONG_CODE;
    if (!Bits.isCode(code.attributes()) || code.dpl() > cpl || wrongSize) {
      throw X86Fault.gp(target & 0xfffc);
    }
    return gate.gateOffset();
  }

  // ---- CALL

  /**
   * CALL far.
   *
   * @param bytes operand size in bytes
   * @param returnPc where to return to
   */
  public void call(int selector, long offset, int bytes, long returnPc) {
    int oldCs = segments.selector(X86State.CS);
    stack.current();
    if (!x86.isProtected()) {
      stack.push(oldCs, bytes);
      stack.push(returnPc, bytes);
      setRealCode(selector, offset);
      stack.commit();
    } else {
      callProtected(selector, offset, bytes, oldCs, returnPc);
    }
    x86.updateMode();
  }

  private void callProtected(int selector, long offset, int bytes, int oldCs, long returnPc) {
    int cpl = x86.cpl();
    segments.require(selector, code, X86Fault.GP);
    if (!code.isSystem()) {
      checkDirect(selector, cpl);
      checkTarget(offset);
      pushReturn(oldCs, returnPc, bytes);
      enter(cpl, offset);
      stack.commit();
      return;
    }
    long pc = readCallGate(selector);
    checkPresent(code);
    checkTarget(pc);
    int size = x86.isLongMode() ? GATE64 : gate.type() == Descriptor.CALL_GATE ? 4 : 2;
    if (Bits.isConforming(code.attributes()) || code.dpl() == cpl) {
      if (x86.isLongMode()) {
        stack.flat(x86.get(X86State.RSP), x86.core.mmuMode());
      }
      pushReturn(oldCs, returnPc, size);
      enter(cpl, pc);
      stack.commit();
    } else if (x86.isLongMode()) {
      callInner64(pc, oldCs, returnPc);
    } else {
      callInner(pc, size, oldCs, returnPc);
    }
  }

  private void pushReturn(int oldCs, long returnPc, int size) {
    stack.push(oldCs, size);
    stack.push(returnPc, size);
  }

  private void callInner(long pc, int size, int oldCs, long returnPc) {
    int cpl = code.dpl();
    int parameters = (int) (gate.raw >>> 32) & 31;
    int oldSs = segments.selector(X86State.SS);
    long oldSp = x86.get(X86State.RSP);
    caller.current();
    int newSs = taskStacks.legacy(cpl, 0, ss, stack);
    stack.push(oldSs, size);
    stack.push(oldSp, size);
    for (int i = parameters - 1; i >= 0; i--) {
      stack.push(caller.peek(i * size, size), size);
    }
    pushReturn(oldCs, returnPc, size);
    enter(cpl, pc);
    segments.set(X86State.SS, newSs, ss);
    stack.commit();
  }

  private void callInner64(long pc, int oldCs, long returnPc) {
    int cpl = code.dpl();
    stack.flat(taskStacks.privileged(cpl, 0), x86.mmuModeOf(cpl));
    stack.push(segments.selector(X86State.SS), GATE64);
    stack.push(x86.get(X86State.RSP), GATE64);
    pushReturn(oldCs, returnPc, GATE64);
    enter(cpl, pc);
    segments.setNull(X86State.SS, cpl);
    stack.commit();
  }

  // ---- RET

  /**
   * RET far.
   *
   * @param bytes operand size in bytes
   * @param release bytes of parameters to skip, on both stacks if the level changes
   */
  public void ret(int bytes, int release) {
    stack.current();
    long pc = stack.pop(bytes);
    int selector = (int) stack.pop(bytes) & 0xffff;
    stack.skip(release);
    if (!x86.isProtected()) {
      setRealCode(selector, pc);
      stack.commit();
    } else if (codeReturn.check(selector, pc)) {
      long sp = stack.pop(bytes);
      int newSs = (int) stack.pop(bytes) & 0xffff;
      codeReturn.outer(newSs, sp + release, pc);
    } else {
      stack.commit();
      codeReturn.enter(pc);
    }
    x86.updateMode();
  }
}
