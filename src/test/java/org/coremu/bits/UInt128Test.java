package org.coremu.bits;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UInt128Test {
  private static final long[] EDGES = {
    0,
    1,
    2,
    3,
    -1,
    -2,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1,
    Long.MAX_VALUE,
    0xFFFF_FFFFL,
    0x1_0000_0000L,
    0xFFFF_FFFF_0000_0000L,
    0x8000_0000_FFFF_FFFFL,
    0x7FFF_FFFF_8000_0000L
  };

  private final Random random = new Random(42);

  private long any() {
    return switch (random.nextInt(4)) {
      case 0 -> EDGES[random.nextInt(EDGES.length)];
      case 1 -> random.nextLong() >> random.nextInt(64);
      case 2 -> random.nextLong() >>> random.nextInt(64);
      default -> random.nextLong();
    };
  }

  private static BigInteger signed(long hi, long lo) {
    return BigInteger.valueOf(hi).shiftLeft(64).or(unsigned(lo));
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }

  @Test
  void dividesUnsignedAsBigIntegersDo() {
    for (int i = 0; i < 300_000; i++) {
      long d = any();
      long lo = any();
      long hi = i % 3 == 0 || d == 0 ? any() : Long.remainderUnsigned(any(), d);
      BigInteger dividend = unsigned(hi).shiftLeft(64).or(unsigned(lo));
      boolean overflows = d == 0 || dividend.divide(unsigned(d)).bitLength() > 64;
      assertThat(UInt128.divideOverflowsUnsigned(hi, d)).isEqualTo(overflows);
      if (!overflows) {
        long q = UInt128.divideUnsigned(hi, lo, d);
        assertThat(q)
            .as("%x:%x / %x", hi, lo, d)
            .isEqualTo(dividend.divide(unsigned(d)).longValue());
        assertThat(UInt128.remainder(lo, q, d)).isEqualTo(dividend.mod(unsigned(d)).longValue());
      }
    }
  }

  @Test
  void dividesSignedAsBigIntegersDo() {
    for (int i = 0; i < 300_000; i++) {
      long d = any();
      long lo = any();
      long hi = i % 3 == 0 || d == 0 ? any() : any() % d >> 1;
      BigInteger dividend = signed(hi, lo);
      BigInteger divisor = BigInteger.valueOf(d);
      boolean overflows = d == 0 || dividend.divide(divisor).bitLength() > 63;
      assertThat(UInt128.divideOverflowsSigned(hi, lo, d))
          .as("%x:%x / %x", hi, lo, d)
          .isEqualTo(overflows);
      if (!overflows) {
        long q = UInt128.divideSigned(hi, lo, d);
        assertThat(q).isEqualTo(dividend.divide(divisor).longValue());
        assertThat(UInt128.remainder(lo, q, d)).isEqualTo(dividend.remainder(divisor).longValue());
      }
    }
  }
}
