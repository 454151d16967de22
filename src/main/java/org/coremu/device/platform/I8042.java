package org.coremu.device.platform;

import org.coremu.hw.IrqLine;
import org.coremu.hw.PortDevice;
import org.coremu.hw.PowerControl;
import org.coremu.hw.Saveable;

/**
 * The PC's keyboard controller with nothing plugged in: ports 0x60 (data, offset 0) and 0x64
 * (command and status, offset 4). It is there for its reset line, its A20 gate and for firmware
 * that tests it.
 *
 * <p>Source: IBM PS/2 Hardware Interface Technical Reference, "Keyboard and Auxiliary Device
 * Controller"; Intel UPI-C42 data sheet (290414) for the status register.
 *
 * <p>A byte sent to the missing keyboard or mouse is answered with 0xFE (resend) and the time-out
 * status, so that drivers give up without waiting.
 *
 * <p>Not modelled: keyboard and mouse; scan code translation; the password commands (answered
 * "none"); the controller's internal RAM except byte 0; its delays: input is taken at once, so the
 * input-buffer-full status is never seen.
 */
public final class I8042 implements PortDevice, Saveable<I8042.State> {
  /** Offset of the command and status port from the data port. */
  public static final int COMMAND_OFFSET = 4;

  private static final int DATA = 0;

  private static final int STATUS_OUTPUT_FULL = 0x01;
  private static final int STATUS_SYSTEM = 0x04;
  private static final int STATUS_LAST_WAS_COMMAND = 0x08;
  private static final int STATUS_UNLOCKED = 0x10;
  private static final int STATUS_FROM_AUX = 0x20;
  private static final int STATUS_TIME_OUT = 0x40;

  private static final int CONFIG_KEYBOARD_INTERRUPT = 0x01;
  private static final int CONFIG_AUX_INTERRUPT = 0x02;
  private static final int CONFIG_SYSTEM = 0x04;
  private static final int CONFIG_KEYBOARD_OFF = 0x10;
  private static final int CONFIG_AUX_OFF = 0x20;
  private static final int CONFIG_TRANSLATE = 0x40;

  /** What firmware leaves behind: keyboard on with interrupt and translation, mouse port off. */
  private static final int CONFIG_INITIAL =
      CONFIG_KEYBOARD_INTERRUPT | CONFIG_SYSTEM | CONFIG_AUX_OFF | CONFIG_TRANSLATE;

  private static final int READ_CONFIG = 0x20;
  private static final int WRITE_CONFIG = 0x60;
  private static final int TEST_PASSWORD = 0xa4;
  private static final int AUX_OFF = 0xa7;
  private static final int AUX_ON = 0xa8;
  private static final int TEST_AUX = 0xa9;
  private static final int SELF_TEST = 0xaa;
  private static final int TEST_KEYBOARD = 0xab;
  private static final int KEYBOARD_OFF = 0xad;
  private static final int KEYBOARD_ON = 0xae;
  private static final int READ_INPUT_PORT = 0xc0;
  private static final int READ_OUTPUT_PORT = 0xd0;
  private static final int WRITE_OUTPUT_PORT = 0xd1;
  private static final int ECHO_AS_KEYBOARD = 0xd2;
  private static final int ECHO_AS_AUX = 0xd3;
  private static final int WRITE_AUX = 0xd4;
  private static final int A20_OFF = 0xdd;
  private static final int A20_ON = 0xdf;
  private static final int PULSE_OUTPUT = 0xf0;

  private static final int NO_PASSWORD = 0xf1;
  private static final int SELF_TEST_PASSED = 0x55;
  private static final int INTERFACE_GOOD = 0x00;
  private static final int INPUT_PORT_UNLOCKED = 0x80;
  private static final int RESEND = 0xfe;

  private static final int OUTPUT_NOT_RESET = 0x01;
  private static final int OUTPUT_A20 = 0x02;
  private static final int OUTPUT_KEYBOARD_FULL = 0x10;
  private static final int OUTPUT_AUX_FULL = 0x20;

  private final IrqLine keyboardIrq;
  private final IrqLine auxIrq;
  private final IrqLine a20;
  private final PowerControl power;

  private int config = CONFIG_INITIAL;

  /** The command that waits for its data byte, or 0. */
  private int pending;

  private int output;
  private int outputStatus;
  private boolean lastWasCommand;
  private boolean a20Level = true;

  /**
   * The controller's state.
   *
   * @param config the command byte, controller RAM byte 0
   * @param pending the command that waits for a data byte, or 0
   * @param output the byte to be read
   * @param outputStatus the status bits that go with it, 0 when there is none
   * @param lastWasCommand whether the last write went to the command port
   * @param a20Level the A20 gate as this controller drives it
   */
  public record State(
      int config,
      int pending,
      int output,
      int outputStatus,
      boolean lastWasCommand,
      boolean a20Level) {}

  /**
   * Makes a controller that has passed its self-test, with A20 enabled.
   *
   * @param keyboardIrq IRQ1
   * @param auxIrq IRQ12
   * @param a20 told when the guest opens (true) or masks address line 20
   */
  public I8042(IrqLine keyboardIrq, IrqLine auxIrq, IrqLine a20, PowerControl power) {
    this.keyboardIrq = keyboardIrq;
    this.auxIrq = auxIrq;
    this.a20 = a20;
    this.power = power;
  }

