package org.coremu.bits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Transcendental x87 instructions against the host CPU: special cases and exceptions alike, values
 * within one unit in the last place, as SDM vol. 1, 8.3.10 demands. Where an argument is outside
 * what the manual defines, nothing is compared.
 */
class Float80TranscendentalHostTest {
  private static final int CASES = 100_000;
  private static final int C2 = 0x400;

  private final FpOperands operands = new FpOperands(20_240_603);

  @Test
  void constantsEqualTheHost() {
    HostFpu host = new HostFpu(7 * 4);
    for (int op = 240; op <= 246; op++) {
      for (int rounding = 0; rounding < 4; rounding++) {
        host.add(op, 0x37F & ~0xC00 | rounding << 10, 0, 0, 0, 0);
      }
    }
    host.run();
    for (int i = 0; i < host.count(); i++) {
      FpEnv env = new FpEnv();
      env.setControlWord(host.control(i));
      switch (host.op(i)) {
        case 240 -> Float80Constant.one(env);
        case 241 -> Float80Constant.log2Of10(env);
        case 242 -> Float80Constant.log2OfE(env);
        case 243 -> Float80Constant.pi(env);
        case 244 -> Float80Constant.log10Of2(env);
        case 245 -> Float80Constant.lnOf2(env);
        default -> Float80Constant.zero(env);
      }
      assertThat(env.mantissa)
          .as("op %d cw %x", host.op(i), host.control(i))
          .isEqualTo(host.result(i));
      assertThat(env.signExponent).isEqualTo(host.resultHigh(i));
      assertThat(env.flags).isZero();
    }
  }

  @Test
  void exponentialsAreWithinOneUnitOfTheHost() {
    check(250);
    check(251);
    check(252);
  }

  @Test
  void anglesAreWithinOneUnitOfTheHost() {
    check(253);
    check(254);
    check(255);
    check(256);
    check(257);
  }

  private void check(int op) {
    HostFpu host = new HostFpu(CASES);
    while (host.count() < CASES) {
      int high = operands.below(2) == 0 ? operands.high80() : near(op);
      long a = operands.mantissa80(high);
      int high2 = operands.high80(high);
      if (isDefined(op, a, high)) {
        host.add(
            op,
            0x37F & ~0xC00 | operands.below(4) << 10,
            a,
            high,
            operands.mantissa80(high2),
            high2);
      }
    }
    host.run();
    Map<String, Integer> failures = new TreeMap<>();
    StringBuilder examples = new StringBuilder();
    for (int i = 0; i < host.count(); i++) {
      FpEnv env = new FpEnv();
      env.setControlWord(host.control(i));
      run(host, i, env);
      String kind = difference(host, i, env);
      if (kind != null && failures.merge(kind, 1, Integer::sum) <= 3) {
        examples.append(describe(kind, host, i, env)).append('\n');
      }
    }
    if (!failures.isEmpty()) {
      throw new AssertionError("op " + op + " " + failures + "\n" + examples);
    }
  }

  /** An exponent at which the function is neither trivial nor out of range. */
  private int near(int op) {
    int exponent =
        switch (op) {
          case 250 -> -operands.below(80) - 1;
          case 251 -> operands.below(5) - 2;
          case 252 -> -operands.below(70) - 2;
          case 254 -> operands.below(140) - 70;
          default -> operands.below(66) - 5;
        };
    return operands.below(2) << 15 | exponent + 16383;
  }

  private static boolean isDefined(int op, long m, int se) {
    int exponent = (se & 0x7FFF) - 16383;
    return switch (op) {
      case 250 -> exponent < 0 || exponent == 16384;
      case 252 -> exponent < -2 || exponent == 16384;
      default -> true;
    };
  }

  private static void run(HostFpu host, int i, FpEnv env) {
    long a = host.a(i);
    int ah = host.aHigh(i);
    switch (host.op(i)) {
      case 250 -> Float80Exponential.exp2Minus1(a, ah, env);
      case 251 -> Float80Exponential.yLog2(a, ah, host.b(i), host.bHigh(i), env);
      case 252 -> Float80Exponential.yLog2Plus1(a, ah, host.b(i), host.bHigh(i), env);
      case 253 -> Float80Trigonometry.tan(a, ah, env);
      case 254 -> Float80Trigonometry.atan2(a, ah, host.b(i), host.bHigh(i), env);
      case 255 -> Float80Trigonometry.sin(a, ah, env);
      case 256 -> Float80Trigonometry.cos(a, ah, env);
      default -> Float80Trigonometry.sinCos(a, ah, env);
    }
  }

  private static String difference(HostFpu host, int i, FpEnv env) {
    boolean pushes = host.op(i) == 253 || host.op(i) == 257;
    boolean incomplete = (host.status(i) & C2) != 0;
    if (env.incomplete != incomplete) {
      return "C2";
    }
    if (env.flags != (host.status(i) & 0x3F)) {
      return "flags %02x instead of %02x".formatted(env.flags, host.status(i) & 0x3F);
    }
    if (!isNear(env.mantissa, env.signExponent, host.result(i), host.resultHigh(i))) {
      return "result";
    }
    if (pushes
        && !incomplete
        && !isNear(env.mantissa2, env.signExponent2, host.second(i), host.secondHigh(i))) {
      return "second";
    }
    return null;
  }

  /** Equal, or both finite and next to each other. */
  private static boolean isNear(long ma, int sea, long mb, int seb) {
    if (sea == seb) {
      return ma == mb || (sea & 0x7FFF) != 0x7FFF && Math.abs(ma - mb) <= 1;
    }
    int low = Math.min(sea, seb);
    long mantissaLow = sea < seb ? ma : mb;
    long mantissaHigh = sea < seb ? mb : ma;
    return (low ^ Math.max(sea, seb)) < 0x8000
        && sea + seb == 2 * low + 1
        && mantissaHigh == Long.MIN_VALUE
        && mantissaLow == ((low & 0x7FFF) == 0 ? Long.MAX_VALUE : -1);
  }

  private static String describe(String kind, HostFpu host, int i, FpEnv env) {
    return ("%s: cw %03x a %04x:%016x b %04x:%016x: host %04x:%016x %04x:%016x sw %04x, ours %04x:%016x %04x:%016x "
            + "flags %02x")
        .formatted(
            kind,
            host.control(i),
            host.aHigh(i),
            host.a(i),
            host.bHigh(i),
            host.b(i),
            host.resultHigh(i),
            host.result(i),
            host.secondHigh(i),
            host.second(i),
            host.status(i),
            env.signExponent,
            env.mantissa,
            env.signExponent2,
            env.mantissa2,
            env.flags);
  }
}
