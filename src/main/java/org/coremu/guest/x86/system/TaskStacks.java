package org.coremu.guest.x86.system;

import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;

/** The stack pointers that the task-state segment holds (SDM vol. 3A, 7.2.1 and 7.7). */
final class TaskStacks {
  private static final int PRIVILEGED64 = 4;
  private static final int INTERRUPT_STACKS64 = 0x24;

  private final X86 x86;

  TaskStacks(X86 x86) {
    this.x86 = x86;
  }

  private int taskError(int ext) {
    return x86.segments.selector(X86State.TR) & 0xfffc | ext;
  }

  /** RSP of a privilege level, in long mode. */
  long privileged(int cpl, int ext) {
    return pointer64(PRIVILEGED64 + cpl * 8, ext);
  }

  /** IST pointer 1 to 7. */
  long interruptStack(int ist, int ext) {
    return pointer64(INTERRUPT_STACKS64 + (ist - 1) * 8, ext);
  }

  private long pointer64(int offset, int ext) {
    if (offset + 7 > x86.segments.limit(X86State.TR)) {
      throw X86Fault.ts(taskError(ext));
    }
    long rsp = x86.loadSystem(x86.segments.base(X86State.TR) + offset, 8);
    if (!Bits.isCanonical(rsp)) {
      throw X86Fault.ss(ext);
    }
    return rsp;
  }

  /**
   * Reads and checks the stack of a privilege level outside long mode.
   *
   * @param d receives the stack segment's descriptor
   * @param stack is started there
   * @return the selector
   */
  int legacy(int cpl, int ext, Descriptor d, StackFrame stack) {
    int type = x86.segments.attributes(X86State.TR) & Bits.TYPE;
    boolean wide = (type & 8) != 0;
    int offset = wide ? 4 + cpl * 8 : 2 + cpl * 4;
    if (offset + (wide ? 5 : 3) > x86.segments.limit(X86State.TR)) {
      throw X86Fault.ts(taskError(ext));
    }
    long at = x86.segments.base(X86State.TR) + offset;
    long pointer = x86.loadSystem(x86.linear(at), wide ? 4 : 2);
    int selector = (int) x86.loadSystem(x86.linear(at + (wide ? 4 : 2)), 2);
    check(selector, cpl, ext, d);
    stack.begin(
        d.base(), d.limit(), d.attributes(), pointer, x86.mmuModeOf(cpl), selector & 0xfffc | ext);
    return selector;
  }

  private void check(int selector, int cpl, int ext, Descriptor d) {
    if (Segments.isNull(selector)) {
      throw X86Fault.ts(ext);
    }
    int error = selector & 0xfffc | ext;
    if (!x86.segments.read(selector, d)
        || (selector & 3) != cpl
        || d.dpl() != cpl
        || !Bits.isWritableData(d.attributes())) {
      throw X86Fault.ts(error);
    }
    if (!d.isPresent()) {
      throw X86Fault.ss(error);
    }
    x86.segments.setAccessed(d);
  }
}
