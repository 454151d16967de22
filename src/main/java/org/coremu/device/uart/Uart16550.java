package org.coremu.device.uart;

import org.coremu.hw.ByteChannel;
import org.coremu.hw.Clock;
import org.coremu.hw.IrqLine;
import org.coremu.hw.PortDevice;
import org.coremu.hw.Saveable;
import org.coremu.hw.Timer;

/**
 * National PC16550D serial port with 16-byte FIFOs.
 *
 * <p>Source: National Semiconductor PC16550D data sheet (June 1995), sections 8.0 and table 4
 * (interrupt control).
 *
 * <p><b>Transmission</b> takes no time: a byte written is handed to the channel at once, and the
 * holding register's interrupt follows as if it had been shifted out.
 *
 * <p><b>Reception</b> never loses a byte: bytes stay in the channel until the guest listens and
 * there is room. The guest listens while it has the received-data interrupt enabled, or when it has
 * read the line status {@value #LISTENING_POLLS} times with nothing but data reads between. (A
 * driver that starts up reads status and data once or twice to flush them, and one that prints
 * reads the status before each byte; neither must eat what the user typed ahead.) For the same
 * reason, line bytes in a FIFO that the guest clears come again.
 *
 * <p>When bytes are taken from the channel decides whether a run can be repeated. They are taken on
 * guest accesses and, besides,
 *
 * <ul>
 *   <li>normally: on every full millisecond of virtual time while the guest listens by interrupt
 *       and there is room, so that it depends on guest state and virtual time alone;
 *   <li>with {@code immediate}: when the channel says that it has input; there is no polling, so
 *       that an idle machine costs nothing.
 * </ul>
 *
 * <p>Not modelled: baud rate and word length on the wire (they only set the receive time-out);
 * parity, framing and break, which a channel does not have; DMA mode; the OUT2 pin, which on a PC's
 * board gates the interrupt; the modem inputs beyond "connected and ready" and loopback.
 */
public final class Uart16550 implements PortDevice, Saveable<Uart16550.State> {
  /** How many ports the chip takes. */
  public static final int PORTS = 8;

  private static final int DATA = 0;
  private static final int INTERRUPT_ENABLE = 1;
  private static final int INTERRUPT_ID = 2;
  private static final int FIFO_CONTROL = 2;
  private static final int LINE_CONTROL = 3;
  private static final int MODEM_CONTROL = 4;
  private static final int LINE_STATUS = 5;
  private static final int MODEM_STATUS = 6;
  private static final int SCRATCH = 7;

  private static final int IER_RECEIVED = 0x01;
  private static final int IER_TRANSMITTER_EMPTY = 0x02;
  private static final int IER_LINE_STATUS = 0x04;
  private static final int IER_MODEM_STATUS = 0x08;

  private static final int ID_NONE = 0x01;
  private static final int ID_MODEM_STATUS = 0x00;
  private static final int ID_TRANSMITTER_EMPTY = 0x02;
  private static final int ID_RECEIVED = 0x04;
  private static final int ID_LINE_STATUS = 0x06;
  private static final int ID_TIME_OUT = 0x0c;
  private static final int ID_FIFO_ENABLED = 0xc0;

  private static final int FIFO_ENABLE = 0x01;
  private static final int FIFO_CLEAR_RECEIVER = 0x02;
  private static final int FIFO_TRIGGER_SHIFT = 6;
  private static final int FIFO_STORED = 0xc1;
  private static final int[] TRIGGER_LEVELS = {1, 4, 8, 14};

  private static final int LCR_DIVISOR_ACCESS = 0x80;

  private static final int MCR_DTR = 0x01;
  private static final int MCR_RTS = 0x02;
  private static final int MCR_OUT1 = 0x04;
  private static final int MCR_OUT2 = 0x08;
  private static final int MCR_LOOPBACK = 0x10;
  private static final int MCR_IMPLEMENTED = 0x1f;

  private static final int LSR_DATA_READY = 0x01;
  private static final int LSR_OVERRUN = 0x02;
  private static final int LSR_TRANSMITTER_EMPTY = 0x60;

  private static final int MSR_CTS = 0x10;
  private static final int MSR_DSR = 0x20;
  private static final int MSR_RI = 0x40;
  private static final int MSR_DCD = 0x80;
  private static final int MSR_CONNECTED = MSR_CTS | MSR_DSR | MSR_DCD;

