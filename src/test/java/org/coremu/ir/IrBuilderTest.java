package org.coremu.ir;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the builder knows: state that was read or written, constants, and flags that were set. */
class IrBuilderTest {
  private static final int S = 20;

  /** A table that tests can fill. */
  private static final class Table extends HelperTable {
    int helper(int effects) {
      return add("helper", effects);
    }
  }

  private final Table helpers = new Table();
  private final IrBuilder ir = new IrBuilder(helpers);

  @BeforeEach
  void begin() {
    ir.begin();
    ir.insn(0);
  }

  private IrOp last() {
    return ir.block().row(ir.block().size - 1);
  }

  @Test
  void readsOfKnownStateAreForwarded() {
    int read = ir.get(S);
    assertThat(ir.get(S)).isEqualTo(read);
    int written = ir.constant(5);
    ir.put(S, written);
    assertThat(ir.get(S)).isEqualTo(written);
    assertThat(ir.get(S + 1)).isNotEqualTo(written);
  }

  @Test
  void nothingIsKnownOfAnotherBlock() {
    ir.put(S, ir.constant(5));
    begin();
    assertThat(ir.isConstant(ir.get(S))).isFalse();
  }

  @Test
  void helpersThatWriteStateMakeItUnknown() {
    int before = ir.get(S);
    ir.call(helpers.helper(Effect.READS_STATE | Effect.FAULTS | Effect.VISIBLE));
    assertThat(ir.get(S)).isEqualTo(before);
    ir.call(helpers.helper(Effect.WRITES_STATE));
    assertThat(ir.get(S)).isNotEqualTo(before);
  }

  @Test
  void helpersThatWriteStateMakeFlagsUnknown() {
    int v = ir.get(S);
    ir.flags(FlagKind.SUB, 64, v, v);
    ir.call(helpers.helper(Effect.WRITES_STATE));
    ir.cond(Cond.E);
    assertThat(last()).isEqualTo(IrOp.COND);
  }

  @Test
  void vectorsAreForwardedAsPairs() {
    int read = ir.getV(S);
    assertThat(ir.getV(S)).isEqualTo(read);
    int other = ir.getV(S + 2);
    ir.putV(S, other);
    assertThat(ir.getV(S)).isEqualTo(other);
  }

  @Test
  void floatingPointChangesItsControlSlot() {
    int control = ir.get(IrBuilder.FP_CONTROL);
    assertThat(ir.get(IrBuilder.FP_CONTROL)).isEqualTo(control);
    int v = ir.getV(S);
    ir.emit(IrOp.VFADD, v, v, -1, FpLanes.PACKED64);
    assertThat(ir.get(IrBuilder.FP_CONTROL)).isNotEqualTo(control);
    assertThat(ir.getV(S)).as("it changes no other slot").isEqualTo(v);
  }

  @Test
  void opsThatDoNothingAreLeftOut() {
    int v = ir.get(S);
    int zero = ir.constant(0);
    for (IrOp op :
        new IrOp[] {
          IrOp.ADD, IrOp.SUB, IrOp.OR, IrOp.XOR, IrOp.SHL, IrOp.SHR, IrOp.SAR, IrOp.ROL, IrOp.ROR
        }) {
      assertThat(ir.binary(op, v, zero)).as("%s by 0", op).isEqualTo(v);
    }
    assertThat(ir.constantOf(ir.binary(IrOp.AND, v, zero))).isZero();
    assertThat(ir.constantOf(ir.binary(IrOp.MUL32, v, zero))).isZero();
    // These clear the upper half, so they do something.
    for (IrOp op : new IrOp[] {IrOp.ADD32, IrOp.OR32, IrOp.SHL32, IrOp.ROR32}) {
      assertThat(ir.binary(op, v, zero)).as("%s by 0", op).isNotEqualTo(v);
    }
  }

  @Test
  void addressesStayRelative() {
    int here = ir.pcRelative(16);
    int there = ir.plus(here, 8);
    assertThat(ir.block().row(there)).isEqualTo(IrOp.PCREL);
    assertThat(ir.block().imm[there]).isEqualTo(24);
    assertThat(ir.isConstant(there)).isFalse();
  }

