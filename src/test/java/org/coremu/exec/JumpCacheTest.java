package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.coremu.ir.Effect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Translations belong to places in RAM: jump cache, links and code cache follow every change of the
 * address translation.
 */
class JumpCacheTest {
  private static final long VIRTUAL = 0x40_0000;
  private static final long ONE = 0x1000;
  private static final long OTHER = 0x5000;

  private final IrCores machine = new IrCores(1, 1 << 20);
  private final Core core = machine.core(0);
  private final int addOne = machine.addTo(0, 1);
  private final int addTen = machine.addTo(0, 10);

  @AfterEach
  void close() {
    machine.close();
  }

  private long runFor(long pc) {
    machine.reg(0, 0, 0);
    machine.run(0, pc);
    return machine.reg(0, 0);
  }

  @Test
  void aPageMappedAnewRunsItsNewCode() {
    machine.code(ONE, addOne, IrCores.STOP);
    machine.code(OTHER, addTen, IrCores.STOP);
    machine.map(VIRTUAL, ONE, true);
    assertThat(runFor(VIRTUAL)).isEqualTo(1);
    machine.map(VIRTUAL, OTHER, true);
    core.flushTlb();
    assertThat(runFor(VIRTUAL)).isEqualTo(10);
    machine.map(VIRTUAL, ONE, true);
    core.flushTlbPage(VIRTUAL);
    assertThat(runFor(VIRTUAL)).isEqualTo(1);
  }

  @Test
  void anInstructionThatCrossesPagesFollowsTheMappingOfItsSecondPage() {
    int one = addAndGoBack(1);
    int other = addAndGoBack(10);
    while (other != one + 256) { // only its second byte is another one
      other = addAndGoBack(10);
    }
    machine.code(ONE, IrCores.STOP);
    machine.code(ONE + 0xfff, one);
    machine.code(OTHER + 0xfff, other);
    machine.map(VIRTUAL, ONE, true).map(VIRTUAL + 0x1000, ONE + 0x1000, true);
    assertThat(runFor(VIRTUAL + 0xfff)).isEqualTo(1);
    assertThat(runFor(VIRTUAL + 0xfff)).isEqualTo(1);
    machine.map(VIRTUAL + 0x1000, OTHER + 0x1000, true);
    core.flushTlbPage(VIRTUAL + 0x1000);
    assertThat(runFor(VIRTUAL + 0xfff)).isEqualTo(10);
  }

  /** An instruction at the end of a page: nothing on the next page is executed besides. */
  private int addAndGoBack(int value) {
    return machine.insn(
        (ir, delta, next) -> {
          ir.put(CoreState.GUEST, ir.plus(ir.get(CoreState.GUEST), value));
          ir.jump(delta - 0xfff);
        });
  }

  @Test
  void aLinkedTargetOnAnotherPageFollowsTheMapping() {
    int far = machine.insn((ir, delta, next) -> ir.jump(delta + 0x1000));
    machine.code(ONE, far);
    machine.code(OTHER, addOne, IrCores.STOP);
    machine.code(OTHER + 0x1000, addTen, IrCores.STOP);
    machine.map(VIRTUAL, ONE, true).map(VIRTUAL + 0x1000, OTHER, true);
    assertThat(runFor(VIRTUAL)).isEqualTo(1);
    assertThat(runFor(VIRTUAL)).isEqualTo(1);
    machine.map(VIRTUAL + 0x1000, OTHER + 0x1000, true);
    core.flushTlbPage(VIRTUAL + 0x1000);
    assertThat(runFor(VIRTUAL)).isEqualTo(10);
  }

  @Test
  void oneTranslationServesAllMappings() {
    int where = machine.insn((ir, delta, next) -> ir.put(IrCores.R, ir.pcRelative(delta)));
    machine.code(ONE + 0x10, addOne, where, IrCores.STOP);
    machine.map(VIRTUAL, ONE, true).map(VIRTUAL + 0x7000, ONE, true);
    for (long page : new long[] {VIRTUAL, VIRTUAL + 0x7000, ONE}) {
      assertThat(runFor(page + 0x10)).isEqualTo(page + 0x14);
    }
    assertThat(machine.codeCache.translated()).isEqualTo(1);
  }

