package org.coremu.ir;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each way in which a block can be malformed is refused, with the block's text. */
class VerifierTest {
  private final IrBuilder ir = new IrBuilder(new HelperTable());

  @BeforeEach
  void begin() {
    ir.begin();
    ir.insn(0);
  }

  private void assertRefused(String why) {
    assertThatThrownBy(() -> Verifier.check(ir.block()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(why)
        .hasMessageContaining("; +0x0");
  }

  @Test
  void aWellFormedBlockPasses() {
    ir.put(20, ir.add(ir.get(20), ir.get(21)));
    ir.branch(ir.get(20), 4, 8);
    assertThatCode(() -> Verifier.check(ir.block())).doesNotThrowAnyException();
  }

  @Test
  void theLastOpMustEndTheBlock() {
    ir.get(20);
    assertRefused("the last op does not end the block");
  }

  @Test
  void onlyTheLastOpMayEndTheBlock() {
    ir.jump(4);
    ir.exit(8);
    assertRefused("ends the block before its last op");
  }

  @Test
  void operandsMustBeThere() {
    ir.emit(IrOp.ADD, ir.get(20), -1, -1, 0);
    ir.exit(4);
    assertRefused("operand missing");
  }

  @Test
  void operandsMustNotBeTooMany() {
    int v = ir.get(20);
    ir.emit(IrOp.NOT, v, v, -1, 0);
    ir.exit(4);
    assertRefused("operand too many");
  }

  @Test
  void operandsMustBeDefinedBefore() {
    int v = ir.get(20);
    ir.emit(IrOp.ADD, v, v + 1, -1, 0);
    ir.exit(4);
    assertRefused("operand v1 is not defined yet");
  }

  @Test
  void operandsMustHaveAValue() {
    int v = ir.get(20);
    ir.put(21, v);
    ir.emit(IrOp.ADD, v, v + 1, -1, 0);
    ir.exit(4);
    assertRefused("operand v1 has no value");
  }

  @Test
  void operandsMustNotBeRemoved() {
    int v = ir.get(20);
    ir.put(21, v);
    ir.exit(4);
    ir.block().removed[v] = true;
    assertRefused("operand v0 has no value");
  }
}
