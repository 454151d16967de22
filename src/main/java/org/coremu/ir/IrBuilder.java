package org.coremu.ir;

import java.util.Arrays;

/**
 * Builds the IR of a block. An instruction's {@code translate} calls these methods in the order of
 * its meaning; values are {@code int} handles.
 *
 * <p>On the way constants are folded, reads of state that the block has already read or written are
 * forwarded, and conditions on flags that the block has set become comparisons ({@link
 * FlagConditions}).
 */
public final class IrBuilder {
  /**
   * The state slot of floating-point control and sticky exceptions, laid out as MXCSR (SDM vol. 1,
   * 10.2.3) for every ISA. Ops with {@link Effect#FLOAT} read and write it.
   */
  public static final int FP_CONTROL = 8;

  private static final int SLOTS = 2048;

  /** How many ops back a value is looked for that is asked for again. */
  private static final int LOOK_BACK = 12;

  /**
   * Selections in a row to look through for known bits: the way doubles with each of them, and code
   * may have any number.
   */
  private static final int SELECTS = 4;

  private final Block block;

  /** Per slot: the value it holds and the epoch in which that is true. */
  private final int[] known = new int[SLOTS];

  private final int[] knownEpoch = new int[SLOTS];
  private int epoch;

  private int flagsOp = -1;

  public IrBuilder(HelperTable helpers) {
    block = new Block(helpers);
  }

  /** Forgets everything and starts a block. */
  public void begin() {
    block.clear();
    forgetState();
  }

  /** The block so far. */
  public Block block() {
    return block;
  }

  /**
   * Starts an instruction.
   *
   * @param delta its address minus the block's
   */
  public void insn(int delta) {
    block.beginInsn(delta);
  }

  /** Ends the block: {@code delta} is the address of the first byte after it minus the block's. */
  public void end(int delta) {
    block.endDelta = delta;
  }

  /** Whether the last op ends the block. */
  public boolean ended() {
    return block.size > 0 && (block.row(block.size - 1).effects & Effect.ENDS_BLOCK) != 0;
  }

  private void forgetState() {
    if (++epoch == Integer.MAX_VALUE) {
      Arrays.fill(knownEpoch, 0);
      epoch = 1;
    }
    flagsOp = -1;
  }

  // ---- constants and state

  public int constant(long value) {
    return block.append(IrOp.CONST, -1, -1, -1, value);
  }

  /** Whether a value is a known constant. */
  public boolean isConstant(int v) {
    return block.op[v] == IrOp.Code.CONST;
  }

  /** The constant that {@code v} is; {@link #isConstant} must hold. */
  public long constantOf(int v) {
    return block.imm[v];
  }

  /** Reads a 64-bit state slot. */
  public int get(int slot) {
    if (knownEpoch[slot] == epoch) {
      return known[slot];
    }
    return know(slot, block.append(IrOp.GET, -1, -1, -1, slot));
  }

  /** Writes a 64-bit state slot. */
  public void put(int slot, int v) {
    block.append(IrOp.PUT, v, -1, -1, slot);
    know(slot, v);
  }

  /** Reads a 128-bit state slot pair. */
  public int getV(int slot) {
    if (knownEpoch[slot] == epoch) {
      int v = known[slot];
      if (IrOp.of(block.op[v]).result == IrOp.Result.VECTOR) {
        return v;
      }
    }
    knownEpoch[slot + 1] = 0;
    return know(slot, block.append(IrOp.GETV, -1, -1, -1, slot));
  }

  /**
   * Writes a 128-bit state slot pair. The halves of a vector register must always be accessed as a
   * pair or through halves of it.
   */
  public void putV(int slot, int v) {
    block.append(IrOp.PUTV, v, -1, -1, slot);
    knownEpoch[slot + 1] = 0;
    know(slot, v);
  }

  private int know(int slot, int v) {
    known[slot] = v;
    knownEpoch[slot] = epoch;
    return v;
  }

  /** An address relative to the start of the block. */
  public int pcRelative(long delta) {
    return block.append(IrOp.PCREL, -1, -1, -1, delta);
  }

  // ---- pure integer ops

  /** A pure op of one operand. */
  public int unary(IrOp op, int x) {
    if (isConstant(x)) {
      return constant(Meaning.eval(op, block.imm[x], 0, 0, 0));
    }
    int kept =
        switch (op) {
          case ZEXT8 -> 8;
          case ZEXT16 -> 16;
          case ZEXT32 -> 32;
          default -> Long.SIZE;
        };
    if (bitsOf(x, SELECTS) <= kept && kept < Long.SIZE) {
      return x;
    }
    return block.append(op, x, -1, -1, 0);
  }

