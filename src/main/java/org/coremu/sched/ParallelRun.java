package org.coremu.sched;

import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.coremu.exec.Core;
import org.coremu.exec.Translator;

/**
 * Several workers take cores from one queue, the one furthest behind first, but for what the {@link
 * Feedback} from the cores says. None starts a quantum that could bring it further ahead of the
 * slowest runnable core than the bound allows; its worker waits then.
 */
final class ParallelRun implements CoreRunner {
  private static final int SPINS = 100;

  private final SchedulerConfig config;
  private final Gate gate;
  private final StopTheCores stopTheCores;
  private final AdaptiveTime adaptive;
  private final Feedbacks feedback;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition workForResting = lock.newCondition();
  private final IdleTime idleTime;

  // ---- guarded by the lock
  private final RunQueue queue;
  private final Succession succession = new Succession();
  private final WorkerView[] views;
  private int runnable;
  private int waitingWorkers;
  private int restingWorkers;
  private long maxSkew;

  /** Position of the core that halted last. */
  private long lastHalted;

  /** Takes all cores as runnable. */
  ParallelRun(
      CoreSlot[] slots,
      SchedulerConfig config,
      Gate gate,
      StopTheCores stopTheCores,
      VirtualClock clock,
      TimerThread timerThread) {
    this.config = config;
    this.gate = gate;
    this.stopTheCores = stopTheCores;
    adaptive = clock.time instanceof AdaptiveTime a ? a : null;
    idleTime = new IdleTime(clock, timerThread, lock);
    feedback = new Feedbacks(config.policies(), config.quantum());
    queue = new RunQueue(slots.length, feedback.spinnersBehind());
    views = new WorkerView[config.workers()];
    Arrays.setAll(views, ignored -> new WorkerView());
    for (CoreSlot slot : slots) {
      queue.add(slot);
    }
    runnable = slots.length;
    if (adaptive != null) {
      adaptive.setQuantum(config.quantum());
    }
    updateIdle();
  }

  @Override
  public int workers() {
    return config.workers();
  }

  @Override
  public void work(int worker, Translator translator) {
    CoreSlot slot = exchange(worker, null, 0);
    while (slot != null) {
      slot = exchange(worker, slot, turn(worker, slot.core, translator));
    }
  }

  /** Runs a core for a quantum; gives why it ended, as {@link Core#run}. */
  private int turn(int worker, Core core, Translator translator) {
    int quantum = config.quantum();
    if (idleTime.keeps()) {
      quantum = Math.min(quantum, IdleTime.LONGEST_TURN);
    }
    long end = core.instructions() + quantum;
    int why = stopTheCores.run(worker, core, translator, quantum);
    if (!feedback.endsSpin) {
      for (long left = end - core.instructions(); why == Core.YIELDED && left > 0; ) {
        why = stopTheCores.run(worker, core, translator, (int) left);
        left = end - core.instructions();
      }
    }
    return why;
  }

  /** Ends the turn of a core, if one is given, and begins that of another, as {@link #take}. */
  private CoreSlot exchange(int worker, CoreSlot slot, int why) {
    acquire();
    try {
      if (slot != null) {
        giveBack(views[worker], slot, why);
      }
      return take(views[worker]);
    } finally {
      lock.unlock();
    }
  }

