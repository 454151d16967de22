package org.coremu.exec;

import org.coremu.bits.FpEnv;
import org.coremu.exec.nativecode.Host;
import org.coremu.exec.nativecode.Optimisation;
import org.coremu.exec.nativecode.Sites;
import org.coremu.ir.Division;
import org.coremu.ir.Flags;
import org.coremu.ir.IrOp.Code;
import org.coremu.mem.StateMemory;

/**
 * Runs a core's native code: enters it, and does what it comes back for, which is the other half of
 * {@link org.coremu.exec.nativecode.BlockCompiler}.
 */
final class NativeTier {
  /** How native code hashes a PC to the byte offset of its entry in the jump cache. */
  static final int HASH = Sites.HASH;

  static final int HASH_SHIFT = Sites.HASH_SHIFT;

  private static final int DEFAULT_MXCSR = 0x1F80;

  /** Operands and result of a slow vector op, as an op word of the interpreter has them. */
  private static final long VECTOR_OPERANDS =
      (long) Host.RESULT << Lowering.D
          | (long) Host.OPERAND_A << Lowering.A
          | (long) Host.OPERAND_B << Lowering.B
          | (long) Host.OPERAND_C << Lowering.C;

  private static final long STORED_VECTOR = (long) Host.OPERAND_B << Lowering.A;
  private static final long LOADED_VECTOR = (long) Host.RESULT << Lowering.D;

  private final Core core;
  private final NativeCode code;
  private final JumpCache jumps;
  private final CoreState state;
  private final long base;

  NativeTier(Core core, NativeCode code, JumpCache jumps) {
    this.core = core;
    this.code = code;
    this.jumps = jumps;
    state = core.state;
    base = state.base();
    StateMemory.putInt(base + CoreState.FP_LIVE * 8 + 4, DEFAULT_MXCSR);
  }

  /**
   * Runs blocks from {@code b}, the one at the PC, on.
   *
   * @return as {@link Interpreter#run}; {@link Interpreter#NATIVE}: the block at the PC has no
   *     native code
   */
  int run(CodeBlock b) {
    for (; ; ) {
      if (!b.isNative()) {
        return Interpreter.NATIVE;
      }
      jumps.setMode(core.codeMode());
      state.put(CoreState.PAGE, state.get(CoreState.PC) - b.pageOffset());
      code.enter(base, b);
      int reason = comeBack();
      if (reason >= 0) {
        return reason;
      }
      b = core.lookUp();
      if (b.isNative()) {
        long pc = state.get(CoreState.PC);
        boolean global = core.isGlobal(pc, b);
        jumps.enterNative(pc, core.codeMode(), b, code.address(b), global);
        link(b);
      }
    }
  }

  /** The jump that native code came back from because it was not linked, or null. */
  private CodeBlock jumpFrom;

  private int jumpSite;

  /** Times that native code came back; read by other threads, too, as an older count. */
  private long exits;

  long exits() {
    return exits;
  }

  /** Serves native code until the block at the PC is to be found; gives -1, or why to return. */
  private int comeBack() {
    jumpFrom = null;
    for (; ; ) {
      exits++;
      int site = StateMemory.getInt(base + CoreState.EXIT * 8);
      if (site == Sites.INDIRECT) {
        return -1;
      }
      CodeBlock b = code.block(StateMemory.getInt(base + CoreState.EXIT * 8 + 4));
      int at = site * Sites.WORDS;
      long pc = state.get(CoreState.PAGE) + b.pageOffset();
      switch (b.sites[at]) {
        case Sites.SLOW -> {
          state.put(CoreState.PC, pc);
          slow(b, site);
          checkFloat();
          code.resume(base, b, b.sites[at + 1]);
        }
        case Sites.LINK -> {
          state.put(CoreState.PC, pc + b.sites[at + 2] & core.pcMask);
          jumpFrom = b;
          jumpSite = site;
          return -1;
        }
        case Sites.ENTRY -> {
          state.put(CoreState.PC, pc);
          if (b.dead) {
            return -1;
          }
          if (state.budget() >= b.insns) {
            return Interpreter.STOP;
          }
          core.sample(b);
          return Interpreter.BUDGET;
        }
        case Sites.EXIT -> {
          state.put(CoreState.PC, pc + b.sites[at + 2] & core.pcMask);
          return Interpreter.EXIT;
        }
        default -> {
          return Interpreter.EXIT;
        }
      }
    }
  }

