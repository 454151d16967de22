package org.coremu.sched;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.coremu.exec.Core;

/**
 * What the scheduler knows of one core. The state is changed atomically, because a wake-up may come
 * at the moment the core halts; all else is guarded by the scheduler.
 */
final class CoreSlot {
  /** Waits for a worker. */
  static final int RUNNABLE = 0;

  /** A worker runs it. */
  static final int RUNNING = 1;

  /** As RUNNING, and woken since: if it halts, it may have halted too early. */
  static final int WOKEN = 2;

  /** Has nothing to do until it is woken. */
  static final int HALTED = 3;

  final Core core;
  final AtomicInteger state = new AtomicInteger(RUNNABLE);

  /**
   * How far the core is, in instructions: those it executed and those it gave away. A core that was
   * halted is put where the others are.
   */
  long position;

  /** The heap of the run queue that it waits in, or null, and its index there. */
  CoreHeap queuedIn;

  int place;

  /** Whether it was woken while it waits for a worker. */
  volatile boolean urgent;

  /** The core that went on when this one had last let go of what it waited for, or null. */
  CoreSlot heir;

  /** Whether it was woken while it waited for the worker that runs it. */
  private boolean wokenBefore;

  /** Host time when the turn began in which it went on after it had spun. */
  long wentOn;

  /** Instruction count when its quantum began. */
  private long before;

  private long began;

  // ---- statistics
  private volatile long instructions;
  private volatile long wallNanos;
  private volatile long quanta;
  private volatile long yields;
  private volatile boolean spinning;
  private volatile long pc;

  /** Times that it was put before the others; guarded by the scheduler. */
  long boosts;

  private final LongAdder wakeUps = new LongAdder();

  CoreSlot(Core core) {
    this.core = core;
    instructions = core.instructions();
    pc = core.linearPc();
  }

  /**
   * Notes that the core has something to do.
   *
   * @return the state before
   */
  int wake() {
    for (; ; ) {
      int now = state.get();
      if (now == WOKEN || now == RUNNABLE) {
        return now;
      }
      if (state.compareAndSet(now, now == RUNNING ? WOKEN : RUNNABLE)) {
        if (now == HALTED) {
          wakeUps.increment();
        }
        return now;
      }
    }
  }

  boolean isRunnable() {
    return state.get() != HALTED;
  }

  void begin() {
    wokenBefore = urgent;
    urgent = false;
    state.set(RUNNING);
    before = core.instructions();
    began = HostTime.nanos();
  }

  /**
   * Ends a quantum.
   *
   * @param why what {@link Core#run} gave
   * @return the number of instructions executed
   */
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // written by one thread at a time
  long end(int why) {
    long now = core.instructions();
    instructions = now;
    wallNanos = wallNanos + HostTime.nanos() - began;
    quanta = quanta + 1;
    pc = core.linearPc();
    spinning = why == Core.YIELDED;
    if (spinning) {
      yields = yields + 1;
    }
    return now - before;
  }

  /** Gives the core back; true if it is halted now, false if it is runnable. */
  boolean rest(int why) {
    if (why == Core.HALTED && state.compareAndSet(RUNNING, HALTED)) {
      return true;
    }
    state.set(RUNNABLE);
    return false;
  }

  /** Whether the core's last quantum ended because it only waits. */
  boolean isSpinning() {
    return spinning;
  }

  /** Whether its turn, not given back yet, is one with an interrupt or a message. */
  boolean isInterrupted() {
    return wokenBefore || state.get() == WOKEN;
  }

  /** Host time when its last turn began, in nanoseconds. */
  long began() {
    return began;
  }

  /** Where the core spins, or 0 if it does not. */
  long spinsAt() {
    return spinning ? pc : 0;
  }

  CoreStats stats(Activity activity, int worker, long ahead) {
    return new CoreStats(
        core.index,
        activity,
        worker,
        ahead,
        pc,
        instructions,
        wallNanos,
        quanta,
        yields,
        wakeUps.sum(),
        boosts);
  }
}
