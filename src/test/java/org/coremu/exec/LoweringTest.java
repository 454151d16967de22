package org.coremu.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.coremu.exec.nativecode.HostFeatures;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random blocks do in the interpreter and in native code what their ops say one by one: what the
 * builder folds and forwards, what {@code DeadCode} removes, where {@link Lowering} puts values and
 * how the native tier allocates registers makes no difference to registers, flags, memory, helpers,
 * faults and the instruction count.
 */
@Tag("tierless")
class LoweringTest {
  private static final int PROGRAMS = Integer.getInteger("coremu.programs", 200_000);

  /** Fixed, so that a failure comes again; another one finds other programs. */
  private static final long SEED = Long.getLong("coremu.seed", 1);

  private static final int CODE_BYTES = 1 << 20;

  private final IrReference reference = new IrReference();
  private final List<IrBlockMachine> machines = new ArrayList<>();
  private IrProgram program;
  private IrBlockMachine running;

  @Test
  void randomBlocksDoWhatTheirOpsSay() {
    try (IrBlockMachine interpreter = new IrBlockMachine(0)) {
      machines.add(interpreter);
      if (HostFeatures.isHostSupported()) {
        machines.add(new IrBlockMachine(CODE_BYTES));
      }
      SplittableRandom seeds = new SplittableRandom(SEED);
      for (int i = 0; i < PROGRAMS; i++) {
        long seed = seeds.nextLong();
        try {
          check(seed);
        } catch (Throwable e) {
          throw new AssertionError(describe(i, seed) + e.getMessage(), e);
        }
      }
      machines.subList(1, machines.size()).forEach(IrBlockMachine::close);
    }
  }

  private String describe(int number, long seed) {
    String tier = running == machines.getFirst() ? "interpreter" : "native";
    return "program %d, seed %d, %s\n%s\nas IR:\n%s\n"
        .formatted(number, seed, tier, program, machines.getFirst().ir(program));
  }

  private void check(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    program = new RandomIr(random).next();
    for (int slot = IrBlockMachine.FIRST_SLOT; slot < IrBlockMachine.END_SLOT; slot++) {
      set(slot, RandomIr.value(random));
    }
    set(CoreState.FP_CONTROL, random.nextInt(4) == 0 ? random.nextInt(0x10000) : 0x1f80);
    boolean flush = random.nextInt(4) == 0;
    reference.run(program, IrBlockMachine.CODE);
    for (IrBlockMachine machine : machines) {
      running = machine;
      if (flush) {
        machine.flushTlb();
      }
      machine.run(program);
      machine.compare(reference);
    }
  }

  private void set(int slot, long value) {
    reference.slots[slot] = value;
    machines.forEach(machine -> machine.set(slot, value));
  }
}
