package org.coremu.device.irq;

import static org.coremu.device.irq.ApicRegister.CURRENT_COUNT;
import static org.coremu.device.irq.ApicRegister.DIVIDE_CONFIGURATION;
import static org.coremu.device.irq.ApicRegister.EOI;
import static org.coremu.device.irq.ApicRegister.ESR;
import static org.coremu.device.irq.ApicRegister.ICR;
import static org.coremu.device.irq.ApicRegister.ID;
import static org.coremu.device.irq.ApicRegister.INITIAL_COUNT;
import static org.coremu.device.irq.ApicRegister.IRR;
import static org.coremu.device.irq.ApicRegister.ISR;
import static org.coremu.device.irq.ApicRegister.LDR;
import static org.coremu.device.irq.ApicRegister.LVT_ERROR;
import static org.coremu.device.irq.ApicRegister.LVT_LINT0;
import static org.coremu.device.irq.ApicRegister.LVT_LINT1;
import static org.coremu.device.irq.ApicRegister.LVT_PERFORMANCE;
import static org.coremu.device.irq.ApicRegister.LVT_THERMAL;
import static org.coremu.device.irq.ApicRegister.LVT_TIMER;
import static org.coremu.device.irq.ApicRegister.PPR;
import static org.coremu.device.irq.ApicRegister.SELF_IPI;
import static org.coremu.device.irq.ApicRegister.SVR;
import static org.coremu.device.irq.ApicRegister.TPR;
import static org.coremu.device.irq.ApicRegister.VERSION;

/**
 * What x2APIC mode lets a guest read and write (SDM 3A, table "Local APIC Register Address Map
 * Supported by x2APIC" and "Reserved Bit Checking"). Registers go by their number: MSR minus 0x800.
 */
final class X2ApicRules {
  private static final long NOTHING = -1;

  private X2ApicRules() {}

  static boolean readable(int register) {
    return switch (register) {
      case ID, VERSION, TPR, PPR, LDR, SVR, ESR, ICR -> true;
      case LVT_TIMER, LVT_THERMAL, LVT_PERFORMANCE, LVT_LINT0, LVT_LINT1, LVT_ERROR -> true;
      case INITIAL_COUNT, CURRENT_COUNT, DIVIDE_CONFIGURATION -> true;
      default -> register >= ISR && register < IRR + 8;
    };
  }

  /** Whether the register may be written and the value has no reserved bit set. */
  static boolean accepts(int register, long value) {
    boolean reservedMode = register == LVT_TIMER && (value >>> 17 & 3) == 3;
    return (value & reserved(register)) == 0 && !reservedMode && writable(register);
  }

  private static boolean writable(int register) {
    return reserved(register) != NOTHING || register == EOI || register == ESR;
  }

  /**
   * Read-only status bits (LVT bits 12 and 14, ICR bit 12) are ignored rather than refused, as
   * hardware does.
   */
  private static long reserved(int register) {
    return switch (register) {
      case TPR, SELF_IPI -> ~0xffL;
      case SVR -> ~0x11ffL;
      case ICR -> 0xfff3_2000L;
      case LVT_TIMER -> ~0x7_10ffL;
      case LVT_THERMAL, LVT_PERFORMANCE -> ~0x1_17ffL;
      case LVT_LINT0, LVT_LINT1 -> ~0x1_f7ffL;
      case LVT_ERROR -> ~0x1_10ffL;
      case INITIAL_COUNT -> ~0xffff_ffffL;
      case DIVIDE_CONFIGURATION -> ~0b1011L;
      default -> NOTHING;
    };
  }
}
