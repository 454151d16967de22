package org.coremu.bits;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * x87 arithmetic against the host CPU: results, exception flags and condition codes, masked and
 * unmasked.
 */
class Float80HostTest {
  private static final int CASES = 100_000;
  private static final long STALE = 0x5A5A_5A5A_5A5A_5A5AL;
  private static final int C0 = 0x100;
  private static final int C1 = 0x200;
  private static final int C2 = 0x400;
  private static final int C3 = 0x4000;

  private final FpOperands operands = new FpOperands(20_240_602);

  /**
   * What an operation of ours did: result, second result, condition codes that it defines, and
   * their mask.
   */
  private long mantissa;

  private int high;
  private int codes;
  private int codesMask;
  private boolean hasSecond;

  @Test
  void arithmeticEqualsTheHost() {
    check(2 * CASES, 200, 201, 202, 203, 204);
    check(CASES / 4, 230, 231, 232, 233);
  }

  @Test
  void remaindersEqualTheHost() {
    check(5 * CASES, 205, 206);
  }

  @Test
  void roundingAndScalingEqualTheHost() {
    check(7 * CASES / 2, 207, 208, 209);
  }

  @Test
  void storesEqualTheHost() {
    check(6 * CASES / 5, 210, 211, 212, 213, 214, 215, 216, 217, 218);
  }

  @Test
  void loadsEqualTheHost() {
    check(7 * CASES / 4, 220, 221, 222, 223, 224, 225);
  }

  @Test
  void comparisonsEqualTheHost() {
    check(5 * CASES / 2, 226, 227, 228, 229);
  }

  private void check(int each, int... ops) {
    Map<String, Integer> failures = new TreeMap<>();
    StringBuilder examples = new StringBuilder();
    for (int op : ops) {
      HostFpu host = new HostFpu(each);
      for (int i = 0; i < each; i++) {
        addCase(host, op);
      }
      host.run();
      for (int i = 0; i < host.count(); i++) {
        String difference = compare(host, i);
        if (difference != null && failures.merge("op " + op, 1, Integer::sum) <= 6) {
          examples.append(difference).append('\n');
        }
      }
    }
    if (!failures.isEmpty()) {
      throw new AssertionError(failures + "\n" + examples);
    }
  }

  private void addCase(HostFpu host, int op) {
    int control = operands.controlWord();
    int high =
        switch (op) {
          case 212, 213, 214, 215, 216, 217, 218 ->
              operands.below(3) == 0
                  ? operands.high80()
                  : operands.below(2) << 15 | 16383 - 3 + operands.below(70);
          default -> operands.high80();
        };
    long a = operands.mantissa80(high);
    int high2 =
        op == 208 && operands.below(2) == 0
            ? operands.below(2) << 15 | 16383 + operands.below(16)
            : operands.high80(high);
    long b = operands.mantissa80(high2);
    switch (op) {
      case 220, 230, 232 -> a = operands.float32();
      case 221, 231, 233 -> a = operands.float64();
      case 222, 223, 224 -> a = operands.integer();
      case 225 -> {
        a = decimal();
        high = operands.below(2) << 15 | operands.below(10) << 4 | operands.below(10);
      }
      default -> {}
    }
    host.add(op, control, a, high, b, high2);
  }

  private long decimal() {
    long value = 0;
    for (int digit = 0; digit < 16; digit++) {
      value = value << 4 | operands.below(10);
    }
    return value >>> 4 * operands.below(16);
  }

  private String compare(HostFpu host, int i) {
    FpEnv env = new FpEnv();
    env.setControlWord(host.control(i));
    int op = host.op(i);
    long a = host.a(i);
    codes = 0;
    codesMask = C1;
    hasSecond = false;
    env.begin();
    run(op, a, host.aHigh(i), host.b(i), host.bHigh(i), env);
    boolean stores = op >= 210 && op < 220;
    boolean stored = !env.suppressesStore();
    int stopped = env.flags;
    boolean done = env.endX87();
    if (op < 226 || op > 229) {
      codes |= env.roundedUp ? C1 : 0;
    }
    if (stores && !stored) {
      mantissa = STALE;
      high = 0x5A5A;
    }
    boolean same = (env.flags & 0x3F) == (host.status(i) & 0x3F);
    if (done) {
      same &= (codes & codesMask) == (host.status(i) & codesMask);
    }
    if (done || stores) {
      same &= mantissa == host.result(i) && (high & 0xFFFF) == host.resultHigh(i);
    }
    if (done && hasSecond) {
      same &= env.mantissa2 == host.second(i) && env.signExponent2 == host.secondHigh(i);
    }
    return same
        ? null
        : ("op %d cw %03x a %04x:%016x b %04x:%016x: host %04x:%016x %04x:%016x sw %04x, "
                + "ours %04x:%016x %04x:%016x flags %02x codes %04x")
            .formatted(
                op,
                host.control(i),
                host.aHigh(i),
                a,
                host.bHigh(i),
                host.b(i),
                host.resultHigh(i),
                host.result(i),
                host.secondHigh(i),
                host.second(i),
                host.status(i),
                high,
                mantissa,
                env.signExponent2,
                env.mantissa2,
                stopped,
                codes);
  }

