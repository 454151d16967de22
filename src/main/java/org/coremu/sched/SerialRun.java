package org.coremu.sched;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.coremu.exec.Core;
import org.coremu.exec.Translator;

/**
 * One worker runs the cores in rounds: each runnable core in the order of indices, for a quantum
 * that ends at exactly its last instruction. Time is {@link InstructionTime}; timers fire between
 * slices, and a slice ends where the next timer is due. Nothing here depends on the host's time or
 * speed, so two runs with equal inputs are equal, instruction by instruction.
 *
 * <p>A pause takes effect at the end of a round, so that what runs after it is the same as without
 * it.
 */
final class SerialRun implements CoreRunner {
  private final CoreSlot[] slots;
  private final SchedulerConfig config;
  private final Gate gate;
  private final StopTheCores stopTheCores;
  private final InstructionTime time;
  private final TimerQueue timers;

  /** When the slice that runs ends, if no timer is armed for an earlier time. */
  private long sliceEnd = Long.MAX_VALUE;

  private volatile Thread worker;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition event = lock.newCondition();
  private boolean eventful;

  SerialRun(
      CoreSlot[] slots,
      SchedulerConfig config,
      Gate gate,
      StopTheCores stopTheCores,
      InstructionTime time,
      TimerQueue timers) {
    this.slots = slots;
    this.config = config;
    this.gate = gate;
    this.stopTheCores = stopTheCores;
    this.time = time;
    this.timers = timers;
    for (CoreSlot slot : slots) {
      slot.core.setExact(true);
    }
    timers.onEarlier(this::timerArmed);
  }

  @Override
  public int workers() {
    return 1;
  }

  @Override
  public void work(int number, Translator translator) {
    worker = Thread.currentThread();
    while (gate.pass()) {
      timers.fire(time.now());
      int runnable = runnableCores();
      if (runnable == 0) {
        idle();
        continue;
      }
      time.beginRound(runnable);
      for (int i = 0; i < slots.length && !gate.isStopped(); i++) {
        if (slots[i].isRunnable()) {
          turn(slots[i], translator);
        }
      }
    }
  }

  private int runnableCores() {
    int runnable = 0;
    for (CoreSlot slot : slots) {
      if (slot.isRunnable()) {
        runnable++;
      }
    }
    return runnable;
  }

  /** Runs a core for a quantum, in slices between which timers fire. */
  private void turn(CoreSlot slot, Translator translator) {
    int left = config.quantum();
    int why;
    do {
      int length = time.slice(left, timers.earliest());
      slot.begin();
      time.begin(slot.core);
      sliceEnd = time.after(length);
      why = stopTheCores.run(0, slot.core, translator, length);
      long executed = slot.end(why);
      time.end(executed);
      left -= (int) executed;
      if (why == Core.YIELDED) {
        time.yielded();
      }
      slot.rest(why);
      timers.fire(time.now());
    } while (left > 0 && (why == Core.QUANTUM || why == Core.STOPPED) && !gate.isStopped());
  }

  /** Ends the slice of a core that has just armed a timer for a time before the slice's end. */
  private void timerArmed() {
    if (Thread.currentThread() == worker) {
      Core core = stopTheCores.running(0);
      if (core != null && timers.earliest() < sliceEnd) {
        core.requestStop();
      }
    } else {
      event();
    }
  }

  /** Skips to the next timer; without one, waits for somebody outside. */
  private void idle() {
    long next = timers.earliest();
    if (next != Long.MAX_VALUE) {
      time.skipTo(next);
      return;
    }
    lock.lock();
    try {
      while (!eventful && gate.isOpen()) {
        event.awaitUninterruptibly();
      }
      eventful = false;
    } finally {
      lock.unlock();
    }
  }

  private void event() {
    lock.lock();
    try {
      eventful = true;
      event.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void wake(CoreSlot slot) {
    if (slot.wake() == CoreSlot.HALTED && Thread.currentThread() != worker) {
      event();
    }
  }

  /**
   * The worker's own request ends its core's slice at once, which is deterministic; another
   * thread's waits for the round's or the slice's end.
   */
  @Override
  public void kick() {
    Core core = stopTheCores.running(0);
    if (core != null && Thread.currentThread() == worker) {
      core.requestStop();
    }
    event();
  }

  @Override
  public long maxSkew() {
    return 0;
  }
}