  /**
   * How many of a value's low bits may be other than 0, at most, by a look through so many
   * selections.
   */
  private int bitsOf(int v, int selects) {
    IrOp op = IrOp.of(block.op[v]);
    return switch (op) {
      case EQ, NE, LTU, LEU, LTS, LES, EQ32, NE32, LTU32, LEU32, LTS32, LES32 -> 1;
      case ZEXT8, EXT8H, LD8 -> 8;
      case ZEXT16, LD16 -> 16;
      case ADD32, SUB32, MUL32, AND32, OR32, XOR32, SHL32, SHR32, SAR32, ROL32, ROR32 -> 32;
      case ZEXT32, BSWAP32, LD32 -> 32;
      case CONST -> Long.SIZE - Long.numberOfLeadingZeros(block.imm[v]);
      case SELECT ->
          selects == 0
              ? Long.SIZE
              : Math.max(bitsOf(block.b[v], selects - 1), bitsOf(block.c[v], selects - 1));
      default -> Long.SIZE;
    };
  }

  /** A pure op of two operands. */
  public int binary(IrOp op, int x, int y) {
    if (isConstant(y)) {
      long k = block.imm[y];
      if (isConstant(x)) {
        return constant(Meaning.eval(op, block.imm[x], k, 0, 0));
      }
      if (k == 0) {
        switch (op) {
          case ADD, SUB, OR, XOR, SHL, SHR, SAR, ROL, ROR:
            return x;
          case AND, MUL, AND32, MUL32:
            return y;
          default:
            break;
        }
      }
    }
    int known = find(op, x, y);
    return known >= 0 ? known : block.append(op, x, y, -1, 0);
  }

  /**
   * The value of an op that the block has just computed, or -1: a comparison of flags that an
   * instruction has set computes its result once more.
   */
  private int find(IrOp op, int x, int y) {
    for (int i = block.size - 1; i >= Math.max(0, block.size - LOOK_BACK); i--) {
      if (block.op[i] == op.code && isSame(block.a[i], x) && isSame(block.b[i], y)) {
        return i;
      }
    }
    return -1;
  }

  private boolean isSame(int x, int y) {
    return x == y || isConstant(x) && isConstant(y) && block.imm[x] == block.imm[y];
  }

  public int add(int x, int y) {
    return binary(IrOp.ADD, x, y);
  }

  /** {@code x + k}. */
  public int plus(int x, long k) {
    if (k == 0) {
      return x;
    }
    if (block.op[x] == IrOp.Code.PCREL) {
      return pcRelative(block.imm[x] + k);
    }
    return binary(IrOp.ADD, x, constant(k));
  }

  public int sub(int x, int y) {
    return binary(IrOp.SUB, x, y);
  }

  public int and(int x, int y) {
    return binary(IrOp.AND, x, y);
  }

  /** {@code x & k}. */
  public int mask(int x, long k) {
    return binary(IrOp.AND, x, constant(k));
  }

  public int or(int x, int y) {
    return binary(IrOp.OR, x, y);
  }

  public int xor(int x, int y) {
    return binary(IrOp.XOR, x, y);
  }

  public int shl(int x, int k) {
    return k == 0 ? x : binary(IrOp.SHL, x, constant(k));
  }

  public int shr(int x, int k) {
    return k == 0 ? x : binary(IrOp.SHR, x, constant(k));
  }

  public int sar(int x, int k) {
    return k == 0 ? x : binary(IrOp.SAR, x, constant(k));
  }

  /** {@code x + (y << scale)}, scale 0 to 3. */
  public int shiftAdd(int x, int y, int scale) {
    if (scale == 0 || isConstant(y)) {
      return add(x, shl(y, scale));
    }
    return block.append(IrOp.SHLADD, x, y, -1, scale);
  }

  /** {@code test != 0 ? x : y}. */
  public int select(int test, int x, int y) {
    if (isConstant(test)) {
      return block.imm[test] != 0 ? x : y;
    }
    return block.append(IrOp.SELECT, test, x, y, 0);
  }

  /** The low {@code bits} (8, 16, 32, 64) of {@code x}, zero-extended. */
  public int zext(int x, int bits) {
    return switch (bits) {
      case 8 -> unary(IrOp.ZEXT8, x);
      case 16 -> unary(IrOp.ZEXT16, x);
      case 32 -> unary(IrOp.ZEXT32, x);
      default -> x;
    };
  }

  /** The low {@code bits} (8, 16, 32, 64) of {@code x}, sign-extended. */
  public int sext(int x, int bits) {
    return switch (bits) {
      case 8 -> unary(IrOp.SEXT8, x);
      case 16 -> unary(IrOp.SEXT16, x);
      case 32 -> unary(IrOp.SEXT32, x);
      default -> x;
    };
  }

  // ---- guest memory

