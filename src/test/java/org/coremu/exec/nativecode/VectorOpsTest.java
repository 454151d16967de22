package org.coremu.exec.nativecode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.coremu.bits.FpEnv;
import org.coremu.ir.FpLanes;
import org.coremu.ir.IrOp;
import org.coremu.ir.Lane;
import org.coremu.ir.StringCompare;
import org.coremu.ir.VectorAes;
import org.coremu.ir.VectorCase;
import org.coremu.ir.VectorFloat;
import org.coremu.ir.VectorMeaning;
import org.coremu.ir.VectorWords;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every vector op that has host instructions computes with them what it means, whichever of its
 * registers are the same, and changes no other register: results and, under all rounding modes, DAZ
 * and FTZ, MXCSR.
 */
@Tag("tierless")
class VectorOpsTest {
  /** Fixed, so that a failure comes again; another one finds other operands. */
  private static final long SEED = Long.getLong("coremu.seed", 1);

  /** Operands of each choice of registers under each mode. */
  private static final int EACH = Integer.getInteger("coremu.operands", 8);

  private static final int MASKED = 0x1F80;
  private static final int MODES = 16;

  /** General registers that hold values, those of the guest included. */
  private static final int[] GENERAL = {
    Assembler.RDX,
    Assembler.RBX,
    Assembler.RSI,
    Assembler.RDI,
    Assembler.R8,
    Assembler.R9,
    Assembler.R10,
    Assembler.R11,
    Assembler.R12,
    Assembler.R13,
    Assembler.R14
  };

  private static final int D = 0;
  private static final int A = 1;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final VectorWords words = new VectorWords(SEED);
  private final Assembler asm = new Assembler();
  private final FpEnv env = new FpEnv();
  private final long[] expectedVectors = new long[32];
  private final long[] expectedGeneral = new long[16];
  private final Map<String, String> wrong = new TreeMap<>();

  @Test
  void everyOpIsTested() {
    Set<IrOp> missing = EnumSet.range(IrOp.VPACK, IrOp.VFCOMI);
    missing.remove(IrOp.VFRCP);
    missing.remove(IrOp.VFRSQRT);
    cases().stream().filter(VectorOpsTest::isNative).forEach(c -> missing.remove(c.op()));
    assertThat(missing).isEmpty();
  }

  @Test
  void hostComputesTheMeaning() {
    VectorOps ops =
        new VectorOps(asm, HostCode.hasFeature("aes"), HostCode.hasFeature("pclmulqdq"));
    try (HostCode host = new HostCode()) {
      for (VectorCase c : cases()) {
        if (isNative(c)) {
          for (int[] sharing : sharings(c.op())) {
            check(host, ops, c, registers(c.op(), sharing));
          }
        }
      }
    }
    assertThat(wrong).as("seed %d", SEED).isEmpty();
  }

  @Test
  void whatHasNoInstructionIsRefusedAndEmitsNothing() {
    VectorOps plain = new VectorOps(asm, false, false);
    VectorOps full = new VectorOps(asm, true, true);
    assertThat(plain.emit(IrOp.VAES.code, 2, 3, 4, 0, VectorAes.ENCRYPT)).isFalse();
    assertThat(plain.emit(IrOp.VCLMUL.code, 2, 3, 4, 0, 0)).isFalse();
    for (IrOp op : IrOp.values()) {
      for (int imm = 0; imm < 8; imm++) {
        asm.clear();
        boolean emitted = full.emit(op.code, 2, 3, 4, 5, imm);
        assertThat(asm.size() > 0).as("%s %d", op, imm).isEqualTo(emitted);
        if (op.code < IrOp.VPACK.code
            || op.code > IrOp.VFCOMI.code
            || op == IrOp.VFRCP
            || op == IrOp.VFRSQRT) {
          assertThat(emitted).as("%s", op).isFalse();
        }
      }
    }
    assertThat(full.emit(IrOp.VADDS.code, 2, 3, 4, 0, Lane.I32)).isFalse();
    assertThat(full.emit(IrOp.VSHLI.code, 2, 3, 0, 0, Lane.I8 | 1 << 8)).isFalse();
    assertThat(full.emit(IrOp.VFADD.code, 2, 3, 4, 0, FpLanes.PAIR32)).isFalse();
  }

  // ---- the ops and their immediates

