package org.coremu.guest.x86.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.exec.CoreState;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What an exception or interrupt leaves on the stack and in the registers, in each mode; and the
 * way back.
 */
class DeliveryTest {
  private static final int HANDLER = 0xa000;
  private static final int INTERRUPT_GATE = 0x8e;
  private static final int TRAP_GATE = 0x8f;
  private static final int USER_GATE = 0xee;
  private static final int UD2 = 0x0b;
  private static final int KERNEL_STACK = 0xb000;

  private final TestCore t = new TestCore();

  /**
   * The handler only jumps to itself: delivering a fault does not use up the one instruction to
   * run.
   */
  @BeforeEach
  void handler() {
    t.poke(HANDLER, 0xfeeb, 2);
  }

  @AfterEach
  void close() {
    t.close();
  }

  private long sp() {
    return t.x86.get(X86State.RSP);
  }

  private long selector(int segment) {
    return t.x86.get(X86State.SELECTOR + segment);
  }

  private void gate(int vector, int selector, int attributes) {
    t.poke(TestCore.IDT + vector * 8L, TestCore.gate(selector, HANDLER, attributes), 8);
  }

  private void gate64(int vector, int attributes, int ist) {
    long low = TestCore.gate(TestCore.KERNEL_CODE64, HANDLER, attributes) | (long) ist << 32;
    t.poke(TestCore.IDT + vector * 16L, low, 8);
    t.poke(TestCore.IDT + vector * 16L + 8, 0, 8);
  }

  @Test
  void realMode() {
    t.x86.segments.setReal(X86State.CS, 0x800);
    t.x86.put(CoreState.PC, 0x10);
    t.x86.segments.setReal(X86State.SS, 0x900);
    t.x86.put(X86State.RSP, 0x1_0004);
    t.x86.setFlags(0x246);
    t.x86.updateMode();
    t.poke(0x21 * 4, 0x1234_5678, 4);
    t.code(0xcd, 0x21).run(1);
    assertThat(selector(X86State.CS)).isEqualTo(0x1234);
    assertThat(t.pc()).isEqualTo(0x5678);
    assertThat(sp()).as("SP wraps, the upper half stays").isEqualTo(0x1_fffe);
    assertThat(t.peek(0x9002, 2)).isEqualTo(0x246);
    assertThat(t.peek(0x9000, 2)).isEqualTo(0x800);
    assertThat(t.peek(0x1_8ffe, 2)).isEqualTo(0x12);
    assertThat(t.x86.flags()).isEqualTo(0x46);
    t.code(0xcf).run(1);
    assertThat(t.pc()).isEqualTo(0x12);
    assertThat(selector(X86State.CS)).isEqualTo(0x800);
    assertThat(t.x86.flags()).isEqualTo(0x246);
  }

  @Test
  void protectedModeAtTheSameLevelWithErrorCode() {
    t.protectedMode();
    gate(X86Fault.GP, TestCore.KERNEL_CODE, TRAP_GATE);
    t.x86.setFlags(0x202);
    // mov ds, ax with a selector beyond the table
    t.x86.put(X86State.RAX, 0x1235);
    t.code(0x8e, 0xd8).run(1);
    assertThat(t.pc()).isEqualTo(HANDLER);
    assertThat(sp()).isEqualTo(TestCore.STACK - 16);
    assertThat(t.peek(sp(), 4)).as("error code").isEqualTo(0x1234);
    assertThat(t.peek(sp() + 4, 4)).as("EIP").isEqualTo(TestCore.CODE);
    assertThat(t.peek(sp() + 8, 4)).as("CS").isEqualTo(TestCore.KERNEL_CODE);
    assertThat(t.peek(sp() + 12, 4)).as("EFLAGS with RF").isEqualTo(0x1_0202);
    assertThat(t.x86.flags()).as("a trap gate leaves IF").isEqualTo(0x202);
  }

  @Test
  void protectedModeFromTheUser() {
    t.protectedMode();
    gate(0x80, TestCore.KERNEL_CODE, USER_GATE);
    t.poke(TestCore.TSS + 4, KERNEL_STACK, 4);
    t.poke(TestCore.TSS + 8, TestCore.KERNEL_DATA, 2);
    t.toUser(TestCore.USER_CODE, TestCore.USER_DATA);
    t.x86.setFlags(0x3202);
    t.code(0xcd, 0x80).run(1);
    assertThat(selector(X86State.CS)).isEqualTo(TestCore.KERNEL_CODE);
    assertThat(selector(X86State.SS)).isEqualTo(TestCore.KERNEL_DATA);
    assertThat(t.x86.cpl()).isZero();
    assertThat(sp()).isEqualTo(KERNEL_STACK - 20);
    assertThat(t.peek(sp(), 4)).as("EIP").isEqualTo(TestCore.CODE + 2);
    assertThat(t.peek(sp() + 4, 4)).as("CS").isEqualTo(TestCore.USER_CODE);
    assertThat(t.peek(sp() + 8, 4)).as("EFLAGS").isEqualTo(0x3202);
    assertThat(t.peek(sp() + 12, 4)).as("ESP").isEqualTo(TestCore.STACK);
    assertThat(t.peek(sp() + 16, 4)).as("SS").isEqualTo(TestCore.USER_DATA);
    assertThat(t.x86.flags() & Bits.IF).as("an interrupt gate clears IF").isZero();
    t.code(0xcf).run(1);
    assertThat(t.x86.cpl()).isEqualTo(3);
    assertThat(t.pc()).isEqualTo(TestCore.CODE + 2);
    assertThat(sp()).isEqualTo(TestCore.STACK);
    assertThat(selector(X86State.DS)).as("a segment of the kernel is taken away").isZero();
  }

