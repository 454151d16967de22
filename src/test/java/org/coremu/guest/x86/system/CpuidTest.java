package org.coremu.guest.x86.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.coremu.guest.x86.Feature;
import org.coremu.guest.x86.X86Model;
import org.coremu.guest.x86.X86State;
import org.coremu.guest.x86.X86Topology;
import org.junit.jupiter.api.Test;

/** What CPUID says of models and topology. */
class CpuidTest {
  private static int[] leaf(TestCore t, int leaf, int sub) {
    t.x86.put(X86State.RAX, leaf & 0xffff_ffffL);
    t.x86.put(X86State.RCX, sub);
    Cpuid.execute(t.x86);
    int[] out = new int[4];
    for (int i = 0; i < 4; i++) {
      // RAX, RCX, RDX, RBX
      long value = t.x86.get(X86State.GPR + i);
      assertThat(value >>> 32).isZero();
      out[i == 0 ? 0 : i == 3 ? 1 : i + 1] = (int) value;
    }
    return out;
  }

  private static String text(int... words) {
    ByteBuffer bytes = ByteBuffer.allocate(words.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      bytes.putInt(word);
    }
    return new String(bytes.array(), StandardCharsets.US_ASCII).replaceAll("\0.*", "");
  }

  @Test
  void names() {
    try (TestCore t = new TestCore(X86Model.X86_64_V2, new X86Topology(0, 1, 1, 1))) {
      int[] vendor = leaf(t, 0, 0);
      assertThat(text(vendor[1], vendor[3], vendor[2])).isEqualTo("GenuineIntel");
      StringBuilder brand = new StringBuilder();
      for (int i = 2; i <= 4; i++) {
        brand.append(text(leaf(t, 0x8000_0000 + i, 0)));
      }
      assertThat(brand).hasToString("coremu virtual CPU, x86-64-v2");
    }
  }

  @Test
  void theTscRunsAtOneGigahertz() {
    try (TestCore t = new TestCore()) {
      assertThat(leaf(t, 0x15, 0)).containsExactly(1, 1, 1_000_000_000, 0);
      assertThat(leaf(t, 0x8000_0007, 0)[3] >> 8 & 1).as("invariant").isEqualTo(1);
      t.clock.advance(1234);
      assertThat(Msrs.timeStamp(t.x86)).isEqualTo(t.clock.now());
    }
  }

  @Test
  void topologyOfTwoSocketsOfThreeCoresOfTwoThreads() {
    try (TestCore t = new TestCore(X86Model.MAX, new X86Topology(9, 2, 3, 2))) {
      // core 9: socket 1, core 1, thread 1; two bits of core, one of thread
      int id = 1 << 3 | 1 << 1 | 1;
      assertThat(leaf(t, 1, 0)[1] >>> 24).isEqualTo(id);
      assertThat(leaf(t, 1, 0)[1] >>> 16 & 0xff).isEqualTo(8);
      assertThat(leaf(t, 0xb, 0)).containsExactly(1, 2, 0x100, id);
      assertThat(leaf(t, 0xb, 1)).containsExactly(3, 6, 0x201, id);
      assertThat(leaf(t, 0xb, 2)).containsExactly(0, 0, 2, id);
      assertThat(leaf(t, 4, 3)[0] >>> 14 & 0xfff)
          .as("threads that share the last cache - 1")
          .isEqualTo(7);
    }
  }

