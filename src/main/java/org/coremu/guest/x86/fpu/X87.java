package org.coremu.guest.x86.fpu;

import static org.coremu.guest.x86.X86State.FCS;
import static org.coremu.guest.x86.X86State.FCW;
import static org.coremu.guest.x86.X86State.FDP;
import static org.coremu.guest.x86.X86State.FDS;
import static org.coremu.guest.x86.X86State.FEMPTY;
import static org.coremu.guest.x86.X86State.FIP;
import static org.coremu.guest.x86.X86State.FOP;
import static org.coremu.guest.x86.X86State.FPR;
import static org.coremu.guest.x86.X86State.FPR_EXP;
import static org.coremu.guest.x86.X86State.FSW;
import static org.coremu.guest.x86.X86State.FTOP;
import static org.coremu.guest.x86.fpu.X87Image.BUSY;
import static org.coremu.guest.x86.fpu.X87Image.C1;
import static org.coremu.guest.x86.fpu.X87Image.ES;

import org.coremu.bits.Float80;
import org.coremu.bits.FpEnv;
import org.coremu.exec.Core;
import org.coremu.exec.CoreState;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;
import org.coremu.ir.Intrinsic;

/**
 * A core's x87 unit at work: what the instructions have in common. All state is in {@link
 * CoreState}; the fields here hold one instruction's intermediate results. Used by the thread that
 * runs the core.
 *
 * <p>An instruction is {@link #begin}, access to memory, arithmetic on {@link #env}, {@link #end},
 * and writes of registers if that returns true. Before {@code end} no state is written, so that
 * faults are precise. A pending exception comes before any fault of the memory operand, which is
 * why helpers, not IR, access memory.
 *
 * <p>Not modelled: with CR0.NE = 0, FERR# and the freeze that waits for IRQ 13; execution goes on
 * as with IGNNE# asserted.
 */
public final class X87 {
  /** Condition codes in the status word. */
  static final int C0 = 0x0100;

  static final int C2 = 0x0400;
  static final int C3 = 0x4000;
  static final int CONDITION = C0 | C2 | C3;

  /** Stack fault in the status word. */
  static final int STACK_FAULT = 0x0040;

  private static final int NUMERIC_ERROR = 1 << 5;

  final Core core;
  final CoreState s;
  final FpEnv env = new FpEnv();

  /** Status word of the instruction so far, without TOP. */
  int status;

  /** Where FLDENV and FRSTOR gather the environment before they change anything. */
  final long[] image = new long[7];

  private int control = -1;

  /** The unit of a core; its state is not touched. */
  public X87(Core core) {
    this.core = core;
    this.s = core.state;
  }

  /** The unit of a core, for helpers. */
  static X87 of(Core core) {
    return X86.of(core).x87;
  }

  /**
   * Raises #MF if an unmasked exception is pending: what every waiting x87 instruction and WAIT do
   * first.
   */
  void checkPending() {
    if ((s.get(FSW) & ES) != 0) {
      raisePending();
    }
  }

  private void raisePending() {
    if ((s.get(X86State.CR0) & NUMERIC_ERROR) != 0) {
      throw X86Fault.mf();
    }
    X86.of(core).unimplemented("x87 exception with CR0.NE = 0: no FERR#, ignored");
  }

  /**
   * Starts a waiting instruction: raises #MF if it is due, takes over control and status word,
   * clears C1.
   */
  void begin() {
    checkPending();
    int word = (int) s.get(FCW);
    if (word != control) {
      env.setControlWord(word);
      control = word;
    }
    status = (int) s.get(FSW) & ~C1;
    env.flags = status & FpEnv.ALL_EXCEPTIONS;
    env.begin();
    env.roundedUp = false;
  }

  /** As {@link #begin}, for the instructions that change C1 only in a stack fault. */
  void beginKeepingC1() {
    int c1 = (int) s.get(FSW) & C1;
    begin();
    status |= c1;
  }

  /**
   * Ends the instruction: status word and pointers are written.
   *
   * @param address linear address of the memory operand, if the site has one
   * @return whether results may be written and the stack popped
   */
  boolean end(long site, long address) {
    boolean completes = env.endX87();
    int word = status | env.flags | (env.roundedUp ? C1 : 0);
    if ((env.flags & ~env.masks) != 0) {
      word |= ES | BUSY;
    }
    s.put(FSW, word);
    note(site, address);
    return completes;
  }

  /** Remembers opcode, instruction and operand, as every instruction but the control ones does. */
  void note(long site, long address) {
    s.put(FOP, Intrinsic.opcode(site));
    s.put(FIP, core.currentPc());
    s.put(FCS, s.get(X86State.SELECTOR + X86State.CS));
    if (Intrinsic.hasMemory(site)) {
      int segment = Intrinsic.segment(site);
      long offset =
          Intrinsic.isBased(site) ? address - s.get(X86State.SEG_BASE + segment) : address;
      s.put(FDP, core.pcMask == -1 ? offset : offset & 0xFFFF_FFFFL);
      s.put(FDS, s.get(X86State.SELECTOR + segment));
    }
  }

  /** Sets all of C0 to C3 after {@link #end}. */
  void setConditionCodes(int codes) {
    s.put(FSW, s.get(FSW) & ~(CONDITION | C1) | codes);
  }

  // ---- stack faults

  /** An operand is empty: invalid, with "indefinite" as the result. */
  void underflow() {
    stackFault();
    Float80.setIndefinite(env);
  }

  /** The register to push into is in use: invalid, C1 set, "indefinite" as the result. */
  void overflow() {
    stackFault();
    status |= C1;
    Float80.setIndefinite(env);
  }

  private void stackFault() {
    env.flags = FpEnv.INVALID;
    status = status & ~C1 | STACK_FAULT;
  }

  // ---- the register stack

  /** Slot offset of ST(i): its physical register. */
  int physical(int i) {
    return (int) s.get(FTOP) + i & 7;
  }

  boolean isEmpty(int i) {
    return (s.get(FEMPTY) >>> physical(i) & 1) != 0;
  }

  /** Significand of ST(i). */
  long mantissa(int i) {
    return s.get(FPR + physical(i));
  }

  /** Sign and exponent of ST(i). */
  int signExponent(int i) {
    return (int) s.get(FPR_EXP + physical(i));
  }

  /** Sets ST(i), which is no longer empty. */
  void set(int i, long mantissa, int signExponent) {
    int p = physical(i);
    s.put(FPR + p, mantissa);
    s.put(FPR_EXP + p, signExponent);
    s.put(FEMPTY, s.get(FEMPTY) & ~(1L << p));
  }

  /** Sets ST(i) to the result. */
  void setResult(int i) {
    set(i, env.mantissa, env.signExponent);
  }

  /** Moves TOP for a push; the caller sets ST(0). */
  void lower() {
    s.put(FTOP, s.get(FTOP) - 1 & 7);
  }

  /** Pops {@code count} registers, 0 to 2. */
  void pop(int count) {
    for (int i = 0; i < count; i++) {
      long top = s.get(FTOP);
      s.put(FEMPTY, s.get(FEMPTY) | 1L << top);
      s.put(FTOP, top + 1 & 7);
    }
  }
}
