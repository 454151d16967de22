package org.coremu.exec;

import static java.util.Objects.checkIndex;
import static org.coremu.mem.SoftTlb.ADDEND;
import static org.coremu.mem.SoftTlb.FOLD;
import static org.coremu.mem.SoftTlb.READ;
import static org.coremu.mem.SoftTlb.SHIFT;
import static org.coremu.mem.SoftTlb.WRITE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.coremu.ir.Flags;
import org.coremu.ir.IrOp.Code;
import org.coremu.ir.Meaning;
import org.coremu.mem.Ram;
import org.coremu.mem.StateMemory;

/**
 * Runs blocks of interpreter code: one loop, one switch, written for HotSpot's C2. What it asks for
 * (docs/performance.md has the figures):
 *
 * <ul>
 *   <li>Each case reads its operands itself. Were they read before the switch, C2 would find x + y,
 *       x - y, x ^ y … of the same operands in many cases, compute them all before it branches, and
 *       spill them.
 *   <li>Memory is accessed by calls of the JDK's own methods. Each of them becomes hundreds of
 *       nodes, and past 18000 nodes C2 inlines only what the JDK marks to be inlined always.
 *   <li>What is rare is a call of a method.
 *   <li>8000 bytes of bytecode are the limit: a larger method is never compiled.
 * </ul>
 */
final class Interpreter {
  /** Why {@link #run} came back. */
  static final int BUDGET = 0;

  static final int STOP = 1;
  static final int EXIT = 2;

  /** The next block has no interpreter code. */
  static final int NATIVE = 3;

  private static final long MIN = Long.MIN_VALUE;
  private static final long LOW32 = 0xffffffffL;
  private static final long PAGE = -4096L;

  /**
   * Masks addresses and sizes of the host, which changes nothing but shows C2 that no sum of them
   * overflows, so that it leaves out the bounds check of {@link #S}.
   */
  private static final long ADDRESS = (1L << 56) - 1;

