package org.coremu.ir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.coremu.bits.FpEnv;
import org.junit.jupiter.api.Test;

/** Every vector op means what the host's instruction does: result, flags and MXCSR. */
class VectorHostTest {
  private static final int EACH = 200;

  /** Moves and memory; and estimates, which differ between CPUs. */
  private static final Set<IrOp> OTHERS =
      EnumSet.of(
          IrOp.GETV,
          IrOp.PUTV,
          IrOp.LDV,
          IrOp.LDVA,
          IrOp.STV,
          IrOp.STVA,
          IrOp.VPACK,
          IrOp.VLO,
          IrOp.VHI,
          IrOp.VFRCP,
          IrOp.VFRSQRT);

  @Test
  void everyOpIsTested() {
    Set<IrOp> missing = EnumSet.range(IrOp.GETV, IrOp.VFCOMI);
    missing.removeAll(OTHERS);
    VectorCase.all().forEach(c -> missing.remove(c.op()));
    assertThat(missing).isEmpty();
  }

  @Test
  void meaningIsWhatTheHostDoes() {
    List<VectorCase> cases = VectorCase.all();
    VectorWords source = new VectorWords(7);
    HostVector host = new HostVector(cases.size() * EACH);
    long[][] words = new long[cases.size() * EACH][];
    int[] mxcsr = new int[words.length];
    for (int i = 0; i < words.length; i++) {
      VectorCase c = cases.get(i / EACH);
      words[i] = operands(c, source.next());
      mxcsr[i] = c.op().isPure() ? 0x1f80 : source.mxcsr();
      host.add(c.code(), words[i], mxcsr[i]);
    }
    host.run();
    Map<String, String> wrong = new TreeMap<>();
    for (int i = 0; i < words.length; i++) {
      VectorCase c = cases.get(i / EACH);
      FpEnv env = new FpEnv();
      env.setMxcsr(mxcsr[i]);
      String expected = hostResult(c, host, i);
      String actual = result(c, words[i], env);
      if (!expected.equals(actual)) {
        wrong.putIfAbsent(
            c.op() + " " + Integer.toHexString(c.imm()),
            "a %016x:%016x b %016x:%016x c %016x:%016x rax %x rdx %x mxcsr %x: host %s, ours %s"
                .formatted(
                    words[i][1],
                    words[i][0],
                    words[i][3],
                    words[i][2],
                    words[i][5],
                    words[i][4],
                    words[i][6],
                    words[i][7],
                    mxcsr[i],
                    expected,
                    actual));
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** The host's instruction finds its one operand in the place of the second. */
  private static long[] operands(VectorCase c, long[] w) {
    if (c.op().form.values == 1) {
      w[2] = w[0];
      w[3] = w[1];
    }
    return w;
  }

  private static String hostResult(VectorCase c, HostVector host, int i) {
    String flags = Integer.toHexString(host.mxcsr(i) & 0x3f);
    int status = host.eflags(i) & Flags.ALL;
    return switch (c.op()) {
      case VTEST -> Long.toHexString(status);
      case VFCOMI -> Long.toHexString(status) + " " + flags;
      case VSTRING -> Long.toHexString(host.low(i) | (long) status << 16);
      case VEXTRACT, VMOVMSK -> Long.toHexString(host.rax(i));
      case VFTOINT -> Long.toHexString(host.rax(i)) + " " + flags;
      default -> "%016x:%016x %s".formatted(host.high(i), host.low(i), flags);
    };
  }

  private static String result(VectorCase c, long[] w, FpEnv env) {
    int code = c.op().code;
    boolean pure = c.op().isPure();
    if (c.op().result == IrOp.Result.INT) {
      long r =
          pure
              ? VectorMeaning.integer(code, w[0], w[1], w[2], w[3], integerC(c, w), c.imm())
              : VectorFloat.integer(code, w[0], w[2], c.imm(), env);
      return Long.toHexString(r) + (pure ? "" : " " + Integer.toHexString(env.flags));
    }
    long b = c.op() == IrOp.VINSERT || c.op() == IrOp.VFFROMINT ? w[6] : w[2];
    long low =
        pure
            ? VectorMeaning.low(code, w[0], w[1], b, w[3], w[4], c.imm())
            : VectorFloat.low(code, w[0], w[1], b, w[3], c.imm(), env);
    long high =
        pure
            ? VectorMeaning.high(code, w[0], w[1], b, w[3], w[5], c.imm())
            : VectorFloat.high(code, w[0], w[1], b, w[3], c.imm(), env);
    return "%016x:%016x %s".formatted(high, low, Integer.toHexString(pure ? 0 : env.flags));
  }

  /** PCMPESTRM's lengths: the magnitudes of EAX and EDX. */
  private static long integerC(VectorCase c, long[] w) {
    if (c.op() != IrOp.VSTRING) {
      return 0;
    }
    return Math.min(Math.abs((long) (int) w[6]), 16)
        | Math.min(Math.abs((long) (int) w[7]), 16) << 8;
  }
}