  @Test
  void aUserMayNotCallAKernelGate() {
    t.protectedMode();
    gate(0x30, TestCore.KERNEL_CODE, INTERRUPT_GATE);
    gate(X86Fault.GP, TestCore.KERNEL_CODE, INTERRUPT_GATE);
    t.poke(TestCore.TSS + 4, KERNEL_STACK, 4);
    t.poke(TestCore.TSS + 8, TestCore.KERNEL_DATA, 2);
    t.toUser(TestCore.USER_CODE, TestCore.USER_DATA);
    t.code(0xcd, 0x30).run(1);
    assertThat(t.peek(sp(), 4)).as("IDT bit, no EXT").isEqualTo(0x30 * 8 + 2);
    assertThat(t.peek(sp() + 4, 4)).isEqualTo(TestCore.CODE);
  }

  @Test
  void virtual8086() {
    t.protectedMode();
    gate(X86Fault.GP, TestCore.KERNEL_CODE, INTERRUPT_GATE);
    t.poke(TestCore.TSS + 4, KERNEL_STACK, 4);
    t.poke(TestCore.TSS + 8, TestCore.KERNEL_DATA, 2);
    // IRETD to virtual-8086 mode: EIP CS EFLAGS ESP SS ES DS FS GS
    long[] frame = {0x20, 0x800, 0x2_0202, 0x100, 0x900, 0xe5, 0xd5, 0xf5, 0x65};
    for (int i = 0; i < frame.length; i++) {
      t.poke(TestCore.STACK + i * 4, frame[i], 4);
    }
    t.code(0xcf).run(1);
    assertThat(t.x86.isVirtual8086()).isTrue();
    assertThat(t.core.codeBase).isEqualTo(0x8000);
    assertThat(t.x86.cpl()).isEqualTo(3);
    // INT with IOPL 0 is for the monitor
    t.code(0xcd, 0x21).run(1);
    assertThat(t.x86.isVirtual8086()).isFalse();
    assertThat(sp()).isEqualTo(KERNEL_STACK - 40);
    long[] expected = {0, 0x20, 0x800, 0x3_0202, 0x100, 0x900, 0xe5, 0xd5, 0xf5, 0x65};
    for (int i = 0; i < expected.length; i++) {
      assertThat(t.peek(sp() + i * 4, 4)).as("word " + i).isEqualTo(expected[i]);
    }
    assertThat(selector(X86State.DS)).isZero();
    assertThat(t.x86.segments.attributes(X86State.GS)).isZero();
    t.x86.put(X86State.RSP, sp() + 4);
    t.code(0xcf).run(1);
    assertThat(t.x86.isVirtual8086()).isTrue();
    assertThat(t.pc()).isEqualTo(0x20);
    assertThat(selector(X86State.GS)).isEqualTo(0x65);
  }

  @Test
  void longModeAlignsTheStackAndPushesFiveWords() {
    t.longMode();
    gate64(X86Fault.UD, INTERRUPT_GATE, 0);
    t.x86.put(X86State.RSP, TestCore.STACK + 9);
    t.x86.setFlags(0x202);
    t.code(0x0f, UD2).run(1);
    assertThat(sp()).isEqualTo(TestCore.STACK - 40);
    assertThat(t.peek(sp(), 8)).isEqualTo(TestCore.CODE);
    assertThat(t.peek(sp() + 8, 8)).isEqualTo(TestCore.KERNEL_CODE64);
    assertThat(t.peek(sp() + 16, 8)).isEqualTo(0x1_0202);
    assertThat(t.peek(sp() + 24, 8)).isEqualTo(TestCore.STACK + 9);
    assertThat(t.peek(sp() + 32, 8)).isEqualTo(TestCore.KERNEL_DATA);
    t.code(0x48, 0xcf).run(1);
    assertThat(t.pc()).isEqualTo(TestCore.CODE);
    assertThat(sp()).isEqualTo(TestCore.STACK + 9);
  }

