package org.coremu.exec;

import java.lang.foreign.Arena;
import java.lang.invoke.VarHandle;
import org.coremu.ir.IrBuilder;
import org.coremu.mem.SoftTlb;
import org.coremu.mem.StateMemory;

/**
 * The off-heap state of a core: {@link #SLOTS} 64-bit slots, then the TLB tables. Interpreter,
 * native code, debugger and snapshots all work on this memory.
 *
 * <p>Slots below {@link #GUEST} mean the same for every ISA; those from there to {@link #SCRATCH}
 * are laid out by the guest; the rest hold the temporaries of the block that runs.
 */
public final class CoreState {
  /** Always 0. */
  public static final int ZERO = 0;

  /** Takes results that nobody wants. */
  public static final int SINK = 1;

  /**
   * Program counter: address of the running block while in it, of the next instruction otherwise.
   */
  public static final int PC = 2;

  /** Lazy flags: {@code ir.FlagKind}, and up to three operands. */
  public static final int FLAG_KIND = 3;

  public static final int FLAG_A = 4;
  public static final int FLAG_B = 5;
  public static final int FLAG_C = 6;

  /**
   * Low half: instructions left in the quantum, written by the core. High half: not 0 when the core
   * shall leave its block loop; written by anyone. Native code goes on while low >= high, signed.
   */
  public static final int BUDGET = 7;

  /**
   * Rounding, masked and sticky exceptions of floating-point ops, laid out as MXCSR (SDM vol. 1,
   * 10.2.3).
   */
  public static final int FP_CONTROL = IrBuilder.FP_CONTROL;

  /** Native code: address of the TLB table of the current MMU mode. */
  public static final int TLB_TABLE = 9;

  /** Native code: PC of the running block minus the offset of its code in its page of RAM. */
  public static final int PAGE = 10;

  /** Native code: what is xor-ed to a PC to get its key in the jump cache. */
  public static final int JUMP_KEY = 11;

  /** Native code: why it came back; low half a site, high half a block. */
  public static final int EXIT = 12;

  /**
   * Native code: low half the mask of {@link SoftTlb#offset}, high half what masks a hashed PC to
   * the offset of its entry in the jump cache.
   */
  public static final int TLB_MASK = 14;

  /** Native code: address of the jump cache. An entry is a key and the address of native code. */
  public static final int JUMP_TABLE = 15;

  /** Native code: low half not 0 while the host's MXCSR is the guest's; high half the host's. */
  public static final int FP_LIVE = 13;

  /** First slot that the guest lays out. */
  public static final int GUEST = 16;

  /** First slot for temporaries. */
  public static final int SCRATCH = 1024;

  public static final int SLOTS = 2048;

  /** Offset of the TLB tables by instruction from slot 0, one for each MMU mode. */
  public static final int SITE_TLB_OFFSET = SLOTS * 8;

  private final long base;

  /** Takes memory for a core with a number of MMU modes, of the host's as it is touched. */
  public CoreState(Arena arena, int mmuModes) {
    base = StateMemory.reserve(arena, SITE_TLB_OFFSET + (long) mmuModes * SoftTlb.SITE_TABLE_BYTES);
  }

  /**
   * Whether a slot is part of what the guest is, rather than of how it is run: not the budget, what
   * native code keeps for itself, and the temporaries of blocks.
   */
  public static boolean isGuestState(int slot) {
    return slot >= GUEST && slot < SCRATCH || slot >= PC && slot < BUDGET || slot == FP_CONTROL;
  }

  /** Address of slot 0. */
  public long base() {
    return base;
  }

  /** Address of the TLB tables by instruction. */
  long siteTlb() {
    return base + SITE_TLB_OFFSET;
  }

  public long get(int slot) {
    return StateMemory.getLong(base + slot * 8L);
  }

  public void put(int slot, long value) {
    StateMemory.putLong(base + slot * 8L, value);
  }

  void putInt(int slot, int value) {
    StateMemory.putInt(base + slot * 8L, value);
  }

  void putHighInt(int slot, int value) {
    StateMemory.putInt(base + slot * 8L + 4, value);
  }

  /** Instructions left in the quantum. */
  int budget() {
    return StateMemory.getInt(base + BUDGET * 8L);
  }

  void setBudget(int instructions) {
    StateMemory.putInt(base + BUDGET * 8L, instructions);
  }

  /** Asks the core to leave its block loop soon. Any thread. */
  void requestStop() {
    StateMemory.putIntRelease(base + BUDGET * 8L + 4, Integer.MAX_VALUE);
  }

  /**
   * Forgets requests. What a requester did before {@link #requestStop} is visible afterwards, or
   * its request stays.
   */
  void clearStop() {
    long request = base + BUDGET * 8L + 4;
    if (StateMemory.getIntOpaque(request) != 0) {
      StateMemory.putIntRelease(request, 0);
      VarHandle.fullFence();
    }
  }
}
