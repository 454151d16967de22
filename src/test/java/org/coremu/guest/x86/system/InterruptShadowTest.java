package org.coremu.guest.x86.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import org.coremu.guest.x86.X86State;
import org.coremu.hw.LocalInterrupts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An interrupt that waits for STI is taken after the instruction that follows it, and not later.
 */
class InterruptShadowTest {
  private static final int VECTOR = 0x40;
  private static final int HANDLER = 0xa000;
  private static final int STI = 0xfb;
  private static final int NOP = 0x90;
  private static final int CLI = 0xfa;
  private static final int INTERRUPT_GATE = 0x8e;

  private final TestCore t = new TestCore();

  @BeforeEach
  void set() {
    t.longMode();
    long gate = TestCore.gate(TestCore.KERNEL_CODE64, HANDLER, INTERRUPT_GATE);
    t.poke(TestCore.IDT + VECTOR * 16L, gate, 8);
    t.poke(TestCore.IDT + VECTOR * 16L + 8, 0, 8);
    t.poke(HANDLER, 0xfeeb, 2);
    t.x86.attach(
        (LocalInterrupts)
            Proxy.newProxyInstance(
                LocalInterrupts.class.getClassLoader(),
                new Class<?>[] {LocalInterrupts.class},
                (proxy, method, arguments) -> controller(method.getName())),
        null);
    t.x86.setFlags(2);
    t.x86.updateMode();
  }

  /** An interrupt controller that has one vector while its pin is set. */
  private Object controller(String method) {
    return switch (method) {
      case "acknowledge" -> {
        t.x86.lines().interrupt(false);
        yield VECTOR;
      }
      case "apicBase" -> 0L;
      default -> throw new AssertionError(method);
    };
  }

  @AfterEach
  void close() {
    t.close();
  }

  /** Address of the instruction that was interrupted, relative to the code; -1 if none was. */
  private long interrupted() {
    return t.pc() == HANDLER ? t.peek(t.x86.get(X86State.RSP), 8) - TestCore.CODE : -1;
  }

  @Test
  void oneThatWaitsIsTakenAfterTheNextInstruction() {
    t.x86.lines().interrupt(true);
    t.code(NOP, STI, NOP, NOP, NOP).run(100);
    assertThat(interrupted()).isEqualTo(3);
  }

  @Test
  void theNextInstructionIsHeldBackByNothing() {
    t.x86.lines().interrupt(true);
    t.code(NOP, STI, CLI, NOP, 0xeb, 0xfe).run(100);
    assertThat(interrupted()).as("CLI undoes STI before anything is taken").isEqualTo(-1);
    assertThat(t.pc()).isEqualTo(TestCore.CODE + 4);
  }

  @Test
  void oneThatComesRightAfterStiIsHeldOff() {
    t.code(NOP, STI, NOP, NOP, NOP).run(2);
    t.x86.lines().interrupt(true);
    t.run(100);
    assertThat(interrupted()).isEqualTo(3);
  }

  @Test
  void stiWithInterruptsOnHoldsNothingOff() {
    t.code(STI, NOP, STI, NOP, NOP).run(3);
    t.x86.lines().interrupt(true);
    t.run(100);
    assertThat(interrupted()).isEqualTo(3);
  }

  @Test
  void theShadowEndsWithTheInstructionThatJumpsBackToItself() {
    t.code(STI, 0xeb, 0xfe).run(50);
    t.x86.lines().interrupt(true);
    t.run(100);
    assertThat(interrupted()).isEqualTo(1);
  }
}
