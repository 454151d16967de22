package org.coremu.exec;

import org.coremu.ir.IrBuilder;

/**
 * What an ISA implements for one core. All methods are called by the thread that runs the core,
 * unless they say otherwise.
 *
 * <p>The guest keeps {@link Core#mode}, {@link Core#mmuMode}, {@link Core#codeBase} and {@link
 * Core#pcMask} up to date. Whatever changes them, or the meaning of addresses, ends its block with
 * EXIT or LEAVE.
 */
public interface Guest {
  /** Data access kinds, for {@link #translate}. */
  int READ = 0;

  int WRITE = 1;
  int FETCH = 2;

  /**
   * Answers of {@link #attend}: go on, stand still until an event, or run one instruction and then
   * call {@link #stepped}.
   */
  int RUN = 0;

  int HALT = 1;
  int STEP = 2;

  /** Puts the core into its reset state. */
  void reset();

  /**
   * Translates instructions until the block ends: after one that ends it, before one whose first
   * byte is on another page than the block's first, or after {@code maxInsns}. If a fetch faults or
   * an encoding is invalid at the first instruction it throws or translates that instruction into a
   * fault; at a later one it ends the block before it.
   *
   * @param code reads relative to the first instruction
   * @param start linear address of the first instruction, of which only the offset in its page may
   *     enter the IR
   * @param mode what {@link Core#mode} was: everything besides the bytes that the translation
   *     depends on
   */
  void translateBlock(IrBuilder ir, CodeReader code, long start, long mode, int maxInsns);

  /**
   * As {@link #translateBlock}, for code that is executed a lot: may go on through jumps and along
   * the likely side of branches, which leave the block with EXITIF, and may go round loops.
   */
  default void translateTrace(IrBuilder ir, CodeReader code, long start, long mode, int maxInsns) {
    translateBlock(ir, code, start, mode, maxInsns);
  }

  /**
   * Whether in a mode the PC is a linear address, so that it and the place of code in RAM have the
   * same offset in a page: what native code counts on.
   */
  default boolean hasLinearPc(long mode) {
    return true;
  }

  /**
   * Translates a virtual address for an access, sets accessed and dirty bits, and fills the core's
   * TLB if it is RAM.
   *
   * @param mmuMode MMU mode the access is done with
   * @param access {@link #READ}, {@link #WRITE} or {@link #FETCH}
   * @return guest-physical address
   * @throws GuestFault if it is not allowed
   */
  long translate(long address, int access, int mmuMode);

  /**
   * Checks an access that crosses a page before its pages are looked at, in parts.
   *
   * @param last address of its last byte
   * @throws GuestFault if that address can't be, whatever the page tables say
   */
  default void checkCrossing(long last) {}

  /**
   * Throws the fault of a jump to an address that no page table could map; see {@code
   * ir.IrOp.CANONICAL}.
   */
  default void refuseTarget(long address) {
    throw new AssertionError("the guest uses CANONICAL without this");
  }

  /**
   * Translates a virtual address as a debugger does: no fault, no change of anything.
   *
   * @return guest-physical address, or -1
   */
  long peek(long address);

  /**
   * Tells of a data access that is about to be done, while {@link Core#setWatched} asks for it and
   * the guest keeps data out of the TLB.
   *
   * @param size in bytes; an access that crosses a page is told of as a whole and then byte by byte
   * @throws GuestFault if the guest does not allow it
   */
  default void accessed(long address, int size, boolean write) {}

  /** The fault of a vector access at an address that must be a multiple of 16 and is not. */
  GuestFault alignmentFault(long address);

  /**
   * The fault of a floating-point vector op that has raised an exception which is not masked. The
   * sticky exceptions are set.
   */
  default GuestFault floatingPointFault() {
    throw new AssertionError("floating-point exceptions are always masked");
  }

  /** The fault of a division by 0 or whose quotient does not fit. */
  default GuestFault divideFault() {
    throw new AssertionError("the guest uses DIVU or DIVS without this");
  }

  /**
   * Delivers a fault; state, PC and instruction count are exact, at the faulting instruction. Must
   * not throw.
   */
  void takeFault(GuestFault fault);

  /** Looks at interrupts, resets and halt state, delivers what is due, and says how to go on. */
  int attend();

  /** Called after the one instruction that {@link #STEP} asked for. */
  void stepped();
}