  @Test
  void idsHaveThirtyTwoBits() {
    try (TestCore t = new TestCore(X86Model.MAX, new X86Topology(4095, 1, 4096, 1))) {
      assertThat(leaf(t, 1, 0)[1] >>> 24).as("the low byte").isEqualTo(0xff);
      assertThat(leaf(t, 1, 0)[1] >>> 16 & 0xff).isEqualTo(255);
      assertThat(leaf(t, 1, 0)[2] >>> 21 & 1).as("x2APIC").isEqualTo(1);
      for (int topologyLeaf : new int[] {0xb, 0x1f}) {
        assertThat(leaf(t, topologyLeaf, 0)).containsExactly(0, 1, 0x100, 4095);
        assertThat(leaf(t, topologyLeaf, 1)).containsExactly(12, 4096, 0x201, 4095);
      }
      int[] own = leaf(t, 4, 0);
      int[] shared = leaf(t, 4, 3);
      assertThat(own[0] >>> 14 & 0xfff).as("threads that share the first cache - 1").isZero();
      assertThat(shared[0] >>> 14 & 0xfff).isEqualTo(4095);
      assertThat(shared[0] >>> 26).as("cores - 1, as far as the field goes").isEqualTo(63);
    }
  }

  @Test
  void extendedDestinationsAreOfferedWhereIdsNeedThem() {
    try (TestCore small = new TestCore(X86Model.MAX, new X86Topology(0, 1, 255, 1));
        TestCore large = new TestCore(X86Model.MAX, new X86Topology(0, 1, 256, 1))) {
      for (TestCore t : new TestCore[] {small, large}) {
        int[] own = leaf(t, 0x4000_0000, 0);
        assertThat(text(own[1], own[2], own[3])).isEqualTo("coremucoremu");
        assertThat(own[0]).isEqualTo(0x4000_0000);
      }
      int[] kvm = leaf(large, 0x4000_0100, 0);
      assertThat(kvm[0]).isEqualTo(0x4000_0101);
      assertThat(text(kvm[1], kvm[2], kvm[3])).isEqualTo("KVMKVMKVM");
      assertThat(leaf(large, 0x4000_0101, 0)).containsExactly(1 << 15, 0, 0, 0);
      assertThat(leaf(small, 0x4000_0100, 0)).containsOnly(0);
      assertThat(leaf(small, 0x4000_0101, 0)).containsOnly(0);
    }
  }

  @Test
  void sparseIdsCount() {
    // 129 cores a socket take 8 bits, so the second socket's ids begin at 256.
    assertThat(new X86Topology(0, 2, 129, 1).needsX2Apic()).isTrue();
    assertThat(new X86Topology(0, 2, 127, 1).needsX2Apic()).isFalse();
  }

  @Test
  void modelsSayWhatTheirInstructionSetsHave() {
    for (X86Model model : X86Model.values()) {
      try (TestCore t = new TestCore(model, new X86Topology(0, 1, 1, 1))) {
        int[] one = leaf(t, 1, 0);
        int[] seven = leaf(t, 7, 0);
        assertThat((one[2] & 1) != 0).as("SSE3").isEqualTo(model.has(Feature.SSE3));
        assertThat((one[2] >> 20 & 1) != 0).as("SSE4.2").isEqualTo(model.has(Feature.SSE42));
        assertThat((one[2] >> 26 & 1) != 0).as("XSAVE").isEqualTo(model.has(Feature.XSAVE));
        assertThat((one[2] >> 25 & 1) != 0).as("AES").isEqualTo(model.has(Feature.AES));
        assertThat((seven[1] & 1) != 0).as("FSGSBASE").isEqualTo(model.has(Feature.FSGSBASE));
        assertThat((seven[1] >> 20 & 1) != 0).as("SMAP").isEqualTo(model.has(Feature.SMAP));
        assertThat(one[3] & 0x0780_0101)
            .as("FPU, CX8, MMX, FXSR, SSE, SSE2")
            .isEqualTo(0x0780_0101);
      }
    }
  }

  @Test
  void osxsaveFollowsCr4() {
    try (TestCore t = new TestCore()) {
      assertThat(leaf(t, 1, 0)[2] >> 27 & 1).isZero();
      t.x86.put(X86State.CR4, Bits.CR4_OSXSAVE);
      assertThat(leaf(t, 1, 0)[2] >> 27 & 1).isEqualTo(1);
    }
  }
}
