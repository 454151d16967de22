package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.TimeUnit;
import org.coremu.exec.nativecode.HostFeatures;
import org.coremu.ir.IrOp;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The memory for native code: what does not fit makes room and comes again, whoever runs in it, and
 * what is dead is not run.
 */
@Tag("tierless")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NativeCodeTest {
  private static final int R = IrCores.R;
  private static final long CODE_BYTES = 1 << 20;
  private static final long RAM = 4 << 20;
  private static final long LOOP = 0x1000;
  private static final long STARTED = 0x3000;
  private static final long LONG_CODE = 0x1_0000;

  /** Blocks of the long code: about twice what fits into the memory. */
  private static final int BLOCKS = 15_000;

  private static final int COUNT = 0;
  private static final int ROUNDS = 1;
  private static final int OTHER = 2;

  @BeforeEach
  void needsTheNativeTier() {
    assumeTrue(HostFeatures.isHostSupported(), "the host has no native tier");
  }

  /**
   * Code of many blocks, each of which counts; they go to the next one in all ways, across pages,
   * too. From the last one it begins again, as often as register {@link #ROUNDS} says.
   */
  private static void longCode(IrCores machine) {
    int add = machine.addTo(COUNT, 1);
    int near = machine.jumpBy(1);
    int far = machine.insn((ir, delta, next) -> ir.jumpIndirect(ir.pcRelative(next)));
    int maybe =
        machine.insn(
            (ir, delta, next) ->
                ir.branch(ir.binary(IrOp.EQ, ir.get(R + ROUNDS), ir.constant(-1)), delta, next));
    int[] ends = {near, far, maybe};
    int[] code = new int[2 * BLOCKS + 2];
    for (int i = 0; i < BLOCKS; i++) {
      code[2 * i] = add;
      code[2 * i + 1] = ends[i % ends.length];
    }
    code[2 * BLOCKS] = machine.loop(ROUNDS, -2 * BLOCKS);
    machine.code(LONG_CODE, code);
  }

  private static void startLongCode(IrCores machine, int core, int block, int rounds) {
    machine.reg(core, ROUNDS, rounds);
    machine.start(core, LONG_CODE + block * 2L * IrCores.LENGTH);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void codeThatDoesNotFitMakesRoomAndComesAgain(int cores) {
    try (IrCores machine = new IrCores(cores, RAM, CODE_BYTES)) {
      longCode(machine);
      for (int core = 0; core < cores; core++) {
        startLongCode(machine, core, core * 1000, 4);
      }
      machine.runParallel();
      for (int core = 0; core < cores; core++) {
        assertThat(machine.reg(core, COUNT))
            .as("core %d", core)
            .isEqualTo(4 * BLOCKS - core * 1000);
        assertThat(machine.core(core).instructions())
            .as("core %d", core)
            .isEqualTo(2 * machine.reg(core, COUNT) + 4 + 1);
      }
      CodeCache cache = machine.codeCache;
      assertThat(cache.evictions()).isGreaterThan(5);
      assertThat(cache.translated()).isGreaterThan(2 * BLOCKS);
      assertThat(cache.nativeBytes()).isBetween(CODE_BYTES / 2, CODE_BYTES);
      assertThat(cache.nativeCode.newId())
          .as("numbers are used again")
          .isLessThan((int) CODE_BYTES / 50);
    }
  }

  /** A block that makes room while a jump leads to it from one that was made later and stays. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5})
  void aJumpBackDoesNotOutliveItsTarget(int between) {
    try (IrCores machine = new IrCores(1, RAM, CODE_BYTES)) {
      longCode(machine);
      // Enough for some of the eight parts of the memory, and not for all.
      int part = 500;
      for (int block = part; block < BLOCKS; block += part) {
        machine.code(LONG_CODE + block * 2L * IrCores.LENGTH, IrCores.STOP);
      }
      machine.code(LOOP, machine.addTo(OTHER, 1), IrCores.STOP, machine.jumpBy(-2));
      int next = 0;
      machine.run(0, LOOP);
      for (; next < between; next++) {
        machine.run(0, LONG_CODE + (next * part + 1) * 2L * IrCores.LENGTH);
      }
      long before = machine.reg(0, OTHER);
      for (int i = 1; i < 25; i++) {
        machine.run(0, LOOP + 2 * IrCores.LENGTH);
        assertThat(machine.reg(0, OTHER)).isEqualTo(before + i);
        machine.run(0, LONG_CODE + (next++ * part + 1) * 2L * IrCores.LENGTH);
      }
      assertThat(machine.reg(0, COUNT)).isEqualTo(next * (part - 1));
      assertThat(machine.codeCache.evictions()).isGreaterThan(8);
    }
  }

  /**
   * A loop of two blocks that never leaves native code by itself; each counts, and the first one
   * stores 1 to {@link #STARTED}.
   */
  private static void endlessLoop(IrCores machine, int core) {
    machine.code(
        LOOP,
        machine.insn(
            (ir, delta, next) -> {
              ir.store(8, ir.constant(STARTED), 0, ir.constant(1));
              ir.put(R + COUNT, ir.plus(ir.get(R + COUNT), 1));
            }),
        machine.jumpBy(2),
        IrCores.STOP,
        machine.addTo(OTHER, 1),
        machine.jumpBy(-4));
    machine.start(core, LOOP);
  }

  /** An instruction that comes again until the endless loop runs. */
  private static int untilStarted(IrCores machine) {
    return machine.insn(
        (ir, delta, next) -> ir.branch(ir.load(8, ir.constant(STARTED), 0), next, delta));
  }

  /** An instruction that makes an instruction STOP. */
  private static int stops(IrCores machine, long address) {
    return machine.insn(
        (ir, delta, next) -> ir.store(32, ir.constant(address), 0, ir.constant(IrCores.STOP)));
  }

  @Test
  void aLoopGoesOnWhileOthersEvictIt() {
    try (IrCores machine = new IrCores(3, RAM, CODE_BYTES)) {
      endlessLoop(machine, 0);
      longCode(machine);
      machine.code(LONG_CODE + (2L * BLOCKS + 1) * IrCores.LENGTH, stops(machine, LOOP), 0);
      startLongCode(machine, 1, 0, 6);
      startLongCode(machine, 2, 0, 4);
      machine.runParallel();
      assertThat(machine.codeCache.evictions()).isGreaterThan(5);
      assertThat(machine.reg(1, COUNT)).isEqualTo(6 * BLOCKS);
      assertThat(machine.reg(2, COUNT)).isEqualTo(4 * BLOCKS);
      long count = machine.reg(0, COUNT);
      assertThat(count).isPositive();
      assertThat(machine.reg(0, OTHER)).isEqualTo(count);
      assertThat(machine.core(0).instructions()).isEqualTo(4 * count + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4})
  void aLoopOfLinkedBlocksSeesWhatAnotherCoreWrites(int instruction) {
    try (IrCores machine = new IrCores(2, RAM, CODE_BYTES)) {
      endlessLoop(machine, 0);
      long changed = LOOP + instruction * IrCores.LENGTH;
      int untilStarted = untilStarted(machine);
      int wait =
          machine.insn(
              (ir, delta, next) -> {
                int left = ir.plus(ir.get(R + ROUNDS), -1);
                ir.put(R + ROUNDS, left);
                ir.branch(left, delta, next);
              });
      machine.reg(1, ROUNDS, 3_000_000);
      machine.code(0x2000, untilStarted, wait, stops(machine, changed), IrCores.STOP);
      machine.start(1, 0x2000);
      machine.runParallel();
      assertThat(machine.reg(0, COUNT)).isPositive();
      assertThat(machine.core(0).state.get(CoreState.PC)).isEqualTo(changed);
    }
  }

  /** One core changes an instruction of the loop again and again; it must do one or the other. */
  @Test
  void linkedBlocksChangeWhileTheyRun() {
    try (IrCores machine = new IrCores(2, RAM, CODE_BYTES)) {
      endlessLoop(machine, 0);
      int hundred = machine.addTo(COUNT, 100);
      int one = machine.addTo(COUNT, 1);
      long changed = LOOP;
      int write =
          machine.insn(
              (ir, delta, next) -> {
                int odd = ir.mask(ir.get(R + ROUNDS), 1);
                int which = ir.select(odd, ir.constant(hundred), ir.constant(one));
                ir.store(32, ir.constant(changed), 0, which);
              });
      machine.code(
          0x2000,
          untilStarted(machine),
          write,
          machine.jumpBy(1),
          machine.loop(ROUNDS, -2),
          stops(machine, changed),
          0);
      machine.reg(1, ROUNDS, 50_000).start(1, 0x2000);
      machine.runParallel();
      long passes = machine.reg(0, OTHER);
      assertThat(machine.core(0).instructions()).isEqualTo(4 * passes + 1);
      assertThat((machine.reg(0, COUNT) - passes) % 99).as("only ones and hundreds").isZero();
      assertThat(machine.codeCache.invalidated()).isPositive();
    }
  }

  /** Also the second jump to a block is linked, which the jump cache knows by then. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void everyJumpWithinAPageIsLinked(int changed) {
    try (IrCores machine = new IrCores(1, RAM, CODE_BYTES)) {
      long target = LOOP + 0x100;
      long second = LOOP + 0x40;
      int add = machine.addTo(COUNT, 1);
      machine.code(LOOP, add, machine.jumpBy((0x100 - IrCores.LENGTH) / IrCores.LENGTH));
      machine.code(second, add, machine.jumpBy((0x100 - 0x40 - IrCores.LENGTH) / IrCores.LENGTH));
      machine.code(target, machine.addTo(OTHER, 1), IrCores.STOP);
      machine.run(0, LOOP).run(0, second);
      if (changed == 1) {
        machine.code(target, machine.addTo(OTHER, 2), IrCores.STOP);
        machine.run(0, LOOP).run(0, second);
        assertThat(machine.reg(0, OTHER)).isEqualTo(6);
      }
      assertThat(linksTo(machine, target)).isEqualTo(2);
    }
  }

  /** Jumps that are kept as leading to the block at an address. */
  private static int linksTo(IrCores machine, long address) {
    Core core = machine.core(0);
    CodeBlock block = machine.codeCache.find(address, core.codeMode(), core, address);
    int links = 0;
    for (NativeCode.Link l = block.incoming; l != null; l = l.next()) {
      links++;
    }
    return links;
  }

  @Test
  void linksOfDeadBlocksAreNotKept() {
    try (IrCores machine = new IrCores(1, RAM, CODE_BYTES)) {
      long target = LOOP + 0x100;
      int[] adds = {machine.addTo(COUNT, 1), machine.addTo(COUNT, 100)};
      int jump = machine.jumpBy((0x100 - IrCores.LENGTH) / IrCores.LENGTH);
      int jumpFromSecond = machine.jumpBy((0x100 - 0x40 - IrCores.LENGTH) / IrCores.LENGTH);
      machine.code(target, machine.addTo(OTHER, 1), IrCores.STOP);
      machine.code(LOOP + 0x40, adds[0], jumpFromSecond);
      machine.run(0, LOOP + 0x40);
      for (int i = 0; i < 1000; i++) {
        machine.code(LOOP, adds[i & 1], jump);
        machine.run(0, LOOP);
      }
      assertThat(machine.reg(0, COUNT)).isEqualTo(1 + 50_500);
      assertThat(machine.codeCache.invalidated()).isGreaterThan(900);
      assertThat(linksTo(machine, target)).isBetween(2, 20);
      // The links that live still are: the block that they lead to changes, and they follow.
      machine.code(target, machine.addTo(OTHER, 5), IrCores.STOP);
      machine.run(0, LOOP + 0x40).run(0, LOOP);
      assertThat(machine.reg(0, OTHER)).isEqualTo(1001 + 10);
    }
  }

  @Test
  void aBlockThatNeverFitsRunsAllTheSame() {
    try (IrCores machine = new IrCores(1, RAM, CODE_BYTES)) {
      int stores = 4000;
      int big =
          machine.insn(
              (ir, delta, next) -> {
                for (int i = 0; i < stores; i++) {
                  int at = ir.constant(0x8000);
                  ir.store(64, at, 0, ir.plus(ir.load(64, at, 0), i));
                }
              });
      machine.code(LOOP, machine.addTo(COUNT, 1), big, machine.loop(ROUNDS, -2), 0);
      machine.reg(0, ROUNDS, 10).run(0, LOOP);
      assertThat(machine.reg(0, COUNT)).isEqualTo(10);
      assertThat(machine.ram.load64(0x8000)).isEqualTo(10L * stores * (stores - 1) / 2);
    }
  }
}
