package org.coremu.sched;

import org.coremu.exec.toy.ToyOp;
import org.coremu.exec.toy.ToyProgram;

/** Toy programs for the tests. Data lives from {@link #DATA} on. */
final class Programs {
  static final int DATA = 0x8000;

  private Programs() {}

  /**
   * Every core: waits for a token and sends one to the core that register 1 says, register 2 times;
   * then OUT.
   */
  static ToyProgram ring() {
    return new ToyProgram(0x1000)
        .label("again")
        .op(ToyOp.WAIT)
        .op(ToyOp.SEND, 1)
        .loop(2, "again")
        .op(ToyOp.OUT, 2)
        .halt();
  }

  /**
   * For ever, in one block: stores a count at {@link #DATA}, and a while later the same count
   * behind it.
   */
  static ToyProgram twoWords() {
    ToyProgram program =
        new ToyProgram(0x1000)
            .op(ToyOp.LI, 3, DATA)
            .op(ToyOp.LI, 4, DATA + 8)
            .jmp("again")
            .label("again")
            .op(ToyOp.ADDI, 1, 1)
            .op(ToyOp.ST, 3, 1);
    for (int i = 0; i < 20; i++) {
      program.op(ToyOp.MUL, 5, 5);
    }
    return program.op(ToyOp.ST, 4, 1).jmp("again");
  }

  /** Counts for ever. */
  static ToyProgram busy() {
    return new ToyProgram(0x1000).label("again").op(ToyOp.ADDI, 1, 1).jmp("again");
  }

  /**
   * Adds 1 to the word at {@link #DATA} with an atomic instruction, register 2 times; then OUT and
   * halt.
   */
  static ToyProgram adder(ToyOp add, long base) {
    return new ToyProgram(base)
        .op(ToyOp.LI, 3, DATA)
        .label("again")
        .op(ToyOp.LI, 1, 1)
        .op(add, 3, 1)
        .loop(2, "again")
        .op(ToyOp.OUT, 2)
        .halt();
  }

  /** Pauses until the word at {@link #DATA} is not 0, then OUT and halt. */
  static ToyProgram spinner(long base) {
    return new ToyProgram(base)
        .op(ToyOp.LI, 3, DATA)
        .jmp("look")
        .label("again")
        .op(ToyOp.PAUSE)
        .op(ToyOp.ADDI, 5, 1)
        .label("look")
        .op(ToyOp.LD, 1, 3)
        .bnz(1, "done")
        .jmp("again")
        .label("done")
        .op(ToyOp.OUT, 1)
        .halt();
  }

  /** As {@link #spinner}, with 40 instructions of work between two looks. */
  static ToyProgram slowSpinner() {
    return new ToyProgram(0x1000)
        .op(ToyOp.LI, 3, DATA)
        .label("again")
        .op(ToyOp.LI, 4, 20)
        .label("work")
        .loop(4, "work")
        .op(ToyOp.PAUSE)
        .op(ToyOp.LD, 1, 3)
        .bnz(1, "done")
        .jmp("again")
        .label("done")
        .op(ToyOp.OUT, 1)
        .halt();
  }

  /** Pauses register 2 times, sets the word at {@link #DATA} to 1, and halts. */
  static ToyProgram pausingSetter(long base) {
    return thenSets(new ToyProgram(base).label("again").op(ToyOp.PAUSE).loop(2, "again"));
  }

  /** Counts register 2 down, sets the word at {@link #DATA} to 1, and halts. */
  static ToyProgram setter(long base) {
    return thenSets(new ToyProgram(base).label("again").loop(2, "again"));
  }

  private static ToyProgram thenSets(ToyProgram program) {
    return program
        .op(ToyOp.LI, 3, DATA)
        .op(ToyOp.LI, 1, 1)
        .op(ToyOp.ST, 3, 1)
        .op(ToyOp.OUT, 1)
        .halt();
  }

  /**
   * Register 2 times: pauses until the word at {@link #DATA} plus register 6 is 0, works for 40
   * instructions and sets the word to register 7. Then OUT and halt. Register 5 counts the pauses.
   */
  static ToyProgram relay() {
    return new ToyProgram(0x1000)
        .op(ToyOp.LI, 3, DATA)
        .jmp("look")
        .label("pause")
        .op(ToyOp.PAUSE)
        .op(ToyOp.ADDI, 5, 1)
        .label("look")
        .op(ToyOp.LD, 1, 3)
        .op(ToyOp.ADD, 1, 6)
        .bnz(1, "pause")
        .op(ToyOp.LI, 4, 20)
        .label("work")
        .loop(4, "work")
        .op(ToyOp.ST, 3, 7)
        .loop(2, "look")
        .op(ToyOp.OUT, 2)
        .halt();
  }

