package org.coremu.exec;

import java.lang.invoke.VarHandle;
import org.coremu.ir.Flags;
import org.coremu.ir.IrOp.Code;
import org.coremu.ir.Meaning;
import org.coremu.mem.Ram;
import org.coremu.mem.SoftTlb;
import org.coremu.mem.StateMemory;

/**
 * Runs blocks of interpreter code: one loop, one switch. Every op reads its two operands before the
 * switch and writes its result after it, so that a case is just the op's meaning, and the method
 * stays small enough for HotSpot to compile well.
 */
final class Interpreter {
  /** Why {@link #run} came back. */
  static final int BUDGET = 0;

  static final int STOP = 1;
  static final int EXIT = 2;

  /** The next block has no interpreter code. */
  static final int NATIVE = 3;

  private static final long LOW32 = 0xffffffffL;
  private static final long PAGE = -4096L;

  /** Mask and shift that turn a field of an op word into a byte offset in the core's state. */
  private static final int SLOT = CoreState.SLOTS - 1 << 3;

  private static final int D = Lowering.D - 3;
  private static final int A = Lowering.A - 3;
  private static final int B = Lowering.B - 3;
  private static final int C = Lowering.C - 3;
  private static final int OP = 0x3ff;

  private Interpreter() {}

  /**
   * Runs blocks from {@code b} on until the budget is used up, somebody asks the core to stop, or a
   * block ends with EXIT.
   *
   * @return the reason; the PC slot is where to go on
   * @throws GuestFault with {@code core.block} and {@code core.at} telling where
   */
  static int run(Core core, CodeBlock b) {
    final long base = core.state.base();
    final Ram ram = core.memory.ram();
    final long host = ram.hostAddress();
    final Helper[] helpers = core.helpers;
    enter:
    for (; ; ) {
      if (b.code == null) {
        return NATIVE;
      }
      int left = StateMemory.getInt(base + CoreState.BUDGET * 8) - b.insns;
      if (left < 0) {
        return BUDGET;
      }
      if (StateMemory.getIntOpaque(base + CoreState.BUDGET * 8 + 4) != 0) {
        return STOP;
      }
      StateMemory.putInt(base + CoreState.BUDGET * 8, left);
      final long[] code = b.code;
      final long tlb = core.tlbTable;
      final long tlbIndex = core.tlbMask;
      int i = 0;
      for (; ; ) {
        long w = code[i];
        long imm = code[i + 1];
        i += 2;
        long x = StateMemory.getLong(base + (w >>> A & SLOT));
        long y = StateMemory.getLong(base + (w >>> B & SLOT)) + imm;
        long r;
        switch ((int) w & OP) {
          case Lowering.MOVE -> r = y;
          case Code.ADD -> r = x + y;
          case Code.SUB -> r = x - y;
          case Code.MUL -> r = x * y;
          case Code.AND -> r = x & y;
          case Code.OR -> r = x | y;
          case Code.XOR -> r = x ^ y;
          case Code.SHL -> r = x << y;
          case Code.SHR -> r = x >>> y;
          case Code.SAR -> r = x >> y;
          case Code.ROL -> r = Long.rotateLeft(x, (int) y);
          case Code.ROR -> r = Long.rotateRight(x, (int) y);
          case Code.ADD32 -> r = x + y & LOW32;
          case Code.SUB32 -> r = x - y & LOW32;
          case Code.MUL32 -> r = x * y & LOW32;
          case Code.AND32 -> r = x & y & LOW32;
          case Code.OR32 -> r = (x | y) & LOW32;
          case Code.XOR32 -> r = (x ^ y) & LOW32;
          case Code.SHL32 -> r = Meaning.shl32(x, y);
          case Code.SHR32 -> r = Meaning.shr32(x, y);
          case Code.SAR32 -> r = Meaning.sar32(x, y);
          case Code.ROL32 -> r = Meaning.rol32(x, y);
          case Code.ROR32 -> r = Meaning.ror32(x, y);
          case Code.MULHU -> r = Math.unsignedMultiplyHigh(x, y);
          case Code.MULHS -> r = Math.multiplyHigh(x, y);
          case Code.EQ -> r = Meaning.eq(x, y);
          case Code.NE -> r = Meaning.ne(x, y);
          case Code.LTU -> r = Meaning.ltu(x, y);
          case Code.LEU -> r = Meaning.leu(x, y);
          case Code.LTS -> r = Meaning.lts(x, y);
          case Code.LES -> r = Meaning.les(x, y);
          case Code.EQ32 -> r = Meaning.eq32(x, y);
          case Code.NE32 -> r = Meaning.ne32(x, y);
          case Code.LTU32 -> r = Meaning.ltu(x & LOW32, y & LOW32);
          case Code.LEU32 -> r = Meaning.leu(x & LOW32, y & LOW32);
          case Code.LTS32 -> r = Meaning.lts((int) x, (int) y);
          case Code.LES32 -> r = Meaning.les((int) x, (int) y);
          case Code.ZEXT8 -> r = x & 0xff;
          case Code.ZEXT16 -> r = x & 0xffff;
          case Code.ZEXT32 -> r = x & LOW32;
          case Code.SEXT8 -> r = (byte) x;
          case Code.SEXT16 -> r = (short) x;
          case Code.SEXT32 -> r = (int) x;
          case Code.EXT8H -> r = x >>> 8 & 0xff;
          case Code.NOT -> r = ~x;
          case Code.NEG -> r = -x;
          case Code.BSWAP64 -> r = Long.reverseBytes(x);
          case Code.BSWAP32 -> r = Meaning.bswap32(x);
          case Code.CLZ64 -> r = Long.numberOfLeadingZeros(x);
          case Code.CTZ64 -> r = Long.numberOfTrailingZeros(x);
          case Code.POPCNT64 -> r = Long.bitCount(x);
          case Code.DEP8 -> r = Meaning.dep8(x, y);
          case Code.DEP8H -> r = Meaning.dep8h(x, y);
          case Code.DEP16 -> r = Meaning.dep16(x, y);
          case Code.SHLADD -> r = x + (y - imm << imm);
          case Code.SELECT -> r = x != 0 ? y : StateMemory.getLong(base + (w >>> C & SLOT));
          case Code.LD8 -> {
            long e = tlb + (y >>> 7 & tlbIndex);
            if (StateMemory.getLong(e + SoftTlb.READ) == (y & PAGE)) {
              r = ram.load8(y + StateMemory.getLong(e + SoftTlb.ADDEND) - host);
            } else {
              core.block = b;
              core.at = i;
              r = core.memory.load(y, 1);
            }
          }
          case Code.LD16 -> {
            long e = tlb + (y >>> 7 & tlbIndex);
            if (StateMemory.getLong(e + SoftTlb.READ) == (y + 1 & PAGE)) {
              r = ram.load16(y + StateMemory.getLong(e + SoftTlb.ADDEND) - host);
            } else {
              core.block = b;
              core.at = i;
              r = core.memory.load(y, 2);
            }
          }
          case Code.LD32 -> {
            long e = tlb + (y >>> 7 & tlbIndex);
            if (StateMemory.getLong(e + SoftTlb.READ) == (y + 3 & PAGE)) {
              r = ram.load32(y + StateMemory.getLong(e + SoftTlb.ADDEND) - host);
            } else {
              core.block = b;
              core.at = i;
              r = core.memory.load(y, 4);
            }
          }
          case Code.LD64 -> {
            long e = tlb + (y >>> 7 & tlbIndex);
            if (StateMemory.getLong(e + SoftTlb.READ) == (y + 7 & PAGE)) {
              r = ram.load64(y + StateMemory.getLong(e + SoftTlb.ADDEND) - host);
            } else {
              core.block = b;
              core.at = i;
              r = core.memory.load(y, 8);
            }
          }
          case Code.LDU8 -> {
            long e = tlb + (y >>> 7 & tlbIndex);
            if (StateMemory.getLong(e + SoftTlb.WRITE) == (y & PAGE)) {
              r = ram.load8(y + StateMemory.getLong(e + SoftTlb.ADDEND) - host);
            } else {
              core.block = b;
              core.at = i;
              r = core.memory.loadForUpdate(y, 1);
            }
          }
          case Code.LDU16 -> {
            long e = tlb + (y >>> 7 & tlbIndex);
            if (StateMemory.getLong(e + SoftTlb.WRITE) == (y + 1 & PAGE)) {
              r = ram.load16(y + StateMemory.getLong(e + SoftTlb.ADDEND) - host);
            } else {
              core.block = b;
              core.at = i;
              r = core.memory.loadForUpdate(y, 2);
            }
          }
          case Code.LDU32 -> {
            long e = tlb + (y >>> 7 & tlbIndex);
            if (StateMemory.getLong(e + SoftTlb.WRITE) == (y + 3 & PAGE)) {
              r = ram.load32(y + StateMemory.getLong(e + SoftTlb.ADDEND) - host);
            } else {
              core.block = b;
              core.at = i;
              r = core.memory.loadForUpdate(y, 4);
            }
          }
          case Code.LDU64 -> {
            long e = tlb + (y >>> 7 & tlbIndex);
            if (StateMemory.getLong(e + SoftTlb.WRITE) == (y + 7 & PAGE)) {
              r = ram.load64(y + StateMemory.getLong(e + SoftTlb.ADDEND) - host);
            } else {
              core.block = b;
              core.at = i;
              r = core.memory.loadForUpdate(y, 8);
            }
          }
          case Code.ST8 -> {
            long e = tlb + (y >>> 7 & tlbIndex);
            if (StateMemory.getLong(e + SoftTlb.WRITE) == (y & PAGE)) {
              ram.store8(y + StateMemory.getLong(e + SoftTlb.ADDEND) - host, x);
            } else {
              core.block = b;
              core.at = i;
              core.memory.store(y, x, 1);
            }
            continue;
          }
          case Code.ST16 -> {
            long e = tlb + (y >>> 7 & tlbIndex);
            if (StateMemory.getLong(e + SoftTlb.WRITE) == (y + 1 & PAGE)) {
              ram.store16(y + StateMemory.getLong(e + SoftTlb.ADDEND) - host, x);
            } else {
              core.block = b;
              core.at = i;
              core.memory.store(y, x, 2);
            }
            continue;
          }
          case Code.ST32 -> {
            long e = tlb + (y >>> 7 & tlbIndex);
            if (StateMemory.getLong(e + SoftTlb.WRITE) == (y + 3 & PAGE)) {
              ram.store32(y + StateMemory.getLong(e + SoftTlb.ADDEND) - host, x);
            } else {
              core.block = b;
              core.at = i;
              core.memory.store(y, x, 4);
            }
            continue;
          }
          case Code.ST64 -> {
            long e = tlb + (y >>> 7 & tlbIndex);
            if (StateMemory.getLong(e + SoftTlb.WRITE) == (y + 7 & PAGE)) {
              ram.store64(y + StateMemory.getLong(e + SoftTlb.ADDEND) - host, x);
            } else {
              core.block = b;
              core.at = i;
              core.memory.store(y, x, 8);
            }
            continue;
          }
          case Code.FLAGS -> {
            StateMemory.putLong(base + CoreState.FLAG_KIND * 8, w >>> Lowering.D & 63);
            StateMemory.putLong(base + CoreState.FLAG_A * 8, x);
            StateMemory.putLong(base + CoreState.FLAG_B * 8, y);
            continue;
          }
          case Code.FLAGS3 -> {
            StateMemory.putLong(base + CoreState.FLAG_KIND * 8, w >>> Lowering.D & 63);
            StateMemory.putLong(base + CoreState.FLAG_A * 8, x);
            StateMemory.putLong(base + CoreState.FLAG_B * 8, y);
            StateMemory.putLong(
                base + CoreState.FLAG_C * 8, StateMemory.getLong(base + (w >>> C & SLOT)));
            continue;
          }
          case Code.FLAGSNZ -> {
            if (y != 0) {
              StateMemory.putLong(base + CoreState.FLAG_KIND * 8, w >>> Lowering.D & 63);
              StateMemory.putLong(base + CoreState.FLAG_A * 8, x);
              StateMemory.putLong(base + CoreState.FLAG_B * 8, y);
            }
            continue;
          }
          case Code.GETFLAGS -> r = packedFlags(base);
          case Code.COND -> r = cond(base, (int) imm);
          case Code.FENCE -> {
            VarHandle.fullFence();
            continue;
          }
          case Code.CALL -> {
            core.block = b;
            core.at = i;
            r =
                helpers[(int) code[i++]].call(
                    core, x, y, StateMemory.getLong(base + (w >>> C & SLOT)));
          }
          case Code.CAS -> {
            core.block = b;
            core.at = i;
            r =
                core.memory.compareExchange(
                    x, (int) code[i++], y, StateMemory.getLong(base + (w >>> C & SLOT)));
          }
          case Code.XCHG, Code.FADD, Code.FAND, Code.FOR, Code.FXOR -> {
            core.block = b;
            core.at = i;
            r = core.memory.atomic((int) w & OP, x, (int) code[i++], y);
          }
          case Code.CANONICAL -> {
            if (x << imm >> imm != x) {
              core.block = b;
              core.at = i;
              core.guest.refuseTarget(x);
            }
            continue;
          }
          case Code.EXITIF -> {
            if (x == 0) {
              continue;
            }
            StateMemory.putInt(base + CoreState.BUDGET * 8, left + b.insns - 1 - b.insnOf[i - 2]);
            b = core.follow(b, imm, null);
            continue enter;
          }
          case Code.JUMP -> {
            b = core.follow(b, imm, b.taken);
            continue enter;
          }
          case Code.BRANCH -> {
            long deltas = code[i];
            b =
                x != 0
                    ? core.follow(b, deltas >> 32, b.taken)
                    : core.follow(b, (int) deltas, b.otherwise);
            continue enter;
          }
          case Lowering.COMPARE_BRANCH + Code.EQ -> {
            long deltas = code[i];
            b =
                x == y
                    ? core.follow(b, deltas >> 32, b.taken)
                    : core.follow(b, (int) deltas, b.otherwise);
            continue enter;
          }
          case Lowering.COMPARE_BRANCH + Code.NE -> {
            long deltas = code[i];
            b =
                x != y
                    ? core.follow(b, deltas >> 32, b.taken)
                    : core.follow(b, (int) deltas, b.otherwise);
            continue enter;
          }
          case Lowering.COMPARE_BRANCH + Code.LTU -> {
            long deltas = code[i];
            b =
                x + Long.MIN_VALUE < y + Long.MIN_VALUE
                    ? core.follow(b, deltas >> 32, b.taken)
                    : core.follow(b, (int) deltas, b.otherwise);
            continue enter;
          }
          case Lowering.COMPARE_BRANCH + Code.LEU -> {
            long deltas = code[i];
            b =
                x + Long.MIN_VALUE <= y + Long.MIN_VALUE
                    ? core.follow(b, deltas >> 32, b.taken)
                    : core.follow(b, (int) deltas, b.otherwise);
            continue enter;
          }
          case Lowering.COMPARE_BRANCH + Code.LTS -> {
            long deltas = code[i];
            b =
                x < y
                    ? core.follow(b, deltas >> 32, b.taken)
                    : core.follow(b, (int) deltas, b.otherwise);
            continue enter;
          }
          case Lowering.COMPARE_BRANCH + Code.LES -> {
            long deltas = code[i];
            b =
                x <= y
                    ? core.follow(b, deltas >> 32, b.taken)
                    : core.follow(b, (int) deltas, b.otherwise);
            continue enter;
          }
          case Lowering.COMPARE_BRANCH + Code.EQ32 -> {
            long deltas = code[i];
            b =
                (int) x == (int) y
                    ? core.follow(b, deltas >> 32, b.taken)
                    : core.follow(b, (int) deltas, b.otherwise);
            continue enter;
          }
          case Lowering.COMPARE_BRANCH + Code.NE32 -> {
            long deltas = code[i];
            b =
                (int) x != (int) y
                    ? core.follow(b, deltas >> 32, b.taken)
                    : core.follow(b, (int) deltas, b.otherwise);
            continue enter;
          }
          case Lowering.COMPARE_BRANCH + Code.LTU32 -> {
            long deltas = code[i];
            b =
                (x & LOW32) < (y & LOW32)
                    ? core.follow(b, deltas >> 32, b.taken)
                    : core.follow(b, (int) deltas, b.otherwise);
            continue enter;
          }
          case Lowering.COMPARE_BRANCH + Code.LEU32 -> {
            long deltas = code[i];
            b =
                (x & LOW32) <= (y & LOW32)
                    ? core.follow(b, deltas >> 32, b.taken)
                    : core.follow(b, (int) deltas, b.otherwise);
            continue enter;
          }
          case Lowering.COMPARE_BRANCH + Code.LTS32 -> {
            long deltas = code[i];
            b =
                (int) x < (int) y
                    ? core.follow(b, deltas >> 32, b.taken)
                    : core.follow(b, (int) deltas, b.otherwise);
            continue enter;
          }
          case Lowering.COMPARE_BRANCH + Code.LES32 -> {
            long deltas = code[i];
            b =
                (int) x <= (int) y
                    ? core.follow(b, deltas >> 32, b.taken)
                    : core.follow(b, (int) deltas, b.otherwise);
            continue enter;
          }
          case Code.JUMPI -> {
            StateMemory.putLong(base + CoreState.PC * 8, y & core.pcMask);
            b = core.lookUp();
            continue enter;
          }
          case Code.EXIT -> {
            StateMemory.putLong(
                base + CoreState.PC * 8,
                StateMemory.getLong(base + CoreState.PC * 8) + imm & core.pcMask);
            return EXIT;
          }
          case Code.LEAVE -> {
            return EXIT;
          }
          default -> {
            core.block = b;
            core.at = i;
            VectorInterpreter.execute(core, base, w, x, y, imm);
            continue;
          }
        }
        StateMemory.putLong(base + (w >>> D & SLOT), r);
      }
    }
  }

  private static long packedFlags(long base) {
    return Flags.pack(
        (int) StateMemory.getLong(base + CoreState.FLAG_KIND * 8),
        StateMemory.getLong(base + CoreState.FLAG_A * 8),
        StateMemory.getLong(base + CoreState.FLAG_B * 8),
        StateMemory.getLong(base + CoreState.FLAG_C * 8));
  }

  private static long cond(long base, int cond) {
    return Flags.cond(
        cond,
        (int) StateMemory.getLong(base + CoreState.FLAG_KIND * 8),
        StateMemory.getLong(base + CoreState.FLAG_A * 8),
        StateMemory.getLong(base + CoreState.FLAG_B * 8),
        StateMemory.getLong(base + CoreState.FLAG_C * 8));
  }
}
