package org.coremu.machine;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.coremu.device.platform.DebugExit;
import org.coremu.exec.Core;
import org.coremu.exec.Translator;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.hw.Inputs;
import org.coremu.hw.PowerControl;
import org.coremu.hw.Saveable;
import org.coremu.sched.Failure;
import org.coremu.sched.HostInputs;
import org.coremu.sched.Scheduler;
import org.coremu.sched.SchedulerConfig;
import org.coremu.sched.SchedulerStats;
import org.coremu.sched.SeededInputs;
import org.coremu.sched.StopTheCores;
import org.coremu.sched.VirtualClock;

/** A machine from power-on to its end: a reset makes a new one. */
final class PowerCycle implements PowerControl, AutoCloseable {
  /** An icount machine's CPUs do one instruction in this time: 1000 MIPS. */
  private static final long NANOS_PER_INSTRUCTION = 1;

  private final MachineSpec spec;
  private final Arena arena = Arena.ofShared();
  private final VirtualClock clock;
  private final Inputs inputs;
  private final PcBoard board;
  private final Scheduler scheduler;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicReference<Exit> exit = new AtomicReference<>();
  private volatile Failure failure;

  PowerCycle(MachineSpec spec, BootPlan plan) {
    this.spec = spec;
    clock =
        switch (spec.clock()) {
          case ADAPTIVE -> VirtualClock.adaptive();
          case HOST -> VirtualClock.host();
          case ICOUNT -> VirtualClock.icount(NANOS_PER_INSTRUCTION);
        };
    inputs = spec.deterministic() ? new SeededInputs(spec.seed()) : new HostInputs();
    StopTheCores exclusive = new StopTheCores();
    board =
        new PcBoard(
            spec,
            plan.memory,
            arena,
            clock,
            inputs,
            this,
            exclusive,
            () -> end(Exit.of(Exit.Reason.TRIPLE_FAULT)));
    spec.debugExit().ifPresent(d -> board.ports().map(d.iobase(), d.iosize(), new DebugExit(this)));
    plan.load(board);
    scheduler =
        new Scheduler(
            board.cores,
            () -> new Translator(X86Helpers.TABLE),
            clock,
            exclusive,
            new SchedulerConfig(
                (int) Math.min(spec.quantum(), 1 << 30), spec.maxSkew(), spec.workers()),
            this::fail);
  }

  void start() {
    scheduler.start();
  }

  private void end(Exit how) {
    if (exit.compareAndSet(null, how)) {
      scheduler.requestStop();
      ended.countDown();
    }
  }

  private void fail(Failure what) {
    failure = what;
    end(Exit.of(Exit.Reason.INTERNAL_ERROR));
  }

  @Override
  public void powerOff() {
    end(Exit.of(Exit.Reason.POWER_OFF));
  }

  @Override
  public void reset() {
    end(Exit.of(Exit.Reason.RESET));
  }

  @Override
  public void exit(int code) {
    end(new Exit(Exit.Reason.DEBUG_EXIT, code & 0xff));
  }

  /** Asks for the end from outside. */
  void stop() {
    end(Exit.of(Exit.Reason.STOPPED));
  }

  /** Waits for the end; the cores stand still then. */
  Exit await() throws InterruptedException {
    ended.await();
    scheduler.awaitStopped();
    return exit.get();
  }

  /** The defect of the emulator that ended this cycle, or null. */
  Failure failure() {
    return failure;
  }

  Stats stats(long wallNanos) {
    SchedulerStats s = scheduler.stats();
    List<Long> instructions = s.cores().stream().map(c -> c.instructions()).toList();
    long fills = 0;
    long flushes = 0;
    long interrupts = 0;
    for (Core core : board.cores) {
      fills += core.tlb.fills();
      flushes += core.tlb.flushes();
      interrupts += X86.of(core).events.interrupts();
    }
    return new Stats(
        spec.tier(),
        wallNanos,
        clock.now(),
        s.instructions(),
        instructions,
        interrupts,
        fills,
        flushes,
        board.codeCache.translated(),
        board.codeCache.traces(),
        board.codeCache.invalidated(),
        board.codeCache.nativeBytes(),
        board.codeCache.evictions());
  }

  /** Hash of all registers, RAM, devices and the clock. Only when the cores stand still. */
  String stateHash() {
    StateHash hash = new StateHash();
    board.cores.forEach(hash::add);
    board.devices.forEach(d -> hash.add(d.save()));
    hash.add(clock.save());
    if (inputs instanceof Saveable<?> s) {
      hash.add(s.save());
    }
    hash.add(board.ram);
    return hash.value();
  }

  @Override
  public void close() {
    scheduler.close();
    arena.close();
  }

  @Override
  public String toString() {
    return spec.board() + ", " + exit.get();
  }
}