  private static final int LISTENING_POLLS = 4;
  private static final long POLL_NANOS = 1_000_000;

  /** A sixteenth of a bit at divisor 1 is one cycle of the 1.8432 MHz crystal. */
  private static final long CRYSTAL_HERTZ = 1_843_200;

  private static final int TIME_OUT_CHARACTERS = 4;

  private final Clock clock;
  private final IrqLine irq;
  private final ByteChannel channel;
  private final boolean immediate;
  private final Timer inputTimer;
  private final Timer timeOutTimer;
  private final ReceiveFifo fifo = new ReceiveFifo();

  private int interruptEnable;
  private int fifoControl;
  private int lineControl;
  private int modemControl;
  private int scratch;
  private int divisor = 12;
  private int errors;
  private int modemLines = MSR_CONNECTED;
  private int modemChanges;
  private boolean transmitterPending;
  private boolean timeOutPending;

  /** When the receive time-out falls due, or 0 when it isn't running. */
  private long timeOutAt;

  private int quietPolls;
  private boolean pollArmed;
  private boolean irqLevel;

  /**
   * The registers.
   *
   * @param quietPolls reads of the line status since the guest last did anything but receive
   * @param timeOutAt virtual time of the receive time-out, or 0
   */
  public record State(
      int interruptEnable,
      int fifoControl,
      int lineControl,
      int modemControl,
      int scratch,
      int divisor,
      int errors,
      int modemLines,
      int modemChanges,
      boolean transmitterPending,
      boolean timeOutPending,
      long timeOutAt,
      int quietPolls,
      byte[] received,
      byte[] returned,
      boolean looped) {}

  /**
   * Makes a port as after a reset.
   *
   * @param irq the interrupt output
   * @param channel the other end of the line
   * @param immediate whether input may come in at any time; false for runs that must be repeatable
   */
  public Uart16550(Clock clock, IrqLine irq, ByteChannel channel, boolean immediate) {
    this.clock = clock;
    this.irq = irq;
    this.channel = channel;
    this.immediate = immediate;
    this.inputTimer = clock.newTimer(this::inputDue);
    this.timeOutTimer = clock.newTimer(this::timeOutDue);
    if (immediate) {
      // The channel may hold a lock of its own when it calls, so its thread must not take ours: let
      // a timer do it.
      channel.onInput(() -> inputTimer.arm(0));
    }
  }

  @Override
  public synchronized int read(int offset, int size) {
    if (offset != LINE_STATUS && offset != DATA) {
      quietPolls = 0;
    }
    return switch (offset) {
      case DATA -> divisorAccess() ? divisor & 0xff : receive();
      case INTERRUPT_ENABLE -> divisorAccess() ? divisor >> 8 : interruptEnable;
      case INTERRUPT_ID -> identifyInterrupt();
      case LINE_CONTROL -> lineControl;
      case MODEM_CONTROL -> modemControl;
      case LINE_STATUS -> lineStatus();
      case MODEM_STATUS -> modemStatus();
      case SCRATCH -> scratch;
      default -> -1;
    };
  }

  @Override
  public synchronized void write(int offset, int value, int size) {
    int data = value & 0xff;
    quietPolls = 0;
    switch (offset) {
      case DATA -> writeData(data);
      case INTERRUPT_ENABLE -> writeInterruptEnable(data);
      case FIFO_CONTROL -> controlFifo(data);
      case LINE_CONTROL -> lineControl = data;
      case MODEM_CONTROL -> controlModem(data & MCR_IMPLEMENTED);
      case SCRATCH -> scratch = data;
      default -> {}
    }
  }

  private boolean divisorAccess() {
    return (lineControl & LCR_DIVISOR_ACCESS) != 0;
  }

  private boolean fifoEnabled() {
    return (fifoControl & FIFO_ENABLE) != 0;
  }

  private boolean loopback() {
    return (modemControl & MCR_LOOPBACK) != 0;
  }

  private boolean interruptEnabled(int bit) {
    return (interruptEnable & bit) != 0;
  }

  private int capacity() {
    return fifoEnabled() ? ReceiveFifo.DEPTH : 1;
  }

  private int trigger() {
    return fifoEnabled() ? TRIGGER_LEVELS[fifoControl >> FIFO_TRIGGER_SHIFT] : 1;
  }

