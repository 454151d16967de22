package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.coremu.ir.Effect;
import org.coremu.ir.IrBuilder;
import org.coremu.ir.Verifier;
import org.coremu.mem.CodePages;
import org.coremu.mem.PhysicalBus;
import org.coremu.mem.Ram;

/** A core that runs one {@link IrProgram} at a time, on the memory of {@link IrReference}. */
final class IrBlockMachine implements AutoCloseable {
  /** Where the program is. */
  static final int CODE = 0x100;

  /** Slots that the programs use: integer registers, then vector registers. */
  static final int FIRST_SLOT = CoreState.GUEST;

  static final int END_SLOT = FIRST_SLOT + RandomIr.REGISTERS + 2 * RandomIr.VECTORS;

  private static final int DATA = IrReference.READ_ONLY;

  /** Some of the registers, so that values move between those that are pinned and others. */
  private static final int[] HOT = {
    FIRST_SLOT, FIRST_SLOT + 1, FIRST_SLOT + 3, FIRST_SLOT + 5, FIRST_SLOT + 6
  };

  private final Arena arena = Arena.ofShared();
  private final Ram ram = new Ram(arena, 0x10000);
  private final CodePages pages = new CodePages(0x10000);
  private final PhysicalBus bus = new PhysicalBus(ram, pages);
  private final Helpers helpers = new Helpers();
  private final List<Long> trace = new ArrayList<>();
  private final OfCore view = new OfCore();
  private final Core core;
  private final Translator translator = new Translator(helpers);

  private IrProgram program;
  private boolean stopped;
  private long faulted;
  private long countAtStart;
  private long countAtEnd;

  /** A machine; on the native tier if it is given memory for native code, in bytes. */
  IrBlockMachine(long codeBytes) {
    bus.mapRam(0, 0x10000, 0, true);
    CodeCache cache = TestTier.codeCache(codeBytes, arena, ram, pages, HOT);
    for (int h = 0; h < IrHelpers.COUNT; h++) {
      int helper = h;
      helpers.add(
          "helper" + h,
          IrHelpers.effects(h),
          (c, x, y, z) -> {
            if (IrHelpers.refuses(helper, x)) {
              throw new Fault(IrHelpers.FAULTY);
            }
            return IrHelpers.apply(helper, view, x, y, z);
          });
    }
    core = new Core(0, arena, 1, helpers, bus, cache, Exclusive.SERIAL, BlockGuest::new);
    cache.setCores(List.of(core));
  }

  void set(int slot, long value) {
    core.state.put(slot, value);
  }

  void flushTlb() {
    core.flushTlb();
  }

  /** The IR that a program becomes. */
  String ir(IrProgram of) {
    IrBuilder ir = new IrBuilder(helpers);
    ir.begin();
    of.build(ir);
    return ir.block().toString();
  }

  /** Runs a program from its start until it leaves its block. */
  void run(IrProgram toRun) {
    program = toRun;
    countAtStart = core.instructions();
    core.state.put(CoreState.PC, CODE);
    bus.write(CODE, core.state.get(CoreState.GUEST), 4);
    stopped = false;
    faulted = -1;
    trace.clear();
    while (!stopped) {
      core.run(translator, 1000);
    }
  }

  /** Compares everything that can be seen with what should be. */
  void compare(IrReference reference) {
    same("address of the fault", faulted, reference.faulted);
    same("PC", core.state.get(CoreState.PC), reference.slots[CoreState.PC]);
    same("instructions", countAtEnd - countAtStart, reference.count);
    for (int slot = FIRST_SLOT; slot < END_SLOT; slot++) {
      if (core.state.get(slot) != reference.slots[slot]) {
        same("slot " + slot, core.state.get(slot), reference.slots[slot]);
      }
    }
    same("flags", IrHelpers.flags(view), IrHelpers.flags(reference));
    same("FP control", core.state.get(CoreState.FP_CONTROL), reference.slots[CoreState.FP_CONTROL]);
    if (!trace.equals(reference.trace)) {
      assertThat(trace).as("calls").isEqualTo(reference.trace);
    }
    MemorySegment memory = ram.segment().asSlice(DATA, IrReference.END - DATA);
    MemorySegment expected = MemorySegment.ofArray(reference.memory).asSlice(DATA);
    same("first byte of memory that differs", memory.mismatch(expected), -1);
  }

  private static void same(String what, long actual, long expected) {
    if (actual != expected) {
      assertThat(actual).as(what).isEqualTo(expected);
    }
  }

  @Override
  public void close() {
    arena.close();
  }

  /** A fault at an address. */
  private static final class Fault extends GuestFault {
    private static final long serialVersionUID = 1;
    final long address;

    Fault(long address) {
      this.address = address;
    }
  }

  /** The state of the core, for helpers. */
  private final class OfCore implements IrHelpers.State {
    @Override
    public long get(int slot) {
      return core.state.get(slot);
    }

    @Override
    public void put(int slot, long value) {
      core.state.put(slot, value);
    }

    @Override
    public long instructions() {
      return core.instructions() - countAtStart;
    }

    @Override
    public long pc() {
      return core.currentPc();
    }

    @Override
    public void trace(long value) {
      trace.add(value);
    }
  }

  /** The program at its address; everywhere else is the end. */
  private final class BlockGuest implements Guest {
    private final Core self;
    private final int stop;

    BlockGuest(Core self) {
      this.self = self;
      stop =
          helpers.add(
              "stop",
              Effect.ANY,
              (c, x, y, z) -> {
                countAtEnd = self.instructions();
                stopped = true;
                return 0;
              });
    }

    @Override
    public void translateBlock(
        IrBuilder builder, CodeReader code, long start, long mode, int maxInsns) {
      if (start == CODE) {
        program.build(builder);
      } else {
        builder.insn(0);
        builder.call(stop);
        builder.exit(0);
        builder.end(1);
      }
      Verifier.check(builder.block());
    }

    @Override
    public long translate(long address, int access, int mmuMode) {
      boolean allowed =
          access == FETCH
              || address >= (access == WRITE ? IrReference.WRITABLE : DATA)
                  && address < IrReference.END;
      if (!allowed) {
        throw new Fault(address);
      }
      self.tlb.fill(
          mmuMode, address, address, address >= DATA, address >= IrReference.WRITABLE, true, 4096);
      return address;
    }

    @Override
    public void takeFault(GuestFault fault) {
      faulted = ((Fault) fault).address;
      countAtEnd = self.instructions();
      stopped = true;
    }

    @Override
    public GuestFault alignmentFault(long address) {
      return new Fault(address);
    }

    @Override
    public GuestFault floatingPointFault() {
      return new Fault(IrHelpers.FAULTY);
    }

    @Override
    public GuestFault divideFault() {
      return new Fault(IrHelpers.FAULTY);
    }

    @Override
    public void refuseTarget(long address) {
      throw new Fault(address);
    }

    @Override
    public int attend() {
      return stopped ? HALT : RUN;
    }

    @Override
    public void reset() {}

    @Override
    public long peek(long address) {
      return address;
    }

    @Override
    public void stepped() {}
  }
}
