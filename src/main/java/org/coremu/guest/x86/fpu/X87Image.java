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

import org.coremu.bits.Float80;
import org.coremu.exec.Core;
import org.coremu.exec.CoreState;

/**
 * The x87 state as a whole: its words as memory images have them, the x87 part of FXSAVE and XSAVE
 * images (SDM vol. 1, 10.5.1 and 13.5.1), its initial state, and its use as MMX registers.
 */
public final class X87Image {
  /** Status word bits: exception summary, condition code C1, busy, and where TOP begins. */
  public static final int ES = 0x0080;

  public static final int C1 = 0x0200;
  public static final int BUSY = 0x8000;
  public static final int TOP_SHIFT = 11;

  private static final int TOP = 7 << TOP_SHIFT;
  private static final int EXCEPTIONS = 0x3F;

  /**
   * Bits of the control word that can be changed: masks, precision, rounding and the 287's infinity
   * control.
   */
  private static final int CONTROL = 0x1F3F;

  /** Bit 6 of the control word, which always reads as 1. */
  private static final int CONTROL_FIXED = 0x0040;

  private static final int INITIAL_CONTROL = 0x037F;
  private static final int ALL_EMPTY = 0xFF;

  private X87Image() {}

  /**
   * The state of FNINIT, which is also the initial configuration of the x87 component of XSAVE;
   * data registers stay.
   */
  public static void initialise(CoreState s) {
    s.put(FCW, INITIAL_CONTROL);
    s.put(FSW, 0);
    s.put(FTOP, 0);
    s.put(FEMPTY, ALL_EMPTY);
    s.put(FOP, 0);
    s.put(FIP, 0);
    s.put(FDP, 0);
    s.put(FCS, 0);
    s.put(FDS, 0);
  }

  /**
   * The state that XRSTOR gives a component that its image says is in its initial configuration:
   * data registers are 0.
   */
  public static void initialiseAll(CoreState s) {
    initialise(s);
    for (int i = 0; i < 8; i++) {
      s.put(FPR + i, 0);
      s.put(FPR_EXP + i, 0);
    }
  }

  /** Whether the state is that of {@link #initialiseAll}: XINUSE[0] is 0 then. */
  public static boolean isInitial(CoreState s) {
    long differences =
        s.get(FCW) ^ INITIAL_CONTROL | s.get(FSW) | s.get(FTOP) | s.get(FEMPTY) ^ ALL_EMPTY;
    differences |= s.get(FOP) | s.get(FIP) | s.get(FDP) | s.get(FCS) | s.get(FDS);
    for (int i = 0; i < 8; i++) {
      differences |= s.get(FPR + i) | s.get(FPR_EXP + i);
    }
    return differences == 0;
  }

  /** The status word with TOP. */
  public static int statusWord(CoreState s) {
    return (int) (s.get(FSW) | s.get(FTOP) << TOP_SHIFT);
  }

  /**
   * Sets control and status word together; ES and B follow from the exceptions that are flagged and
   * unmasked.
   */
  public static void setWords(CoreState s, int control, int status) {
    s.put(FTOP, status >>> TOP_SHIFT & 7);
    s.put(FSW, status & 0xFFFF & ~TOP);
    setControlWord(s, control);
  }

  /** Sets the control word; ES and B follow from the exceptions that are flagged and unmasked. */
  public static void setControlWord(CoreState s, int control) {
    s.put(FCW, control & CONTROL | CONTROL_FIXED);
    long status = s.get(FSW) & ~(ES | BUSY);
    s.put(FSW, (status & ~control & EXCEPTIONS) != 0 ? status | ES | BUSY : status);
  }

  /** The tag word of FXSAVE: bit n is set when physical register n is in use. */
  public static int abridgedTag(CoreState s) {
    return (int) ~s.get(FEMPTY) & 0xFF;
  }

  /** Sets all tags from FXSAVE's tag word. */
  public static void setAbridgedTag(CoreState s, int tag) {
    s.put(FEMPTY, ~tag & 0xFF);
  }

