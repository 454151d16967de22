package org.coremu.exec;

import java.util.ArrayList;
import java.util.List;
import org.coremu.ir.IrBuilder;
import org.coremu.ir.Verifier;
import org.coremu.mem.Ram;

/** The guest side of one of {@link IrCores}. */
public final class IrGuest implements Guest {
  /** A fault of the ISA. */
  public static final class Fault extends GuestFault {
    private static final long serialVersionUID = 1;
    public final long address;

    public Fault(long address) {
      this.address = address;
    }
  }

  /** A fault that was taken: its address, the PC and the instruction count. */
  public record Taken(long address, long pc, long instructions) {}

  private final Core core;
  private final IrCores machine;
  private boolean stopped = true;
  private int translations;
  final List<Taken> faults = new ArrayList<>();

  /** Has faults skip their instruction; otherwise they stop the core. */
  boolean skipFaults;

  /** Instructions to be run one by one, and the instruction counts after each. */
  int steps;

  final List<Long> stepped = new ArrayList<>();

  IrGuest(Core core, IrCores machine) {
    this.core = core;
    this.machine = machine;
  }

  void start(long pc) {
    core.state.put(CoreState.PC, pc);
    stopped = false;
  }

  boolean stopped() {
    return stopped;
  }

  long stop() {
    if (!stopped) {
      stopped = true;
      machine.stopped();
    }
    return 0;
  }

  /** How often a virtual address had to be translated. */
  int translations() {
    return translations;
  }

  @Override
  public void translateBlock(IrBuilder ir, CodeReader code, long start, long mode, int maxInsns) {
    int delta = 0;
    for (int n = 0; n < maxInsns && (n == 0 || (start & 4095) + delta < Ram.PAGE_SIZE); n++) {
      int number;
      try {
        number =
            code.u8(delta)
                | code.u8(delta + 1) << 8
                | code.u8(delta + 2) << 16
                | code.u8(delta + 3) << 24;
      } catch (Fault fault) {
        if (n == 0) {
          throw fault;
        }
        break;
      }
      ir.insn(delta);
      machine.meaning(number).translate(ir, delta, delta + IrCores.LENGTH);
      delta += IrCores.LENGTH;
      if (ir.ended()) {
        break;
      }
    }
    if (!ir.ended()) {
      ir.jump(delta);
    }
    ir.end(delta);
    Verifier.check(ir.block());
  }

  @Override
  public long translate(long address, int access, int mmuMode) {
    translations++;
    IrCores.Page page = machine.page(address);
    if (page.physical() < 0 || access == WRITE && !page.writable()) {
      throw new Fault(address);
    }
    long offset = machine.bus.ramOffset(page.physical());
    if (offset >= 0) {
      boolean writable = page.writable() && machine.bus.isWritableRam(page.physical());
      core.tlb.fill(mmuMode, address, offset, true, writable, true, 4096);
    }
    return page.physical() | address & 4095;
  }

  @Override
  public void takeFault(GuestFault fault) {
    long pc = core.state.get(CoreState.PC);
    faults.add(new Taken(((Fault) fault).address, pc, core.instructions()));
    if (skipFaults) {
      core.state.put(CoreState.PC, pc + IrCores.LENGTH);
    } else {
      stop();
    }
  }

  @Override
  public int attend() {
    if (stopped) {
      return HALT;
    }
    return steps > 0 ? STEP : RUN;
  }

  @Override
  public void stepped() {
    steps--;
    stepped.add(core.instructions());
  }

  @Override
  public long peek(long address) {
    return machine.page(address).physical() | address & 4095;
  }

  @Override
  public GuestFault alignmentFault(long address) {
    return new Fault(address);
  }

  @Override
  public void reset() {}
}
