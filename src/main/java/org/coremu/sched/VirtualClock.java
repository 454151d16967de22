package org.coremu.sched;

import org.coremu.hw.Clock;
import org.coremu.hw.Saveable;
import org.coremu.hw.Timer;

/**
 * The clock of a machine. Made before the cores, since devices want it; stands at 0 until a {@link
 * Scheduler} that was given it starts. Timers fire on a host thread of the scheduler.
 */
public final class VirtualClock implements Clock, Saveable<VirtualClock.State> {
  /**
   * The time; armed timers are the state of the devices that armed them.
   *
   * @param nanos virtual nanoseconds since power-on
   */
  public record State(long nanos) {}

  final TimeSource time;
  final TimerQueue timers = new TimerQueue();

  private VirtualClock(TimeSource time) {
    this.time = time;
  }

  /** Virtual time is the host's monotonic clock since the start, minus pauses. */
  public static VirtualClock host() {
    return new VirtualClock(new HostTime());
  }

  /** Virtual time follows the host's, but never faster than the runnable cores make progress. */
  public static VirtualClock adaptive() {
    return new VirtualClock(new AdaptiveTime());
  }

  /**
   * Virtual time is a function of executed instructions; the cores run in serial rounds.
   *
   * @param nanosPerInstruction 1 or more; 1 makes CPUs of 1000 MIPS
   */
  public static VirtualClock icount(long nanosPerInstruction) {
    return new VirtualClock(new InstructionTime(nanosPerInstruction));
  }

  @Override
  public long now() {
    return time.now();
  }

  @Override
  public Timer newTimer(Runnable action) {
    return timers.newTimer(action);
  }

  /**
   * The earliest deadline of all armed timers in virtual nanoseconds; {@link Long#MAX_VALUE} if
   * there is none.
   */
  public long nextDeadline() {
    return timers.earliest();
  }

  @Override
  public State save() {
    return new State(now());
  }

  /** Sets the time. Only while the machine has not started or is paused. */
  @Override
  public void restore(State state) {
    time.set(state.nanos);
  }
}