  @Test
  void selectionByAConstantIsDecided() {
    int x = ir.get(S);
    int y = ir.get(S + 1);
    assertThat(ir.select(ir.constant(2), x, y)).isEqualTo(x);
    assertThat(ir.select(ir.constant(0), x, y)).isEqualTo(y);
  }

  @Test
  void branchesByAConstantAreJumps() {
    ir.branch(ir.constant(1), 100, 200);
    assertThat(last()).isEqualTo(IrOp.JUMP);
    assertThat(ir.block().imm[ir.block().size - 1]).isEqualTo(100);
    assertThat(ir.ended()).isTrue();
  }

  @Test
  void bothTargetsOfABranchAreKept() {
    ir.branch(ir.get(S), -100, -200);
    long imm = ir.block().imm[ir.block().size - 1];
    assertThat(imm >> 32).isEqualTo(-100);
    assertThat((int) imm).isEqualTo(-200);
  }

  @Test
  void conditionsOnKnownFlagsAreComparisons() {
    int x = ir.get(S);
    int y = ir.get(S + 1);
    ir.flags(FlagKind.SUB, 32, x, y);
    ir.cond(Cond.L);
    assertThat(last()).isEqualTo(IrOp.LTS32);
    ir.cond(Cond.P);
    assertThat(last()).as("parity is nobody's comparison").isEqualTo(IrOp.COND);
    ir.flagsUnlessZero(FlagKind.SHL, 32, x, y);
    ir.cond(Cond.E);
    assertThat(last()).as("the flags may be those from before").isEqualTo(IrOp.COND);
  }

  @Test
  void shiftsByAConstantSetFlagsForSureOrNotAtAll() {
    int x = ir.get(S);
    int size = ir.block().size;
    ir.flagsUnlessZero(FlagKind.SHL, 32, x, ir.constant(0));
    assertThat(ir.block().size).isEqualTo(size + 1);
    ir.flagsUnlessZero(FlagKind.SHL, 32, x, ir.constant(3));
    assertThat(last()).isEqualTo(IrOp.FLAGS);
  }

  @Test
  void aLongBlockIsKeptWhole() {
    for (int i = 0; i < 1000; i++) {
      ir.insn(i * 4);
      ir.put(S, ir.plus(ir.get(S), 1));
    }
    ir.exit(0);
    Verifier.check(ir.block());
    assertThat(ir.block().insns).isEqualTo(1001);
    assertThat(ir.block().insnDelta[1000]).isEqualTo(999 * 4);
    assertThat(ir.block().insn[ir.block().size - 1]).isEqualTo(1000);
  }

  @Test
  @Timeout(10)
  void chainsOfSelectionsAreLookedThroughABit() {
    int test = ir.get(S);
    int x = ir.binary(IrOp.ADD32, test, ir.constant(1));
    int y = ir.binary(IrOp.ADD32, test, ir.constant(2));
    int one = ir.select(test, x, y);
    assertThat(ir.zext(one, 32)).isEqualTo(one);
    for (int i = 0; i < 100; i++) {
      int next = ir.select(test, x, y);
      x = y;
      y = next;
    }
    ir.zext(y, 32); // would take for ever if every way through were looked at
    assertThat(last()).isEqualTo(IrOp.ZEXT32);
  }

  @Test
  void whatIsNarrowIsNotExtendedAgain() {
    int address = ir.get(S);
    int wide = ir.get(S + 1);
    int bits8 = ir.load(8, address, 0);
    int bits16 = ir.load(16, address, 0);
    int test = ir.binary(IrOp.LTU, address, wide);
    int either = ir.select(test, bits8, test);
    assertThat(ir.zext(bits8, 8)).isEqualTo(bits8);
    assertThat(ir.zext(bits8, 16)).isEqualTo(bits8);
    assertThat(ir.zext(bits16, 16)).isEqualTo(bits16);
    assertThat(ir.zext(test, 8)).isEqualTo(test);
    assertThat(ir.zext(either, 8)).isEqualTo(either);
    for (int v : new int[] {bits16, ir.select(test, bits8, wide), ir.load(64, address, 0)}) {
      assertThat(ir.zext(v, 8)).isNotEqualTo(v);
      assertThat(last()).isEqualTo(IrOp.ZEXT8);
    }
    assertThat(ir.zext(ir.load(32, address, 0), 16)).isEqualTo(ir.block().size - 1);
    assertThat(last()).isEqualTo(IrOp.ZEXT16);
  }
}