  /**
   * Loads {@code bits} (8, 16, 32, 64), zero-extended, from guest address {@code address + disp}.
   */
  public int load(int bits, int address, long disp) {
    IrOp op =
        switch (bits) {
          case 8 -> IrOp.LD8;
          case 16 -> IrOp.LD16;
          case 32 -> IrOp.LD32;
          default -> IrOp.LD64;
        };
    return block.append(op, address, -1, -1, disp);
  }

  /** As {@link #load}, but faults as a store would: the load of a read-modify-write. */
  public int loadForUpdate(int bits, int address, long disp) {
    IrOp op =
        switch (bits) {
          case 8 -> IrOp.LDU8;
          case 16 -> IrOp.LDU16;
          case 32 -> IrOp.LDU32;
          default -> IrOp.LDU64;
        };
    return block.append(op, address, -1, -1, disp);
  }

  /**
   * Stores the low {@code bits} (8, 16, 32, 64) of {@code v} to guest address {@code address +
   * disp}.
   */
  public void store(int bits, int address, long disp, int v) {
    IrOp op =
        switch (bits) {
          case 8 -> IrOp.ST8;
          case 16 -> IrOp.ST16;
          case 32 -> IrOp.ST32;
          default -> IrOp.ST64;
        };
    block.append(op, address, v, -1, disp);
  }

  /** Atomic compare and exchange of {@code bits}; gives the old value, zero-extended. */
  public int cas(int bits, int address, int expected, int replacement) {
    return block.append(IrOp.CAS, address, expected, replacement, bits / 8);
  }

  /**
   * Atomic read-modify-write of {@code bits} with XCHG, FADD, FAND, FOR or FXOR; gives the old
   * value, zero-extended.
   */
  public int atomic(IrOp op, int bits, int address, int v) {
    return block.append(op, address, v, -1, bits / 8);
  }

  /** Full memory barrier. */
  public void fence() {
    block.append(IrOp.FENCE, -1, -1, -1, 0);
  }

  /** Has the core look at its events before its next block if {@code test != 0}. */
  public void attend(int test) {
    block.append(IrOp.ATTEND, test, -1, -1, 0);
  }

  // ---- vectors

  /** Loads 128 bits; {@code aligned} asks for the alignment check. */
  public int loadV(int address, long disp, boolean aligned) {
    return block.append(aligned ? IrOp.LDVA : IrOp.LDV, address, -1, -1, disp);
  }

  /** Stores 128 bits; {@code aligned} asks for the alignment check. */
  public void storeV(int address, long disp, int v, boolean aligned) {
    block.append(aligned ? IrOp.STVA : IrOp.STV, address, v, -1, disp);
  }

  /**
   * Any op that is not pure-integer, such as a vector op: operands as its row says, -1 for none.
   */
  public int emit(IrOp op, int x, int y, int z, long constant) {
    if (op.effects == Effect.FLOAT) {
      knownEpoch[FP_CONTROL] = 0;
    }
    return block.append(op, x, y, z, constant);
  }

  // ---- flags

  /**
   * Sets the arithmetic flags; {@code kind} is a {@link FlagKind} constant and {@code bits} the
   * operand size.
   */
  public void flags(int kind, int bits, int x, int y) {
    flagsOp = block.append(IrOp.FLAGS, x, y, -1, sized(kind, bits));
  }

  /** Sets the arithmetic flags of an operation with a carry-in, 0 or 1. */
  public void flags(int kind, int bits, int x, int y, int carry) {
    flagsOp = block.append(IrOp.FLAGS3, x, y, carry, sized(kind, bits));
  }

  /** Sets the arithmetic flags unless {@code y}, a count, is 0. */
  public void flagsUnlessZero(int kind, int bits, int x, int y) {
    if (isConstant(y)) {
      if (block.imm[y] != 0) {
        flags(kind, bits, x, y);
      }
      return;
    }
    block.append(IrOp.FLAGSNZ, x, y, -1, sized(kind, bits));
    flagsOp = -1;
  }

  /** Sets all arithmetic flags from bits packed as in RFLAGS; other bits are ignored. */
  public void setFlags(int packed) {
    flagsOp = block.append(IrOp.FLAGS, packed, packed, -1, FlagKind.PACKED);
  }

  /** The arithmetic flags packed as in RFLAGS, all other bits 0. */
  public int getFlags() {
    return block.append(IrOp.GETFLAGS, -1, -1, -1, 0);
  }

  /** 1 if a {@link Cond} holds, else 0. */
  public int cond(int cond) {
    int v = flagsOp < 0 ? -1 : FlagConditions.value(this, cond, flagsOp);
    return v >= 0 ? v : block.append(IrOp.COND, -1, -1, -1, cond);
  }

  private static int sized(int kind, int bits) {
    return kind + Integer.numberOfTrailingZeros(bits) - 3;
  }

