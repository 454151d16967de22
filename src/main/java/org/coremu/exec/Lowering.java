package org.coremu.exec;

import java.util.Arrays;
import org.coremu.ir.Block;
import org.coremu.ir.DeadCode;
import org.coremu.ir.Effect;
import org.coremu.ir.IrOp.Code;
import org.coremu.ir.IrOp.Result;
import org.coremu.ir.SlotRange;

/**
 * IR to interpreter code: gives every value a slot, so that the interpreter needs no frame of its
 * own. A value that is written to a register lives in that register's slot where nothing can tell
 * the difference; the others get scratch slots.
 *
 * <p>An op is two words, {@code op | d << 10 | a << 21 | b << 32 | c << 43} and an immediate that
 * is always added to operand b, so that a constant is slot {@link CoreState#ZERO} plus the
 * immediate and an address needs no addition. Ops that need one more number have a third word.
 */
final class Lowering {
  /** Interpreter ops that are no IR ops. */
  static final int MOVE = 512;

  /** A compare op and a branch on its result in one: this plus the compare's code. */
  static final int COMPARE_BRANCH = 513;

  static final int D = 10;
  static final int A = 21;
  static final int B = 32;
  static final int C = 43;
  private static final int SLOTS = CoreState.SLOTS;

  private Block block;
  private DeadCode deadCode;

  /** Per value: its slot, or -1 while it has none (constants until used). */
  private int[] slot = new int[0];

  private int[] lastUse = new int[0];

  /** Per GET and PUT: the next op that writes its slot. */
  private int[] nextWrite = new int[0];

  /** Per PUT: whether the value is computed right into the slot. */
  private boolean[] coalesced = new boolean[0];

  private final int[] nextWriteOfSlot = new int[SLOTS];
  private final int[] residentUntil = new int[SLOTS];
  private final int[] residentStamp = new int[SLOTS];
  private final int[] lastTouch = new int[SLOTS];
  private final int[] touchStamp = new int[SLOTS];
  private int stamp;

  private final int[] freeScratch = new int[SLOTS];
  private int freeCount;
  private int scratchTop;

  private long[] code = new long[1024];
  private short[] insnOf = new short[1024];
  private int size;
  private int current;

  CodeBlock lower(
      Block ir, DeadCode passes, long ramOffset, long secondPage, long mode, byte[] source) {
    block = ir;
    deadCode = passes;
    prepare();
    assignRegisters();
    size = 0;
    freeCount = 0;
    scratchTop = CoreState.SCRATCH;
    for (int i = 0; i < block.size; i++) {
      current = i;
      if (!block.removed[i] && !fusesIntoBranch(i)) {
        emit(i);
      }
    }
    int[] deltas = Arrays.copyOf(block.insnDelta, block.insns);
    int last = block.size - 1;
    long jump = block.imm[last];
    long taken = CodeBlock.NO_JUMP;
    long otherwise = CodeBlock.NO_JUMP;
    if (block.op[last] == Code.JUMP) {
      taken = jump;
    } else if (block.op[last] == Code.BRANCH) {
      taken = jump >> 32;
      otherwise = (int) jump;
    }
    return new CodeBlock(
        ramOffset,
        secondPage,
        mode,
        source,
        Arrays.copyOf(code, size),
        Arrays.copyOf(insnOf, size),
        deltas,
        taken,
        otherwise);
  }

