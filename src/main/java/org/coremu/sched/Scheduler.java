package org.coremu.sched;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.coremu.exec.Core;
import org.coremu.exec.Translator;

/**
 * Runs the cores of one machine on a few host threads, and its clock.
 *
 * <p>Cores run in parallel, or, when the clock is an icount one, in serial rounds on one thread,
 * deterministically. All cores begin as runnable; one that waits to be started says so in its first
 * answer to the engine (halted).
 */
public final class Scheduler implements AutoCloseable {
  private final VirtualClock clock;
  private final StopTheCores stopTheCores;
  private final Supplier<Translator> translators;
  private final Consumer<Failure> onFailure;
  private final CoreSlot[] slots;
  private final SchedulerConfig config;
  private final Gate gate = new Gate();
  private final CoreRunner runner;
  private final TimerThread timerThread;
  private final List<Thread> threads = new ArrayList<>();
  private boolean started;

  /**
   * A scheduler; nothing runs before {@link #start}.
   *
   * @param cores all cores, in the order of their indices (0, 1, …)
   * @param translators makes a translator for each worker
   * @param clock the machine's clock, of this scheduler alone
   * @param stopTheCores what the cores were given as their {@code Exclusive}
   * @param onFailure told once of a defect of the emulator, on the thread where it shows, after the
   *     cores were asked to stop
   */
  public Scheduler(
      List<Core> cores,
      Supplier<Translator> translators,
      VirtualClock clock,
      StopTheCores stopTheCores,
      SchedulerConfig config,
      Consumer<Failure> onFailure) {
    this.clock = clock;
    this.stopTheCores = stopTheCores;
    this.translators = translators;
    this.onFailure = onFailure;
    this.config = config;
    slots = cores.stream().map(CoreSlot::new).toArray(CoreSlot[]::new);
    if (clock.time instanceof InstructionTime time) {
      runner = new SerialRun(slots, config, gate, stopTheCores, time, clock.timers);
      timerThread = null;
    } else {
      timerThread = new TimerThread(clock.time, clock.timers, gate);
      runner = new ParallelRun(slots, config, gate, stopTheCores, clock, timerThread);
    }
    stopTheCores.setWorkers(runner.workers());
    for (Core core : cores) {
      core.setExact(runner instanceof SerialRun || config.quantum() < Translator.MAX_INSNS);
      core.setWaker(this::wake);
    }
  }

  /** The cores' {@link Core.Waker}. */
  void wake(Core core) {
    runner.wake(slots[core.index]);
  }

  /** Starts the cores and the clock. Once. */
  public synchronized void start() {
    if (started) {
      throw new IllegalStateException("started already");
    }
    started = true;
    for (int i = 0; i < runner.workers(); i++) {
      int worker = i;
      addThread("coremu-worker-" + i, () -> work(worker));
    }
    if (timerThread != null) {
      addThread("coremu-timer", this::fireTimers);
    }
    clock.time.run();
    threads.forEach(Thread::start);
  }

  private void addThread(String name, Runnable body) {
    gate.enter();
    threads.add(Thread.ofPlatform().daemon().name(name).unstarted(body));
  }

  private void work(int worker) {
    Translator translator = null;
    try {
      stopTheCores.setThread(worker);
      place(worker);
      translator = translators.get();
      runner.work(worker, translator);
    } catch (Throwable e) {
      fail(stopTheCores.running(worker), translator, e);
    } finally {
      gate.leave();
    }
  }

  /** Pins the calling thread, if that is asked for. A CPU may have gone since it was checked. */
  private void place(int worker) {
    List<Integer> cpus = config.affinity();
    if (!cpus.isEmpty() && !HostAffinity.pin(cpus.get(worker % cpus.size()))) {
      throw new IllegalStateException("the host refuses CPU " + cpus.get(worker % cpus.size()));
    }
  }

  private void fireTimers() {
    try {
      timerThread.work();
    } catch (Throwable e) {
      fail(null, null, e);
    } finally {
      gate.leave();
    }
  }

  private void fail(Core core, Translator translator, Throwable cause) {
    if (requestStop()) {
      boolean inCore = core != null;
      onFailure.accept(
          new Failure(
              core, inCore ? core.currentPc() : 0, inCore ? translator.describe(core) : "", cause));
    }
  }

  /**
   * Stops for good, soon. Any thread, also one that runs a core: its core then ends after its
   * current block.
   *
   * @return false if that was asked before
   */
  public boolean requestStop() {
    boolean first = gate.stop();
    kick();
    return first;
  }

  private void kick() {
    runner.kick();
    if (timerThread != null) {
      timerThread.kick();
    }
  }

  /** Whether the cores have been asked to stop. */
  public boolean isStopping() {
    return gate.isStopped();
  }

  /**
   * Holds cores and clock, and returns when all stand still: between two instructions, with no
   * timer's action under way. Not on a thread that runs a core or a timer. In serial rounds, that
   * is at the end of the round.
   *
   * @return false if the machine stands still already
   */
  public boolean pause() {
    boolean paused = gate.pause();
    if (paused) {
      kick();
    }
    gate.awaitQuiet();
    clock.time.freeze();
    return paused;
  }

  /** Lets cores and clock go on after {@link #pause}. */
  public void resume() {
    clock.time.run();
    gate.open();
  }

  /**
   * Waits until all host threads have ended, after {@link #requestStop}; then state may be read.
   * Not on such a thread.
   */
  public void awaitStopped() {
    boolean interrupted = false;
    for (Thread thread : threads) {
      for (; ; ) {
        try {
          thread.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    clock.time.freeze();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops and waits until all host threads have ended. */
  @Override
  public void close() {
    requestStop();
    awaitStopped();
  }

  /** What is being done and has been done so far. Any thread, any time; holds no core up. */
  public SchedulerStats stats() {
    Glance glance = new Glance(slots, config, stopTheCores, runner.workers());
    return new SchedulerStats(glance.cores(), runner.workers(), runner.maxSkew());
  }
}
