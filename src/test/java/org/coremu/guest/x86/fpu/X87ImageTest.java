package org.coremu.guest.x86.fpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.coremu.exec.CoreState;
import org.coremu.guest.x86.X86State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The words of the x87 state as images have them. */
class X87ImageTest {
  private final Arena arena = Arena.ofConfined();
  private final CoreState s = new CoreState(arena, 1);

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void initialStateIsKnownAsSuch() {
    X87Image.initialiseAll(s);
    assertThat(X87Image.isInitial(s)).isTrue();
    assertThat(s.get(X86State.FCW)).isEqualTo(0x37F);
    assertThat(X87Image.abridgedTag(s)).isZero();
    assertThat(X87Image.fullTag(s)).isEqualTo(0xFFFF);
    s.put(X86State.FPR_EXP + 3, 1);
    assertThat(X87Image.isInitial(s)).isFalse();
    X87Image.initialise(s);
    assertThat(X87Image.isInitial(s)).isFalse();
  }

  @Test
  void topIsPartOfTheStatusWord() {
    X87Image.setWords(s, 0x37F, 0x7D00);
    assertThat(s.get(X86State.FTOP)).isEqualTo(7);
    assertThat(s.get(X86State.FSW)).isEqualTo(0x4500);
    assertThat(X87Image.statusWord(s)).isEqualTo(0x7D00);
  }

  @Test
  void summaryFollowsFromFlagsAndMasks() {
    X87Image.setWords(s, 0x37F, 0x8085);
    assertThat(X87Image.statusWord(s)).isEqualTo(0x0005);
    X87Image.setControlWord(s, 0x37B);
    assertThat(X87Image.statusWord(s)).isEqualTo(0x8085);
    X87Image.setControlWord(s, 0x37F);
    assertThat(X87Image.statusWord(s)).isEqualTo(0x0005);
  }

  @Test
  void reservedBitsOfTheControlWordAreFixed() {
    X87Image.setControlWord(s, 0xFFFF);
    assertThat(s.get(X86State.FCW)).isEqualTo(0x1F7F);
    X87Image.setControlWord(s, 0);
    assertThat(s.get(X86State.FCW)).isEqualTo(0x0040);
  }

  @Test
  void fullTagsTellTheKindOfEachRegister() {
    X87Image.initialiseAll(s);
    put(0, 0x3FFF, Long.MIN_VALUE); // 1.0
    put(1, 0x8000, 0); // -0.0
    put(2, 0x7FFF, Long.MIN_VALUE); // infinity
    put(3, 0x0000, 1); // denormal
    put(4, 0x4000, 1); // unsupported
    assertThat(X87Image.fullTag(s)).isEqualTo(0b11_11_11_10_10_10_01_00);
    assertThat(X87Image.abridgedTag(s)).isEqualTo(0x1F);
  }

  @Test
  void fullTagsThatAreLoadedOnlySayWhatIsEmpty() {
    X87Image.setFullTag(s, 0b11_10_01_00_11_11_00_11);
    assertThat(s.get(X86State.FEMPTY)).isEqualTo(0b1000_1101);
    X87Image.setAbridgedTag(s, 0b0111_0010);
    assertThat(s.get(X86State.FEMPTY)).isEqualTo(0b1000_1101);
  }

  @Test
  void emmsEmptiesTheStack() {
    X87Image.setWords(s, 0x37F, 0x3800);
    X87Image.setAbridgedTag(s, 0xFF);
    X87Image.leaveMmx(s);
    assertThat(X87Image.statusWord(s)).isZero();
    assertThat(X87Image.abridgedTag(s)).isZero();
  }

  private void put(int register, int signExponent, long mantissa) {
    s.put(X86State.FPR + register, mantissa);
    s.put(X86State.FPR_EXP + register, signExponent);
    s.put(X86State.FEMPTY, s.get(X86State.FEMPTY) & ~(1L << register));
  }
}