  /**
   * Links the jump that native code came back from to the block it leads to, if that holds for
   * every core and address space: within a page, one mapping serves both blocks. Otherwise it looks
   * into the jump cache from now on.
   */
  private void link(CodeBlock to) {
    CodeBlock from = jumpFrom;
    if (from == null) {
      return;
    }
    int delta = from.sites[jumpSite * Sites.WORDS + 2];
    if (Sites.isInPage(from.pageOffset(), delta)) {
      if (Optimisation.LINKING.isOn()
          && from.mode == to.mode
          && to.secondPage < 0
          && to.ramOffset - from.ramOffset == delta) {
        code.link(from, jumpSite, to);
      } else {
        code.linkToCache(from, jumpSite);
      }
    }
  }

  /**
   * After Java may have unmasked floating-point exceptions: native code must not go on with them.
   */
  private void checkFloat() {
    if (StateMemory.getInt(base + CoreState.FP_LIVE * 8) != 0
        && (~StateMemory.getInt(base + CoreState.FP_CONTROL * 8) & FpEnv.ALL_EXCEPTIONS << 7)
            != 0) {
      StateMemory.putInt(base + CoreState.FP_LIVE * 8, 0);
    }
  }

  private void slow(CodeBlock b, int site) {
    core.block = b;
    core.at = site + 2;
    int op = b.sites[site * Sites.WORDS + 2];
    int argument = b.sites[site * Sites.WORDS + 3];
    long x = state.get(Host.OPERAND_A);
    switch (op) {
      case Code.LD8, Code.LD16, Code.LD32, Code.LD64 -> result(core.memory.load(x, argument));
      case Code.LDU8, Code.LDU16, Code.LDU32, Code.LDU64 ->
          result(core.memory.loadForUpdate(x, argument));
      case Code.ST8, Code.ST16, Code.ST32, Code.ST64 ->
          core.memory.store(x, state.get(Host.OPERAND_B), argument);
      case Code.CALL ->
          result(
              core.helpers[argument].call(
                  core, x, state.get(Host.OPERAND_B), state.get(Host.OPERAND_C)));
      case Code.CAS ->
          result(
              core.memory.compareExchange(
                  x, argument, state.get(Host.OPERAND_B), state.get(Host.OPERAND_C)));
      case Code.XCHG, Code.FADD, Code.FAND, Code.FOR, Code.FXOR ->
          result(core.memory.atomic(op, x, argument, state.get(Host.OPERAND_B)));
      case Code.DIVU, Code.DIVS -> {
        long y = state.get(Host.OPERAND_B);
        long z = state.get(Host.OPERAND_C);
        result(VectorInterpreter.divide(core, op, x, y, z, argument));
        state.put(Host.RESULT + 1, Division.remainder(op == Code.DIVS, x, y, z));
      }
      case Code.CANONICAL -> core.guest.refuseTarget(x);
      case Code.GETFLAGS -> result(packedFlags());
      case Code.COND -> result(Flags.test(argument, packedFlags()));
      case Code.LDV, Code.LDVA ->
          VectorInterpreter.execute(core, base, op | LOADED_VECTOR, 0, x, 0);
      case Code.STV, Code.STVA ->
          VectorInterpreter.execute(
              core, base, op | STORED_VECTOR, state.get(Host.OPERAND_B), x, 0);
      default ->
          VectorInterpreter.execute(
              core, base, op | VECTOR_OPERANDS, x, state.get(Host.OPERAND_B) + argument, argument);
    }
  }

  private void result(long value) {
    state.put(Host.RESULT, value);
  }

  private long packedFlags() {
    return Flags.pack(
        (int) state.get(CoreState.FLAG_KIND),
        state.get(CoreState.FLAG_A),
        state.get(CoreState.FLAG_B),
        state.get(CoreState.FLAG_C));
  }
}
