package org.coremu.exec;

import static org.coremu.exec.IrHelpers.FAULTY;

import java.util.ArrayList;
import java.util.List;
import org.coremu.bits.FpEnv;
import org.coremu.ir.Division;
import org.coremu.ir.Flags;
import org.coremu.ir.IrOp;
import org.coremu.ir.Meaning;
import org.coremu.ir.VectorFloat;
import org.coremu.ir.VectorMeaning;

/** Evaluates an {@link IrProgram} op after op, in the obvious way: no folding, no slots, no TLB. */
final class IrReference implements IrHelpers.State {
  /** Where memory is read-only, writable, and ends. */
  static final int READ_ONLY = 0x8000;

  static final int WRITABLE = 0x9000;
  static final int END = 0xb000;

  /** A fault at an address. */
  private static final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;
    final long address;

    Fault(long address) {
      super(null, null, false, false);
      this.address = address;
    }
  }

  final long[] slots = new long[CoreState.SCRATCH];
  final byte[] memory = new byte[END];
  final List<Long> trace = new ArrayList<>();
  long faulted;
  int count;

  private IrProgram program;
  private long base;
  private long[] low = new long[64];
  private long[] high = new long[64];

  /** Runs a program at an address. Afterwards the slots hold the state, the PC included. */
  void run(IrProgram toRun, long address) {
    program = toRun;
    base = address;
    trace.clear();
    faulted = -1;
    slots[CoreState.PC] = address;
    if (low.length < program.steps.size()) {
      low = new long[program.steps.size() * 2];
      high = new long[program.steps.size() * 2];
    }
    count = 0;
    try {
      for (int i = 0; ; i++) {
        IrProgram.Step s = program.steps.get(i);
        count = s.insn();
        if (step(s, i)) {
          count++;
          return;
        }
      }
    } catch (Fault fault) {
      faulted = fault.address;
      slots[CoreState.PC] = base + count * IrProgram.LENGTH;
    }
  }

  /** Does an op; true if the block is left. */
  private boolean step(IrProgram.Step s, int i) {
    long a = s.a() < 0 ? 0 : low[s.a()];
    long b = s.b() < 0 ? 0 : low[s.b()];
    long c = s.c() < 0 ? 0 : low[s.c()];
    long imm = s.imm();
    switch (s.op()) {
      case GET -> low[i] = slots[(int) imm];
      case GETV -> set(i, slots[(int) imm], slots[(int) imm + 1]);
      case PUT -> slots[(int) imm] = a;
      case PUTV -> {
        slots[(int) imm] = a;
        slots[(int) imm + 1] = high[s.a()];
      }
      case PCREL -> low[i] = base + imm;
      case LD8, LD16, LD32, LD64 -> low[i] = load(a + imm, IrProgram.bits(s.op()) / 8);
      case LDU8, LDU16, LDU32, LDU64 -> {
        check(a + imm, IrProgram.bits(s.op()) / 8, WRITABLE);
        low[i] = load(a + imm, IrProgram.bits(s.op()) / 8);
      }
      case DIVU, DIVS -> low[i] = divide(s, a, b, c);
      case REMU, REMS -> low[i] = Division.remainder(s.op() == IrOp.REMS, a, b, c);
      case CANONICAL -> {
        if (a << imm >> imm != a) {
          throw new Fault(a);
        }
      }
      case LDV, LDVA -> {
        align(s.op() == IrOp.LDVA, a + imm);
        check(a + imm, 16, READ_ONLY);
        set(i, load(a + imm, 8), load(a + imm + 8, 8));
      }
      case ST8, ST16, ST32, ST64 -> store(a + imm, IrProgram.bits(s.op()) / 8, b);
      case STV, STVA -> {
        align(s.op() == IrOp.STVA, a + imm);
        check(a + imm, 16, WRITABLE);
        store(a + imm, 8, b);
        store(a + imm + 8, 8, high[s.b()]);
      }
      case CAS, XCHG, FADD, FAND, FOR, FXOR -> low[i] = atomic(s.op(), a, (int) imm, b, c);
      case FENCE, ATTEND -> {}
      case FLAGS, FLAGS3, FLAGSNZ -> {
        if (s.op() != IrOp.FLAGSNZ || b != 0) {
          setFlags((int) imm, a, b, c);
        }
      }
      case GETFLAGS -> low[i] = flags();
      case COND -> low[i] = Flags.test((int) imm, flags());
      case CALL -> low[i] = call((int) imm, a, b, c);
      case EXITIF -> {
        if (a != 0) {
          slots[CoreState.PC] = base + imm;
          return true;
        }
      }
      case JUMP, BRANCH, JUMPI, EXIT, LEAVE -> {
        leave(s, a);
        return true;
      }
      default -> {
        if (IrProgram.isVector(s.op())) {
          vector(s, i);
        } else {
          low[i] = Meaning.eval(s.op(), a, b, c, imm);
        }
      }
    }
    return false;
  }

  private void leave(IrProgram.Step s, long a) {
    switch (s.op()) {
      case BRANCH -> slots[CoreState.PC] = base + (a != 0 ? s.imm() >> 32 : (int) s.imm());
      case JUMPI -> slots[CoreState.PC] = a;
      case LEAVE -> {}
      default -> slots[CoreState.PC] = base + s.imm();
    }
  }

  private long call(int helper, long a, long b, long c) {
    if (IrHelpers.refuses(helper, a)) {
      throw new Fault(FAULTY);
    }
    return IrHelpers.apply(helper, this, a, b, c);
  }

  private static long divide(IrProgram.Step s, long a, long b, long c) {
    if (!Division.isDefined(s.op().code, a, b, c, (int) s.imm())) {
      throw new Fault(FAULTY);
    }
    return Division.quotient(s.op() == IrOp.DIVS, a, b, c);
  }

  private void vector(IrProgram.Step s, int i) {
    long al = low[s.a()];
    long ah = high[s.a()];
    long bl = s.b() < 0 ? 0 : low[s.b()];
    long bh = s.b() < 0 ? 0 : high[s.b()];
    long cl = s.c() < 0 ? 0 : low[s.c()];
    long ch = s.c() < 0 ? 0 : high[s.c()];
    int code = s.op().code;
    switch (s.op()) {
      case VPACK -> set(i, al, bl);
      case VLO -> low[i] = al;
      case VHI -> low[i] = ah;
      default -> {
        if (!s.op().isPure()) {
          floating(s, i, al, ah, bl, bh);
        } else if (s.op().result == IrOp.Result.INT) {
          low[i] = VectorMeaning.integer(code, al, ah, bl, bh, cl, s.imm());
        } else {
          set(
              i,
              VectorMeaning.low(code, al, ah, bl, bh, cl, s.imm()),
              VectorMeaning.high(code, al, ah, bl, bh, ch, s.imm()));
        }
      }
    }
  }

  private void floating(IrProgram.Step s, int i, long al, long ah, long bl, long bh) {
    int code = s.op().code;
    int imm = (int) s.imm();
    boolean integer = s.op().result == IrOp.Result.INT;
    FpEnv env = new FpEnv();
    env.setMxcsr((int) slots[CoreState.FP_CONTROL]);
    env.begin();
    long l =
        integer
            ? VectorFloat.integer(code, al, bl, imm, env)
            : VectorFloat.low(code, al, ah, bl, bh, imm, env);
    long h = integer ? 0 : VectorFloat.high(code, al, ah, bl, bh, imm, env);
    boolean valid = env.endSse();
    slots[CoreState.FP_CONTROL] = env.mxcsr();
    if (!valid) {
      throw new Fault(FAULTY);
    }
    set(i, l, h);
  }

  private void set(int i, long l, long h) {
    low[i] = l;
    high[i] = h;
  }

  // ---- memory

  private static void align(boolean asked, long address) {
    if (asked && (address & 15) != 0) {
      throw new Fault(address);
    }
  }

  /** Faults unless a range lies in pages from {@code lowest} to the end of memory. */
  private static void check(long address, int size, int lowest) {
    for (long p = address; p < address + size; p = (p | 4095) + 1) {
      if (p < lowest || p >= END) {
        throw new Fault(p);
      }
    }
  }

  private long load(long address, int size) {
    check(address, size, READ_ONLY);
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (memory[(int) address + i] & 0xffL) << i * 8;
    }
    return value;
  }

  private void store(long address, int size, long value) {
    check(address, size, WRITABLE);
    for (int i = 0; i < size; i++) {
      memory[(int) address + i] = (byte) (value >>> i * 8);
    }
  }

  private long atomic(IrOp op, long address, int size, long b, long c) {
    check(address, size, WRITABLE);
    long mask = -1L >>> 64 - size * 8;
    long old = load(address, size);
    store(
        address,
        size,
        switch (op) {
          case CAS -> old == (b & mask) ? c : old;
          case XCHG -> b;
          case FADD -> old + b;
          case FAND -> old & b;
          case FOR -> old | b;
          default -> old ^ b;
        });
    return old;
  }

  // ---- what helpers see

  @Override
  public long get(int slot) {
    return slots[slot];
  }

  @Override
  public void put(int slot, long value) {
    slots[slot] = value;
  }

  @Override
  public long instructions() {
    return count;
  }

  @Override
  public long pc() {
    return base + count * IrProgram.LENGTH;
  }

  @Override
  public void trace(long value) {
    trace.add(value);
  }

  private void setFlags(int kind, long a, long b, long c) {
    slots[CoreState.FLAG_KIND] = kind;
    slots[CoreState.FLAG_A] = a;
    slots[CoreState.FLAG_B] = b;
    slots[CoreState.FLAG_C] = c;
  }

  private long flags() {
    return IrHelpers.flags(this);
  }
}
