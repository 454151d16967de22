package org.coremu.device.acpi;

import org.coremu.hw.Clock;
import org.coremu.hw.IrqLine;
import org.coremu.hw.PortDevice;
import org.coremu.hw.PowerControl;
import org.coremu.hw.Saveable;
import org.coremu.hw.Timer;

/**
 * ACPI fixed hardware: the PM1a event block (status and enable, ports 0 to 3 of the device) and the
 * PM1a control block (ports 4 and 5), which switch the machine off and raise the system control
 * interrupt.
 *
 * <p>Source: ACPI Specification 6.5, sections 4.8.3.1 "PM1 Event Grouping" and 4.8.3.2 "PM1 Control
 * Grouping".
 *
 * <p>The machine is in ACPI mode from power-on (SCI_EN can't be cleared): there is no system
 * management mode to go back to, and the FADT's SMI_CMD must be 0.
 *
 * <p>Not modelled: sleep states other than S5 (a request is ignored); the global lock, bus master
 * and RTC events; the sleep button; general purpose events.
 */
public final class PowerManagement implements PortDevice, Saveable<PowerManagement.State> {
  /** How many ports the two blocks take together. */
  public static final int PORTS = 6;

  /** Offset of the PM1a event block in the device's ports; its length is 4. */
  public static final int EVENT_BLOCK = 0;

  /** Offset of the PM1a control block in the device's ports; its length is 2. */
  public static final int CONTROL_BLOCK = 4;

  /**
   * The SLP_TYP value for S5 (soft off), for the DSDT's {@code \_S5} package; firmware that can't
   * know assumes 0.
   */
  public static final int SLEEP_TYPE_S5 = 0;

  private static final int STATUS = 0;
  private static final int ENABLE = 2;
  private static final int CONTROL = 4;

  private static final int TIMER = 0x0001;
  private static final int GLOBAL = 0x0020;
  private static final int POWER_BUTTON = 0x0100;

  /** The RTC event can be enabled, as Linux insists, but never happens: the alarm uses IRQ 8. */
  private static final int RTC = 0x0400;

  private static final int ENABLE_IMPLEMENTED = TIMER | GLOBAL | POWER_BUTTON | RTC;

  private static final int SCI_ENABLE = 0x0001;
  private static final int BUS_MASTER_RELOAD = 0x0002;
  private static final int SLEEP_TYPE_SHIFT = 10;
  private static final int SLEEP_TYPE_MASK = 7 << SLEEP_TYPE_SHIFT;
  private static final int SLEEP_ENABLE = 0x2000;

  private final PmTimer pmTimer;
  private final IrqLine sci;
  private final PowerControl power;
  private final Timer carryTimer;

  private int status;
  private int enable;
  private int control = SCI_ENABLE;

  /** The PM timer's carries that the status has taken notice of. */
  private long carriesSeen;

  /**
   * The registers.
   *
   * @param carriesSeen how many changes of the PM timer's top bit were turned into status
   */
  public record State(int status, int enable, int control, long carriesSeen) {}

  /**
   * Makes the blocks as after power-on, in ACPI mode.
   *
   * @param sci the system control interrupt, level-triggered
   */
  public PowerManagement(Clock clock, PmTimer pmTimer, IrqLine sci, PowerControl power) {
    this.pmTimer = pmTimer;
    this.sci = sci;
    this.power = power;
    this.carryTimer = clock.newTimer(this::carryDue);
  }

  @Override
  public synchronized int read(int offset, int size) {
    noticeCarries();
    int register =
        switch (offset & ~1) {
          case STATUS -> size == 4 ? status | enable << 16 : status;
          case ENABLE -> enable;
          case CONTROL -> control;
          default -> -1;
        };
    int shifted = register >> (offset & 1) * 8;
    return size == 1 ? shifted & 0xff : shifted;
  }

  @Override
  public void write(int offset, int value, int size) {
    boolean off;
    synchronized (this) {
      noticeCarries();
      int shift = (offset & 1) * 8;
      int mask = size == 1 ? 0xff << shift : 0xffff;
      off = store(offset & ~1, value << shift, mask);
      if (size == 4 && offset == STATUS) {
        store(ENABLE, value >>> 16, 0xffff);
      }
      update();
    }
    if (off) {
      power.powerOff();
    }
  }

  /** Writes the masked part of a 16-bit register and returns whether that asks for soft off. */
  private boolean store(int register, int data, int mask) {
    switch (register) {
      case STATUS -> status &= ~(data & mask);
      case ENABLE -> enable = merge(enable, data, mask) & ENABLE_IMPLEMENTED;
      case CONTROL -> {
        int merged = merge(control, data, mask);
        control = merged & (BUS_MASTER_RELOAD | SLEEP_TYPE_MASK) | SCI_ENABLE;
        return (data & mask & SLEEP_ENABLE) != 0
            && (merged & SLEEP_TYPE_MASK) >> SLEEP_TYPE_SHIFT == SLEEP_TYPE_S5;
      }
      default -> {}
    }
    return false;
  }

  private static int merge(int old, int data, int mask) {
    return old & ~mask | data & mask;
  }

  /** Presses the power button: the operating system is told, and shuts down if it cares. */
  public synchronized void pressPowerButton() {
    status |= POWER_BUTTON;
    update();
  }

  private void noticeCarries() {
    long carries = pmTimer.carries();
    if (carries != carriesSeen) {
      carriesSeen = carries;
      status |= TIMER;
    }
  }

  private void update() {
    sci.set((status & enable) != 0);
    if ((enable & TIMER) != 0 && (status & TIMER) == 0) {
      carryTimer.arm(pmTimer.nextCarry());
    } else {
      carryTimer.cancel();
    }
  }

  private synchronized void carryDue() {
    noticeCarries();
    update();
  }

  @Override
  public synchronized State save() {
    return new State(status, enable, control, carriesSeen);
  }

  @Override
  public synchronized void restore(State state) {
    status = state.status;
    enable = state.enable;
    control = state.control;
    carriesSeen = state.carriesSeen;
    update();
  }
}