  private int receive() {
    if (fifo.count() == 0) {
      return 0;
    }
    int value = fifo.remove();
    timeOutPending = false;
    pull();
    restartTimeOut();
    updateIrq();
    return value;
  }

  private int lineStatus() {
    quietPolls = Math.min(quietPolls + 1, LISTENING_POLLS);
    pull();
    int status = LSR_TRANSMITTER_EMPTY | errors | (fifo.count() > 0 ? LSR_DATA_READY : 0);
    errors = 0;
    updateIrq();
    return status;
  }

  private int modemStatus() {
    int status = modemLines | modemChanges;
    modemChanges = 0;
    updateIrq();
    return status;
  }

  /** Table 4: the highest cause pending and enabled. */
  private int cause() {
    if (interruptEnabled(IER_LINE_STATUS) && errors != 0) {
      return ID_LINE_STATUS;
    }
    if (interruptEnabled(IER_RECEIVED) && fifo.count() >= trigger()) {
      return ID_RECEIVED;
    }
    if (interruptEnabled(IER_RECEIVED) && timeOutPending) {
      return ID_TIME_OUT;
    }
    if (interruptEnabled(IER_TRANSMITTER_EMPTY) && transmitterPending) {
      return ID_TRANSMITTER_EMPTY;
    }
    if (interruptEnabled(IER_MODEM_STATUS) && modemChanges != 0) {
      return ID_MODEM_STATUS;
    }
    return ID_NONE;
  }

  private int identifyInterrupt() {
    int cause = cause();
    if (cause == ID_TRANSMITTER_EMPTY) {
      // Reading the register is what resets this cause, and no other.
      transmitterPending = false;
      updateIrq();
    }
    return cause | (fifoEnabled() ? ID_FIFO_ENABLED : 0);
  }

  private void updateIrq() {
    boolean level = cause() != ID_NONE;
    if (level != irqLevel) {
      irqLevel = level;
      irq.set(level);
    }
  }

  private void writeData(int value) {
    if (divisorAccess()) {
      divisor = divisor & 0xff00 | value;
      return;
    }
    // The line falls while the byte is sent, so that an edge-triggered controller sees the next
    // interrupt.
    transmitterPending = false;
    updateIrq();
    if (loopback()) {
      loop(value);
    } else {
      channel.write(value);
    }
    transmitterPending = true;
    updateIrq();
  }

  private void loop(int value) {
    if (fifo.count() < capacity()) {
      fifo.add(value, true);
      restartTimeOut();
    } else {
      errors |= LSR_OVERRUN;
    }
  }

  private void writeInterruptEnable(int value) {
    if (divisorAccess()) {
      divisor = divisor & 0xff | value << 8;
      return;
    }
    int changed = interruptEnable ^ value;
    interruptEnable = value & 0x0f;
    if ((changed & IER_TRANSMITTER_EMPTY) != 0) {
      // Enabling the interrupt with the transmitter empty raises it at once; Linux's 8250 driver
      // tests for that.
      transmitterPending = interruptEnabled(IER_TRANSMITTER_EMPTY);
    }
    pull();
    restartTimeOut();
    updateIrq();
  }

  private void controlFifo(int value) {
    boolean switched = ((value ^ fifoControl) & FIFO_ENABLE) != 0;
    fifoControl = (value & FIFO_ENABLE) != 0 ? value & FIFO_STORED : 0;
    if (switched || fifoEnabled() && (value & FIFO_CLEAR_RECEIVER) != 0) {
      clearReceiver();
    }
    updateIrq();
  }

  private void clearReceiver() {
    fifo.clear();
    timeOutPending = false;
    restartTimeOut();
    schedulePoll();
  }

  private void controlModem(int value) {
    boolean entersLoopback = (value & MCR_LOOPBACK) != 0 && !loopback();
    boolean leavesLoopback = (value & MCR_LOOPBACK) == 0 && loopback();
    modemControl = value;
    setModemLines(loopback() ? loopedModemLines() : MSR_CONNECTED);
    if (entersLoopback) {
      clearReceiver();
    }
    if (leavesLoopback) {
      schedulePoll();
    }
    updateIrq();
  }

