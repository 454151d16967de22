package org.coremu.ir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is removed, and above all what is not. That removal changes no result is {@code
 * LoweringTest}'s.
 */
class DeadCodeTest {
  private static final int S = 20;
  private static final int OTHER = 30;

  /** A table that tests can fill. */
  private static final class Table extends HelperTable {
    int helper(int effects) {
      return add("helper", effects);
    }
  }

  private final Table helpers = new Table();
  private final IrBuilder ir = new IrBuilder(helpers);
  private final DeadCode pass = new DeadCode();

  @BeforeEach
  void begin() {
    ir.begin();
    ir.insn(0);
  }

  /** Ends the block, runs the pass and gives the names of the ops that stay. */
  private List<IrOp> staying() {
    ir.exit(4);
    ir.end(4);
    pass.run(ir.block());
    Verifier.check(ir.block());
    List<IrOp> ops = new ArrayList<>();
    for (int i = 0; i < ir.block().size - 1; i++) {
      if (!ir.block().removed[i]) {
        ops.add(ir.block().row(i));
      }
    }
    return ops;
  }

  @Test
  void aWriteThatIsOverwrittenGoesWithItsValue() {
    ir.put(S, ir.add(ir.get(OTHER), ir.get(OTHER + 1)));
    ir.put(S, ir.constant(1));
    assertThat(staying()).containsExactly(IrOp.CONST, IrOp.PUT);
  }

  @Test
  void aWriteThatAFaultShowsStays() {
    int address = ir.get(OTHER);
    ir.put(S, ir.constant(1));
    ir.load(32, address, 0);
    ir.put(S, ir.constant(2));
    assertThat(staying())
        .containsExactly(IrOp.GET, IrOp.CONST, IrOp.PUT, IrOp.LD32, IrOp.CONST, IrOp.PUT);
  }

  @Test
  void aWriteThatIsReadStays() {
    // Through another builder path than get(), which forwards: a read that the builder knows
    // nothing of.
    ir.put(S, ir.constant(1));
    int read = ir.emit(IrOp.GET, -1, -1, -1, S);
    ir.put(S, ir.constant(2));
    ir.put(OTHER, read);
    assertThat(staying())
        .containsExactly(IrOp.CONST, IrOp.PUT, IrOp.GET, IrOp.CONST, IrOp.PUT, IrOp.PUT);
  }

  @Test
  void aReadThatNobodyUsesHidesNothing() {
    ir.put(S, ir.constant(1));
    ir.emit(IrOp.GET, -1, -1, -1, S);
    ir.put(S, ir.constant(2));
    assertThat(staying()).containsExactly(IrOp.CONST, IrOp.PUT);
  }

  @Test
  void halvesOfAVectorAreHiddenOneByOne() {
    ir.putV(S, ir.getV(OTHER));
    ir.put(S, ir.constant(1));
    assertThat(staying()).as("the high half is still visible").contains(IrOp.PUTV);
    begin();
    ir.putV(S, ir.getV(OTHER));
    ir.putV(S, ir.getV(OTHER + 2));
    assertThat(staying()).containsExactly(IrOp.GETV, IrOp.PUTV);
    begin();
    ir.put(S + 1, ir.constant(1));
    ir.putV(S, ir.getV(OTHER));
    assertThat(staying())
        .as("a vector hides both its halves")
        .containsExactly(IrOp.GETV, IrOp.PUTV);
  }

  @Test
  void flagsThatAreOverwrittenGo() {
    int v = ir.get(OTHER);
    ir.flags(FlagKind.ADD, 32, v, v);
    ir.flags(FlagKind.ADC, 32, v, v, v);
    ir.flags(FlagKind.SUB, 64, v, v);
    assertThat(staying()).containsExactly(IrOp.GET, IrOp.FLAGS);
    assertThat(ir.block().imm[3]).isEqualTo(FlagKind.SUB + 3);
  }

  @Test
  void flagsThatSomebodyReadsStay() {
    int v = ir.get(OTHER);
    ir.flags(FlagKind.ADD, 32, v, v);
    ir.put(S, ir.getFlags());
    ir.flags(FlagKind.SUB, 64, v, v);
    assertThat(staying())
        .containsExactly(IrOp.GET, IrOp.FLAGS, IrOp.GETFLAGS, IrOp.PUT, IrOp.FLAGS);
  }

  @Test
  void flagsThatMayStayBehindAConditionalWriteStay() {
    int v = ir.get(OTHER);
    ir.flags(FlagKind.ADD, 32, v, v);
    ir.flagsUnlessZero(FlagKind.SHL, 32, v, v);
    assertThat(staying()).containsExactly(IrOp.GET, IrOp.FLAGS, IrOp.FLAGSNZ);
  }

  @Test
  void flagsBeforeAFaultStay() {
    int v = ir.get(OTHER);
    ir.flags(FlagKind.ADD, 32, v, v);
    ir.store(8, v, 0, v);
    ir.flags(FlagKind.SUB, 32, v, v);
    assertThat(staying()).containsExactly(IrOp.GET, IrOp.FLAGS, IrOp.ST8, IrOp.FLAGS);
  }

  @Test
  void aLoadWhoseValueIsNotUsedStays() {
    ir.load(64, ir.get(OTHER), 0);
    assertThat(staying()).containsExactly(IrOp.GET, IrOp.LD64);
  }

  @Test
  void helpersStayForTheirEffects() {
    for (int effects : new int[] {Effect.FAULTS, Effect.VISIBLE, Effect.WRITES_STATE, Effect.ANY}) {
      begin();
      ir.call(helpers.helper(effects));
      assertThat(staying()).as("effects %d", effects).containsExactly(IrOp.CALL);
    }
    for (int effects : new int[] {Effect.NONE, Effect.READS_STATE}) {
      begin();
      ir.call(helpers.helper(effects));
      assertThat(staying()).as("effects %d", effects).isEmpty();
    }
  }

  @Test
  void helpersShowStateOnlyIfTheyReadIt() {
    int reads = helpers.helper(Effect.READS_STATE | Effect.VISIBLE);
    int speaks = helpers.helper(Effect.VISIBLE);
    ir.put(S, ir.constant(1));
    ir.call(reads);
    ir.put(S, ir.constant(2));
    assertThat(staying()).containsExactly(IrOp.CONST, IrOp.PUT, IrOp.CALL, IrOp.CONST, IrOp.PUT);
    begin();
    ir.put(S, ir.constant(1));
    ir.call(speaks);
    ir.put(S, ir.constant(2));
    assertThat(staying()).containsExactly(IrOp.CALL, IrOp.CONST, IrOp.PUT);
  }

  @Test
  void exitsInTheMiddleShowState() {
    int test = ir.get(OTHER);
    ir.put(S, ir.constant(1));
    ir.exitIf(test, 8);
    ir.put(S, ir.constant(2));
    assertThat(staying())
        .containsExactly(IrOp.GET, IrOp.CONST, IrOp.PUT, IrOp.EXITIF, IrOp.CONST, IrOp.PUT);
  }

  @Test
  void usesAreCountedOfOpsThatStay() {
    int v = ir.get(OTHER);
    int unused = ir.add(v, v);
    ir.put(S, ir.add(unused, v));
    ir.put(S, v);
    staying();
    assertThat(pass.uses(v)).isEqualTo(1);
    assertThat(pass.uses(unused)).isZero();
  }
}