  /** Slots, TLBs and, after a check of the offset, RAM: all by address. */
  private static final MemorySegment S = StateMemory.ALL;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final VarHandle ALIGNED_INT = ValueLayout.JAVA_INT.varHandle();

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
    final long base = core.state.base() & ADDRESS;
    final Ram ram = core.memory.ram();
    final long host = ram.hostAddress() & ADDRESS;
    final long size = ram.size() & ADDRESS;
    final Helper[] helpers = core.helpers;
    enter:
    for (; ; ) {
      final long[] code = b.code;
      if (code == null) {
        return NATIVE;
      }
      int left = S.get(INT, base + CoreState.BUDGET * 8) - b.insns;
      if (left < 0) {
        return BUDGET;
      }
      if ((int) ALIGNED_INT.getOpaque(S, base + CoreState.BUDGET * 8 + 4) != 0) {
        return STOP;
      }
      S.set(INT, base + CoreState.BUDGET * 8, left);
      final long tlb = core.tlbTable & ADDRESS;
      final int tlbIndex = core.tlbMask;
      int i = 0;
      // Where the block leads: "break taken" and "break otherwise" are the ways of its branch.
      CodeBlock next;
      long delta;
      jump:
      {
        otherwise:
        {
          taken:
          for (; ; ) {
            long w = code[i];
            long imm = code[i + 1];
            i += 2;
            // Addresses of the operands; the second one's value is still to get imm added.
            long x = base + (w >>> A & SLOT);
            long y = base + (w >>> B & SLOT);
            long r;
            switch ((int) w & OP) {
              case Lowering.MOVE -> r = S.get(LONG, y) + imm;
              case Code.ADD -> r = S.get(LONG, x) + S.get(LONG, y) + imm;
              case Code.SUB -> r = S.get(LONG, x) - (S.get(LONG, y) + imm);
              case Code.MUL -> r = S.get(LONG, x) * (S.get(LONG, y) + imm);
              case Code.AND -> r = S.get(LONG, x) & S.get(LONG, y) + imm;
              case Code.OR -> r = S.get(LONG, x) | S.get(LONG, y) + imm;
              case Code.XOR -> r = S.get(LONG, x) ^ S.get(LONG, y) + imm;
              case Code.SHL -> r = S.get(LONG, x) << S.get(LONG, y) + imm;
              case Code.SHR -> r = S.get(LONG, x) >>> S.get(LONG, y) + imm;
              case Code.SAR -> r = S.get(LONG, x) >> S.get(LONG, y) + imm;
              case Code.ROL -> r = Long.rotateLeft(S.get(LONG, x), (int) (S.get(LONG, y) + imm));
              case Code.ROR -> r = Long.rotateRight(S.get(LONG, x), (int) (S.get(LONG, y) + imm));
              case Code.ADD32 -> r = S.get(LONG, x) + S.get(LONG, y) + imm & LOW32;
              case Code.SUB32 -> r = S.get(LONG, x) - (S.get(LONG, y) + imm) & LOW32;
              case Code.MUL32 -> r = S.get(LONG, x) * (S.get(LONG, y) + imm) & LOW32;
              case Code.AND32 -> r = S.get(LONG, x) & S.get(LONG, y) + imm & LOW32;
              case Code.OR32 -> r = (S.get(LONG, x) | S.get(LONG, y) + imm) & LOW32;
              case Code.XOR32 -> r = (S.get(LONG, x) ^ S.get(LONG, y) + imm) & LOW32;
              case Code.SHL32 -> r = (int) S.get(LONG, x) << (int) (S.get(LONG, y) + imm) & LOW32;
              case Code.SHR32 -> r = (int) S.get(LONG, x) >>> (int) (S.get(LONG, y) + imm) & LOW32;
              case Code.SAR32 -> r = (int) S.get(LONG, x) >> (int) (S.get(LONG, y) + imm) & LOW32;
              case Code.ROL32 -> r = Meaning.rol32(S.get(LONG, x), S.get(LONG, y) + imm);
              case Code.ROR32 -> r = Meaning.ror32(S.get(LONG, x), S.get(LONG, y) + imm);
              case Code.MULHU ->
                  r = Math.unsignedMultiplyHigh(S.get(LONG, x), S.get(LONG, y) + imm);
              case Code.MULHS -> r = Math.multiplyHigh(S.get(LONG, x), S.get(LONG, y) + imm);
              case Code.EQ -> r = S.get(LONG, x) == S.get(LONG, y) + imm ? 1 : 0;
              case Code.NE -> r = S.get(LONG, x) != S.get(LONG, y) + imm ? 1 : 0;
              case Code.LTU -> r = S.get(LONG, x) + MIN < S.get(LONG, y) + imm + MIN ? 1 : 0;
              case Code.LEU -> r = S.get(LONG, x) + MIN <= S.get(LONG, y) + imm + MIN ? 1 : 0;
              case Code.LTS -> r = S.get(LONG, x) < S.get(LONG, y) + imm ? 1 : 0;
              case Code.LES -> r = S.get(LONG, x) <= S.get(LONG, y) + imm ? 1 : 0;
              case Code.EQ32 -> r = (int) S.get(LONG, x) == (int) (S.get(LONG, y) + imm) ? 1 : 0;
              case Code.NE32 -> r = (int) S.get(LONG, x) != (int) (S.get(LONG, y) + imm) ? 1 : 0;
              case Code.LTU32 ->
                  r = (S.get(LONG, x) & LOW32) < (S.get(LONG, y) + imm & LOW32) ? 1 : 0;
              case Code.LEU32 ->
                  r = (S.get(LONG, x) & LOW32) <= (S.get(LONG, y) + imm & LOW32) ? 1 : 0;
              case Code.LTS32 -> r = (int) S.get(LONG, x) < (int) (S.get(LONG, y) + imm) ? 1 : 0;
              case Code.LES32 -> r = (int) S.get(LONG, x) <= (int) (S.get(LONG, y) + imm) ? 1 : 0;
              case Code.ZEXT8 -> r = S.get(LONG, x) & 0xff;
              case Code.ZEXT16 -> r = S.get(LONG, x) & 0xffff;
              case Code.ZEXT32 -> r = S.get(LONG, x) & LOW32;
              case Code.SEXT8 -> r = (byte) S.get(LONG, x);
              case Code.SEXT16 -> r = (short) S.get(LONG, x);
              case Code.SEXT32 -> r = (int) S.get(LONG, x);
              case Code.EXT8H -> r = S.get(LONG, x) >>> 8 & 0xff;
              case Code.NOT -> r = ~S.get(LONG, x);
              case Code.NEG -> r = -S.get(LONG, x);
              case Code.BSWAP64 -> r = Long.reverseBytes(S.get(LONG, x));
              case Code.BSWAP32 -> r = Meaning.bswap32(S.get(LONG, x));
              case Code.CLZ64 -> r = Long.numberOfLeadingZeros(S.get(LONG, x));
              case Code.CTZ64 -> r = Long.numberOfTrailingZeros(S.get(LONG, x));
              case Code.POPCNT64 -> r = Long.bitCount(S.get(LONG, x));
              case Code.DEP8 -> r = Meaning.dep8(S.get(LONG, x), S.get(LONG, y) + imm);
              case Code.DEP8H -> r = Meaning.dep8h(S.get(LONG, x), S.get(LONG, y) + imm);
              case Code.DEP16 -> r = Meaning.dep16(S.get(LONG, x), S.get(LONG, y) + imm);
              case Code.SHLADD -> r = S.get(LONG, x) + (S.get(LONG, y) << imm);
              case Code.SELECT ->
                  r =
                      S.get(LONG, x) != 0
                          ? S.get(LONG, y) + imm
                          : S.get(LONG, base + (w >>> C & SLOT));
              case Code.LD8 -> {
                long address = S.get(LONG, y) + imm;
                long e = tlb + (((int) address >>> SHIFT ^ (int) address >>> FOLD) & tlbIndex);
                if (S.get(LONG, e + READ) == (address & PAGE)) {
                  long offset = checkIndex(address + S.get(LONG, e + READ + ADDEND) - host, size);
                  r = S.get(BYTE, host + offset) & 0xff;
                  VarHandle.acquireFence();
                } else {
                  r = load(core, b, i, address, 1);
                }
              }
              case Code.LD16 -> {
                long address = S.get(LONG, y) + imm;
                long e = tlb + (((int) address >>> SHIFT ^ (int) address >>> FOLD) & tlbIndex);
                if (S.get(LONG, e + READ) == (address + 1 & PAGE)) {
                  long offset = checkIndex(address + S.get(LONG, e + READ + ADDEND) - host, size);
                  r = S.get(SHORT, host + offset) & 0xffff;
                  VarHandle.acquireFence();
                } else {
                  r = load(core, b, i, address, 2);
                }
              }
              case Code.LD32 -> {
                long address = S.get(LONG, y) + imm;
                long e = tlb + (((int) address >>> SHIFT ^ (int) address >>> FOLD) & tlbIndex);
                if (S.get(LONG, e + READ) == (address + 3 & PAGE)) {
                  long offset = checkIndex(address + S.get(LONG, e + READ + ADDEND) - host, size);
                  r = S.get(INT, host + offset) & LOW32;
                  VarHandle.acquireFence();
                } else {
                  r = load(core, b, i, address, 4);
                }
              }
              case Code.LD64 -> {
                long address = S.get(LONG, y) + imm;
                long e = tlb + (((int) address >>> SHIFT ^ (int) address >>> FOLD) & tlbIndex);
                if (S.get(LONG, e + READ) == (address + 7 & PAGE)) {
                  long offset = checkIndex(address + S.get(LONG, e + READ + ADDEND) - host, size);
                  r = S.get(LONG, host + offset);
                  VarHandle.acquireFence();
                } else {
                  r = load(core, b, i, address, 8);
                }
              }
              case Code.LDU8 -> {
                long address = S.get(LONG, y) + imm;
                long e = tlb + (((int) address >>> SHIFT ^ (int) address >>> FOLD) & tlbIndex);
                if (S.get(LONG, e + WRITE) == (address & PAGE)) {
                  long offset = checkIndex(address + S.get(LONG, e + WRITE + ADDEND) - host, size);
                  r = S.get(BYTE, host + offset) & 0xff;
                  VarHandle.acquireFence();
                } else {
                  r = loadForUpdate(core, b, i, address, 1);
                }
              }
              case Code.LDU16 -> {
                long address = S.get(LONG, y) + imm;
                long e = tlb + (((int) address >>> SHIFT ^ (int) address >>> FOLD) & tlbIndex);
                if (S.get(LONG, e + WRITE) == (address + 1 & PAGE)) {
                  long offset = checkIndex(address + S.get(LONG, e + WRITE + ADDEND) - host, size);
                  r = S.get(SHORT, host + offset) & 0xffff;
                  VarHandle.acquireFence();
                } else {
                  r = loadForUpdate(core, b, i, address, 2);
                }
              }
              case Code.LDU32 -> {
                long address = S.get(LONG, y) + imm;
                long e = tlb + (((int) address >>> SHIFT ^ (int) address >>> FOLD) & tlbIndex);
                if (S.get(LONG, e + WRITE) == (address + 3 & PAGE)) {
                  long offset = checkIndex(address + S.get(LONG, e + WRITE + ADDEND) - host, size);
                  r = S.get(INT, host + offset) & LOW32;
                  VarHandle.acquireFence();
                } else {
                  r = loadForUpdate(core, b, i, address, 4);
                }
              }
              case Code.LDU64 -> {
                long address = S.get(LONG, y) + imm;
                long e = tlb + (((int) address >>> SHIFT ^ (int) address >>> FOLD) & tlbIndex);
                if (S.get(LONG, e + WRITE) == (address + 7 & PAGE)) {
                  long offset = checkIndex(address + S.get(LONG, e + WRITE + ADDEND) - host, size);
                  r = S.get(LONG, host + offset);
                  VarHandle.acquireFence();
                } else {
                  r = loadForUpdate(core, b, i, address, 8);
                }
              }
              case Code.ST8 -> {
                long address = S.get(LONG, y) + imm;
                long v = S.get(LONG, x);
                long e = tlb + (((int) address >>> SHIFT ^ (int) address >>> FOLD) & tlbIndex);
                if (S.get(LONG, e + WRITE) == (address & PAGE)) {
                  long offset = checkIndex(address + S.get(LONG, e + WRITE + ADDEND) - host, size);
                  VarHandle.releaseFence();
                  S.set(BYTE, host + offset, (byte) v);
                } else {
                  store(core, b, i, address, v, 1);
                }
                continue;
              }
              case Code.ST16 -> {
                long address = S.get(LONG, y) + imm;
                long v = S.get(LONG, x);
                long e = tlb + (((int) address >>> SHIFT ^ (int) address >>> FOLD) & tlbIndex);
                if (S.get(LONG, e + WRITE) == (address + 1 & PAGE)) {
                  long offset = checkIndex(address + S.get(LONG, e + WRITE + ADDEND) - host, size);
                  VarHandle.releaseFence();
                  S.set(SHORT, host + offset, (short) v);
                } else {
                  store(core, b, i, address, v, 2);
                }
                continue;
              }
              case Code.ST32 -> {
                long address = S.get(LONG, y) + imm;
                long v = S.get(LONG, x);
                long e = tlb + (((int) address >>> SHIFT ^ (int) address >>> FOLD) & tlbIndex);
                if (S.get(LONG, e + WRITE) == (address + 3 & PAGE)) {
                  long offset = checkIndex(address + S.get(LONG, e + WRITE + ADDEND) - host, size);
                  VarHandle.releaseFence();
                  S.set(INT, host + offset, (int) v);
                } else {
                  store(core, b, i, address, v, 4);
                }
                continue;
              }
              case Code.ST64 -> {
                long address = S.get(LONG, y) + imm;
                long v = S.get(LONG, x);
                long e = tlb + (((int) address >>> SHIFT ^ (int) address >>> FOLD) & tlbIndex);
                if (S.get(LONG, e + WRITE) == (address + 7 & PAGE)) {
                  long offset = checkIndex(address + S.get(LONG, e + WRITE + ADDEND) - host, size);
                  VarHandle.releaseFence();
                  S.set(LONG, host + offset, v);
                } else {
                  store(core, b, i, address, v, 8);
                }
                continue;
              }
              case Code.FLAGS -> {
                S.set(LONG, base + CoreState.FLAG_KIND * 8, w >>> Lowering.D & 63);
                S.set(LONG, base + CoreState.FLAG_A * 8, S.get(LONG, x));
                S.set(LONG, base + CoreState.FLAG_B * 8, S.get(LONG, y) + imm);
                continue;
              }
              case Code.FLAGS3 -> {
                S.set(LONG, base + CoreState.FLAG_KIND * 8, w >>> Lowering.D & 63);
                S.set(LONG, base + CoreState.FLAG_A * 8, S.get(LONG, x));
                S.set(LONG, base + CoreState.FLAG_B * 8, S.get(LONG, y) + imm);
                S.set(LONG, base + CoreState.FLAG_C * 8, S.get(LONG, base + (w >>> C & SLOT)));
                continue;
              }
              case Code.FLAGSNZ -> {
                if (S.get(LONG, y) + imm != 0) {
                  S.set(LONG, base + CoreState.FLAG_KIND * 8, w >>> Lowering.D & 63);
                  S.set(LONG, base + CoreState.FLAG_A * 8, S.get(LONG, x));
                  S.set(LONG, base + CoreState.FLAG_B * 8, S.get(LONG, y) + imm);
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
                        core,
                        S.get(LONG, x),
                        S.get(LONG, y) + imm,
                        S.get(LONG, base + (w >>> C & SLOT)));
              }
              case Code.CAS -> {
                core.block = b;
                core.at = i;
                r =
                    core.memory.compareExchange(
                        S.get(LONG, x),
                        (int) code[i++],
                        S.get(LONG, y) + imm,
                        S.get(LONG, base + (w >>> C & SLOT)));
              }
              case Code.XCHG, Code.FADD, Code.FAND, Code.FOR, Code.FXOR -> {
                core.block = b;
                core.at = i;
                r =
                    core.memory.atomic(
                        (int) w & OP, S.get(LONG, x), (int) code[i++], S.get(LONG, y) + imm);
              }
              case Code.CANONICAL -> {
                long target = S.get(LONG, x);
                if (target << imm >> imm != target) {
                  core.block = b;
                  core.at = i;
                  core.guest.refuseTarget(target);
                }
                continue;
              }
              case Code.EXITIF -> {
                if (S.get(LONG, x) == 0) {
                  continue;
                }
                S.set(
                    INT,
                    base + CoreState.BUDGET * 8,
                    S.get(INT, base + CoreState.BUDGET * 8) + b.insns - 1 - b.insnOf[i - 2]);
                b = core.follow(b, imm, null);
                continue enter;
              }
              case Code.JUMP -> {
                delta = imm;
                next = b.taken;
                break jump;
              }
              case Code.BRANCH -> {
                if (S.get(LONG, x) != 0) {
                  break taken;
                }
                break otherwise;
              }
              case Lowering.COMPARE_BRANCH + Code.EQ -> {
                if (S.get(LONG, x) == S.get(LONG, y) + imm) {
                  break taken;
                }
                break otherwise;
              }
              case Lowering.COMPARE_BRANCH + Code.NE -> {
                if (S.get(LONG, x) != S.get(LONG, y) + imm) {
                  break taken;
                }
                break otherwise;
              }
              case Lowering.COMPARE_BRANCH + Code.LTU -> {
                if (S.get(LONG, x) + MIN < S.get(LONG, y) + imm + MIN) {
                  break taken;
                }
                break otherwise;
              }
              case Lowering.COMPARE_BRANCH + Code.LEU -> {
                if (S.get(LONG, x) + MIN <= S.get(LONG, y) + imm + MIN) {
                  break taken;
                }
                break otherwise;
              }
              case Lowering.COMPARE_BRANCH + Code.LTS -> {
                if (S.get(LONG, x) < S.get(LONG, y) + imm) {
                  break taken;
                }
                break otherwise;
              }
              case Lowering.COMPARE_BRANCH + Code.LES -> {
                if (S.get(LONG, x) <= S.get(LONG, y) + imm) {
                  break taken;
                }
                break otherwise;
              }
              case Lowering.COMPARE_BRANCH + Code.EQ32 -> {
                if ((int) S.get(LONG, x) == (int) (S.get(LONG, y) + imm)) {
                  break taken;
                }
                break otherwise;
              }
              case Lowering.COMPARE_BRANCH + Code.NE32 -> {
                if ((int) S.get(LONG, x) != (int) (S.get(LONG, y) + imm)) {
                  break taken;
                }
                break otherwise;
              }
              case Lowering.COMPARE_BRANCH + Code.LTU32 -> {
                if ((S.get(LONG, x) & LOW32) < (S.get(LONG, y) + imm & LOW32)) {
                  break taken;
                }
                break otherwise;
              }
              case Lowering.COMPARE_BRANCH + Code.LEU32 -> {
                if ((S.get(LONG, x) & LOW32) <= (S.get(LONG, y) + imm & LOW32)) {
                  break taken;
                }
                break otherwise;
              }
              case Lowering.COMPARE_BRANCH + Code.LTS32 -> {
                if ((int) S.get(LONG, x) < (int) (S.get(LONG, y) + imm)) {
                  break taken;
                }
                break otherwise;
              }
              case Lowering.COMPARE_BRANCH + Code.LES32 -> {
                if ((int) S.get(LONG, x) <= (int) (S.get(LONG, y) + imm)) {
                  break taken;
                }
                break otherwise;
              }
              case Code.JUMPI -> {
                S.set(LONG, base + CoreState.PC * 8, S.get(LONG, y) + imm & core.pcMask);
                b = core.lookUp();
                continue enter;
              }
              case Code.EXIT -> {
                S.set(
                    LONG,
                    base + CoreState.PC * 8,
                    S.get(LONG, base + CoreState.PC * 8) + imm & core.pcMask);
                return EXIT;
              }
              case Code.LEAVE -> {
                return EXIT;
              }
              default -> {
                core.block = b;
                core.at = i;
                VectorInterpreter.execute(core, base, w, S.get(LONG, x), S.get(LONG, y) + imm, imm);
                continue;
              }
            }
            S.set(LONG, base + (w >>> D & SLOT), r);
          }
          delta = code[i] >> 32;
          next = b.taken;
          break jump;
        }
        delta = (int) code[i];
        next = b.otherwise;
      }
      if (next != null && !next.dead) {
        S.set(
            LONG,
            base + CoreState.PC * 8,
            S.get(LONG, base + CoreState.PC * 8) + delta & core.pcMask);
        b = next;
      } else {
        b = core.follow(b, delta, next);
      }
    }
  }

  private static long load(Core core, CodeBlock b, int i, long address, int bytes) {
    core.block = b;
    core.at = i;
    return core.memory.load(address, bytes);
  }

  private static long loadForUpdate(Core core, CodeBlock b, int i, long address, int bytes) {
    core.block = b;
    core.at = i;
    return core.memory.loadForUpdate(address, bytes);
  }

  private static void store(Core core, CodeBlock b, int i, long address, long value, int bytes) {
    core.block = b;
    core.at = i;
    core.memory.store(address, value, bytes);
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
