package org.coremu.device.timer;

import java.util.List;
import org.coremu.hw.Clock;
import org.coremu.hw.Frequency;
import org.coremu.hw.IrqLine;
import org.coremu.hw.PortDevice;
import org.coremu.hw.Saveable;
import org.coremu.hw.Timer;

/**
 * Intel 8254 programmable interval timer, at ports 0x40 to 0x43 of a PC: channel 0 drives IRQ0,
 * channel 2 the speaker, with its gate and output at port 0x61.
 *
 * <p>Source: Intel 8254 data sheet (231164). The counts are computed from the clock on each access,
 * and interrupts come from absolute ticks, so that periodic interrupts do not drift. A period that
 * the host was too late to deliver is dropped, as an edge on a line that is still pending would be.
 *
 * <p>Not modelled: channel 0's output between its rising edges (the line is seen low only just
 * before it rises; nothing edge-triggered can tell); a new count in mode 3 taking over after half a
 * wave (it waits for the whole); the tick for which OUT is low in mode 2 with a count of 1, which
 * the data sheet forbids; the old count that can be read for less than a microsecond before a new
 * one is loaded.
 */
public final class Pit8254 implements PortDevice, Saveable<Pit8254.State> {
  /** The input clock of all three counters: a twelfth of the PC's 14.31818 MHz crystal. */
  public static final Frequency INPUT = new Frequency(1_193_182);

  /** How many ports the chip takes. */
  public static final int PORTS = 4;

  private static final int CHANNELS = 3;
  private static final int COUNTER_0 = 0;
  private static final int COUNTER_2 = 2;
  private static final int CONTROL = 3;

  private static final int SELECT_READ_BACK = 3;
  private static final int READ_BACK_NO_COUNT = 0x20;
  private static final int READ_BACK_NO_STATUS = 0x10;

  private final Clock clock;
  private final IrqLine irq;
  private final Timer timer;
  private final PitChannel[] channels = new PitChannel[CHANNELS];
  private boolean irqLevel;

  /** The tick at which channel 0's output rises next, or {@link PitChannel#NEVER}. */
  private long nextRise = PitChannel.NEVER;

  /**
   * The chip's registers.
   *
   * @param channels the three counters
   * @param irqLevel the level that channel 0's line was left at
   * @param nextRise the tick of channel 0's next interrupt, or {@link Long#MAX_VALUE}
   */
  public record State(List<PitChannel.State> channels, boolean irqLevel, long nextRise) {}

  /**
   * Makes a chip with no counter running.
   *
   * @param irq channel 0's output
   */
  public Pit8254(Clock clock, IrqLine irq) {
    this.clock = clock;
    this.irq = irq;
    this.timer = clock.newTimer(this::outputRises);
    for (int i = 0; i < CHANNELS; i++) {
      channels[i] = new PitChannel();
    }
    channels[COUNTER_2].gate(false, 0);
  }

  @Override
  public synchronized int read(int offset, int size) {
    if (offset >= CONTROL) {
      return -1;
    }
    long tick = advance();
    return channels[offset].read(tick);
  }

  @Override
  public synchronized void write(int offset, int value, int size) {
    long tick = advance();
    int data = value & 0xff;
    if (offset == CONTROL) {
      control(data, tick);
    } else {
      channels[offset].write(data, tick);
      if (offset == COUNTER_0) {
        counterZeroChanged(tick);
      }
    }
  }

  private void control(int word, long tick) {
    int select = word >> 6;
    if (select == SELECT_READ_BACK) {
      for (int i = 0; i < CHANNELS; i++) {
        if ((word & 2 << i) != 0) {
          readBack(channels[i], word, tick);
        }
      }
      return;
    }
    boolean reprogrammed = channels[select].control(word, tick);
    if (reprogrammed && select == COUNTER_0) {
      counterZeroChanged(tick);
    }
  }

  private static void readBack(PitChannel channel, int word, long tick) {
    if ((word & READ_BACK_NO_COUNT) == 0) {
      channel.latchCount(tick);
    }
    if ((word & READ_BACK_NO_STATUS) == 0) {
      channel.latchStatus(tick);
    }
  }

  /**
   * Drives channel 2's gate, port 0x61 bit 0.
   *
   * @param level true lets it count
   */
  public synchronized void gate2(boolean level) {
    channels[COUNTER_2].gate(level, advance());
  }

  /** Channel 2's output, port 0x61 bit 5. */
  public synchronized boolean output2() {
    return channels[COUNTER_2].output(advance());
  }

  /**
   * Brings everything up to the current tick, an interrupt that is due included, and returns that
   * tick.
   */
  private long advance() {
    long tick = INPUT.ticksAt(clock.now());
    for (PitChannel channel : channels) {
      channel.advance(tick);
    }
    if (tick >= nextRise) {
      drive(false);
      drive(true);
      arm(channels[COUNTER_0].nextRise(tick));
    }
    return tick;
  }

  private void counterZeroChanged(long tick) {
    drive(channels[COUNTER_0].restingOutput(tick));
    arm(channels[COUNTER_0].nextRise(tick));
  }

  private void arm(long rise) {
    nextRise = rise;
    if (rise == PitChannel.NEVER) {
      timer.cancel();
    } else {
      timer.arm(INPUT.nanosAt(rise));
    }
  }

  private void drive(boolean level) {
    if (level != irqLevel) {
      irqLevel = level;
      irq.set(level);
    }
  }

  private synchronized void outputRises() {
    if (advance() < nextRise) {
      arm(nextRise);
    }
  }

  @Override
  public synchronized State save() {
    return new State(
        List.of(channels[0].save(), channels[1].save(), channels[2].save()), irqLevel, nextRise);
  }

  @Override
  public synchronized void restore(State state) {
    for (int i = 0; i < CHANNELS; i++) {
      channels[i].restore(state.channels.get(i));
    }
    irqLevel = state.irqLevel;
    irq.set(irqLevel);
    arm(state.nextRise);
  }
}
