package org.coremu.device.timer;

/**
 * One counter of an {@link Pit8254}, evaluated on demand: a count is never decremented, it is
 * computed from the tick at which it was loaded. All times are ticks of the 1.193182 MHz input. Not
 * thread-safe; the chip's lock guards it.
 *
 * <p>Source: Intel 8254 data sheet (231164), "Mode Definitions" and "Read-Back Command". Ticks are
 * numbered so that a count written during tick {@code t} is loaded at tick {@code t + 1}.
 */
final class PitChannel {
  static final int ONE_SHOT = 0;
  static final int HARDWARE_ONE_SHOT = 1;
  static final int RATE = 2;
  static final int SQUARE = 3;
  static final int SOFTWARE_STROBE = 4;
  static final int HARDWARE_STROBE = 5;

  static final long NEVER = Long.MAX_VALUE;

  private static final int ACCESS_LATCH = 0;
  private static final int ACCESS_LOW = 1;
  private static final int ACCESS_HIGH = 2;
  private static final int ACCESS_BOTH = 3;

  private static final int STATUS_OUT = 0x80;
  private static final int STATUS_NULL = 0x40;

  /** Where {@link #loaded} stands for "not counting": no count written, or no trigger seen yet. */
  private static final long IDLE = -1;

  private int mode;
  private int access = ACCESS_BOTH;
  private boolean bcd;
  private boolean gate = true;

  /** The current period, 1 to 65536; 0 when none was written since the control word. */
  private int count;

  /** The period that takes over at {@link #switchTick}, or 0. */
  private int nextCount;

  private long switchTick;
  private long loaded = IDLE;

  /** Ticks counted before the gate closed, or -1 while counting. */
  private long frozen = -1;

  private int lowByte;
  private boolean highNext;
  private boolean readHighNext;

  /** Bits 0 to 15 of a latched count, or -1. */
  private int countLatch = -1;

  private int statusLatch = -1;

  /** The channel's part of {@link Pit8254.State}; see the fields of the same names. */
  record State(
      int mode,
      int access,
      boolean bcd,
      boolean gate,
      int count,
      int nextCount,
      long switchTick,
      long loaded,
      long frozen,
      int lowByte,
      boolean highNext,
      boolean readHighNext,
      int countLatch,
      int statusLatch) {}

  State save() {
    return new State(
        mode,
        access,
        bcd,
        gate,
        count,
        nextCount,
        switchTick,
        loaded,
        frozen,
        lowByte,
        highNext,
        readHighNext,
        countLatch,
        statusLatch);
  }

  void restore(State state) {
    mode = state.mode;
    access = state.access;
    bcd = state.bcd;
    gate = state.gate;
    count = state.count;
    nextCount = state.nextCount;
    switchTick = state.switchTick;
    loaded = state.loaded;
    frozen = state.frozen;
    lowByte = state.lowByte;
    highNext = state.highNext;
    readHighNext = state.readHighNext;
    countLatch = state.countLatch;
    statusLatch = state.statusLatch;
  }

  /**
   * The channel's part of a control word: a latch command, or a new mode that waits for its count.
   *
   * @return whether the mode was set
   */
  boolean control(int word, long tick) {
    int newAccess = word >> 4 & 3;
    if (newAccess == ACCESS_LATCH) {
      latchCount(tick);
      return false;
    }
    access = newAccess;
    int field = word >> 1 & 7;
    mode = field > HARDWARE_STROBE ? field & 3 : field;
    bcd = (word & 1) != 0;
    count = 0;
    nextCount = 0;
    loaded = IDLE;
    frozen = -1;
    highNext = false;
    readHighNext = false;
    countLatch = -1;
    statusLatch = -1;
    return true;
  }

  void latchCount(long tick) {
    if (countLatch < 0) {
      countLatch = value(tick);
    }
  }

  void latchStatus(long tick) {
    if (statusLatch < 0) {
      boolean empty = count == 0 || nextCount != 0 || loaded > tick;
      statusLatch =
          (output(tick) ? STATUS_OUT : 0)
              | (empty ? STATUS_NULL : 0)
              | access << 4
              | mode << 1
              | (bcd ? 1 : 0);
    }
  }

  int read(long tick) {
    if (statusLatch >= 0) {
      int status = statusLatch;
      statusLatch = -1;
      return status;
    }
    boolean high = access == ACCESS_HIGH || access == ACCESS_BOTH && readHighNext;
    int word = countLatch >= 0 ? countLatch : value(tick);
    if (access == ACCESS_BOTH) {
      readHighNext = !readHighNext;
    }
    if (access != ACCESS_BOTH || high) {
      countLatch = -1;
    }
    return high ? word >> 8 & 0xff : word & 0xff;
  }

  void write(int value, long tick) {
    switch (access) {
      case ACCESS_LOW -> load(value, tick);
      case ACCESS_HIGH -> load(value << 8, tick);
      default -> writeBoth(value, tick);
    }
  }

  private void writeBoth(int value, long tick) {
    if (highNext) {
      load(value << 8 | lowByte, tick);
    } else {
      lowByte = value;
      if (mode == ONE_SHOT) {
        // The first byte stops the count and sets OUT low ("Mode 0: interrupt on terminal count").
        loaded = IDLE;
        frozen = -1;
      }
    }
    highNext = !highNext;
  }

