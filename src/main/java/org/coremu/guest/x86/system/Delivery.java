package org.coremu.guest.x86.system;

import org.coremu.exec.CoreState;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;

/**
 * Delivery of an exception or interrupt through the interrupt table: real mode (SDM vol. 3A,
 * 20.1.4), protected mode and virtual-8086 mode (6.12, 20.3), long mode (6.14). Task gates are
 * refused with #GP.
 */
final class Delivery {
  /** Why: decides privilege checks and the EXT bit of error codes. */
  static final int EXCEPTION = 0;

  static final int INTERRUPT = 1;

  /** INT n, INT3 and INTO. */
  static final int SOFTWARE = 2;

  private final X86 x86;
  private final Segments segments;
  private final TaskStacks taskStacks;
  private final StackFrame stack;
  private final Descriptor gate = new Descriptor();
  private final Descriptor code = new Descriptor();
  private final Descriptor ss = new Descriptor();

  private int vector;
  private int ext;
  private long returnPc;
  private long savedFlags;
  private boolean hasErrorCode;
  private int errorCode;

  Delivery(X86 x86, TaskStacks taskStacks) {
    this.x86 = x86;
    this.taskStacks = taskStacks;
    segments = x86.segments;
    stack = new StackFrame(x86);
  }

  /**
   * Enters a handler.
   *
   * @param kind {@link #EXCEPTION}, {@link #INTERRUPT} or {@link #SOFTWARE}
   * @param returnAddress RIP to save
   * @param flags RFLAGS to save
   * @param code error code, or -1 for none
   * @throws X86Fault with nothing changed but memory
   */
  void deliver(int vector, int kind, long returnAddress, long flags, int code) {
    this.vector = vector;
    ext = kind == SOFTWARE ? 0 : 1;
    returnPc = returnAddress;
    savedFlags = flags;
    hasErrorCode = code >= 0;
    errorCode = code;
    if ((x86.get(X86State.CR0) & Bits.CR0_PE) == 0) {
      realMode();
    } else if (x86.isLongMode()) {
      longMode(kind == SOFTWARE);
    } else {
      protectedMode(kind == SOFTWARE);
    }
    x86.put(X86State.INTERRUPT_SHADOW, 0);
    x86.updateMode();
  }

  private void realMode() {
    if (vector * 4 + 3 > x86.get(X86State.IDT_LIMIT)) {
      throw X86Fault.gp(0);
    }
    long entry = x86.loadSystem(x86.linear32(x86.get(X86State.IDT_BASE) + vector * 4L), 4);
    stack.current();
    stack.push(savedFlags, 2);
    stack.push(segments.selector(X86State.CS), 2);
    stack.push(returnPc, 2);
    stack.commit();
    x86.clearFlags(Bits.IF | Bits.TF | Bits.AC | Bits.RF);
    segments.setReal(X86State.CS, (int) (entry >>> 16));
    x86.put(CoreState.PC, entry & 0xffff);
  }

  private int idtError() {
    return vector * 8 + 2 + ext;
  }

  private void readGate(boolean software, int size) {
    if (vector * size + size - 1 > x86.get(X86State.IDT_LIMIT)) {
      throw X86Fault.gp(idtError());
    }
    long at = x86.linear(x86.get(X86State.IDT_BASE) + (long) vector * size);
    gate.raw = x86.loadSystem(at, 8);
    gate.high = size == 16 ? x86.loadSystem(x86.linear(at + 8), 8) : 0;
    int type = gate.isSystem() ? gate.type() : 0;
    boolean known = type == Descriptor.INTERRUPT_GATE || type == Descriptor.TRAP_GATE;
    if (size == 8) {
      known |= type == Descriptor.INTERRUPT_GATE16 || type == Descriptor.TRAP_GATE16;
      if (type == Descriptor.TASK_GATE) {
        x86.unimplemented("task gate in the IDT, vector " + vector);
      }
    }
    if (!known || software && gate.dpl() < x86.cpl()) {
      throw X86Fault.gp(idtError());
    }
    if (!gate.isPresent()) {
      throw X86Fault.np(idtError());
    }
  }