  /** Finds last uses and, per state access, the next write of the slot. */
  private void prepare() {
    int n = block.size;
    if (slot.length < n) {
      slot = new int[block.op.length];
      lastUse = new int[block.op.length];
      nextWrite = new int[block.op.length];
      coalesced = new boolean[block.op.length];
    }
    Arrays.fill(slot, 0, n, -1);
    Arrays.fill(lastUse, 0, n, -1);
    Arrays.fill(coalesced, 0, n, false);
    Arrays.fill(nextWriteOfSlot, n);
    int nextClobber = n;
    for (int i = n - 1; i >= 0; i--) {
      if (block.removed[i]) {
        continue;
      }
      use(block.a[i], i);
      use(block.b[i], i);
      use(block.c[i], i);
      switch (block.op[i]) {
        case Code.GET, Code.GETV:
          nextWrite[i] = Math.min(nextClobber, nextWriteOfSlot[(int) block.imm[i]]);
          break;
        case Code.PUT, Code.PUTV:
          {
            int s = (int) block.imm[i];
            nextWrite[i] = Math.min(nextClobber, nextWriteOfSlot[s]);
            nextWriteOfSlot[s] = i;
            break;
          }
        case Code.CALL:
          if ((block.effects(i) & Effect.WRITES_STATE) != 0) {
            nextClobber = i;
          }
          SlotRange changed = block.helpers().changes((int) block.imm[i]);
          for (int s = changed.first(); s < changed.end(); s++) {
            nextWriteOfSlot[s] = i;
          }
          break;
        default:
          if (block.effects(i) == Effect.FLOAT) {
            nextWriteOfSlot[CoreState.FP_CONTROL] = i;
          }
          break;
      }
    }
    int last = n - 1;
    int test = block.a[last];
    if (block.op[last] == Code.BRANCH && fusesIntoBranch(test)) {
      // The branch reads the operands of its comparison, which is not emitted.
      use(block.a[test], last);
      use(block.b[test], last);
    }
  }

  private void use(int v, int at) {
    if (v >= 0 && lastUse[v] < at) {
      lastUse[v] = at;
    }
  }

  /** Decides which GETs read in place and which PUTs need no op. */
  private void assignRegisters() {
    stamp++;
    int barrier = -1;
    for (int i = 0; i < block.size; i++) {
      if (block.removed[i]) {
        continue;
      }
      int op = block.op[i];
      if (op == Code.GET || op == Code.GETV) {
        int s = (int) block.imm[i];
        if (lastUse[i] <= nextWrite[i]) {
          slot[i] = s;
          stay(s, lastUse[i]);
        }
        touch(s, i);
      } else if (op == Code.PUT || op == Code.PUTV) {
        int s = (int) block.imm[i];
        int v = block.a[i];
        if (computes(v)
            && slot[v] < 0
            && v > barrier
            && lastTouch(s) < v
            && residentUntil(s) <= v
            && lastUse[v] <= nextWrite[i]) {
          slot[v] = s;
          coalesced[i] = true;
          residentStamp[s] = 0;
          stay(s, lastUse[v]);
        } else {
          residentStamp[s] = 0;
        }
        touch(s, i);
      } else if ((block.effects(i) & (Effect.FAULTS | Effect.READS_STATE | Effect.WRITES_STATE))
              != 0
          && !isFlagsOp(op)
          && op != Code.PCREL) {
        // A value defined by a faulting op itself is written after the fault has not happened, so i
        // may still be coalesced.
        barrier = i - 1;
        if (block.op[i] == Code.CALL || block.row(i).result == Result.NONE) {
          barrier = i;
        }
      }
    }
  }

  private static boolean isFlagsOp(int op) {
    return op >= Code.FLAGS && op <= Code.COND;
  }

  /** Whether an op computes its value into a slot of our choice. */
  private boolean computes(int v) {
    int op = block.op[v];
    return op != Code.GET
        && op != Code.GETV
        && op != Code.CONST
        && op != Code.PCREL
        && op != Code.CALL;
  }

  private void stay(int s, int until) {
    residentUntil[s] = residentStamp[s] == stamp ? Math.max(residentUntil[s], until) : until;
    residentStamp[s] = stamp;
  }

  private int residentUntil(int s) {
    return residentStamp[s] == stamp ? residentUntil[s] : -1;
  }

  private void touch(int s, int at) {
    lastTouch[s] = at;
    touchStamp[s] = stamp;
  }