  /** Takes the lock, which is held for a fraction of what it costs to sleep and be woken. */
  private void acquire() {
    for (int i = 0; i < SPINS; i++) {
      if (lock.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    lock.lock();
  }

  /** Waits for a core that may run; null if the machine has stopped. */
  private CoreSlot take(WorkerView view) {
    for (; ; ) {
      if (!gate.isOpen() && !passGate()) {
        return null;
      }
      CoreSlot slot = next(view);
      if (slot != null && slot.isSpinning() && mayRest(view)) {
        rest(view);
      } else if (slot != null) {
        idleTime.turn();
        queue.remove(slot);
        view.running = slot;
        view.last = slot;
        slot.begin();
        callWorker();
        return slot;
      } else {
        await();
      }
    }
  }

  /** Whether a worker has looked at all cores, which spin, and another worker runs one. */
  private boolean mayRest(WorkerView view) {
    if (!view.isIdle(feedback.restsAfter, queue.size())) {
      return false;
    }
    for (WorkerView other : views) {
      if (other.running != null) {
        return true;
      }
    }
    return false;
  }

  private void rest(WorkerView view) {
    idleTime.leave();
    view.rested();
    restingWorkers++;
    try {
      workForResting.awaitNanos(SpinRest.NANOS);
    } catch (InterruptedException e) {
      // Nobody interrupts workers; to look once more does no harm.
    }
    restingWorkers--;
  }

  private void await() {
    if (adaptive != null && runnable == 0 && !idleTime.isKept()) {
      idleTime.keep();
    } else {
      idleTime.leave();
      waitingWorkers++;
      work.awaitUninterruptibly();
      waitingWorkers--;
    }
  }

  /** The waiting core that a worker is to run next; null if none may. */
  private CoreSlot next(WorkerView view) {
    if (!queue.hasWokenFromHalt()) {
      if (feedback.stays && waits(view.last, false)) {
        return view.last;
      }
      if (waits(view.heir, true) && !queue.hasWorking() && view.mayHandOver(queue.size())) {
        return view.heir;
      }
    }
    view.tookInTurn();
    return next();
  }

  /** Whether a core waits for a worker, spinning or not, and may run. */
  private boolean waits(CoreSlot slot, boolean spinning) {
    return slot != null && slot.queuedIn != null && slot.isSpinning() == spinning && mayRun(slot);
  }

  /**
   * The waiting core that is to run next; null if none may. One that goes first while it is too far
   * ahead must not keep away the slowest: if that one did not run, nobody ever would.
   */
  private CoreSlot next() {
    CoreSlot slot = queue.firstWoken();
    if (slot == null || !mayRun(slot)) {
      slot = queue.inTurn();
    }
    if (slot == null || mayRun(slot)) {
      return slot;
    }
    slot = queue.slowest();
    return mayRun(slot) ? slot : null;
  }

  /** Whether a waiting core may start a quantum. */
  private boolean mayRun(CoreSlot slot) {
    return slot.position + config.quantum() - least() <= config.maxSkew();
  }

  /** Calls a waiting worker if there is work for one more. */
  private void callWorker() {
    CoreSlot slot = next();
    if (slot == null || idleTime.call()) {
      return;
    }
    if (waitingWorkers > 0) {
      work.signal();
    } else if (restingWorkers > 0 && !slot.isSpinning()) {
      workForResting.signal();
    }
  }

  private boolean passGate() {
    idleTime.leave();
    lock.unlock();
    try {
      return gate.pass();
    } finally {
      lock.lock();
    }
  }

  /**
   * Calls nobody: the worker itself takes the next core right afterwards, and calls another if
   * there is more to do. Called before, another would take the core that has just been given back,
   * and move it to another host CPU at the end of every quantum.
   */
  private void giveBack(WorkerView view, CoreSlot slot, int why) {
    long spunAt = slot.spinsAt();
    long executed = slot.end(why);
    view.running = null;
    if (why == Core.YIELDED && executed <= Feedback.LONGEST_LOOK) {
      view.lookedInVain(slot);
    } else if (why != Core.YIELDED || !slot.isInterrupted()) { // else it may have looked in vain
      view.worked(feedback.handsOver ? succession.worked(slot, spunAt) : null);
    }
    long advance = executed;
    if (why == Core.YIELDED) {
      advance = Math.max(executed, feedback.charge(slot.position, least()));
    }
    slot.position += advance;
    if (adaptive != null) {
      adaptive.progress(advance, runnable);
    }
    maxSkew = Math.max(maxSkew, slot.position - Math.min(slot.position, least()));
    if (slot.rest(why)) {
      lastHalted = slot.position;
      runnable--;
      updateIdle();
    } else {
      queue.add(slot);
      if (why == Core.HALTED) {
        hurry(slot, true);
      }
    }
  }

  /**
   * Position of the slowest runnable core, as far as is known; {@link Long#MAX_VALUE} if none is
   * runnable.
   */
  private long least() {
    long least = queue.leastPosition();
    for (WorkerView view : views) {
      if (view.running != null) {
        least = Math.min(least, view.running.position);
      }
    }
    return least;
  }

  /**
   * Where a core that was halted goes on at least: where the slowest is. From further back it would
   * find those too far ahead that are as far as they may be.
   */
  private long entry() {
    long least = least();
    return least == Long.MAX_VALUE ? lastHalted : least;
  }

  @Override
  public void wake(CoreSlot slot) {
    int before = slot.wake();
    if (before == CoreSlot.HALTED) {
      lock.lock();
      try {
        slot.position = Math.max(slot.position, entry());
        queue.add(slot);
        runnable++;
        updateIdle();
        hurry(slot, true);
        callWorker();
      } finally {
        lock.unlock();
      }
    } else if (before == CoreSlot.RUNNABLE && !slot.urgent) {
      lock.lock();
      try {
        if (slot.queuedIn != null && !slot.urgent) {
          hurry(slot, false);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private void hurry(CoreSlot slot, boolean fromHalt) {
    if (feedback.wokenFirst) {
      queue.makeUrgent(slot, fromHalt);
    }
  }

  private void updateIdle() {
    if (adaptive != null) {
      adaptive.setIdle(runnable == 0);
    }
  }

  @Override
  public void kick() {
    lock.lock();
    try {
      for (WorkerView view : views) {
        if (view.running != null) {
          view.running.core.requestStop();
        }
      }
      work.signalAll();
      idleTime.kick();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long maxSkew() {
    lock.lock();
    try {
      return maxSkew;
    } finally {
      lock.unlock();
    }
  }
}
