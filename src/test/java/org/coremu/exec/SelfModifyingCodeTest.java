package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.hw.MmioDevice;
import org.coremu.ir.Effect;
import org.coremu.mem.Ram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A core runs what is in memory, whoever has written it and wherever it lies. */
class SelfModifyingCodeTest {
  private static final long CODE = 0x1000;
  private static final long DATA = 0x8000;

  private final IrCores machine = new IrCores(1, 1 << 20);
  private final int addOne = machine.addTo(0, 1);
  private final int addHundred = machine.addTo(0, 100);

  @AfterEach
  void close() {
    machine.close();
  }

  /** An instruction that stores a constant, 32 bits. */
  private int stores(long address, int value) {
    return machine.insn(
        (ir, delta, next) -> ir.store(32, ir.constant(address), 0, ir.constant(value)));
  }

  private int jumpTo(long from, long to) {
    return machine.insn((ir, delta, next) -> ir.jump(delta + (int) (to - from)));
  }

  @Test
  void changesTheNextInstructionOfItsBlock() {
    machine.code(CODE, addOne, stores(CODE + 8, addHundred), addOne, IrCores.STOP);
    machine.run(0, CODE);
    assertThat(machine.reg(0, 0)).isEqualTo(101);
    assertThat(machine.core(0).instructions()).isEqualTo(4);
  }

  @Test
  void changesAnEarlierInstructionOfItsBlock() {
    machine.reg(0, 1, 2);
    machine.code(CODE, addOne, stores(CODE, addHundred), machine.loop(1, -2), IrCores.STOP);
    machine.run(0, CODE);
    assertThat(machine.reg(0, 0)).isEqualTo(101);
    assertThat(machine.core(0).instructions()).isEqualTo(7);
  }

  @Test
  void changesItself() {
    machine.reg(0, 1, 2);
    machine.code(CODE, stores(CODE, addHundred), machine.loop(1, -1), IrCores.STOP);
    machine.run(0, CODE);
    assertThat(machine.reg(0, 0)).isEqualTo(100);
    assertThat(machine.core(0).instructions()).isEqualTo(5);
  }

  @Test
  void changesABlockThatItsOwnIsLinkedTo() {
    // Runs the target as it was, links to it, changes it, and runs it again.
    machine.reg(0, 1, 2);
    int store = stores(CODE + 16, addHundred);
    machine.code(
        CODE,
        machine.jumpBy(4),
        store,
        machine.jumpBy(2),
        IrCores.STOP,
        addOne,
        machine.loop(1, -4),
        IrCores.STOP);
    machine.run(0, CODE);
    assertThat(machine.reg(0, 0)).isEqualTo(101);
  }

  @Test
  void changesWhatIsLeftOfAQuantum() {
    // The first store kills the only block of the page, so that the page is data for a moment.
    machine.code(
        CODE,
        stores(CODE + 24, addOne),
        stores(CODE + 8, addHundred),
        addOne,
        addOne,
        addOne,
        addOne,
        addOne,
        IrCores.STOP);
    machine.core(0).setExact(true);
    machine.start(0, CODE);
    machine.quantum(0, 4);
    assertThat(machine.reg(0, 0)).isEqualTo(101);
    assertThat(machine.core(0).instructions()).isEqualTo(4);
  }

  @Test
  void changesABlockThatIsDroppedWhileItRuns() {
    machine.bus.mapDevice(0x30_0000, 0x1000, new Dropper());
    int drop = machine.insn((ir, delta, next) -> ir.load(32, ir.constant(0x30_0000), 0));
    // The second store finds the page's entry as the first one has left it.
    machine.code(
        CODE, drop, stores(CODE + 24, addOne), stores(CODE + 12, addHundred), addOne, IrCores.STOP);
    machine.run(0, CODE);
    assertThat(machine.reg(0, 0)).isEqualTo(100);
    assertThat(machine.core(0).instructions()).isEqualTo(5);
  }

  @Test
  void changesABlockThatIsDroppedWhileItRunsThroughANewEntryOfTheTlb() {
    machine.bus.mapDevice(0x30_0000, 0x1000, new Dropper());
    int drop = machine.insn((ir, delta, next) -> ir.load(32, ir.constant(0x30_0000), 0));
    int helper =
        machine.helpers.add(
            "flush",
            Effect.ANY,
            (core, a, b, c) -> {
              core.tlb.flush();
              return 0;
            });
    int flush = machine.insn((ir, delta, next) -> ir.call(helper));
    int look = machine.insn((ir, delta, next) -> ir.load(32, ir.constant(CODE + 24), 0));
    machine.code(CODE, drop, flush, look, stores(CODE + 16, addHundred), addOne, IrCores.STOP);
    machine.run(0, CODE);
    assertThat(machine.reg(0, 0)).isEqualTo(100);
  }

  /** A device that does to the block that reads it what another core's eviction does. */
  private final class Dropper implements MmioDevice {
    @Override
    public long read(long offset, int size) {
      machine.codeCache.evict(machine.core(0).block);
      return 0;
    }

    @Override
    public void write(long offset, long value, int size) {}
  }

  @Test
  void changesCodeOnTheNextPage() {
    long other = CODE + 0x1000;
    machine.reg(0, 1, 2);
    machine.code(other, addOne, machine.loop(1, -0x402), IrCores.STOP);
    machine.code(CODE + 0xff8, IrCores.STOP, jumpTo(CODE + 0xffc, other));
    machine.code(CODE, stores(other, addHundred), jumpTo(CODE + 4, other));
    machine.run(0, CODE + 0xffc);
    assertThat(machine.reg(0, 0)).isEqualTo(1);
    machine.reg(0, 1, 1);
    machine.run(0, CODE);
    assertThat(machine.reg(0, 0)).isEqualTo(101);
  }