  /**
   * Puts out 0, counts register 2 down, and sends itself, the core of register 1, a token. Takes it
   * and halts, woken since its quantum began; when there is another token, puts out 1 and halts.
   */
  static ToyProgram haltsWoken(long base) {
    return new ToyProgram(base)
        .op(ToyOp.OUT, 3)
        .label("again")
        .loop(2, "again")
        .op(ToyOp.SEND, 1)
        .op(ToyOp.WAIT)
        .op(ToyOp.WAIT)
        .op(ToyOp.LI, 3, 1)
        .op(ToyOp.OUT, 3)
        .halt();
  }

  /** Sets a timer for register 1 ns from now, halts until then, and puts out how long it took. */
  static ToyProgram sleeper() {
    return new ToyProgram(0x1000)
        .op(ToyOp.NOW, 2)
        .op(ToyOp.ADD, 1, 2)
        .op(ToyOp.TIMER, 1)
        .op(ToyOp.WAIT)
        .op(ToyOp.NOW, 3)
        .op(ToyOp.OUT, 3)
        .halt();
  }

  /**
   * Cores that disturb one another in many ways, register 2 times: atomic adds, tokens, timers,
   * pauses and readings of time.
   */
  static ToyProgram mixed() {
    return new ToyProgram(0x1000)
        .op(ToyOp.LI, 3, DATA)
        .label("again")
        .op(ToyOp.LI, 4, 1)
        .op(ToyOp.FADD, 3, 4)
        .op(ToyOp.SEND, 1)
        .op(ToyOp.WAIT)
        .op(ToyOp.NOW, 5)
        .op(ToyOp.OUT, 5)
        .op(ToyOp.LI, 6, 1000)
        .op(ToyOp.ADD, 6, 4)
        .label("inner")
        .op(ToyOp.MUL, 4, 4)
        .loop(6, "inner")
        .op(ToyOp.NOW, 5)
        .op(ToyOp.ADDI, 5, 7777)
        .op(ToyOp.TIMER, 5)
        .op(ToyOp.PAUSE)
        .op(ToyOp.WAIT)
        .op(ToyOp.COUNT, 5)
        .op(ToyOp.OUT, 5)
        .op(ToyOp.LI, 5, 3)
        .op(ToyOp.STEPS, 5)
        .op(ToyOp.NOW, 5)
        .op(ToyOp.NOW, 7)
        .op(ToyOp.OUT, 7)
        .loop(2, "again")
        .op(ToyOp.OUT, 2)
        .halt();
  }

  /**
   * Measures 20,001 instructions: their number into register 4, their time into register 5. OUT
   * before and after.
   */
  static ToyProgram timed() {
    return new ToyProgram(0x1000)
        .op(ToyOp.OUT, 1)
        .op(ToyOp.LI, 2, 9_999)
        .op(ToyOp.COUNT, 6)
        .op(ToyOp.NOW, 7)
        .label("again")
        .loop(2, "again")
        .op(ToyOp.NOP)
        .op(ToyOp.COUNT, 4)
        .op(ToyOp.NOW, 5)
        .op(ToyOp.LI, 8, -1)
        .op(ToyOp.MUL, 6, 8)
        .op(ToyOp.MUL, 7, 8)
        .op(ToyOp.ADD, 4, 6)
        .op(ToyOp.ADD, 5, 7)
        .op(ToyOp.OUT, 2)
        .halt();
  }

  /**
   * Sets a timer for register 1 ns from now, and counts until its token is there (register 3:
   * when); never halts till then.
   */
  static ToyProgram spinningSleeper() {
    return new ToyProgram(0x1000)
        .op(ToyOp.NOW, 2)
        .op(ToyOp.ADD, 1, 2)
        .op(ToyOp.TIMER, 1)
        .label("again")
        .op(ToyOp.TOKENS, 4)
        .op(ToyOp.ADDI, 5, 1)
        .bnz(4, "done")
        .jmp("again")
        .label("done")
        .op(ToyOp.NOW, 3)
        .op(ToyOp.OUT, 3)
        .halt();
  }

  /**
   * Works and halts by turns, register 2 times, and OUT: works for twice register 3 instructions,
   * sends a token to the core of register 1, and halts until there is one.
   */
  static ToyProgram worksAndHalts() {
    return new ToyProgram(0x1000)
        .label("again")
        .op(ToyOp.MOV, 4, 3)
        .label("work")
        .loop(4, "work")
        .op(ToyOp.SEND, 1)
        .op(ToyOp.WAIT)
        .loop(2, "again")
        .op(ToyOp.OUT, 2)
        .halt();
  }
}
