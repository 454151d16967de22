package org.coremu.device.timer;

import java.util.List;
import org.coremu.hw.Clock;
import org.coremu.hw.IrqLine;
import org.coremu.hw.MmioDevice;
import org.coremu.hw.Saveable;
import org.coremu.hw.Timer;

/**
 * High precision event timer: a 64-bit counter at 100 MHz and three comparators, all able to be
 * periodic, in one page of memory.
 *
 * <p>Source: IA-PC HPET Specification 1.0a (Intel, October 2004), sections 2.3 and 2.4. With legacy
 * replacement on, comparator 0 takes the place of the 8254 on IRQ0 and comparator 1 that of the RTC
 * on IRQ8; therefore both of those devices drive their interrupts through {@link #legacyInput0} and
 * {@link #legacyInput8}.
 *
 * <p>Not modelled, and not advertised: FSB (message-signalled) delivery. A match that the host was
 * too late for is delivered once, however many periods went by.
 */
public final class Hpet implements MmioDevice, Saveable<Hpet.State> {
  /** Nanoseconds a tick of the main counter. */
  public static final long TICK_NANOS = 10;

  /** Bytes of register space. */
  public static final int SIZE = 0x400;

  private static final int TIMERS = 3;

  private static final int CAPABILITIES = 0x000;
  private static final int CONFIGURATION = 0x010;
  private static final int INTERRUPT_STATUS = 0x020;
  private static final int MAIN_COUNTER = 0x0f0;
  private static final int TIMER_BASE = 0x100;
  private static final int TIMER_STRIDE = 0x20;
  private static final int TIMER_CONFIGURATION = 0x00;
  private static final int TIMER_COMPARATOR = 0x08;

  private static final long FEMTOSECONDS_PER_NANOSECOND = 1_000_000;
  private static final long REVISION = 0x01;
  private static final long COUNTER_IS_64_BIT = 1 << 13;
  private static final long LEGACY_CAPABLE = 1 << 15;
  private static final long VENDOR_INTEL = 0x8086L << 16;
  private static final long CAPABILITY_BITS =
      TICK_NANOS * FEMTOSECONDS_PER_NANOSECOND << 32
          | VENDOR_INTEL
          | LEGACY_CAPABLE
          | COUNTER_IS_64_BIT
          | TIMERS - 1 << 8
          | REVISION;

  private static final long ENABLE = 1;
  private static final long LEGACY = 2;

  private static final long LEVEL = 1 << 1;
  private static final long INTERRUPT_ENABLE = 1 << 2;
  private static final long PERIODIC = 1 << 3;
  private static final long PERIODIC_CAPABLE = 1 << 4;
  private static final long SIZE_CAPABLE = 1 << 5;
  private static final long SET_VALUE = 1 << 6;
  private static final long MODE_32 = 1 << 8;
  private static final int ROUTE_SHIFT = 9;
  private static final long ROUTE_MASK = 0x1fL << ROUTE_SHIFT;
  private static final long WRITABLE =
      LEVEL | INTERRUPT_ENABLE | PERIODIC | SET_VALUE | MODE_32 | ROUTE_MASK;

  private static final long LOW_32 = 0xffff_ffffL;
  private static final long NEVER = Long.MAX_VALUE;

  private final Clock clock;
  private final IrqLine[] legacy;
  private final List<IrqLine> routes;
  private final long routeCapabilities;
  private final Comparator[] comparators = new Comparator[TIMERS];

  /** The levels that the replaced devices drive, whether or not they get through. */
  private final boolean[] legacyLevels = new boolean[2];

  private long configuration;
  private long status;

  /**
   * The main counter while it is stopped; its value at time 0, possibly negative, while it runs.
   */
  private long counterBase;

