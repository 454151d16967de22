package org.coremu.exec;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.coremu.ir.Effect;
import org.coremu.ir.IrBuilder;
import org.coremu.ir.Verifier;
import org.coremu.mem.CodePages;
import org.coremu.mem.PhysicalBus;
import org.coremu.mem.Ram;

/**
 * A core whose guest code is IR written by a test. Addresses are physical; a load or store at
 * {@link #NOT_PRESENT} or above faults. Program {@code n} is the block at address {@code n * 16};
 * code that is not there stops the core.
 */
public final class IrMachine implements AutoCloseable {
  /** First guest register slot. */
  public static final int R = CoreState.GUEST;

  public static final long RAM = 1 << 20;
  public static final long NOT_PRESENT = 0x80000;

  private final Arena arena = Arena.ofShared();
  private final Translator translator;
  private final List<Consumer<IrBuilder>> programs = new ArrayList<>();
  public final Helpers helpers = new Helpers();
  public final Ram ram = new Ram(arena, RAM);
  public final PhysicalBus bus;
  public final Core core;

  private final int stop =
      helpers.add(
          "stop",
          Effect.ANY,
          (c, x, y, z) -> {
            stopped = true;
            return 0;
          });

  /** The address of the last fault, or -1. */
  public long faulted = -1;

  /** Whether the core has run into code that is not there. */
  public boolean stopped;

  /** A fault of a test. */
  public static final class Fault extends GuestFault {
    private static final long serialVersionUID = 1;
    public final long address;

    Fault(long address) {
      this.address = address;
    }
  }

  /** A machine of the tier that tests run on. */
  public IrMachine() {
    this(TestTier.NATIVE ? 16 << 20 : 0);
  }

  /** A machine; on the native tier if it is given memory for native code, in bytes. */
  IrMachine(long codeBytes) {
    CodePages pages = new CodePages(RAM);
    bus = new PhysicalBus(ram, pages);
    bus.mapRam(0, RAM, 0, true);
    CodeCache cache = TestTier.codeCache(codeBytes, arena, ram, pages, R, R + 1, R + 3);
    core = new Core(0, arena, 1, helpers, bus, cache, Exclusive.SERIAL, c -> new TestGuest());
    cache.setCores(List.of(core));
    translator = new Translator(helpers);
  }

  /** Adds a program; it must end its block. */
  public IrMachine program(Consumer<IrBuilder> ir) {
    programs.add(ir);
    return this;
  }

  /** The number that the next program gets. */
  int nextProgram() {
    return programs.size();
  }

  public long reg(int n) {
    return core.state.get(R + n);
  }

  public void reg(int n, long value) {
    core.state.put(R + n, value);
  }

  /** Runs from program 0 until the core stops or faults. */
  public void run() {
    run(0);
  }

  /** Runs from a program until the core stops or faults. */
  void run(int number) {
    core.state.put(CoreState.PC, number * 16L);
    faulted = -1;
    stopped = false;
    while (!stopped && faulted < 0) {
      core.run(translator, 1000);
    }
  }

  @Override
  public void close() {
    arena.close();
  }

  private final class TestGuest implements Guest {
    @Override
    public void reset() {}

    @Override
    public void translateBlock(IrBuilder ir, CodeReader code, long start, long mode, int maxInsns) {
      int n = (int) start / 16;
      ir.insn(0);
      if (n < programs.size()) {
        programs.get(n).accept(ir);
      } else {
        ir.call(stop);
        ir.exit(0);
      }
      ir.end(1);
      Verifier.check(ir.block());
    }

    @Override
    public long translate(long address, int access, int mmuMode) {
      if (address >= NOT_PRESENT || address < 0) {
        throw new Fault(address);
      }
      core.tlb.fill(mmuMode, address, address & -4096, true, true, true, 4096);
      return address;
    }

    @Override
    public long peek(long address) {
      return address;
    }

    @Override
    public GuestFault alignmentFault(long address) {
      return new Fault(address);
    }

    @Override
    public void takeFault(GuestFault fault) {
      faulted = ((Fault) fault).address;
    }

    @Override
    public int attend() {
      return stopped || faulted >= 0 ? HALT : RUN;
    }

    @Override
    public void stepped() {}
  }
}