  private int loopedModemLines() {
    return ((modemControl & MCR_RTS) != 0 ? MSR_CTS : 0)
        | ((modemControl & MCR_DTR) != 0 ? MSR_DSR : 0)
        | ((modemControl & MCR_OUT1) != 0 ? MSR_RI : 0)
        | ((modemControl & MCR_OUT2) != 0 ? MSR_DCD : 0);
  }

  /**
   * Each input's change sets the bit four below it, except that RI only counts when it goes away.
   */
  private void setModemLines(int lines) {
    int changed = modemLines ^ lines;
    if ((lines & MSR_RI) != 0) {
      changed &= ~MSR_RI;
    }
    modemChanges |= changed >> 4;
    modemLines = lines;
  }

  private boolean listening() {
    return !loopback() && (interruptEnabled(IER_RECEIVED) || quietPolls >= LISTENING_POLLS);
  }

  /** Takes what the channel has, as far as there is room for it. */
  private void pull() {
    if (!listening()) {
      return;
    }
    boolean arrived = false;
    while (fifo.count() < capacity()) {
      int value = fifo.takeReturned();
      if (value < 0) {
        value = channel.read();
      }
      if (value < 0) {
        break;
      }
      fifo.add(value, false);
      arrived = true;
    }
    if (arrived) {
      restartTimeOut();
    }
    if (!immediate) {
      schedulePoll();
    }
  }

  /** Looks for input again on the next full millisecond, if the guest listens by interrupt. */
  private void schedulePoll() {
    if (!pollArmed && interruptEnabled(IER_RECEIVED) && !loopback() && fifo.count() < capacity()) {
      pollArmed = true;
      inputTimer.arm((clock.now() / POLL_NANOS + 1) * POLL_NANOS);
    }
  }

  private synchronized void inputDue() {
    pollArmed = false;
    pull();
    updateIrq();
  }

  /** Section 8.4.1: the time-out starts anew with each byte that comes in or is read. */
  private void restartTimeOut() {
    int count = fifo.count();
    if (fifoEnabled()
        && interruptEnabled(IER_RECEIVED)
        && count > 0
        && count < trigger()
        && !timeOutPending) {
      timeOutAt = clock.now() + TIME_OUT_CHARACTERS * characterNanos();
      timeOutTimer.arm(timeOutAt);
    } else if (timeOutAt != 0) {
      timeOutAt = 0;
      timeOutTimer.cancel();
    }
  }

  private long characterNanos() {
    int dataBits = 5 + (lineControl & 3);
    int stopBits = (lineControl & 4) != 0 ? 2 : 1;
    int parityBits = (lineControl & 8) != 0 ? 1 : 0;
    long cycles = 16L * Math.max(1, divisor) * (1 + dataBits + parityBits + stopBits);
    return cycles * 1_000_000_000L / CRYSTAL_HERTZ;
  }

  private synchronized void timeOutDue() {
    if (timeOutAt == 0 || clock.now() < timeOutAt) {
      return;
    }
    timeOutAt = 0;
    timeOutPending = fifo.count() > 0;
    updateIrq();
  }

  @Override
  public synchronized State save() {
    ReceiveFifo.State receiver = fifo.save();
    return new State(
        interruptEnable,
        fifoControl,
        lineControl,
        modemControl,
        scratch,
        divisor,
        errors,
        modemLines,
        modemChanges,
        transmitterPending,
        timeOutPending,
        timeOutAt,
        quietPolls,
        receiver.bytes(),
        receiver.returned(),
        receiver.looped());
  }

  @Override
  public synchronized void restore(State state) {
    interruptEnable = state.interruptEnable;
    fifoControl = state.fifoControl;
    lineControl = state.lineControl;
    modemControl = state.modemControl;
    scratch = state.scratch;
    divisor = state.divisor;
    errors = state.errors;
    modemLines = state.modemLines;
    modemChanges = state.modemChanges;
    transmitterPending = state.transmitterPending;
    timeOutPending = state.timeOutPending;
    timeOutAt = state.timeOutAt;
    quietPolls = state.quietPolls;
    fifo.restore(new ReceiveFifo.State(state.received, state.returned, state.looped));
    timeOutTimer.cancel();
    if (timeOutAt != 0) {
      timeOutTimer.arm(timeOutAt);
    }
    schedulePoll();
    irqLevel = cause() != ID_NONE;
    irq.set(irqLevel);
  }
}
