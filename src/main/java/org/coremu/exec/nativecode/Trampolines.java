package org.coremu.exec.nativecode;

import org.coremu.exec.CoreState;

/**
 * The code between Java and blocks: two functions of the C calling convention that enter native
 * code, {@code (state, address)}, and the way out, to which all blocks jump.
 */
public final class Trampolines {
  private static final int[] CALLEE_SAVED = {
    Assembler.RBX, Assembler.RBP, Assembler.R12, Assembler.R13, Assembler.R14, Assembler.R15
  };

  private final Assembler asm;
  private final int[] hotSlots;

  private final int enter;
  private final int resume;
  private final int exit;
  private final int flags;
  private final X87Routines x87;

  /** Puts the trampolines at the start of a memory. */
  public static Trampolines install(CodeMemory memory, StateLayout layout) {
    Assembler asm = new Assembler();
    Trampolines trampolines = new Trampolines(asm, layout);
    memory.write(0, asm.bytes(), asm.size());
    return trampolines;
  }

  /** Offset of the function that enters a block. */
  public int enter() {
    return enter;
  }

  /** Offset of the function that goes on in a block after Java has done an op for it. */
  public int resume() {
    return resume;
  }

  /** Offset of the way out. */
  public int exit() {
    return exit;
  }

  /** Offset of a routine that {@link Exits} numbers. */
  int routine(int number) {
    return switch (number) {
      case Exits.FLAGS -> flags;
      case Exits.X87_LOAD -> x87.load;
      default -> x87.save;
    };
  }

  /** Bytes that they take, a multiple of 64. */
  public int size() {
    return asm.size() + 63 & -64;
  }

  private Trampolines(Assembler asm, StateLayout layout) {
    this.asm = asm;
    hotSlots = layout.hotSlots();
    x87 = new X87Routines(asm, layout.x87());
    asm.align(16, 0);
    enter = asm.size();
    begin();
    HostFloat.mark(asm, false);
    X87Routines.mark(asm, 0);
    loadPinned();
    asm.jmpRegister(Assembler.RAX);
    asm.align(16, 0);
    resume = asm.size();
    begin();
    resumeFloat();
    for (int i = 0; i < Host.TEMPS.length; i++) {
      asm.at(Host.STATE, Host.slot(Host.SAVED_TEMPS + i));
      asm.loadM(8, Host.TEMPS[i]);
    }
    loadPinned();
    asm.jmpRegister(Assembler.RAX);
    asm.align(16, 0);
    exit = asm.size();
    leave();
    flags = new FlagsRoutine(asm).start;
  }

  private int pins() {
    return Math.min(hotSlots.length, Host.PINNED.length);
  }

  private void begin() {
    for (int r : CALLEE_SAVED) {
      asm.push(r);
    }
    asm.mov(true, Assembler.RAX, Assembler.RSI);
    asm.at(Assembler.RDI, Host.BIAS);
    asm.leaM(true, Host.STATE);
  }

  private void loadPinned() {
    for (int i = 0; i < pins(); i++) {
      asm.at(Host.STATE, Host.slot(hotSlots[i]));
      asm.loadM(8, Host.PINNED[i]);
    }
    asm.at(Host.STATE, Host.slot(CoreState.BUDGET));
    asm.loadM(4, Host.BUDGET);
  }

  private void leave() {
    for (int i = 0; i < pins(); i++) {
      asm.at(Host.STATE, Host.slot(hotSlots[i]));
      asm.storeM(8, Host.PINNED[i]);
    }
    for (int i = 0; i < Host.TEMPS.length; i++) {
      asm.at(Host.STATE, Host.slot(Host.SAVED_TEMPS + i));
      asm.storeM(8, Host.TEMPS[i]);
    }
    asm.at(Host.STATE, Host.slot(CoreState.BUDGET));
    asm.storeM(4, Host.BUDGET);
    leaveFloat();
    leaveX87();
    for (int i = CALLEE_SAVED.length - 1; i >= 0; i--) {
      asm.pop(CALLEE_SAVED[i]);
    }
    asm.ret();
  }

  private void resumeFloat() {
    HostFloat.compareLive(asm);
    int dead = asm.jccShort(Assembler.E);
    HostFloat.load(asm);
    asm.bindShort(dead);
  }

  private void leaveX87() {
    asm.at(Host.STATE, Host.slot(Host.X87_LIVE));
    asm.aluConstantM(Assembler.CMP, false, 0);
    int dead = asm.jccShort(Assembler.E);
    asm.bindTo(asm.call(), x87.save);
    asm.bindShort(dead);
  }

  private void leaveFloat() {
    HostFloat.compareLive(asm);
    int dead = asm.jccShort(Assembler.E);
    HostFloat.store(asm);
    asm.bindShort(dead);
  }
}