  private static List<VectorCase> cases() {
    List<VectorCase> cases = new ArrayList<>(VectorCase.all());
    add(cases, IrOp.VPACK, 0);
    add(cases, IrOp.VLO, 0);
    add(cases, IrOp.VHI, 0);
    add(cases, IrOp.VMOVMSK, Lane.I16);
    add(cases, IrOp.VBLENDV, Lane.I16);
    add(cases, IrOp.VSAR, Lane.I64);
    for (int i = 0; i <= 70; i++) {
      add(cases, IrOp.VSARI, Lane.I64 | i << 8);
      add(cases, IrOp.VBLEND, Lane.I8 | i * 0x3A7 << 8 & 0xFFFF00);
    }
    for (int lane = Lane.I16; lane <= Lane.I64; lane++) {
      add(cases, IrOp.VSHLI, lane | 0x100 << 8);
      add(cases, IrOp.VSHRI, lane | 0x101 << 8);
      add(cases, IrOp.VSARI, lane | 0x102 << 8);
    }
    for (int i = 0; i < 256; i++) {
      if (i % 5 != 0) {
        add(cases, IrOp.VFDOT, FpLanes.PACKED32 | i << 8);
        add(cases, IrOp.VFDOT, FpLanes.PACKED64 | i << 8);
      }
      if (Integer.bitCount(i) == 1) {
        add(cases, IrOp.VAES, VectorAes.KEY_ASSIST | i << 8);
      }
    }
    add(cases, IrOp.VFFROMI, FpLanes.PAIR32);
    add(cases, IrOp.VFTOI, FpLanes.PAIR32);
    add(cases, IrOp.VFTOI, FpLanes.PAIR32 | VectorFloat.TRUNCATE << 8);
    return cases;
  }

  private static void add(List<VectorCase> cases, IrOp op, int imm) {
    cases.add(new VectorCase(op, imm, ""));
  }

  private static boolean isNative(VectorCase c) {
    return switch (c.op()) {
      case VSTRING -> (c.imm() & StringCompare.IMPLICIT) != 0;
      case VAES -> HostCode.hasFeature("aes");
      case VCLMUL -> HostCode.hasFeature("pclmulqdq");
      default -> true;
    };
  }

  // ---- registers

  /** Whether the result (0) or an operand (1 to 3) is an integer. */
  private static boolean isInteger(IrOp op, int position) {
    return switch (position) {
      case D -> op.result == IrOp.Result.INT;
      case A -> op == IrOp.VPACK;
      case 2 -> op == IrOp.VPACK || op == IrOp.VINSERT || op == IrOp.VFFROMINT;
      default -> op == IrOp.VSTRING;
    };
  }

  /** All ways in which d, a, b and c can be in the same or in different registers. */
  private static List<int[]> sharings(IrOp op) {
    List<int[]> all = new ArrayList<>();
    share(op, new int[1 + op.form.values], 0, all);
    return all;
  }

  /** Position i is in the register of the first position that it shares one with. */
  private static void share(IrOp op, int[] first, int i, List<int[]> all) {
    if (i == first.length) {
      all.add(first.clone());
      return;
    }
    for (int k = 0; k <= i; k++) {
      if (k == i || first[k] == k && isInteger(op, k) == isInteger(op, i)) {
        first[i] = k;
        share(op, first, i + 1, all);
      }
    }
  }