  /**
   * The registers.
   *
   * @param configuration general configuration register
   * @param status general interrupt status register
   * @param counterBase the main counter, less the ticks since power-on while it runs
   * @param timerConfigurations writable bits of each comparator's configuration
   * @param comparators each comparator's value
   * @param periods each comparator's period in ticks
   * @param matches main counter value of each comparator's next match, or {@link Long#MAX_VALUE}
   * @param legacyLevels the levels driven by the 8254 and the RTC
   */
  public record State(
      long configuration,
      long status,
      long counterBase,
      long[] timerConfigurations,
      long[] comparators,
      long[] periods,
      long[] matches,
      boolean[] legacyLevels) {}

  /** One comparator. */
  private static final class Comparator {
    final int index;
    final Timer timer;
    long configuration;
    long value = -1;
    long period;

    /** The main counter at the next match, NEVER if there is none. */
    long match = NEVER;

    Comparator(int index, Timer timer) {
      this.index = index;
      this.timer = timer;
    }

    boolean is(long bit) {
      return (configuration & bit) != 0;
    }
  }

  /**
   * Makes a stopped timer block.
   *
   * @param legacyIrq0 where the 8254 would be connected
   * @param legacyIrq8 where the RTC would be connected
   * @param routes the interrupt controller's inputs, at most 32, by number; {@link
   *     IrqLine#UNCONNECTED} ones are not offered to the guest
   */
  public Hpet(Clock clock, IrqLine legacyIrq0, IrqLine legacyIrq8, List<IrqLine> routes) {
    this.clock = clock;
    this.legacy = new IrqLine[] {legacyIrq0, legacyIrq8};
    this.routes = List.copyOf(routes);
    long capable = 0;
    for (int i = 0; i < routes.size(); i++) {
      capable |= routes.get(i) == IrqLine.UNCONNECTED ? 0 : 1L << i;
    }
    routeCapabilities = capable << 32;
    for (int i = 0; i < TIMERS; i++) {
      comparators[i] = new Comparator(i, clock.newTimer(this::matchDue));
    }
  }

  /**
   * The wire that the 8254's channel 0 drives; it reaches IRQ0 unless comparator 0 has taken its
   * place.
   */
  public IrqLine legacyInput0() {
    return level -> legacyInput(0, level);
  }

  /** The wire that the RTC drives; it reaches IRQ8 unless comparator 1 has taken its place. */
  public IrqLine legacyInput8() {
    return level -> legacyInput(1, level);
  }

  private synchronized void legacyInput(int index, boolean level) {
    legacyLevels[index] = level;
    if ((configuration & LEGACY) == 0) {
      legacy[index].set(level);
    }
  }

  @Override
  public synchronized long read(long offset, int size) {
    long counter = sync();
    long register = register((int) offset & ~7, counter);
    long shifted = register >>> (offset & 7) * 8;
    return size == 8 ? shifted : shifted & (1L << size * 8) - 1;
  }

  private long register(int offset, long counter) {
    if (offset >= TIMER_BASE) {
      int index = (offset - TIMER_BASE) / TIMER_STRIDE;
      return index < TIMERS
          ? timerRegister(comparators[index], (offset - TIMER_BASE) % TIMER_STRIDE)
          : 0;
    }
    return switch (offset) {
      case CAPABILITIES -> CAPABILITY_BITS;
      case CONFIGURATION -> configuration;
      case INTERRUPT_STATUS -> status;
      case MAIN_COUNTER -> counter;
      default -> 0;
    };
  }

  private long timerRegister(Comparator comparator, int offset) {
    return switch (offset) {
      case TIMER_CONFIGURATION ->
          routeCapabilities | PERIODIC_CAPABLE | SIZE_CAPABLE | comparator.configuration;
      case TIMER_COMPARATOR -> comparator.value;
      default -> 0;
    };
  }

