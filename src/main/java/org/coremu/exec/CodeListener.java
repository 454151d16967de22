package org.coremu.exec;

/** Is told where machine code is, for the tools that look at the process from outside. */
@FunctionalInterface
public interface CodeListener {
  /** Wants to know nothing. */
  CodeListener NONE = (address, bytes, guestAddress, trace) -> {};

  /**
   * Code is about to be run from now on; any code that was in its place is gone. Any thread.
   *
   * @param address where it is in the process
   * @param bytes how long it is
   * @param guestAddress linear address of the guest code it was made from
   * @param trace whether it goes on along the likely way through branches
   */
  void installed(long address, int bytes, long guestAddress, boolean trace);
}