  /**
   * The tag word of FNSAVE: two bits a physical register, 0 valid, 1 zero, 2 special, 3 empty (SDM
   * vol. 1, 8.1.7).
   */
  public static int fullTag(CoreState s) {
    int empty = (int) s.get(FEMPTY);
    int tag = 0;
    for (int i = 0; i < 8; i++) {
      int kind = 3;
      if ((empty >>> i & 1) == 0) {
        kind =
            switch (Float80.classify(s.get(FPR + i), (int) s.get(FPR_EXP + i))) {
              case Float80.NORMAL -> 0;
              case Float80.ZERO -> 1;
              default -> 2;
            };
      }
      tag |= kind << 2 * i;
    }
    return tag;
  }

  /** Sets all tags from FNSAVE's tag word, of which only "empty" and "not empty" count. */
  public static void setFullTag(CoreState s, int tag) {
    int empty = 0;
    for (int i = 0; i < 8; i++) {
      empty |= (tag >>> 2 * i & 3) == 3 ? 1 << i : 0;
    }
    s.put(FEMPTY, empty);
  }

  /**
   * Writes the x87 part of an FXSAVE or XSAVE image: bytes 0 to 23 and 32 to 159. The instruction
   * and data pointers are zero unless an exception is pending, as on AMD's processors.
   *
   * @param address of the image; the caller has made sure that it is writable
   * @param wide whether the pointers are 64 bits wide (FXSAVE64, XSAVE64) rather than 32 bits and a
   *     selector
   */
  public static void save(Core core, long address, boolean wide) {
    CoreState s = core.state;
    long pointers = (s.get(FSW) & ES) != 0 ? -1 : 0;
    long words = s.get(FCW) | (long) statusWord(s) << 16 | (long) abridgedTag(s) << 32;
    core.memory.store(address, words | (s.get(FOP) & pointers) << 48, 8);
    core.memory.store(address + 8, pointer(s, FIP, FCS, wide) & pointers, 8);
    core.memory.store(address + 16, pointer(s, FDP, FDS, wide) & pointers, 8);
    int top = (int) s.get(FTOP);
    for (int i = 0; i < 8; i++) {
      int physical = top + i & 7;
      core.memory.store(address + 32 + 16 * i, s.get(FPR + physical), 8);
      core.memory.store(address + 40 + 16 * i, s.get(FPR_EXP + physical), 8);
    }
  }

  private static long pointer(CoreState s, int offset, int selector, boolean wide) {
    return wide ? s.get(offset) : s.get(offset) & 0xFFFF_FFFFL | s.get(selector) << 32;
  }

  /**
   * Reads the x87 part of an FXSAVE or XSAVE image: bytes 0 to 23 and 32 to 159. If a load faults,
   * some of the state may have been written: the caller makes sure that all of the image is
   * readable.
   */
  public static void restore(Core core, long address, boolean wide) {
    CoreState s = core.state;
    long words = core.memory.load(address, 8);
    long instruction = core.memory.load(address + 8, 8);
    long data = core.memory.load(address + 16, 8);
    setWords(s, (int) words & 0xFFFF, (int) (words >>> 16) & 0xFFFF);
    setAbridgedTag(s, (int) (words >>> 32) & 0xFF);
    s.put(FOP, words >>> 48 & 0x7FF);
    setPointer(s, FIP, FCS, instruction, wide);
    setPointer(s, FDP, FDS, data, wide);
    int top = (int) s.get(FTOP);
    for (int i = 0; i < 8; i++) {
      int physical = top + i & 7;
      s.put(FPR + physical, core.memory.load(address + 32 + 16 * i, 8));
      s.put(FPR_EXP + physical, core.memory.load(address + 40 + 16 * i, 8) & 0xFFFF);
    }
  }

  private static void setPointer(CoreState s, int offset, int selector, long value, boolean wide) {
    s.put(offset, wide ? value : value & 0xFFFF_FFFFL);
    s.put(selector, wide ? 0 : value >>> 32 & 0xFFFF);
  }

  /** EMMS: all registers become empty, and TOP is 0 as after any MMX instruction. */
  public static void leaveMmx(CoreState s) {
    s.put(FTOP, 0);
    s.put(FEMPTY, ALL_EMPTY);
  }
}