  @Override
  public synchronized void write(long offset, long value, int size) {
    long counter = sync();
    int register = (int) offset & ~7;
    int shift = (int) (offset & 7) * 8;
    long mask = (size == 8 ? -1 : (1L << size * 8) - 1) << shift;
    long data = value << shift;
    if (register >= TIMER_BASE) {
      int index = (register - TIMER_BASE) / TIMER_STRIDE;
      if (index < TIMERS) {
        writeTimer(comparators[index], (register - TIMER_BASE) % TIMER_STRIDE, data, mask, counter);
      }
      return;
    }
    switch (register) {
      case CONFIGURATION ->
          configure(merge(configuration, data, mask) & (ENABLE | LEGACY), counter);
      case INTERRUPT_STATUS -> clearStatus(data & mask);
      case MAIN_COUNTER -> setCounter(merge(counter, data, mask));
      default -> {}
    }
  }

  private static long merge(long old, long data, long mask) {
    return old & ~mask | data & mask;
  }

  private void configure(long wanted, long counter) {
    long changed = configuration ^ wanted;
    if ((changed & ENABLE) != 0) {
      counterBase = (wanted & ENABLE) != 0 ? counter - ticks() : counter;
    }
    if ((changed & LEGACY) != 0) {
      releaseLines();
    }
    configuration = wanted;
    if ((changed & LEGACY) != 0) {
      for (int i = 0; i < legacy.length; i++) {
        legacy[i].set((configuration & LEGACY) == 0 && legacyLevels[i]);
      }
      driveLines();
    }
    if ((changed & ENABLE) != 0) {
      restartAll(counter);
    }
  }

  private void setCounter(long counter) {
    counterBase = running() ? counter - ticks() : counter;
    restartAll(counter);
  }

  private void writeTimer(Comparator comparator, int offset, long data, long mask, long counter) {
    switch (offset) {
      case TIMER_CONFIGURATION -> {
        releaseLines();
        comparator.configuration = merge(comparator.configuration, data, mask) & WRITABLE;
        if (!comparator.is(LEVEL)) {
          status &= ~(1L << comparator.index);
        }
        driveLines();
        restart(comparator, counter);
      }
      case TIMER_COMPARATOR -> {
        writeComparator(comparator, data, mask);
        restart(comparator, counter);
      }
      default -> {}
    }
  }

  /**
   * Section 2.3.9.2.2: a periodic timer's comparator is only set while VAL_SET is on, which lasts
   * one write; any write gives the period, so that the second write of the two that drivers do sets
   * the period alone.
   */
  private void writeComparator(Comparator comparator, long data, long mask) {
    boolean periodic = comparator.is(PERIODIC);
    if (!periodic || comparator.is(SET_VALUE)) {
      comparator.value = merge(comparator.value, data, mask);
      if (comparator.is(MODE_32)) {
        comparator.value &= LOW_32;
      }
    }
    if (periodic) {
      comparator.period = merge(comparator.period, data, mask);
      if (comparator.is(MODE_32)) {
        comparator.period &= LOW_32;
      }
    }
    // A 64-bit register written in halves, low half first, keeps VAL_SET for the high half.
    boolean lastPart = (mask & LOW_32) == 0 || mask == -1 || comparator.is(MODE_32);
    if (lastPart) {
      comparator.configuration &= ~SET_VALUE;
    }
  }

  private boolean running() {
    return (configuration & ENABLE) != 0;
  }

  private long ticks() {
    return clock.now() / TICK_NANOS;
  }

  /** Delivers what has matched by now and returns the main counter. */
  private long sync() {
    long counter = running() ? counterBase + ticks() : counterBase;
    for (Comparator comparator : comparators) {
      if (comparator.match != NEVER && counter - comparator.match >= 0) {
        matched(comparator, counter);
      }
    }
    return counter;
  }

  private synchronized void matchDue() {
    sync();
    for (Comparator comparator : comparators) {
      arm(comparator);
    }
  }