  /** Registers of d, a, b and c; -1 for an operand that the op does not have. */
  private int[] registers(IrOp op, int[] sharing) {
    int[] registers = {-1, -1, -1, -1};
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < sharing.length; i++) {
      while (registers[i] < 0) {
        int register =
            sharing[i] < i
                ? registers[sharing[i]]
                : isInteger(op, i)
                    ? GENERAL[random.nextInt(GENERAL.length)]
                    : Host.FIRST_VECTOR_TEMP + random.nextInt(Host.VECTOR_TEMPS);
        boolean fresh = taken.add(isInteger(op, i) ? register : register + 16);
        registers[i] = fresh || sharing[i] < i ? register : -1;
      }
    }
    return registers;
  }

  // ---- running

  private void check(HostCode host, VectorOps ops, VectorCase c, int[] registers) {
    asm.clear();
    boolean emitted =
        ops.emit(c.op().code, registers[D], registers[1], registers[2], registers[3], c.imm());
    if (!emitted) {
      wrong.put(name(c), "refused");
      return;
    }
    host.piece(asm);
    boolean pure = c.op().isPure();
    for (int i = 0; i < EACH * (pure ? 3 : MODES); i++) {
      int mode = (i & 3) << 13 | (i & 4) << 4 | (i & 8) << 12;
      run(host, c, registers, MASKED | mode | (random.nextBoolean() ? 0 : random.nextInt(64)));
    }
  }

  private void run(HostCode host, VectorCase c, int[] registers, int mxcsr) {
    for (int i = 0; i < 16; i++) {
      expectedVectors[2 * i] = random.nextLong();
      // A signalling NaN in all lanes: an instruction that looks at it says so.
      expectedVectors[2 * i + 1] = 0x7FF0_0001_7F80_0001L;
      expectedGeneral[i] = random.nextLong();
    }
    long[] w = words.next();
    for (int i = registers.length - 1; i > D; i--) {
      if (registers[i] >= 0) {
        place(c.op(), i, registers[i], w);
      }
    }
    for (int i = 0; i < 16; i++) {
      host.setGeneral(i, expectedGeneral[i]);
      host.setVector(i, 0, expectedVectors[2 * i]);
      host.setVector(i, 1, expectedVectors[2 * i + 1]);
    }
    host.setMxcsr(mxcsr);
    host.run();
    String operands = operands(c.op(), registers);
    env.setMxcsr(mxcsr);
    computeMeaning(c, registers);
    String differences = differences(host);
    if (!differences.isEmpty()) {
      wrong.putIfAbsent(
          name(c),
          "to %d from%s, mxcsr %x:%s".formatted(registers[D], operands, mxcsr, differences));
    }
  }

  private static String name(VectorCase c) {
    return c.op() + " " + Integer.toHexString(c.imm());
  }

  /** Puts operand {@code position} into its register. */
  private void place(IrOp op, int position, int register, long[] w) {
    if (isInteger(op, position)) {
      expectedGeneral[register] = w[position == A ? 7 : 6];
    } else {
      expectedVectors[2 * register] = w[2 * position - 2];
      expectedVectors[2 * register + 1] = w[2 * position - 1];
    }
  }

  private String operands(IrOp op, int[] registers) {
    StringBuilder text = new StringBuilder();
    for (int i = A; i < registers.length && registers[i] >= 0; i++) {
      int register = registers[i];
      text.append(
          isInteger(op, i)
              ? " r%d=%x".formatted(register, expectedGeneral[register])
              : " xmm%d=%016x:%016x"
                  .formatted(
                      register, expectedVectors[2 * register + 1], expectedVectors[2 * register]));
    }
    return text.toString();
  }

  /** Writes the op's result over that of its operands' copies which shares its register. */
  private void computeMeaning(VectorCase c, int[] r) {
    int code = c.op().code;
    int imm = c.imm();
    long al = half(c.op(), r, 1, 0);
    long ah = half(c.op(), r, 1, 1);
    long bl = half(c.op(), r, 2, 0);
    long bh = half(c.op(), r, 2, 1);
    long cl = half(c.op(), r, 3, 0);
    if (c.op() == IrOp.VLO || c.op() == IrOp.VHI) {
      expectedGeneral[r[D]] = c.op() == IrOp.VLO ? al : ah;
    } else if (c.op().result == IrOp.Result.INT) {
      expectedGeneral[r[D]] =
          c.op().isPure()
              ? VectorMeaning.integer(code, al, ah, bl, bh, cl, imm)
              : VectorFloat.integer(code, al, bl, imm, env);
    } else if (c.op().isPure()) {
      long high = VectorMeaning.high(code, al, ah, bl, bh, half(c.op(), r, 3, 1), imm);
      expectedVectors[2 * r[D]] = VectorMeaning.low(code, al, ah, bl, bh, cl, imm);
      expectedVectors[2 * r[D] + 1] = high;
    } else {
      expectedVectors[2 * r[D]] = VectorFloat.low(code, al, ah, bl, bh, imm, env);
      expectedVectors[2 * r[D] + 1] = VectorFloat.high(code, al, ah, bl, bh, imm, env);
    }
  }

  private long half(IrOp op, int[] registers, int position, int half) {
    int register = registers[position];
    if (register < 0) {
      return 0;
    }
    return isInteger(op, position)
        ? expectedGeneral[register]
        : expectedVectors[2 * register + half];
  }

  private String differences(HostCode host) {
    StringBuilder text = new StringBuilder();
    for (int i = Host.FIRST_VECTOR_TEMP; i < 16; i++) {
      long high = expectedVectors[2 * i + 1];
      long low = expectedVectors[2 * i];
      if (host.vector(i, 0) != low || host.vector(i, 1) != high) {
        text.append(
            " xmm%d %016x:%016x, should be %016x:%016x"
                .formatted(i, host.vector(i, 1), host.vector(i, 0), high, low));
      }
    }
    for (int i = Assembler.RDX; i < 16; i++) {
      // RSP and RBP are not shown, for HostCode keeps them itself.
      if (i != Assembler.RSP && i != Assembler.RBP && host.general(i) != expectedGeneral[i]) {
        text.append(
            " r%d %016x, should be %016x".formatted(i, host.general(i), expectedGeneral[i]));
      }
    }
    if (host.mxcsr() != env.mxcsr()) {
      text.append(" mxcsr %x, should be %x".formatted(host.mxcsr(), env.mxcsr()));
    }
    return text.toString();
  }
}
