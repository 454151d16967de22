package org.coremu.device.rtc;

import org.coremu.hw.Clock;
import org.coremu.hw.Frequency;
import org.coremu.hw.Inputs;
import org.coremu.hw.IrqLine;
import org.coremu.hw.PortDevice;
import org.coremu.hw.Saveable;
import org.coremu.hw.Timer;

/**
 * MC146818A real-time clock with 128 bytes of CMOS memory: ports 0x70 (index) and 0x71 (data) of a
 * PC, interrupt 8.
 *
 * <p>Source: Motorola MC146818A data sheet (1984). The calendar is a function of virtual time: base
 * second plus whole seconds passed, with a phase that setting the divider changes; nothing ticks
 * unless an interrupt is enabled.
 *
 * <p>Not modelled: the square-wave pin; daylight saving; the NMI mask in the index port (kept, but
 * nobody raises such an NMI); time bases other than 32.768 kHz (they run as that one); a day of the
 * week that disagrees with the date (it always follows the date); cells that keep their old
 * encoding when register B changes it (the time is shown in the new one at once, unless the clock
 * is stopped); the index port reads as all ones, as on most chip sets.
 */
public final class CmosRtc implements PortDevice, Saveable<CmosRtc.State> {
  /** How many ports the chip takes. */
  public static final int PORTS = 2;

  /** How many cells of memory there are, those of the clock included. */
  public static final int CELLS = 128;

  private static final int INDEX = 0;
  private static final int DATA = 1;

  private static final int REGISTER_A = 0x0a;
  private static final int REGISTER_B = 0x0b;
  private static final int REGISTER_C = 0x0c;
  private static final int REGISTER_D = 0x0d;

  private static final int A_UPDATE_IN_PROGRESS = 0x80;
  private static final int A_DIVIDER_RESET = 0x60;
  private static final int A_RATE = 0x0f;
  private static final int A_INITIAL = 0x26;

  private static final int B_SET = 0x80;
  private static final int B_PERIODIC = 0x40;
  private static final int B_ALARM = 0x20;
  private static final int B_UPDATE_ENDED = 0x10;
  private static final int B_BINARY = 0x04;
  private static final int B_24_HOURS = 0x02;
  private static final int B_INTERRUPTS = B_PERIODIC | B_ALARM | B_UPDATE_ENDED;

  private static final int C_INTERRUPT = 0x80;
  private static final int D_VALID = 0x80;

  private static final long SECOND = 1_000_000_000L;

  /**
   * Table 1 of the data sheet, at 32.768 kHz: 244 us of warning, then an update cycle of 1984 us.
   */
  private static final long UPDATE_NANOS = (244 + 1984) * 1000L;

  private static final Frequency CRYSTAL = new Frequency(32_768);

  private final Clock clock;
  private final IrqLine irq;
  private final Timer timer;
  private final byte[] cells = new byte[CELLS];

  private int index;
  private int registerA = A_INITIAL;
  private int registerB = B_24_HOURS;
  private int flags;

  /** Calendar seconds since 1970 at chain time 0, while the clock runs. */
  private long baseSeconds;

  /** What to add to virtual time to get chain time, whose full seconds are the updates. */
  private long phase;

  /** Chain time up to which the flags are right. */
  private long flaggedUntil;

  /**
   * The chip's memory and registers.
   *
   * @param cells all memory; those of the time are current only while the clock is stopped
   * @param index the index port as written, NMI mask included
   * @param flags the interrupt flags of register C
   * @param baseSeconds calendar time in seconds since 1970 at chain time 0
   * @param phase nanoseconds that the divider chain is ahead of virtual time
   * @param flaggedUntil chain time up to which the flags were brought
   */
  public record State(
      byte[] cells,
      int index,
      int registerA,
      int registerB,
      int flags,
      long baseSeconds,
      long phase,
      long flaggedUntil) {}

  /**
   * Makes a clock that runs, set to the machine's time, with all interrupts off.
   *
   * @param layout the cells other than the clock's, for the BIOS
   * @param irq IRQ8, level until register C is read
   */
  public CmosRtc(Clock clock, Inputs inputs, IrqLine irq, CmosLayout layout) {
    this.clock = clock;
    this.irq = irq;
    this.timer = clock.newTimer(this::interruptDue);
    byte[] given = layout.cells();
    System.arraycopy(given, 0, cells, 0, CELLS);
    baseSeconds = inputs.bootEpochSeconds();
  }

  @Override
  public synchronized int read(int offset, int size) {
    return offset == DATA ? readCell(index & CELLS - 1) : 0xff;
  }

  @Override
  public synchronized void write(int offset, int value, int size) {
    if (offset == INDEX) {
      index = value & 0xff;
    } else {
      writeCell(index & CELLS - 1, value & 0xff);
    }
  }

  private int readCell(int cell) {
    long now = bringFlagsUp();
    return switch (cell) {
      case REGISTER_A -> registerA | (updateInProgress(now) ? A_UPDATE_IN_PROGRESS : 0);
      case REGISTER_B -> registerB;
      case REGISTER_C -> takeFlags(now);
      case REGISTER_D -> D_VALID;
      default -> {
        if (isTime(cell) && running()) {
          calendar().encode(seconds(now), cells);
        }
        yield cells[cell] & 0xff;
      }
    };
  }

