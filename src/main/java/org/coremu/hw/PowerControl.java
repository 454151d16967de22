package org.coremu.hw;

/**
 * The machine's power button, reset button and way out, as devices press them. Calls come from any
 * host thread, often from inside a port write of a running core, and return at once: the machine
 * acts on the request afterwards. No lock of the caller's device is held during the call.
 */
public interface PowerControl {
  /** Power for nobody: a machine that can't be switched off from inside. */
  PowerControl NONE =
      new PowerControl() {
        @Override
        public void powerOff() {}

        @Override
        public void reset() {}

        @Override
        public void exit(int code) {}
      };

  /** Switches the machine off, as ACPI state S5 does. */
  void powerOff();

  /** Resets the whole machine: every core and every device. */
  void reset();

  /**
   * Ends the emulation with a status of the guest's choice.
   *
   * @param code the status wanted; a process can hand on only its low 8 bits
   */
  void exit(int code);
}
