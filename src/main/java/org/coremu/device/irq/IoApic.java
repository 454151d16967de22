package org.coremu.device.irq;

import java.util.Arrays;
import org.coremu.hw.IrqLine;
import org.coremu.hw.MmioDevice;
import org.coremu.hw.Saveable;

/**
 * I/O APIC with 24 pins (Intel 82093AA data sheet; version 0x20 with the EOI register as in the ICH
 * data sheets).
 *
 * <p>A masked pin loses its edges. A level-triggered pin that stays asserted interrupts again after
 * the end of interrupt. Destinations have seven more bits in entry bits 55 to 49, see {@link
 * InterruptBus}.
 *
 * <p>Not modelled: SMI delivery, the arbitration id as more than a copy, the IRQ pin assertion
 * register. Polarity is stored, but has no effect: {@link IrqLine#set} says asserted or not
 * whatever the polarity.
 */
public final class IoApic implements MmioDevice, Saveable<IoApic.State> {
  /** Number of pins. */
  public static final int PINS = 24;

  private static final int SELECT = 0x00;
  private static final int WINDOW = 0x10;
  private static final int EOI = 0x40;

  private static final int INDEX_ID = 0;
  private static final int INDEX_VERSION = 1;
  private static final int INDEX_ARBITRATION = 2;
  private static final int INDEX_TABLE = 0x10;

  private static final int VERSION = PINS - 1 << 16 | 0x20;

  private static final long LOGICAL = 1 << 11;
  private static final long STATUS = 1 << 12;
  private static final long REMOTE_IRR = 1 << 14;
  private static final long LEVEL = 1 << 15;
  private static final long MASKED = 1 << 16;
  private static final long READ_ONLY = STATUS | REMOTE_IRR;
  private static final long WRITABLE = 0xfffe_0000_0001_ffffL & ~READ_ONLY;

  /** Everything a guest can see of it; {@code lines} has a bit for each asserted pin. */
  public record State(int select, int id, int lines, long[] entries) {}

  private final InterruptBus bus;
  private final long[] entries = new long[PINS];
  private int select;
  private int id;
  private int lines;

  /**
   * An I/O APIC after reset: all pins masked. The board attaches it to the bus.
   *
   * @param id 0 to 15
   * @param bus where its messages go
   */
  public IoApic(int id, InterruptBus bus) {
    this.id = id << 24;
    this.bus = bus;
    Arrays.fill(entries, MASKED);
  }

  /**
   * The wire into a pin.
   *
   * @param pin 0 to 23
   */
  public IrqLine line(int pin) {
    if (pin < 0 || pin >= PINS) {
      throw new IllegalArgumentException("I/O APIC pin " + pin);
    }
    return level -> set(pin, level);
  }

  /** Registers are 32 bits wide, 16 bytes apart; narrower reads give a part. */
  @Override
  public synchronized long read(long offset, int size) {
    int shift = ((int) offset & 3) * 8;
    return switch ((int) offset & ~3) {
      case SELECT -> select >>> shift;
      case WINDOW -> Integer.toUnsignedLong(readSelected()) >>> shift;
      default -> 0;
    };
  }

  @Override
  public synchronized void write(long offset, long value, int size) {
    switch ((int) offset) {
      case SELECT -> select = (int) value & 0xff;
      case WINDOW -> writeSelected((int) value);
      case EOI -> endOfInterrupt((int) value & 0xff);
      default -> {}
    }
  }

  /**
   * The end of a level-triggered interrupt, as a local APIC broadcasts it or the EOI register gets
   * it.
   */
  synchronized void endOfInterrupt(int vector) {
    for (int pin = 0; pin < PINS; pin++) {
      if ((entries[pin] & REMOTE_IRR) != 0 && (entries[pin] & 0xff) == vector) {
        entries[pin] &= ~REMOTE_IRR;
        raiseLevel(pin);
      }
    }
  }

  private synchronized void set(int pin, boolean level) {
    int bit = 1 << pin;
    boolean rises = level && (lines & bit) == 0;
    lines = level ? lines | bit : lines & ~bit;
    if (rises && isLevel(pin)) {
      raiseLevel(pin);
    } else if (rises && (entries[pin] & MASKED) == 0) {
      send(pin);
    }
  }

  private int readSelected() {
    return switch (select) {
      case INDEX_ID, INDEX_ARBITRATION -> id;
      case INDEX_VERSION -> VERSION;
      default -> {
        int pin = select - INDEX_TABLE >> 1;
        if (pin < 0 || pin >= PINS) {
          yield 0;
        }
        yield (int) ((select & 1) == 0 ? entries[pin] : entries[pin] >>> 32);
      }
    };
  }

  private void writeSelected(int value) {
    int pin = select - INDEX_TABLE >> 1;
    if (select == INDEX_ID) {
      id = value & 0x0f00_0000;
    } else if (pin >= 0 && pin < PINS) {
      long old = entries[pin];
      long written =
          (select & 1) == 0
              ? old & ~0xffff_ffffL | Integer.toUnsignedLong(value)
              : old & 0xffff_ffffL | (long) value << 32;
      writeEntry(pin, written & WRITABLE | old & READ_ONLY);
    }
  }

  /**
   * Systems clear a stuck remote IRR by making the pin edge-triggered for a moment, so that does it
   * here too.
   */
  private void writeEntry(int pin, long entry) {
    entries[pin] = entry;
    if (isLevel(pin)) {
      raiseLevel(pin);
    } else {
      entries[pin] &= ~REMOTE_IRR;
    }
  }

  /** Only fixed and lowest-priority interrupts have levels: the others get no end of interrupt. */
  private boolean isLevel(int pin) {
    DeliveryMode mode = DeliveryMode.in((int) entries[pin]);
    boolean hasEnd = mode == DeliveryMode.FIXED || mode == DeliveryMode.LOWEST_PRIORITY;
    return hasEnd && (entries[pin] & LEVEL) != 0;
  }

  private void raiseLevel(int pin) {
    boolean ready = (lines >>> pin & 1) != 0 && (entries[pin] & (MASKED | REMOTE_IRR)) == 0;
    if (ready && send(pin)) {
      entries[pin] |= REMOTE_IRR;
    }
  }

  private boolean send(int pin) {
    long entry = entries[pin];
    int destination = (int) (entry >>> 56) | (int) (entry >>> 49 & 0x7f) << 8;
    boolean logical = (entry & LOGICAL) != 0;
    return bus.deliver(
        destination, logical, DeliveryMode.in((int) entry), (int) entry & 0xff, isLevel(pin));
  }

  @Override
  public synchronized State save() {
    return new State(select, id, lines, entries.clone());
  }

  @Override
  public synchronized void restore(State state) {
    select = state.select;
    id = state.id;
    lines = state.lines;
    System.arraycopy(state.entries, 0, entries, 0, PINS);
  }
}