  @Test
  void changesEitherHalfOfAnInstructionAcrossPages() {
    // Numbers whose low half is equal, then whose high half is.
    while (machine.insn((ir, delta, next) -> ir.put(IrCores.R, ir.constant(7)))
        < 0x10000 + addOne) {}
    int same = 0x10000 + addOne;
    long at = CODE + 0xffe;
    machine.code(at, addOne, IrCores.STOP);
    machine.run(0, at);
    assertThat(machine.reg(0, 0)).isEqualTo(1);
    machine.code(at - 12, stores(at + 2, same >>> 16), machine.jumpBy(1), addOne);
    machine.ram.store16(CODE + 0xffe, addOne);
    machine.run(0, at - 12);
    assertThat(machine.reg(0, 0)).as("second half changed").isEqualTo(7);
    int store16 =
        machine.insn(
            (ir, delta, next) -> ir.store(16, ir.constant(at), 0, ir.constant(addHundred)));
    machine.code(at - 12, stores(at + 2, 0), store16, addOne, addOne);
    machine.run(0, at - 12);
    assertThat(machine.reg(0, 0)).as("both halves changed").isEqualTo(7 + 1 + 100);
  }

  @Test
  void generatesANewInstructionInEveryRound() {
    int first = machine.addTo(0, 0);
    for (int k = 1; k < 500; k++) {
      machine.addTo(0, k);
    }
    int store =
        machine.insn(
            (ir, delta, next) -> ir.store(32, ir.constant(CODE + 8), 0, ir.get(IrCores.R + 2)));
    machine.reg(0, 1, 500).reg(0, 2, first);
    machine.code(CODE, store, machine.addTo(2, 1), addOne, machine.loop(1, -3), IrCores.STOP);
    machine.run(0, CODE);
    assertThat(machine.reg(0, 0)).isEqualTo(499 * 500 / 2);
    assertThat(machine.core(0).instructions()).isEqualTo(4 * 500 + 1);
  }

  @Test
  void isChangedByDma() {
    machine.code(CODE, addOne, IrCores.STOP);
    machine.run(0, CODE).run(0, CODE);
    byte[] page = new byte[2 * Ram.PAGE_SIZE];
    page[0x800] = (byte) addHundred;
    machine.bus.write(CODE - 0x800, page, 0, page.length);
    machine.run(0, CODE);
    assertThat(machine.reg(0, 0)).isEqualTo(102);
    machine.bus.write(CODE, addOne, 4);
    machine.run(0, CODE);
    assertThat(machine.reg(0, 0)).isEqualTo(103);
  }

  @Test
  void isChangedThroughAnotherMapping() {
    machine.map(0x40_0000, CODE, true);
    machine.code(CODE, addOne, stores(0x40_0000 + 8, addHundred), addOne, IrCores.STOP);
    machine.run(0, CODE);
    assertThat(machine.reg(0, 0)).isEqualTo(101);
    machine.run(0, 0x40_0000);
    assertThat(machine.reg(0, 0)).isEqualTo(202);
  }

  @Test
  void isChangedByAtomicOps() {
    int atomic =
        machine.insn(
            (ir, delta, next) ->
                ir.put(
                    IrCores.R + 3,
                    ir.cas(
                        32, ir.constant(CODE + 8), ir.constant(addOne), ir.constant(addHundred))));
    machine.code(CODE, addOne, atomic, addOne, IrCores.STOP);
    machine.run(0, CODE);
    assertThat(machine.reg(0, 0)).isEqualTo(101);
    assertThat(machine.reg(0, 3)).as("what the exchange found").isEqualTo(addOne);
  }

  @Test
  void dataBesideCodeIsNoChangeOfCode() {
    int count =
        machine.insn(
            (ir, delta, next) -> {
              int address = ir.constant(CODE + 0x100);
              ir.store(64, address, 0, ir.plus(ir.load(64, address, 0), 3));
            });
    machine.reg(0, 1, 5000);
    machine.code(CODE, count, addOne, machine.loop(1, -2), IrCores.STOP);
    machine.run(0, CODE);
    assertThat(machine.ram.load64(CODE + 0x100)).isEqualTo(15_000);
    assertThat(machine.reg(0, 0)).isEqualTo(5000);
    assertThat(machine.codeCache.translated()).isLessThan(5);
    assertThat(machine.codeCache.invalidated()).isZero();
  }

  @Test
  void aPageWhoseCodeIsOverwrittenIsDataAgain() {
    machine.code(DATA, addOne, IrCores.STOP);
    machine.run(0, DATA);
    assertThat(machine.codePages.isCode(DATA >>> 12)).isTrue();
    machine.code(CODE, stores(DATA, 0), stores(DATA + 4, 0), stores(DATA + 8, 5), IrCores.STOP);
    machine.run(0, CODE);
    assertThat(machine.codePages.isCode(DATA >>> 12)).isFalse();
    assertThat(machine.codeCache.live(DATA >>> 12)).isEmpty();
  }

  @Test
  void codeBecomesDataBecomesCode() {
    int[] store = {stores(DATA, addHundred), stores(DATA, addOne)};
    for (int i = 0; i < 20; i++) {
      machine.code(CODE, store[i & 1], stores(DATA + 8, i), jumpTo(CODE + 8, DATA));
      machine.run(0, CODE);
    }
    assertThat(machine.reg(0, 0)).isEqualTo(10 * 101);
  }
}