  private void run(int op, long a, int ah, long b, int bh, FpEnv env) {
    if (op >= 210 && op < 220) {
      store(op, a, ah, env);
    } else if (op >= 226 && op < 230) {
      examine(op, a, ah, b, bh, env);
    } else {
      if (op < 210) {
        arithmetic(op, a, ah, b, bh, env);
      } else if (op < 226) {
        load(op, a, ah, env);
      } else {
        memory(op, a, b, bh, env);
      }
      mantissa = env.mantissa;
      high = env.signExponent;
    }
  }

  private void arithmetic(int op, long a, int ah, long b, int bh, FpEnv env) {
    switch (op) {
      case 200 -> Float80.add(a, ah, b, bh, env);
      case 201 -> Float80.sub(a, ah, b, bh, env);
      case 202 -> Float80.mul(a, ah, b, bh, env);
      case 203 -> Float80.div(a, ah, b, bh, env);
      case 204 -> Float80.sqrt(a, ah, env);
      case 205 -> Float80Function.prem(a, ah, b, bh, env);
      case 206 -> Float80Function.prem1(a, ah, b, bh, env);
      case 207 -> Float80Function.roundToIntegral(a, ah, env);
      case 208 -> Float80Function.scale(a, ah, b, bh, env);
      case 209 -> {
        Float80Function.extract(a, ah, env);
        hasSecond = true;
      }
      default -> throw new AssertionError(op);
    }
    if (op == 205 || op == 206) {
      int q = env.quotient;
      codesMask = C0 | C1 | C2 | C3;
      codes = (env.incomplete ? C2 : 0) | (q & 4) << 6 | (q & 2) << 13 | (q & 1) << 9;
      env.roundedUp = false;
    }
  }

  private void load(int op, long a, int ah, FpEnv env) {
    switch (op) {
      case 220 -> Float80Conversion.load32((int) a, env);
      case 221 -> Float80Conversion.load64(a, env);
      case 222 -> Float80Conversion.loadInteger((short) a, env);
      case 223 -> Float80Conversion.loadInteger((int) a, env);
      case 224 -> Float80Conversion.loadInteger(a, env);
      default -> Float80Conversion.loadDecimal(a, ah, env);
    }
  }

  private void memory(int op, long a, long b, int bh, FpEnv env) {
    if (op == 230 || op == 232) {
      Float80Conversion.widen32((int) a, env);
    } else {
      Float80Conversion.widen64(a, env);
    }
    switch (op) {
      case 230, 231 -> Float80.add(b, bh, env.mantissa, env.signExponent, env);
      case 232 -> Float80.mul(b, bh, env.mantissa, env.signExponent, env);
      default -> Float80.div(b, bh, env.mantissa, env.signExponent, env);
    }
  }

  private void store(int op, long a, int ah, FpEnv env) {
    int bits = op == 210 || op == 213 || op == 216 ? 32 : op == 212 || op == 215 ? 16 : 64;
    long value =
        switch (op) {
          case 210 -> Float80Conversion.store32(a, ah, env);
          case 211 -> Float80Conversion.store64(a, ah, env);
          case 212, 213, 214 -> Float80Conversion.storeInteger(a, ah, bits, env.rounding, env);
          case 215, 216, 217 -> Float80Conversion.storeInteger(a, ah, bits, FpEnv.TRUNCATE, env);
          default -> 0;
        };
    if (op == 218) {
      Float80Conversion.storeDecimal(a, ah, env);
      mantissa = env.mantissa;
      high = env.signExponent;
    } else {
      mantissa = bits == 64 ? value : STALE >>> bits << bits | value & (1L << bits) - 1;
      high = 0x5A5A;
    }
  }

  private void examine(int op, long a, int ah, long b, int bh, FpEnv env) {
    codesMask = C0 | C1 | C2 | C3;
    codes =
        switch (op) {
          case 226 -> Float80.com(a, ah, b, bh, env) << 8;
          case 227 -> Float80.ucom(a, ah, b, bh, env) << 8;
          case 228 -> Float80.tst(a, ah, env) << 8;
          default -> Float80.classify(a, ah) | (ah & 0x8000) >> 6;
        };
    mantissa = a;
    high = ah;
  }
}