  @Override
  public synchronized int read(int offset, int size) {
    return switch (offset) {
      case DATA -> takeOutput();
      case COMMAND_OFFSET -> status();
      default -> -1;
    };
  }

  private int takeOutput() {
    outputStatus = 0;
    updateIrqs();
    return output;
  }

  private int status() {
    return outputStatus
        | STATUS_UNLOCKED
        | ((config & CONFIG_SYSTEM) != 0 ? STATUS_SYSTEM : 0)
        | (lastWasCommand ? STATUS_LAST_WAS_COMMAND : 0);
  }

  @Override
  public void write(int offset, int value, int size) {
    int data = value & 0xff;
    boolean reset =
        switch (offset) {
          case DATA -> data(data);
          case COMMAND_OFFSET -> command(data);
          default -> false;
        };
    if (reset) {
      power.reset();
    }
  }

  /** Runs a command; returns whether it resets the machine. */
  private synchronized boolean command(int command) {
    lastWasCommand = true;
    pending = 0;
    switch (command) {
      case READ_CONFIG -> answer(config);
      case WRITE_CONFIG, WRITE_OUTPUT_PORT, ECHO_AS_KEYBOARD, ECHO_AS_AUX, WRITE_AUX ->
          pending = command;
      case TEST_PASSWORD -> answer(NO_PASSWORD);
      case AUX_OFF -> configure(config | CONFIG_AUX_OFF);
      case AUX_ON -> configure(config & ~CONFIG_AUX_OFF);
      case TEST_AUX, TEST_KEYBOARD -> answer(INTERFACE_GOOD);
      case SELF_TEST -> {
        configure(config & CONFIG_TRANSLATE | CONFIG_SYSTEM | CONFIG_KEYBOARD_OFF | CONFIG_AUX_OFF);
        answer(SELF_TEST_PASSED);
      }
      case KEYBOARD_OFF -> configure(config | CONFIG_KEYBOARD_OFF);
      case KEYBOARD_ON -> configure(config & ~CONFIG_KEYBOARD_OFF);
      case READ_INPUT_PORT -> answer(INPUT_PORT_UNLOCKED);
      case READ_OUTPUT_PORT -> answer(outputPort());
      case A20_OFF, A20_ON -> gateA20(command == A20_ON);
      default -> {
        // The low four bits of 0xF0 to 0xFF say which output lines not to pulse low; line 0 is the
        // reset.
        return command >= PULSE_OUTPUT && (command & OUTPUT_NOT_RESET) == 0;
      }
    }
    return false;
  }

  /** Takes a byte at the data port; returns whether it resets the machine. */
  private synchronized boolean data(int value) {
    lastWasCommand = false;
    int command = pending;
    pending = 0;
    switch (command) {
      case WRITE_CONFIG -> configure(value);
      case WRITE_OUTPUT_PORT -> {
        gateA20((value & OUTPUT_A20) != 0);
        return (value & OUTPUT_NOT_RESET) == 0;
      }
      case ECHO_AS_KEYBOARD -> answer(value);
      case ECHO_AS_AUX -> fill(value, STATUS_FROM_AUX);
      case WRITE_AUX -> fill(RESEND, STATUS_FROM_AUX | STATUS_TIME_OUT);
      default -> fill(RESEND, STATUS_TIME_OUT);
    }
    return false;
  }

  private void answer(int value) {
    fill(value, 0);
  }

  private void fill(int value, int status) {
    output = value;
    outputStatus = STATUS_OUTPUT_FULL | status;
    updateIrqs();
  }

  private void configure(int value) {
    config = value;
    updateIrqs();
  }

  private boolean full(boolean aux) {
    int expected = STATUS_OUTPUT_FULL | (aux ? STATUS_FROM_AUX : 0);
    return (outputStatus & (STATUS_OUTPUT_FULL | STATUS_FROM_AUX)) == expected;
  }

  private int outputPort() {
    return OUTPUT_NOT_RESET
        | (a20Level ? OUTPUT_A20 : 0)
        | (full(false) ? OUTPUT_KEYBOARD_FULL : 0)
        | (full(true) ? OUTPUT_AUX_FULL : 0);
  }

  private void gateA20(boolean level) {
    a20Level = level;
    a20.set(level);
  }

  private void updateIrqs() {
    keyboardIrq.set(full(false) && (config & CONFIG_KEYBOARD_INTERRUPT) != 0);
    auxIrq.set(full(true) && (config & CONFIG_AUX_INTERRUPT) != 0);
  }

  @Override
  public synchronized State save() {
    return new State(config, pending, output, outputStatus, lastWasCommand, a20Level);
  }

  @Override
  public synchronized void restore(State state) {
    config = state.config;
    pending = state.pending;
    output = state.output;
    outputStatus = state.outputStatus;
    lastWasCommand = state.lastWasCommand;
    gateA20(state.a20Level);
    updateIrqs();
  }
}
