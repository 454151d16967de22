package org.coremu.exec.toy;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.coremu.exec.CodeCache;
import org.coremu.exec.Core;
import org.coremu.exec.CoreState;
import org.coremu.exec.Exclusive;
import org.coremu.exec.TestTier;
import org.coremu.exec.Translator;
import org.coremu.hw.Clock;
import org.coremu.hw.Timer;
import org.coremu.mem.CodePages;
import org.coremu.mem.PhysicalBus;
import org.coremu.mem.Ram;

/** Toy cores that share a RAM at address 0. All begin to run at their program with registers 0. */
public final class ToyMachine implements AutoCloseable {
  /** Told of OUT instructions, by the thread that runs the core. */
  @FunctionalInterface
  public interface Out {
    void out(Core core, long value);
  }

  private final Arena arena = Arena.ofShared();
  private final Ram ram;
  private final CodeCache codeCache;
  private final List<Core> cores = new ArrayList<>();
  private final List<Timer> timers = new ArrayList<>();
  private final ToyHelpers helpers;
  private final Clock clock;
  private Out out = (core, value) -> {};

  public ToyMachine(int count, long ramBytes, Clock clock, Exclusive exclusive) {
    this.clock = clock;
    ram = new Ram(arena, ramBytes);
    CodePages codePages = new CodePages(ramBytes);
    PhysicalBus bus = new PhysicalBus(ram, codePages);
    bus.mapRam(0, ramBytes, 0, true);
    codeCache = TestTier.codeCache(arena, ram, codePages, CoreState.GUEST, CoreState.GUEST + 1);
    helpers = new ToyHelpers(this);
    for (int i = 0; i < count; i++) {
      Core core =
          new Core(
              i,
              arena,
              1,
              helpers.table,
              bus,
              codeCache,
              exclusive,
              self -> new ToyGuest(self, helpers));
      core.guest.reset();
      cores.add(core);
      timers.add(clock.newTimer(() -> ToyHelpers.post(core)));
    }
    codeCache.setCores(cores);
  }

  /** Puts a program into RAM and starts a core at its beginning. */
  public ToyMachine load(ToyProgram program, int... startedCores) {
    byte[] bytes = program.bytes();
    for (int i = 0; i < bytes.length; i++) {
      ram.store8(program.base() + i, bytes[i]);
    }
    for (int core : startedCores) {
      cores.get(core).state.put(CoreState.PC, program.base());
    }
    return this;
  }

  /** As {@link #load(ToyProgram, int...)}, for all cores. */
  public ToyMachine loadAll(ToyProgram program) {
    load(program);
    for (Core core : cores) {
      core.state.put(CoreState.PC, program.base());
    }
    return this;
  }

  public void onOut(Out listener) {
    out = listener;
  }

  public List<Core> cores() {
    return cores;
  }

  public Core core(int index) {
    return cores.get(index);
  }

  public long register(int core, int register) {
    return cores.get(core).state.get(ToyGuest.REGISTERS + register);
  }

  public void setRegister(int core, int register, long value) {
    cores.get(core).state.put(ToyGuest.REGISTERS + register, value);
  }

  public Ram ram() {
    return ram;
  }

  public CodeCache codeCache() {
    return codeCache;
  }

  public Translator translator() {
    return new Translator(helpers.table);
  }

  /** Sends a core a token, from any thread. */
  public void send(int core) {
    ToyHelpers.post(cores.get(core));
  }

  Clock clock() {
    return clock;
  }

  long armTimer(int core, long deadline) {
    timers.get(core).arm(deadline);
    return 0;
  }

  long out(Core core, long value) {
    out.out(core, value);
    return 0;
  }

  @Override
  public void close() {
    arena.close();
  }
}