  /** Reads and checks the handler's code segment; gives the privilege level to run it with. */
  private int readCode() {
    int selector = gate.gateSelector();
    int cpl = x86.cpl();
    if (Segments.isNull(selector)) {
      throw X86Fault.gp(ext);
    }
    if (!segments.read(selector, code) || !Bits.isCode(code.attributes()) || code.dpl() > cpl) {
      throw X86Fault.gp(selector & 0xfffc | ext);
    }
    if (!code.isPresent()) {
      throw X86Fault.np(selector & 0xfffc | ext);
    }
    segments.setAccessed(code);
    return Bits.isConforming(code.attributes()) ? cpl : code.dpl();
  }

  private void enter(int cpl, long pc) {
    segments.set(X86State.CS, code.selector & 0xfffc | cpl, code);
    x86.put(X86State.CPL, cpl);
    x86.put(CoreState.PC, pc);
    long cleared = Bits.TF | Bits.NT | Bits.RF | Bits.VM;
    boolean interruptGate = (gate.type() & 1) == 0;
    x86.clearFlags(interruptGate ? cleared | Bits.IF : cleared);
  }

  // ---- protected mode without long mode

  private void protectedMode(boolean software) {
    boolean virtual = x86.isVirtual8086();
    readGate(software, 8);
    int cpl = readCode();
    int size = (gate.type() & 8) != 0 ? 4 : 2;
    if (virtual && cpl != 0) {
      throw X86Fault.gp(gate.gateSelector() & 0xfffc | ext);
    }
    long pc = gate.gateOffset();
    if (pc > code.limit()) {
      throw X86Fault.gp(ext);
    }
    if (cpl == x86.cpl()) {
      stack.current();
      pushReturn(size);
      stack.commit();
    } else {
      int oldSs = segments.selector(X86State.SS);
      long oldSp = x86.get(X86State.RSP);
      int newSs = taskStacks.legacy(cpl, ext, ss, stack);
      if (virtual) {
        pushVirtualSegments(size);
      }
      stack.push(oldSs, size);
      stack.push(oldSp, size);
      pushReturn(size);
      segments.set(X86State.SS, newSs, ss);
      stack.commit();
      if (virtual) {
        dropVirtualSegments();
      }
    }
    enter(cpl, pc);
  }

  private void pushReturn(int size) {
    stack.push(savedFlags, size);
    stack.push(segments.selector(X86State.CS), size);
    stack.push(returnPc, size);
    if (hasErrorCode) {
      stack.push(errorCode, size);
    }
  }

  private void pushVirtualSegments(int size) {
    stack.push(segments.selector(X86State.GS), size);
    stack.push(segments.selector(X86State.FS), size);
    stack.push(segments.selector(X86State.DS), size);
    stack.push(segments.selector(X86State.ES), size);
  }

  private void dropVirtualSegments() {
    segments.setNull(X86State.GS, 0);
    segments.setNull(X86State.FS, 0);
    segments.setNull(X86State.DS, 0);
    segments.setNull(X86State.ES, 0);
  }

  // ---- long mode

  private void longMode(boolean software) {
    readGate(software, 16);
    int cpl = readCode();
    if ((code.attributes() & (Bits.LONG_CODE | Bits.BIG)) != Bits.LONG_CODE) {
      throw X86Fault.gp(gate.gateSelector() & 0xfffc | ext);
    }
    long pc = gate.gateOffset();
    if (!Bits.isCanonical(pc)) {
      throw X86Fault.gp(ext);
    }
    int oldCpl = x86.cpl();
    int ist = (int) (gate.raw >>> 32) & 7;
    long rsp = x86.get(X86State.RSP);
    if (ist != 0) {
      rsp = taskStacks.interruptStack(ist, ext);
    } else if (cpl != oldCpl) {
      rsp = taskStacks.privileged(cpl, ext);
    }
    stack.flat(rsp & -16, x86.mmuModeOf(cpl));
    stack.push(segments.selector(X86State.SS), 8);
    stack.push(x86.get(X86State.RSP), 8);
    stack.push(savedFlags, 8);
    stack.push(segments.selector(X86State.CS), 8);
    stack.push(returnPc, 8);
    if (hasErrorCode) {
      stack.push(errorCode, 8);
    }
    stack.commit();
    if (cpl != oldCpl) {
      segments.setNull(X86State.SS, cpl);
    }
    enter(cpl, pc);
  }
}
