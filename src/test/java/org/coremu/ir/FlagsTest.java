package org.coremu.ir;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lazy flags against their definitions, in arithmetic without limits. */
class FlagsTest {
  private static final long[] EDGES = {
    0,
    1,
    2,
    15,
    16,
    0x7f,
    0x80,
    0x81,
    0xff,
    0x7fff,
    0x8000,
    0xffff,
    0x7fffffffL,
    0x80000000L,
    0xffffffffL,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1
  };

  private interface Check {
    void check(long a, long b, int c);
  }

  private static void forOperands(Check check) {
    SplittableRandom r = new SplittableRandom(7);
    for (int c = 0; c < 2; c++) {
      for (long a : EDGES) {
        for (long b : EDGES) {
          check.check(a, b, c);
        }
      }
      for (int i = 0; i < 5000; i++) {
        check.check(r.nextLong() >> r.nextInt(64), r.nextLong() >> r.nextInt(64), c);
      }
    }
  }

  private static BigInteger unsigned(long v, int bits) {
    return BigInteger.valueOf(v).and(BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
  }

  private static BigInteger signed(long v, int bits) {
    BigInteger u = unsigned(v, bits);
    return u.testBit(bits - 1) ? u.subtract(BigInteger.ONE.shiftLeft(bits)) : u;
  }

  private static long ofResult(BigInteger result, int bits) {
    BigInteger u = result.and(BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
    return (u.signum() == 0 ? Flags.ZF : 0)
        | (u.testBit(bits - 1) ? Flags.SF : 0)
        | (Integer.bitCount(u.intValue() & 0xff) % 2 == 0 ? Flags.PF : 0);
  }

  private static long arithmetic(long a, long b, int c, int bits, int sign) {
    BigInteger k = BigInteger.valueOf(c);
    BigInteger us =
        sign > 0
            ? unsigned(a, bits).add(unsigned(b, bits)).add(k)
            : unsigned(a, bits).subtract(unsigned(b, bits)).subtract(k);
    BigInteger ss =
        sign > 0
            ? signed(a, bits).add(signed(b, bits)).add(k)
            : signed(a, bits).subtract(signed(b, bits)).subtract(k);
    long nibble = sign > 0 ? (a & 15) + (b & 15) + c : (a & 15) - (b & 15) - c;
    BigInteger limit = BigInteger.ONE.shiftLeft(bits - 1);
    boolean overflow = ss.compareTo(limit) >= 0 || ss.compareTo(limit.negate()) < 0;
    return ofResult(us, bits)
        | (us.signum() < 0 || us.bitLength() > bits ? Flags.CF : 0)
        | (nibble < 0 || nibble > 15 ? Flags.AF : 0)
        | (overflow ? Flags.OF : 0);
  }

  private static int kind(int kind, int bits) {
    return kind + Integer.numberOfTrailingZeros(bits) - 3;
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 32, 64})
  void additionAndSubtraction(int bits) {
    forOperands(
        (a, b, c) -> {
          assertFlags(FlagKind.ADD, bits, a, b, 1, arithmetic(a, b, 0, bits, 1));
          assertFlags(FlagKind.ADC, bits, a, b, c, arithmetic(a, b, c, bits, 1));
          assertFlags(FlagKind.SUB, bits, a, b, 1, arithmetic(a, b, 0, bits, -1));
          assertFlags(FlagKind.SBB, bits, a, b, c, arithmetic(a, b, c, bits, -1));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 32, 64})
  void logicAndIncrements(int bits) {
    forOperands(
        (a, b, c) -> {
          assertFlags(FlagKind.LOGIC, bits, a, b, c, ofResult(unsigned(a, bits), bits));
          long inc = arithmetic(a, 1, 0, bits, 1) & ~Flags.CF | c;
          assertFlags(FlagKind.INC, bits, a + 1, b, c, inc);
          long dec = arithmetic(a, 1, 0, bits, -1) & ~Flags.CF | c;
          assertFlags(FlagKind.DEC, bits, a - 1, b, c, dec);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 32, 64})
  void shifts(int bits) {
    forOperands(
        (a, b, c) -> {
          int count = 1 + (int) (b & (bits == 64 ? 63 : 31)) % (bits == 64 ? 63 : 31);
          BigInteger u = unsigned(a, bits);
          BigInteger s = signed(a, bits);
          BigInteger left = u.shiftLeft(count);
          BigInteger right = u.shiftRight(count);
          BigInteger arithmetic = s.shiftRight(count);
          long undefined = Flags.AF | (count == 1 ? 0 : Flags.OF);
          long top = left.testBit(bits - 1) != left.testBit(bits) ? Flags.OF : 0;
          assertFlags(
              FlagKind.SHL,
              bits,
              a,
              count,
              0,
              ofResult(left, bits) | (left.testBit(bits) ? 1 : 0) | top,
              undefined);
          long msb = u.testBit(bits - 1) ? Flags.OF : 0;
          assertFlags(
              FlagKind.SHR,
              bits,
              a,
              count,
              0,
              ofResult(right, bits) | (u.testBit(count - 1) ? 1 : 0) | msb,
              undefined);
          assertFlags(
              FlagKind.SAR,
              bits,
              a,
              count,
              0,
              ofResult(arithmetic, bits) | (s.testBit(count - 1) ? 1 : 0),
              undefined);
        });
  }

  private static void assertFlags(int kind, int bits, long a, long b, long c, long expected) {
    assertFlags(kind, bits, a, b, c, expected, 0);
  }

  private static void assertFlags(
      int kind, int bits, long a, long b, long c, long expected, long ignored) {
    long flags = Flags.pack(kind(kind, bits), a, b, c);
    if (((flags ^ expected) & ~ignored) != 0) {
      assertThat(flags & ~ignored)
          .as("%s of %x, %x, %d", FlagKind.name(kind(kind, bits)), a, b, c)
          .isEqualTo(expected & ~ignored);
    }
    for (int cond = 0; cond < 16; cond++) {
      if (Flags.cond(cond, kind(kind, bits), a, b, c) != condition(cond, flags)) {
        assertThat(Flags.cond(cond, kind(kind, bits), a, b, c))
            .as(
                "%s after %s of %x, %x, %d",
                Cond.name(cond), FlagKind.name(kind(kind, bits)), a, b, c)
            .isEqualTo(condition(cond, flags));
      }
      assertThat(inBlock(cond, kind, bits, a, b, c)).isIn(-1L, condition(cond, flags));
    }
  }

  private static final IrBuilder IR = new IrBuilder(new HelperTable());

  /**
   * The condition as the builder computes it from constant operands; -1 if it leaves that to COND.
   */
  private static long inBlock(int cond, int kind, int bits, long a, long b, long c) {
    IR.begin();
    IR.insn(0);
    if (kind == FlagKind.ADC
        || kind == FlagKind.SBB
        || kind == FlagKind.INC
        || kind == FlagKind.DEC) {
      IR.flags(kind, bits, IR.constant(a), IR.constant(b), IR.constant(c));
    } else {
      IR.flags(kind, bits, IR.constant(a), IR.constant(b));
    }
    int v = IR.cond(cond);
    return IR.isConstant(v) ? IR.constantOf(v) : -1;
  }

  private static long condition(int cond, long flags) {
    boolean cf = (flags & Flags.CF) != 0;
    boolean zf = (flags & Flags.ZF) != 0;
    boolean sf = (flags & Flags.SF) != 0;
    boolean of = (flags & Flags.OF) != 0;
    boolean holds =
        switch (cond) {
          case Cond.O -> of;
          case Cond.NO -> !of;
          case Cond.B -> cf;
          case Cond.AE -> !cf;
          case Cond.E -> zf;
          case Cond.NE -> !zf;
          case Cond.BE -> cf || zf;
          case Cond.A -> !cf && !zf;
          case Cond.S -> sf;
          case Cond.NS -> !sf;
          case Cond.P -> (flags & Flags.PF) != 0;
          case Cond.NP -> (flags & Flags.PF) == 0;
          case Cond.L -> sf != of;
          case Cond.GE -> sf == of;
          case Cond.LE -> zf || sf != of;
          default -> !zf && sf == of;
        };
    return holds ? 1 : 0;
  }
}