  private int lastTouch(int s) {
    return touchStamp[s] == stamp ? lastTouch[s] : -1;
  }

  /** Whether op i is a comparison whose only use is the branch at the end. */
  private boolean fusesIntoBranch(int i) {
    int last = block.size - 1;
    return block.op[last] == Code.BRANCH
        && block.a[last] == i
        && isCompare(block.op[i])
        && deadCode.uses(i) == 1
        && operandsLiveUntil(i, last);
  }

  private boolean operandsLiveUntil(int i, int last) {
    for (int k = i + 1; k < last; k++) {
      if (!block.removed[k] && block.op[k] != Code.FLAGS && block.op[k] != Code.FLAGS3) {
        return false;
      }
    }
    return true;
  }

  private static boolean isCompare(int op) {
    return op >= Code.EQ && op <= Code.LES32;
  }

  private void emit(int i) {
    int op = block.op[i];
    switch (op) {
      case Code.CONST, Code.PCREL:
        break;
      case Code.GET:
        if (slot[i] < 0) {
          word(MOVE, define(i), 0, (int) block.imm[i], 0, 0);
        }
        break;
      case Code.GETV:
        if (slot[i] < 0) {
          word(Code.GETV, define(i), (int) block.imm[i], 0, 0, 0);
        }
        break;
      case Code.PUT:
        if (!coalesced[i]) {
          unary(MOVE, (int) block.imm[i], block.a[i]);
        }
        break;
      case Code.PUTV:
        if (!coalesced[i]) {
          word(Code.GETV, (int) block.imm[i], at(block.a[i]), 0, 0, 0);
        }
        break;
      case Code.BRANCH:
        branch(i);
        break;
      default:
        emitOperation(i, op);
    }
    release(block.a[i]);
    release(block.b[i]);
    release(block.c[i]);
  }

  private void emitOperation(int i, int op) {
    int a = block.a[i];
    int b = block.b[i];
    long imm = block.imm[i];
    switch (op) {
      case Code.LD8, Code.LD16, Code.LD32, Code.LD64, Code.LDV, Code.LDVA:
      case Code.LDU8, Code.LDU16, Code.LDU32, Code.LDU64:
        address(op, i, a, 0, imm);
        break;
      case Code.ST8, Code.ST16, Code.ST32, Code.ST64, Code.STV, Code.STVA:
        address(op, i, a, at(b), imm);
        break;
      case Code.FLAGS, Code.FLAGSNZ:
        operandB(op, (int) imm, at(a), b, 0);
        break;
      case Code.FLAGS3:
        operandB(op, (int) imm, at(a), b, at(block.c[i]));
        break;
      case Code.CAS, Code.XCHG, Code.FADD, Code.FAND, Code.FOR, Code.FXOR, Code.CALL:
        {
          int x = at(a);
          int z = at(block.c[i]);
          int y = at(b);
          word(op, define(i), x, y, z, 0);
          code[size] = imm;
          insnOf[size++] = (short) block.insn[i];
          break;
        }
      case Code.SHLADD:
        word(op, define(i), at(a), at(b), 0, imm);
        break;
      case Code.EXITIF,
      Code.CANONICAL,
      Code.JUMP,
      Code.EXIT,
      Code.GETFLAGS,
      Code.COND,
      Code.FENCE,
      Code.LEAVE:
        {
          int x = at(a);
          word(op, define(i), x, 0, 0, imm);
          break;
        }
      case Code.JUMPI:
        unary(op, CoreState.SINK, a);
        break;
      default:
        emitPlain(i, op, a, b);
    }
  }