  private void load(int word, long tick) {
    int range = bcd ? 10_000 : 0x1_0000;
    int value = bcd ? fromBcd(word) : word;
    int period = value == 0 ? range : value;
    boolean first = count == 0;
    switch (mode) {
      case ONE_SHOT, SOFTWARE_STROBE -> {
        count = period;
        loaded = tick + 1;
        frozen = gate ? -1 : 0;
      }
      case RATE, SQUARE -> {
        if (first || loaded == IDLE) {
          count = period;
          loaded = gate ? tick + 1 : IDLE;
        } else {
          nextCount = period;
          switchTick = tick < loaded ? loaded : loaded + ((tick - loaded) / count + 1) * count;
        }
      }
      default -> {
        // Modes 1 and 5: the count is used from the next trigger on.
        if (loaded == IDLE) {
          count = period;
        } else {
          nextCount = period;
        }
      }
    }
  }

  /** Makes a count that was waiting for the end of the period current. */
  void advance(long tick) {
    if (nextCount != 0 && (mode == RATE || mode == SQUARE) && tick >= switchTick) {
      count = nextCount;
      loaded = switchTick;
      nextCount = 0;
    }
  }

  /** Drives the GATE input. Its level pauses modes 0 and 4, its rising edge triggers the others. */
  void gate(boolean level, long tick) {
    if (level == gate) {
      return;
    }
    gate = level;
    switch (mode) {
      case ONE_SHOT, SOFTWARE_STROBE -> pause(level, tick);
      case RATE, SQUARE -> trigger(level, tick, true);
      default -> trigger(level, tick, false);
    }
  }

  private void pause(boolean level, long tick) {
    if (loaded == IDLE) {
      return;
    }
    if (!level) {
      frozen = Math.max(0, tick - loaded);
    } else if (frozen >= 0) {
      loaded = tick + 1 - frozen;
      frozen = -1;
    }
  }

  private void trigger(boolean level, long tick, boolean stopsWhenLow) {
    if (level && (count != 0 || nextCount != 0)) {
      count = nextCount != 0 ? nextCount : count;
      nextCount = 0;
      loaded = tick + 1;
    } else if (!level && stopsWhenLow) {
      loaded = IDLE;
    }
  }

  private boolean counting() {
    return count != 0 && loaded != IDLE;
  }

  /** Ticks since the count was loaded; negative before. */
  private long elapsed(long tick) {
    return frozen >= 0 ? frozen : tick - loaded;
  }

  /** The OUT pin. */
  boolean output(long tick) {
    if (!counting()) {
      return mode != ONE_SHOT;
    }
    long elapsed = elapsed(tick);
    if (elapsed < 0) {
      return mode != ONE_SHOT;
    }
    return switch (mode) {
      case ONE_SHOT, HARDWARE_ONE_SHOT -> elapsed >= count;
      case RATE -> elapsed % count != count - 1 || count == 1;
      case SQUARE -> elapsed % count < (count + 1) / 2;
      default -> elapsed != count;
    };
  }

  /** The OUT pin without the low part of a wave or strobe, which only lasts until the next rise. */
  boolean restingOutput(long tick) {
    return mode != ONE_SHOT || output(tick);
  }

  /** The count as the guest reads it, 16 bits, in BCD if the channel counts so. */
  private int value(long tick) {
    long elapsed = counting() ? Math.max(0, elapsed(tick)) : 0;
    long value =
        switch (mode) {
          case RATE -> count == 0 ? 0 : count - elapsed % count;
          case SQUARE -> squareValue(elapsed);
          default -> count - elapsed;
        };
    return bcd ? toBcd((int) Math.floorMod(value, 10_000L)) : (int) value & 0xffff;
  }

  /**
   * Mode 3 counts down by two, once for each half of the wave; an odd count's first half is a tick
   * longer.
   */
  private long squareValue(long elapsed) {
    if (count == 0) {
      return 0;
    }
    int firstHalf = (count + 1) / 2;
    long inPeriod = elapsed % count;
    long inHalf = inPeriod < firstHalf ? inPeriod : inPeriod - firstHalf;
    return (count & ~1) - 2 * inHalf;
  }

  /**
   * The first tick after {@code tick} at which OUT rises, or {@link #NEVER}. A rate generator's
   * one-tick low pulse ends where its next period begins.
   */
  long nextRise(long tick) {
    if (!counting() || frozen >= 0) {
      return NEVER;
    }
    return switch (mode) {
      case RATE, SQUARE -> {
        long base = Math.max(tick, loaded);
        long edge = loaded + ((base - loaded) / count + 1) * count;
        yield edge;
      }
      case ONE_SHOT, HARDWARE_ONE_SHOT -> laterThan(tick, loaded + count);
      default -> laterThan(tick, loaded + count + 1);
    };
  }

  private static long laterThan(long tick, long edge) {
    return edge > tick ? edge : NEVER;
  }

  private static int fromBcd(int word) {
    return (word >> 12 & 15) * 1000 + (word >> 8 & 15) * 100 + (word >> 4 & 15) * 10 + (word & 15);
  }

  private static int toBcd(int value) {
    return value / 1000 << 12 | value / 100 % 10 << 8 | value / 10 % 10 << 4 | value % 10;
  }
}
