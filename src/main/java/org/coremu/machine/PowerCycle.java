package org.coremu.machine;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import org.coremu.device.platform.DebugExit;
import org.coremu.exec.CodeCache;
import org.coremu.exec.Core;
import org.coremu.exec.Translator;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86State;
import org.coremu.hw.Inputs;
import org.coremu.hw.PowerControl;
import org.coremu.hw.Saveable;
import org.coremu.sched.CoreStats;
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
                (int) Math.min(spec.quantum(), 1 << 30),
                spec.maxSkew(),
                spec.workers(),
                spec.affinity(),
                spec.policies()),
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

  /** What is being done and has been done; the cores go on meanwhile. */
  Sample sample(long wallNanos) {
    SchedulerStats s = scheduler.stats();
    List<CoreSample> cores = new ArrayList<>();
    long flushes = 0;
    for (CoreStats c : s.cores()) {
      Core core = board.cores.get(c.core());
      flushes += core.tlb.flushes();
      cores.add(sample(core, c));
    }
    CodeCache code = board.codeCache;
    Stats stats =
        new Stats(
            spec.tier(),
            wallNanos,
            clock.now(),
            s.instructions(),
            s.cores().stream().map(CoreStats::instructions).toList(),
            sum(cores, CoreSample::interrupts),
            sum(cores, CoreSample::exits),
            sum(cores, CoreSample::tlbFills),
            flushes,
            code.translated(),
            code.traces(),
            code.invalidated(),
            code.nativeBytes(),
            code.evictions(),
            s.maxSkew(),
            sum(cores, CoreSample::yields),
            sum(cores, CoreSample::wakeUps),
            sum(cores, CoreSample::boosts),
            spec.affinity());
    long entry = X86.of(board.cores.getFirst()).get(X86State.LSTAR);
    return new Sample(stats, s.workers(), spec.maxSkew(), entry, cores);
  }

  private static CoreSample sample(Core core, CoreStats s) {
    return new CoreSample(
        s.core(),
        s.activity(),
        s.worker(),
        s.ahead(),
        s.pc(),
        s.instructions(),
        s.wallNanos(),
        X86.of(core).events.interrupts(),
        core.nativeExits(),
        core.tlb.fills(),
        s.yields(),
        s.wakeUps(),
        s.boosts());
  }

  private static long sum(List<CoreSample> cores, ToLongFunction<CoreSample> figure) {
    return cores.stream().mapToLong(figure).sum();
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