  /**
   * Code whose last instruction straddles two pages, of which the second is mapped to one or the
   * other.
   */
  private void straddling() {
    long at = ONE + 0xfee;
    machine.code(at, machine.jumpBy(1), addOne, addOne, addOne);
    // The instruction at ONE + 0xffe has its first half here and its second half, which makes it
    // another one, there.
    int tens = 0x10000 + addOne;
    while (machine.insn(machine.meaning(addTen)) < tens) {}
    machine.code(ONE + 0xffe, addOne);
    machine.code(OTHER - 2, addOne);
    machine.code(OTHER + 2, IrCores.STOP);
    machine.code(OTHER + 0x1000 - 2, tens);
    machine.code(OTHER + 0x1000 + 2, IrCores.STOP);
    machine.map(VIRTUAL, ONE, true).map(VIRTUAL + 0x1000, OTHER, true);
  }

  private static final long ENTRY = VIRTUAL + 0xfee;

  @Test
  void aBlockAcrossPagesFollowsTheMappingOfTheSecond() {
    straddling();
    for (int i = 0; i < 3; i++) {
      assertThat(runFor(ENTRY)).isEqualTo(4);
    }
    machine.map(VIRTUAL + 0x1000, OTHER + 0x1000, true);
    core.flushTlb();
    assertThat(runFor(ENTRY)).as("through a link and directly").isEqualTo(13);
    assertThat(runFor(ENTRY + 4)).isEqualTo(13);
    machine.map(VIRTUAL + 0x1000, OTHER, true);
    core.flushTlbPage(VIRTUAL + 0x1000);
    assertThat(runFor(ENTRY)).as("only the second page is named").isEqualTo(4);
  }

  @Test
  void mappingsThatAlternateDoNotTranslateForEver() {
    straddling();
    for (int i = 0; i < 50; i++) {
      machine.map(VIRTUAL + 0x1000, OTHER + (i & 1) * 0x1000, true);
      core.flushTlb();
      assertThat(runFor(ENTRY)).isEqualTo((i & 1) == 0 ? 4 : 13);
    }
    assertThat(machine.codeCache.translated()).isLessThan(10);
  }

  @Test
  void aSecondPageThatHasGoneFaultsWhereItsInstructionIs() {
    straddling();
    assertThat(runFor(ENTRY)).isEqualTo(4);
    long before = core.instructions();
    machine.unmap(VIRTUAL + 0x1000);
    core.flushTlb();
    assertThat(runFor(ENTRY)).as("instructions before the fault have run").isEqualTo(3);
    assertThat(machine.guest(0).faults)
        .containsExactly(new IrGuest.Taken(VIRTUAL + 0x1000, ENTRY + 16, before + 4));
  }

  @Test
  void aPageWithoutMappingFaultsAtTheJumpTarget() {
    machine.code(
        ONE, addOne, machine.insn((ir, delta, next) -> ir.jumpIndirect(ir.constant(VIRTUAL))));
    machine.unmap(VIRTUAL);
    runFor(ONE);
    assertThat(machine.guest(0).faults).containsExactly(new IrGuest.Taken(VIRTUAL, VIRTUAL, 2));
  }

  @Test
  void modesHaveTranslationsOfTheirOwn() {
    int number = machine.insn((ir, delta, next) -> ir.put(IrCores.R, ir.constant(core.mode)));
    machine.code(ONE, number, IrCores.STOP);
    for (int i = 0; i < 4; i++) {
      core.mode = i & 1;
      assertThat(runFor(ONE)).isEqualTo(i & 1);
    }
    assertThat(machine.codeCache.translated()).isEqualTo(2);
  }

  /** An instruction that jumps to an address. */
  private int jumpsTo(long address) {
    return machine.insn((ir, delta, next) -> ir.jumpIndirect(ir.constant(address)));
  }

  /** An instruction that runs an action and has the core look at its mode. */
  private int does(Runnable action) {
    int helper =
        machine.helpers.add(
            "does",
            Effect.ANY,
            (c, x, y, z) -> {
              action.run();
              return 0;
            });
    return machine.insn(
        (ir, delta, next) -> {
          ir.call(helper);
          ir.exit(next);
        });
  }

  /** Has round after round jump to the virtual page, after an action, until register 1 is 0. */
  private void rounds(int count, Runnable before) {
    machine.code(0x2000, does(before), jumpsTo(VIRTUAL));
    machine.code(0x3000, machine.loop(1, -0x400), IrCores.STOP);
    machine.reg(0, 0, 0).reg(0, 1, count);
    machine.run(0, 0x2000);
  }

