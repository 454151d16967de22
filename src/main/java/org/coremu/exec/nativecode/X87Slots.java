package org.coremu.exec.nativecode;

/**
 * Where a guest keeps its x87 unit. While {@link Host#X87_LIVE} is not 0 the guest's unit is in the
 * host's, and the slots that {@link #isInHost} names are out of date; the control word, which is
 * written through, and the pointers are not.
 *
 * @param significands of the eight physical registers
 * @param exponents of the eight physical registers, with their signs
 * @param control control word
 * @param status status word, without the top of the stack
 * @param top top of the stack, 0 to 7
 * @param empty a bit for each physical register that is empty
 * @param opcode of the last instruction
 * @param instruction address of the last instruction
 * @param data address of the last memory operand
 * @param codeSelector of the last instruction
 * @param dataSelector of the last memory operand
 * @param selectors of the segment registers
 * @param code number of the code segment's register
 * @param bases of the segments
 */
public record X87Slots(
    int significands,
    int exponents,
    int control,
    int status,
    int top,
    int empty,
    int opcode,
    int instruction,
    int data,
    int codeSelector,
    int dataSelector,
    int selectors,
    int code,
    int bases) {
  /** Of a guest without an x87 unit. */
  public static final X87Slots NONE = new X87Slots(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  static final int REGISTERS = 8;

  /** Whether a slot is out of date while the host's unit holds the guest's. */
  boolean isInHost(int slot) {
    return this != NONE
        && (slot >= significands && slot < significands + REGISTERS
            || slot >= exponents && slot < exponents + REGISTERS
            || slot == status
            || slot == top
            || slot == empty);
  }
}
