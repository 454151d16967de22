package org.coremu.guest.x86.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.guest.x86.X86State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loading segment registers and looking at descriptors. */
class SegmentsTest {
  private static final int AT = 0x50;

  private final TestCore t = new TestCore();

  @AfterEach
  void close() {
    t.close();
  }

  private void descriptor(int attributes) {
    t.poke(TestCore.GDT + AT, TestCore.flat(attributes), 8);
  }

  /**
   * Attributes in hex, CPL, RPL; the exception of loading DS and SS, with the descriptor at
   * selector 50.
   */
  @ParameterizedTest
  @CsvSource({
    "c093, 0, 0, none, none",
    "c093, 0, 3, 13:50, 13:50",
    "c093, 3, 3, 13:50, 13:50",
    "c0f3, 3, 3, none, none",
    "c0f3, 0, 3, none, 13:50",
    "c0f1, 3, 3, none, 13:50",
    "c0f9, 3, 3, 13:50, 13:50",
    "c0fb, 3, 3, none, 13:50",
    "c09e, 3, 3, none, 13:50",
    "c013, 0, 0, 11:50, 12:50",
    "0089, 0, 0, 13:50, 13:50",
  })
  void loads(String attributes, int cpl, int rpl, String data, String stack) {
    t.protectedMode();
    descriptor(Integer.parseInt(attributes, 16));
    if (cpl == 3) {
      t.toUser(TestCore.USER_CODE, TestCore.USER_DATA);
    }
    assertThat(TestCore.faultOf(() -> t.x86.segments.load(X86State.DS, AT | rpl)))
        .as("DS")
        .isEqualTo(data);
    assertThat(TestCore.faultOf(() -> t.x86.segments.load(X86State.SS, AT | rpl)))
        .as("SS")
        .isEqualTo(stack);
  }

  @Test
  void nullSelectors() {
    t.protectedMode();
    assertThat(TestCore.faultOf(() -> t.x86.segments.load(X86State.DS, 3))).isEqualTo("none");
    assertThat(t.x86.segments.selector(X86State.DS)).isEqualTo(3);
    assertThat(t.x86.segments.attributes(X86State.DS)).isZero();
    assertThat(TestCore.faultOf(() -> t.x86.segments.load(X86State.SS, 0))).isEqualTo("13:0");
    t.longMode();
    assertThat(TestCore.faultOf(() -> t.x86.segments.load(X86State.SS, 0))).isEqualTo("none");
    assertThat(TestCore.faultOf(() -> t.x86.segments.load(X86State.SS, 1))).isEqualTo("13:0");
    assertThat(TestCore.faultOf(() -> t.x86.segments.load(X86State.DS, 0x1000)))
        .isEqualTo("13:1000");
    assertThat(TestCore.faultOf(() -> t.x86.segments.load(X86State.DS, 0x14)))
        .as("no LDT")
        .isEqualTo("13:14");
  }

  @Test
  void aLoadSetsTheAccessedBitAndExpandsTheLimit() {
    t.protectedMode();
    t.poke(TestCore.GDT + AT, 0x12c0_9234_5678_0fffL, 8);
    t.x86.segments.load(X86State.ES, AT);
    assertThat(t.peek(TestCore.GDT + AT, 8)).isEqualTo(0x12c0_9334_5678_0fffL);
    assertThat(t.x86.segments.base(X86State.ES)).isEqualTo(0x1234_5678);
    assertThat(t.x86.segments.limit(X86State.ES)).isEqualTo(0xff_ffff);
    assertThat(t.x86.segments.attributes(X86State.ES)).isEqualTo(0xc093);
  }

  @Test
  void realModeKeepsTheLimit() {
    t.x86.put(X86State.SEG_LIMIT + X86State.DS, 0xffff_ffffL);
    t.x86.segments.load(X86State.DS, 0x1234);
    assertThat(t.x86.segments.base(X86State.DS)).isEqualTo(0x1_2340);
    assertThat(t.x86.segments.limit(X86State.DS)).isEqualTo(0xffff_ffffL);
  }

  @Test
  void taskRegister() {
    t.protectedMode();
    assertThat(t.peek(TestCore.GDT + TestCore.TASK + 5, 1)).as("busy").isEqualTo(0x8b);
    assertThat(TestCore.faultOf(() -> t.x86.segments.loadTask(TestCore.TASK))).isEqualTo("13:40");
    assertThat(TestCore.faultOf(() -> t.x86.segments.loadTask(0))).isEqualTo("13:0");
    t.poke(TestCore.GDT + TestCore.TASK + 5, 0x09, 1);
    assertThat(TestCore.faultOf(() -> t.x86.segments.loadTask(TestCore.TASK))).isEqualTo("11:40");
  }

  @Test
  void longModeHasSixteenByteSystemDescriptors() {
    t.longMode();
    t.poke(TestCore.GDT + AT, 0x0000_8200_0000_000fL, 8);
    t.poke(TestCore.GDT + AT + 8, 0xffff_8000L, 8);
    t.x86.segments.loadLdt(AT);
    assertThat(t.x86.segments.base(X86State.LDTR)).isEqualTo(0xffff_8000_0000_0000L);
    t.poke(TestCore.GDT + AT + 8, 0x8000, 8);
    assertThat(TestCore.faultOf(() -> t.x86.segments.loadLdt(AT)))
        .as("not canonical")
        .isEqualTo("13:50");
  }

  @Test
  void lookingAtDescriptors() {
    t.protectedMode();
    assertThat(t.x86.segments.accessRights(TestCore.KERNEL_CODE)).isEqualTo(0xc0_9b00);
    assertThat(t.x86.segments.segmentLimit(TestCore.KERNEL_CODE)).isEqualTo(0xffff_ffffL);
    assertThat(t.x86.segments.segmentLimit(TestCore.TASK)).isEqualTo(0x67);
    assertThat(t.x86.segments.accessRights(0)).isEqualTo(-1);
    assertThat(t.x86.segments.isAccessible(TestCore.KERNEL_DATA, true)).isTrue();
    assertThat(t.x86.segments.isAccessible(TestCore.KERNEL_CODE, false)).isTrue();
    assertThat(t.x86.segments.isAccessible(TestCore.KERNEL_CODE, true)).isFalse();
    assertThat(t.x86.segments.isAccessible(TestCore.KERNEL_DATA | 3, false)).isFalse();
    t.toUser(TestCore.USER_CODE, TestCore.USER_DATA);
    assertThat(t.x86.segments.accessRights(TestCore.KERNEL_CODE)).isEqualTo(-1);
  }
}