  /** Pure ops; vector ops may have an immediate of their own, which is then not added to b. */
  private void emitPlain(int i, int op, int a, int b) {
    if (block.row(i).form.hasImm || block.row(i).result == Result.VECTOR) {
      int x = at(a);
      int y = at(b);
      int z = at(block.c[i]);
      word(op, define(i), x, y, z, block.imm[i]);
    } else if (b < 0) {
      int x = at(a);
      word(op, define(i), x, 0, 0, 0);
    } else {
      int x = at(a);
      int z = at(block.c[i]);
      boolean constant = isConstant(b);
      int y = constant ? constantBase(b) : at(b);
      word(op, define(i), x, y, z, constant ? block.imm[b] : 0);
    }
  }

  private void branch(int i) {
    int test = block.a[i];
    if (fusesIntoBranch(test)) {
      operandB(
          COMPARE_BRANCH + block.op[test], CoreState.SINK, at(block.a[test]), block.b[test], 0);
    } else {
      word(Code.BRANCH, CoreState.SINK, at(test), 0, 0, 0);
    }
    code[size] = block.imm[i];
    insnOf[size++] = (short) block.insn[i];
  }

  private void unary(int op, int d, int v) {
    operandB(op, d, 0, v, 0);
  }

  /** Emits an op whose operand b may be a constant or an address relative to the block. */
  private void operandB(int op, int d, int a, int v, int c) {
    if (isConstant(v)) {
      word(op, d, a, constantBase(v), c, block.imm[v]);
    } else {
      word(op, d, a, at(v), c, 0);
    }
  }

  private void address(int op, int i, int v, int a, long disp) {
    if (isConstant(v)) {
      word(op, define(i), a, constantBase(v), 0, block.imm[v] + disp);
    } else {
      int b = at(v);
      word(op, define(i), a, b, 0, disp);
    }
  }

  private boolean isConstant(int v) {
    return slot[v] < 0 && (block.op[v] == Code.CONST || block.op[v] == Code.PCREL);
  }

  private int constantBase(int v) {
    return block.op[v] == Code.PCREL ? CoreState.PC : CoreState.ZERO;
  }

  /** The slot a value is in; puts a constant into one. */
  private int at(int v) {
    if (v < 0) {
      return CoreState.ZERO;
    }
    if (isConstant(v)) {
      if (block.op[v] == Code.CONST && block.imm[v] == 0) {
        return CoreState.ZERO;
      }
      slot[v] = scratch(1);
      word(MOVE, slot[v], 0, constantBase(v), 0, block.imm[v]);
    }
    return slot[v];
  }

  /**
   * The slot that op i writes. Called after its operands have been placed: it may be one of theirs
   * only when they are not used again.
   */
  private int define(int i) {
    Result result = block.row(i).result;
    if (result == Result.NONE || result == Result.INT && deadCode.uses(i) == 0) {
      return CoreState.SINK;
    }
    if (slot[i] < 0) {
      slot[i] = scratch(result == Result.VECTOR ? 2 : 1);
    }
    return slot[i];
  }

  private int scratch(int slots) {
    if (slots == 1 && freeCount > 0) {
      return freeScratch[--freeCount];
    }
    int s = scratchTop;
    scratchTop += slots;
    if (scratchTop > SLOTS) {
      throw new AssertionError("block needs too many temporaries:\n" + block);
    }
    return s;
  }

  private void release(int v) {
    if (v >= 0
        && lastUse[v] == current
        && slot[v] >= CoreState.SCRATCH
        && block.row(v).result != Result.VECTOR) {
      freeScratch[freeCount++] = slot[v];
      lastUse[v] = Integer.MAX_VALUE;
    }
  }

  private void word(int op, int d, int a, int b, int c, long imm) {
    if (size + 4 > code.length) {
      code = Arrays.copyOf(code, size * 2);
      insnOf = Arrays.copyOf(insnOf, size * 2);
    }
    short insn = (short) block.insn[current];
    insnOf[size] = insn;
    code[size++] = op | (long) d << D | (long) a << A | (long) b << B | (long) c << C;
    insnOf[size] = insn;
    code[size++] = imm;
  }
}
