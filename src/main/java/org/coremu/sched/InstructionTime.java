package org.coremu.sched;

import org.coremu.exec.Core;

/**
 * Virtual time is a pure function of what the cores have executed, for cores that run one after the
 * other in rounds.
 *
 * <p>In a round that begins with n runnable cores an instruction of any of them takes 1/n of its
 * nominal time, as if the n ran at once; so time is monotonic in the order of execution, which is
 * what the guest's cores can compare, and n cores that each execute a quantum take the time of one
 * quantum. Idle time is skipped.
 *
 * <p>Exact within a quantum on the thread that runs the core; other threads see the time of the
 * last quantum's end.
 */
final class InstructionTime implements TimeSource {
  /**
   * What a core that says it only waits is charged on top, in instructions: PAUSE takes about that
   * long on recent CPUs.
   */
  private static final int YIELD = 100;

  private final long nanosPerInstruction;

  /** Time at which the round began. */
  private long roundStart;

  /** Instructions of all cores in this round, those of {@link #running}'s slice not included. */
  private long inRound;

  private int runnable = 1;

  /** Time at the end of the last slice, for other threads. */
  private volatile long settled;

  /** The core that runs, its thread, and its instruction count when it began. */
  private Core running;

  private volatile Thread thread;
  private long before;

  /**
   * A clock.
   *
   * @param nanosPerInstruction 1 or more
   */
  InstructionTime(long nanosPerInstruction) {
    this.nanosPerInstruction = nanosPerInstruction;
  }

  @Override
  public long now() {
    return thread == Thread.currentThread() ? exact(running.instructions() - before) : settled;
  }

  private long exact(long executed) {
    return roundStart + (inRound + executed) * nanosPerInstruction / runnable;
  }

  @Override
  public void run() {}

  @Override
  public void freeze() {}

  @Override
  public void set(long nanos) {
    roundStart = nanos;
    inRound = 0;
    settled = nanos;
  }

  void beginRound(int runnableCores) {
    set(settled);
    runnable = runnableCores;
  }

  /**
   * Tells how many instructions the next core may execute before a timer is due.
   *
   * @param most 1 or more
   * @return 1 to {@code most}
   */
  int slice(int most, long deadline) {
    if (deadline >= exact(most)) {
      return most;
    }
    long until = Math.ceilDiv((deadline - roundStart) * runnable, nanosPerInstruction) - inRound;
    return (int) Math.clamp(until, 1, most);
  }

  /** The time when the running core will have executed so many more instructions. */
  long after(int instructions) {
    return exact(instructions);
  }

  void begin(Core core) {
    running = core;
    before = core.instructions();
    thread = Thread.currentThread();
  }

  /** Ends a slice of the running core. */
  void end(long executed) {
    thread = null;
    running = null;
    inRound += executed;
    settled = exact(0);
  }

  void yielded() {
    inRound += YIELD;
    settled = exact(0);
  }

  /** Lets idle time pass, between rounds. */
  void skipTo(long deadline) {
    set(Math.max(settled, deadline));
  }
}
