package org.coremu.exec;

/**
 * A fault that the guest sees: thrown by helpers and by the memory path, caught by the core, which
 * makes the state exact and lets the guest deliver it. Has no stack trace; never logged as an
 * error.
 */
public abstract class GuestFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  protected GuestFault() {
    super(null, null, false, false);
  }
}