  private void matched(Comparator comparator, long counter) {
    if (comparator.is(PERIODIC) && comparator.period != 0) {
      long periods = Long.divideUnsigned(counter - comparator.match, comparator.period) + 1;
      comparator.value += periods * comparator.period;
      comparator.match += periods * comparator.period;
    } else {
      comparator.match = comparator.is(MODE_32) ? comparator.match + LOW_32 + 1 : NEVER;
    }
    if (comparator.is(MODE_32)) {
      comparator.value &= LOW_32;
    }
    if (comparator.is(LEVEL)) {
      status |= 1L << comparator.index;
      driveLines();
    } else if (comparator.is(INTERRUPT_ENABLE)) {
      lineOf(comparator.index).pulse();
    }
    arm(comparator);
  }

  private void restartAll(long counter) {
    for (Comparator comparator : comparators) {
      restart(comparator, counter);
    }
  }

  /** Computes the next match from the comparator; one that equals the counter matches now. */
  private void restart(Comparator comparator, long counter) {
    long distance = comparator.value - counter;
    if (comparator.is(MODE_32)) {
      distance &= LOW_32;
    }
    // More than half the 64-bit range away is never: it takes over two thousand years.
    comparator.match = !running() || distance < 0 ? NEVER : counter + distance;
    arm(comparator);
  }

  /**
   * Sets the host timer only if the match can be noticed without a guest access, which catches up
   * by itself.
   */
  private void arm(Comparator comparator) {
    boolean ticksForever = comparator.is(PERIODIC) && comparator.period == 0;
    long nanos = (comparator.match - counterBase) * TICK_NANOS;
    boolean countable = comparator.match - counterBase <= Long.MAX_VALUE / TICK_NANOS;
    if (comparator.match == NEVER
        || !comparator.is(INTERRUPT_ENABLE)
        || ticksForever
        || !countable) {
      comparator.timer.cancel();
    } else {
      comparator.timer.arm(nanos);
    }
  }

  private IrqLine lineOf(int index) {
    if ((configuration & LEGACY) != 0 && index < legacy.length) {
      return legacy[index];
    }
    int route = (int) ((comparators[index].configuration & ROUTE_MASK) >> ROUTE_SHIFT);
    return route < routes.size() ? routes.get(route) : IrqLine.UNCONNECTED;
  }

  private void clearStatus(long bits) {
    releaseLines();
    status &= ~bits;
    driveLines();
  }

  /** Lets go of every level-triggered line held, before what it depends on changes. */
  private void releaseLines() {
    for (int i = 0; i < TIMERS; i++) {
      if ((status & 1L << i) != 0 && comparators[i].is(INTERRUPT_ENABLE)) {
        lineOf(i).set(false);
      }
    }
  }

  private void driveLines() {
    for (int i = 0; i < TIMERS; i++) {
      if ((status & 1L << i) != 0 && comparators[i].is(INTERRUPT_ENABLE)) {
        lineOf(i).set(true);
      }
    }
  }

  @Override
  public synchronized State save() {
    long[][] columns = new long[4][TIMERS];
    for (int i = 0; i < TIMERS; i++) {
      columns[0][i] = comparators[i].configuration;
      columns[1][i] = comparators[i].value;
      columns[2][i] = comparators[i].period;
      columns[3][i] = comparators[i].match;
    }
    return new State(
        configuration,
        status,
        counterBase,
        columns[0],
        columns[1],
        columns[2],
        columns[3],
        legacyLevels.clone());
  }

  @Override
  public synchronized void restore(State state) {
    releaseLines();
    configuration = state.configuration;
    status = state.status;
    counterBase = state.counterBase;
    System.arraycopy(state.legacyLevels, 0, legacyLevels, 0, legacyLevels.length);
    for (int i = 0; i < TIMERS; i++) {
      comparators[i].configuration = state.timerConfigurations[i];
      comparators[i].value = state.comparators[i];
      comparators[i].period = state.periods[i];
      comparators[i].match = state.matches[i];
      arm(comparators[i]);
    }
    for (int i = 0; i < legacy.length; i++) {
      legacy[i].set((configuration & LEGACY) == 0 && legacyLevels[i]);
    }
    driveLines();
  }
}