  @Test
  void longModeFromTheUserTakesTheStackOfTheTss() {
    t.longMode();
    gate64(X86Fault.PF, INTERRUPT_GATE, 0);
    t.poke(TestCore.TSS + 4, KERNEL_STACK, 8);
    t.toUser(TestCore.USER_CODE64, TestCore.USER_DATA);
    // mov al, [0x40000000], which is not mapped
    t.code(0x8a, 0x04, 0x25, 0, 0, 0, 0x40).run(1);
    assertThat(t.x86.cpl()).isZero();
    assertThat(sp()).isEqualTo(KERNEL_STACK - 48);
    assertThat(t.peek(sp(), 8)).as("error code").isEqualTo(4);
    assertThat(t.peek(sp() + 8, 8)).isEqualTo(TestCore.CODE);
    assertThat(t.peek(sp() + 40, 8)).isEqualTo(TestCore.USER_DATA);
    assertThat(t.x86.get(X86State.CR2)).isEqualTo(0x4000_0000L);
    assertThat(selector(X86State.SS)).as("null").isZero();
  }

  @Test
  void interruptStackTable() {
    t.longMode();
    gate64(X86Fault.BP, INTERRUPT_GATE, 3);
    t.poke(TestCore.TSS + 0x24 + 16, 0xc008, 8);
    t.code(0xcc).run(1);
    assertThat(sp()).isEqualTo(0xc000 - 40);
    assertThat(t.peek(sp(), 8)).isEqualTo(TestCore.CODE + 1);
  }

  /** #UD, whose gate is missing, gives #NP; the two do not combine, and #NP is delivered. */
  @Test
  void aFaultWhileDeliveringABenignOneReplacesIt() {
    t.longMode();
    gate64(X86Fault.UD, INTERRUPT_GATE & 0x7f, 0);
    gate64(X86Fault.NP, INTERRUPT_GATE, 0);
    t.code(0x0f, UD2).run(1);
    assertThat(t.pc()).isEqualTo(HANDLER);
    assertThat(t.peek(sp(), 8)).as("IDT and EXT").isEqualTo(X86Fault.UD * 8 + 3);
  }

  @Test
  void contributoryFaultsMakeADoubleFault() {
    t.longMode();
    gate64(X86Fault.GP, INTERRUPT_GATE & 0x7f, 0);
    gate64(X86Fault.DF, INTERRUPT_GATE, 0);
    t.x86.put(X86State.RAX, 0x1234);
    t.code(0x8e, 0xd8).run(1);
    assertThat(t.pc()).isEqualTo(HANDLER);
    assertThat(t.peek(sp(), 8)).as("error code").isZero();
    assertThat(t.tripleFaults).isZero();
  }

  @Test
  void aDoubleFaultThatCannotBeDeliveredShutsDown() {
    t.longMode();
    t.x86.put(X86State.IDT_LIMIT, 0);
    t.code(0x0f, UD2).run(1);
    assertThat(t.tripleFaults).isEqualTo(1);
    assertThat(t.pc()).isEqualTo(TestCore.CODE);
  }

  @Test
  void movToStackSegmentHoldsOffNmisForOneInstruction() {
    t.longMode();
    gate64(X86Fault.NMI, INTERRUPT_GATE, 0);
    t.x86.put(X86State.RAX, TestCore.KERNEL_DATA);
    t.code(0x8e, 0xd0, 0x90, 0x90).run(1);
    t.x86.lines().nmi();
    t.run(1);
    assertThat(t.pc()).isEqualTo(HANDLER);
    assertThat(t.peek(sp(), 8)).isEqualTo(TestCore.CODE + 3);
  }

  @Test
  void aSecondNmiWaitsForIret() {
    t.longMode();
    gate64(X86Fault.NMI, INTERRUPT_GATE, 0);
    t.code(0x90, 0x90);
    t.poke(HANDLER, 0x90, 1);
    t.poke(HANDLER + 1, 0xcf48, 2);
    t.x86.lines().nmi();
    t.run(1);
    t.x86.lines().nmi();
    assertThat(t.pc()).isEqualTo(HANDLER + 1);
    t.run(1);
    assertThat(t.pc()).as("taken right after IRET").isEqualTo(HANDLER);
    assertThat(t.peek(sp(), 8)).isEqualTo(TestCore.CODE);
  }

  @Test
  void taskGatesAreRefused() {
    t.protectedMode();
    gate(0x40, TestCore.TASK, 0x85);
    gate(X86Fault.GP, TestCore.KERNEL_CODE, INTERRUPT_GATE);
    t.code(0xcd, 0x40).run(1);
    assertThat(t.pc()).isEqualTo(HANDLER);
    assertThat(t.peek(sp(), 4)).isEqualTo(0x40 * 8 + 2);
    assertThat(t.log).singleElement().asString().contains("task gate");
  }
}
