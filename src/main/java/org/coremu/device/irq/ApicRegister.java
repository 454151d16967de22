package org.coremu.device.irq;

/**
 * Numbers of the local APIC's registers: offset in the xAPIC page divided by 16, or x2APIC MSR
 * minus 0x800. Intel SDM vol. 3A, table 12-1 and 12-6.
 */
final class ApicRegister {
  static final int ID = 0x02;
  static final int VERSION = 0x03;
  static final int TPR = 0x08;
  static final int APR = 0x09;
  static final int PPR = 0x0a;
  static final int EOI = 0x0b;
  static final int REMOTE_READ = 0x0c;
  static final int LDR = 0x0d;
  static final int DFR = 0x0e;
  static final int SVR = 0x0f;
  static final int ISR = 0x10;
  static final int TMR = 0x18;
  static final int IRR = 0x20;
  static final int ESR = 0x28;
  static final int ICR = 0x30;
  static final int ICR_HIGH = 0x31;
  static final int LVT_TIMER = 0x32;
  static final int LVT_THERMAL = 0x33;
  static final int LVT_PERFORMANCE = 0x34;
  static final int LVT_LINT0 = 0x35;
  static final int LVT_LINT1 = 0x36;
  static final int LVT_ERROR = 0x37;
  static final int INITIAL_COUNT = 0x38;
  static final int CURRENT_COUNT = 0x39;
  static final int DIVIDE_CONFIGURATION = 0x3e;
  static final int SELF_IPI = 0x3f;

  // Fields of IA32_APIC_BASE, SVR and ESR.
  static final long BASE_BOOTSTRAP = 1 << 8;
  static final long BASE_X2APIC = 1 << 10;
  static final long BASE_ENABLED = 1 << 11;
  static final long BASE_FIELDS = BASE_BOOTSTRAP | BASE_X2APIC | BASE_ENABLED;
  static final int SVR_ENABLED = 1 << 8;
  static final int SVR_SUPPRESS_EOI = 1 << 12;
  static final int SVR_AFTER_RESET = 0xff;
  static final int FIRST_LEGAL_VECTOR = 16;
  static final int ERROR_SEND_ILLEGAL_VECTOR = 1 << 5;
  static final int ERROR_RECEIVE_ILLEGAL_VECTOR = 1 << 6;
  static final int ERROR_ILLEGAL_REGISTER = 1 << 7;

  private ApicRegister() {}

  /** Whether a register exists that ignores writes. */
  static boolean isReadOnly(int register) {
    return switch (register) {
      case ID, VERSION, APR, PPR, REMOTE_READ, CURRENT_COUNT -> true;
      default -> register >= ISR && register < ESR;
    };
  }
}