  @Test
  void indirectJumpsFollowEveryChangeOfTheMapping() {
    int back = jumpsTo(0x3000);
    machine.code(ONE, addOne, back);
    machine.code(OTHER, addTen, back);
    int[] round = {0};
    int count = 70_000; // more than there are tags for flushes
    rounds(
        count,
        () -> {
          machine.map(VIRTUAL, (round[0]++ & 1) == 0 ? ONE : OTHER, true);
          if (round[0] % 3 == 0) {
            core.flushTlbPage(VIRTUAL);
          } else {
            core.flushTlb();
          }
        });
    assertThat(machine.reg(0, 0)).isEqualTo(count / 2 * 11);
    assertThat(machine.codeCache.translated()).isLessThan(20);
  }

  @Test
  void anIndirectJumpToAPageThatHasGoneFaults() {
    machine.code(ONE, addOne, jumpsTo(0x3000));
    machine.map(VIRTUAL, ONE, true);
    int[] round = {0};
    rounds(
        100,
        () -> {
          if (++round[0] == 50) {
            machine.unmap(VIRTUAL);
            core.flushTlbPage(VIRTUAL);
          }
        });
    assertThat(machine.reg(0, 0)).isEqualTo(49);
    assertThat(machine.guest(0).faults)
        .extracting(IrGuest.Taken::address, IrGuest.Taken::pc)
        .containsExactly(tuple(VIRTUAL, VIRTUAL));
  }

  @Test
  void jumpsOfManyModesAtOneAddressStayApart() {
    int addMode =
        machine.insn(
            (ir, delta, next) ->
                ir.put(IrCores.R, ir.plus(ir.get(IrCores.R), 1L << 5 * core.mode)));
    machine.code(ONE, addMode, jumpsTo(0x3000));
    machine.map(VIRTUAL, ONE, true);
    int[] round = {0};
    int modes = 12; // more than have a tag at once
    rounds(
        20 * modes,
        () -> {
          // Now one after the other, now one for long.
          core.mode = round[0] / modes % 2 == 0 ? round[0] % modes : round[0] / modes % modes;
          round[0]++;
        });
    long expected = 0;
    for (int i = 0; i < 20 * modes; i++) {
      expected += 1L << 5 * (i / modes % 2 == 0 ? i % modes : i / modes % modes);
    }
    assertThat(machine.reg(0, 0)).isEqualTo(expected);
  }

  @Test
  void aFlushInTheMiddleOfABlockHoldsForItsJump() {
    boolean[] toOther = {false};
    int remap =
        machine.calls(
            Effect.ANY,
            0,
            0,
            (c, a, b, z) -> {
              toOther[0] ^= true;
              machine.map(VIRTUAL, toOther[0] ? OTHER : ONE, true);
              c.flushTlb();
              return 0;
            });
    machine.code(ONE, addOne, jumpsTo(0x3000));
    machine.code(OTHER, addTen, jumpsTo(0x3000));
    machine.map(VIRTUAL, ONE, true);
    machine.code(0x2000, remap, jumpsTo(VIRTUAL));
    machine.code(0x3000, machine.loop(1, -0x400), IrCores.STOP);
    machine.reg(0, 1, 100);
    assertThat(runFor(0x2000)).isEqualTo(50 * 11);
  }

  @Test
  void dataTranslationsAreDroppedToo() {
    int load =
        machine.insn(
            (ir, delta, next) -> ir.put(IrCores.R, ir.load(64, ir.constant(VIRTUAL + 8), 0)));
    machine.code(ONE, load, IrCores.STOP);
    machine.ram.store64(0x6008, 6);
    machine.ram.store64(0x7008, 7);
    machine.map(VIRTUAL, 0x6000, true);
    assertThat(runFor(ONE)).isEqualTo(6);
    machine.map(VIRTUAL, 0x7000, true);
    core.flushTlbPage(VIRTUAL + 0x1000);
    assertThat(runFor(ONE)).as("only the page that was named is dropped").isEqualTo(6);
    core.flushTlbPage(VIRTUAL + 0xfff);
    assertThat(runFor(ONE)).isEqualTo(7);
    machine.unmap(VIRTUAL);
    core.flushTlb();
    runFor(ONE);
    assertThat(machine.guest(0).faults).hasSize(1);
  }
}
