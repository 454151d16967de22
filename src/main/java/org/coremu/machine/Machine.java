package org.coremu.machine;

import java.util.concurrent.CountDownLatch;
import org.coremu.sched.HostTime;

/**
 * A machine: an ordinary object, of which a JVM may hold several. It is created, started, waited
 * for and closed; its console is the {@code ByteChannel} of its {@link MachineSpec}.
 */
public final class Machine implements AutoCloseable {
  private final MachineSpec spec;
  private final BootPlan plan;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final HostTime wallTime = new HostTime();
  private final Thread supervisor;
  private PowerCycle cycle;
  private boolean stopRequested;
  private boolean closed;
  private volatile Exit exit;
  private volatile Throwable failure;

  private Machine(MachineSpec spec) {
    this.spec = spec;
    plan = new BootPlan(spec);
    cycle = new PowerCycle(spec, plan);
    supervisor = Thread.ofPlatform().daemon().name("coremu-machine").unstarted(this::supervise);
  }

  /**
   * Builds a machine and loads what it boots. Nothing runs yet.
   *
   * @throws ConfigException when it cannot be what the specification says, or what it shall boot
   *     cannot be read
   */
  public static Machine create(MachineSpec spec) {
    return new Machine(spec);
  }

  /** Powers the machine on. Once. */
  public synchronized void start() {
    wallTime.run();
    supervisor.start();
  }

  private void supervise() {
    try {
      for (; ; ) {
        PowerCycle now = current();
        now.start();
        Exit how = now.await();
        if (now.failure() != null) {
          failure = new AssertionError(now.failure().toString(), now.failure().cause());
        }
        boolean restarts =
            how.reason() == Exit.Reason.RESET || how.reason() == Exit.Reason.TRIPLE_FAULT;
        if (!restarts || spec.noReboot() || !restart()) {
          exit = how;
          return;
        }
      }
    } catch (Throwable e) {
      failure = e;
      exit = Exit.of(Exit.Reason.INTERNAL_ERROR);
    } finally {
      wallTime.freeze();
      ended.countDown();
    }
  }

  private synchronized PowerCycle current() {
    return cycle;
  }

  private synchronized boolean restart() {
    if (stopRequested) {
      return false;
    }
    cycle.close();
    cycle = new PowerCycle(spec, plan);
    return true;
  }

  /**
   * Waits for the end: power-off, isa-debug-exit, a reset that the machine does not survive, or
   * {@link #stop}.
   *
   * @throws AssertionError for a defect of the emulator, with what is needed to report it
   */
  public Exit await() {
    boolean interrupted = false;
    for (; ; ) {
      try {
        ended.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        stop();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new AssertionError(failure.getMessage(), failure);
    }
    return exit;
  }

  /** Asks the machine to stop, as pulling the plug does. Returns at once; any thread. */
  public synchronized void stop() {
    stopRequested = true;
    cycle.stop();
  }

  /** What has been done since the last power-on. Any time before {@link #close}. */
  public Stats stats() {
    return sample().stats();
  }

  /**
   * What is being done and has been done since the last power-on, core by core. Any thread, any
   * time before {@link #close}; takes well under a millisecond and does not hold the cores up.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public synchronized Sample sample() {
    if (closed) {
      throw new IllegalStateException("the machine is closed");
    }
    return cycle.sample(wallTime.now());
  }

  /**
   * A hash of the whole state: registers, RAM, devices and virtual time. After the end, before
   * {@link #close}.
   *
   * @return 64 hexadecimal digits
   */
  public synchronized String stateHash() {
    if (ended.getCount() != 0) {
      throw new IllegalStateException("the machine is still running");
    }
    return cycle.stateHash();
  }

  /** Stops the machine if it runs, and gives back all it holds. */
  @Override
  public void close() {
    stop();
    if (supervisor.isAlive()) {
      boolean interrupted = false;
      for (; ; ) {
        try {
          supervisor.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    synchronized (this) {
      closed = true;
      cycle.close();
    }
  }
}