  private void writeCell(int cell, int value) {
    long now = bringFlagsUp();
    switch (cell) {
      case REGISTER_A -> change(value & ~A_UPDATE_IN_PROGRESS, registerB);
      case REGISTER_B -> change(registerA, value);
      case REGISTER_C, REGISTER_D -> {}
      default -> {
        if (isTime(cell) && running()) {
          calendar().encode(seconds(now), cells);
          cells[cell] = (byte) value;
          setCalendar(now);
        } else {
          cells[cell] = (byte) value;
        }
      }
    }
    arm();
  }

  private static boolean isTime(int cell) {
    return switch (cell) {
      case Calendar.SECONDS,
          Calendar.MINUTES,
          Calendar.HOURS,
          Calendar.DAY_OF_WEEK,
          Calendar.DAY,
          Calendar.MONTH,
          Calendar.YEAR,
          Calendar.CENTURY ->
          true;
      default -> false;
    };
  }

  private Calendar calendar() {
    return new Calendar((registerB & B_BINARY) != 0, (registerB & B_24_HOURS) != 0);
  }

  private boolean dividerRuns() {
    return (registerA & A_DIVIDER_RESET) != A_DIVIDER_RESET;
  }

  /** Whether the calendar is updated every second. */
  private boolean running() {
    return dividerRuns() && (registerB & B_SET) == 0;
  }

  private long chainTime() {
    return clock.now() + phase;
  }

  private long seconds(long chainTime) {
    return baseSeconds + chainTime / SECOND;
  }

  private void setCalendar(long chainTime) {
    baseSeconds = calendar().decode(cells) - chainTime / SECOND;
  }

  /** Writes registers A and B: the calendar stops into the cells, or starts from them. */
  private void change(int newA, int newB) {
    boolean ran = running();
    boolean dividerRan = dividerRuns();
    if (ran) {
      calendar().encode(seconds(chainTime()), cells);
    }
    registerA = newA;
    registerB = (newB & B_SET) != 0 ? newB & ~B_UPDATE_ENDED : newB;
    if (dividerRuns() && !dividerRan) {
      // The first update follows half a second after the divider is let go.
      phase = Math.floorMod(SECOND / 2 - clock.now(), SECOND);
      flaggedUntil = chainTime();
    }
    if (running() && !ran) {
      setCalendar(chainTime());
    }
    updateIrq();
  }

  private boolean updateInProgress(long chainTime) {
    return running() && chainTime % SECOND >= SECOND - UPDATE_NANOS;
  }

  /** Ticks of the crystal between periodic interrupts, or 0 for none. Table 5. */
  private int periodicTicks() {
    int rate = registerA & A_RATE;
    if (rate == 0 || !dividerRuns()) {
      return 0;
    }
    return 1 << (rate <= 2 ? rate + 6 : rate - 1);
  }

  /** Sets the flags for what happened since last time, and returns the chain's time. */
  private long bringFlagsUp() {
    long now = chainTime();
    long before = flaggedUntil;
    flaggedUntil = now;
    int ticks = periodicTicks();
    if (ticks != 0 && CRYSTAL.ticksAt(now) / ticks != CRYSTAL.ticksAt(before) / ticks) {
      flags |= B_PERIODIC;
    }
    if (running() && now / SECOND != before / SECOND) {
      flags |= B_UPDATE_ENDED;
      long alarm = calendar().nextAlarm(seconds(before) + 1, cells);
      if (alarm >= 0 && alarm <= seconds(now)) {
        flags |= B_ALARM;
      }
    }
    updateIrq();
    return now;
  }

  private int takeFlags(long now) {
    int taken = flags | ((flags & registerB & B_INTERRUPTS) != 0 ? C_INTERRUPT : 0);
    flags = 0;
    updateIrq();
    arm();
    return taken;
  }

  private void updateIrq() {
    irq.set((flags & registerB & B_INTERRUPTS) != 0);
  }

  private boolean awaited(int interrupt) {
    return (registerB & interrupt) != 0 && (flags & interrupt) == 0;
  }

  /**
   * Sets the timer for the next flag that would interrupt; the others are found when somebody
   * looks.
   */
  private void arm() {
    long now = chainTime();
    long next = Long.MAX_VALUE;
    int ticks = periodicTicks();
    if (awaited(B_PERIODIC) && ticks != 0) {
      next = CRYSTAL.nanosAt((CRYSTAL.ticksAt(now) / ticks + 1) * ticks);
    }
    if (running() && awaited(B_UPDATE_ENDED)) {
      next = Math.min(next, (now / SECOND + 1) * SECOND);
    }
    if (running() && awaited(B_ALARM)) {
      long alarm = calendar().nextAlarm(seconds(now) + 1, cells);
      if (alarm >= 0) {
        next = Math.min(next, (alarm - baseSeconds) * SECOND);
      }
    }
    if (next == Long.MAX_VALUE) {
      timer.cancel();
    } else {
      timer.arm(next - phase);
    }
  }

  private synchronized void interruptDue() {
    bringFlagsUp();
    arm();
  }

  @Override
  public synchronized State save() {
    return new State(
        cells.clone(), index, registerA, registerB, flags, baseSeconds, phase, flaggedUntil);
  }

  @Override
  public synchronized void restore(State state) {
    System.arraycopy(state.cells, 0, cells, 0, CELLS);
    index = state.index;
    registerA = state.registerA;
    registerB = state.registerB;
    flags = state.flags;
    baseSeconds = state.baseSeconds;
    phase = state.phase;
    flaggedUntil = state.flaggedUntil;
    updateIrq();
    arm();
  }
}
