package org.coremu.exec.toy;

/**
 * The toy's instructions. An instruction is the ordinal as a byte, then the operands: a register is
 * one byte (0 to 15), an immediate four bytes, little-endian; a target is an immediate relative to
 * the instruction's address.
 */
public enum ToyOp {
  NOP("", true),
  /** a = immediate. */
  LI("ri", true),
  /** a = b. */
  MOV("rr", true),
  /** a += immediate. */
  ADDI("ri", true),
  /** a += b. */
  ADD("rr", true),
  /** a *= b. */
  MUL("rr", true),
  /** a ^= b. */
  XOR("rr", true),
  /** a = the 64 bits at address b. */
  LD("rr", true),
  /** The 64 bits at address a = b. */
  ST("rr", true),
  /** The byte at address a = b. */
  ST8("rr", true),
  /** Atomically adds b to the 64 bits at address a; b = the old value. */
  FADD("rr", true),
  /** As FADD, with a plain load and store while no other core executes. */
  ADDX("rr", true),
  /** Goes to the target. */
  JMP("i", false),
  /** Goes to the target if a is not 0. */
  BNZ("ri", false),
  /** Goes to address a. */
  JR("r", false),
  /** Takes one of the tokens sent to the core, or halts until there is one. */
  WAIT("", false),
  /** a = number of tokens that are there. */
  TOKENS("r", true),
  /** Sends a token to core a. */
  SEND("r", true),
  /** Says that the core only waits. */
  PAUSE("", false),
  /** a = the core's index. */
  ID("r", true),
  /** a = virtual time. */
  NOW("r", true),
  /** a = instructions executed before this one. */
  COUNT("r", true),
  /** Sends the core a token at virtual time a. */
  TIMER("r", true),
  /** Tells the host: see {@code ToyMachine.onOut}. */
  OUT("r", true),
  /** Faults: goes on at the handler, with the address of this instruction in register 15. */
  FAULT("", false),
  /** Faults go to address a from now on. */
  HANDLER("r", true),
  /** Has the next a instructions run one by one. */
  STEPS("r", false),
  /** Fails as a defect of the emulator would. */
  BUG("", true);

  /** An r per register and an i per immediate. */
  final String operands;

  /** Whether the block goes on after it. */
  final boolean goesOn;

  ToyOp(String operands, boolean goesOn) {
    this.operands = operands;
    this.goesOn = goesOn;
  }

  int length() {
    int length = 1;
    for (char c : operands.toCharArray()) {
      length += c == 'r' ? 1 : 4;
    }
    return length;
  }
}