  // ---- helpers and control

  /** Calls a helper; operands that it does not take are -1. */
  public int call(int helper, int x, int y, int z) {
    int v = block.append(IrOp.CALL, x, y, z, helper);
    int effects = block.helpers.effects(helper);
    if ((effects & Effect.WRITES_STATE) != 0) {
      forgetState();
    }
    SlotRange changed = block.helpers.changes(helper);
    for (int slot = changed.first(); slot < changed.end(); slot++) {
      knownEpoch[slot] = 0;
    }
    return v;
  }

  public int call(int helper) {
    return call(helper, -1, -1, -1);
  }

  public int call(int helper, int x) {
    return call(helper, x, -1, -1);
  }

  public int call(int helper, int x, int y) {
    return call(helper, x, y, -1);
  }

  /**
   * Faults unless a jump target is the sign-extension of its low {@code bits}; a fault is the
   * guest's.
   */
  public void checkTarget(int target, int bits) {
    block.append(IrOp.CANONICAL, target, -1, -1, 64 - bits);
  }

  /** Leaves the block to {@code delta} if {@code test != 0}. */
  public void exitIf(int test, int delta) {
    block.append(IrOp.EXITIF, test, -1, -1, delta);
  }

  /** Ends the block: goes to {@code delta}. */
  public void jump(int delta) {
    block.append(IrOp.JUMP, -1, -1, -1, delta);
  }

  /** Ends the block: goes to {@code taken} if {@code test != 0}, else to {@code otherwise}. */
  public void branch(int test, int taken, int otherwise) {
    if (isConstant(test)) {
      jump(block.imm[test] != 0 ? taken : otherwise);
      return;
    }
    block.append(IrOp.BRANCH, test, -1, -1, (long) taken << 32 | otherwise & 0xffffffffL);
  }

  // ---- traces: what ended the block becomes a way out in its middle

  /** Where the direct jump or the taken branch that has just ended the block leads. */
  public int taken() {
    int last = block.size - 1;
    return (int) (block.op[last] == IrOp.Code.BRANCH ? block.imm[last] >> 32 : block.imm[last]);
  }

  /** Whether a conditional branch between constants has just ended the block. */
  public boolean endsInBranch() {
    return block.size > 0 && block.op[block.size - 1] == IrOp.Code.BRANCH;
  }

  /** Whether a direct jump has just ended the block. */
  public boolean endsInJump() {
    return block.size > 0 && block.op[block.size - 1] == IrOp.Code.JUMP;
  }

  /** Takes the jump that ended the block back: the caller goes on at its target. */
  public void followJump() {
    block.size--;
  }

  /** Lets the branch that ended the block leave it if taken: the caller goes on after it. */
  public void followFallThrough() {
    int last = --block.size;
    exitIf(block.a[last], (int) (block.imm[last] >> 32));
  }

  /**
   * Lets the branch that ended the block leave it if not taken: the caller goes on at its target.
   */
  public void followTaken() {
    int last = --block.size;
    int otherwise = (int) block.imm[last];
    exitIf(not(block.a[last]), otherwise);
  }

  /** 1 if {@code test} is 0, else 0. */
  private int not(int test) {
    int x = block.a[test];
    int y = block.b[test];
    return switch (IrOp.of(block.op[test])) {
      case EQ -> binary(IrOp.NE, x, y);
      case NE -> binary(IrOp.EQ, x, y);
      case LTU -> binary(IrOp.LEU, y, x);
      case LEU -> binary(IrOp.LTU, y, x);
      case LTS -> binary(IrOp.LES, y, x);
      case LES -> binary(IrOp.LTS, y, x);
      case EQ32 -> binary(IrOp.NE32, x, y);
      case NE32 -> binary(IrOp.EQ32, x, y);
      case LTU32 -> binary(IrOp.LEU32, y, x);
      case LEU32 -> binary(IrOp.LTU32, y, x);
      case LTS32 -> binary(IrOp.LES32, y, x);
      case LES32 -> binary(IrOp.LTS32, y, x);
      case COND -> cond((int) block.imm[test] ^ 1);
      default -> binary(IrOp.EQ, test, constant(0));
    };
  }

  /** Ends the block: goes to a computed address. */
  public void jumpIndirect(int address) {
    block.append(IrOp.JUMPI, address, -1, -1, 0);
  }

  /**
   * Ends the block: goes to {@code delta} once the core has looked at its mode and its interrupts.
   */
  public void exit(int delta) {
    block.append(IrOp.EXIT, -1, -1, -1, delta);
  }

  /** Ends the block after a helper that has written the PC slot. */
  public void leave() {
    block.append(IrOp.LEAVE, -1, -1, -1, 0);
  }
}
