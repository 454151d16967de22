package org.coremu.guest.x86.system;

import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;
import org.coremu.hw.LocalInterrupts;

/**
 * Model-specific registers (SDM vol. 4, chapter 2). One that is not here raises #GP(0) and is
 * reported under {@code -d unimp}. MTRRs and PAT keep what is written and have no effect.
 */
public final class Msrs {
  /** IA32_MISC_ENABLE: fast strings; no branch trace store, no PEBS. */
  static final long MISC_ENABLE_RESET = 1 | 1 << 11 | 1 << 12;

  /** IA32_MTRR_DEF_TYPE with MTRRs and fixed ranges on, and write-back as default. */
  static final long MTRR_ENABLED_WRITE_BACK = 0xc06;

  private static final long MISC_ENABLE_WRITABLE = 1 | 1 << 3 | 1 << 18 | 1 << 22 | 1L << 34;
  private static final int VARIABLE_MTRRS = 8;

  /** Variable ranges, fixed ranges, write-combining. */
  private static final long MTRR_CAPABILITIES = VARIABLE_MTRRS | 1 << 8 | 1 << 10;

  private static final int TSC = 0x10;
  private static final int PLATFORM_ID = 0x17;
  private static final int APIC_BASE = 0x1b;
  private static final int FEATURE_CONTROL = 0x3a;
  private static final int TSC_ADJUST = 0x3b;
  private static final int MICROCODE = 0x8b;
  private static final int MTRR_CAP = 0xfe;
  private static final int SYSENTER_CS = 0x174;
  private static final int SYSENTER_ESP = 0x175;
  private static final int SYSENTER_EIP = 0x176;
  private static final int MCG_CAP = 0x179;
  private static final int MCG_STATUS = 0x17a;
  private static final int MISC_ENABLE = 0x1a0;
  private static final int DEBUGCTL = 0x1d9;
  private static final int MTRR_PHYSBASE0 = 0x200;
  private static final int PAT = 0x277;
  private static final int MTRR_DEF_TYPE = 0x2ff;
  private static final int TSC_DEADLINE = 0x6e0;
  private static final int EFER = 0xc000_0080;
  private static final int STAR = 0xc000_0081;
  private static final int LSTAR = 0xc000_0082;
  private static final int CSTAR = 0xc000_0083;
  private static final int FMASK = 0xc000_0084;
  private static final int FS_BASE = 0xc000_0100;
  private static final int GS_BASE = 0xc000_0101;
  private static final int KERNEL_GS_BASE = 0xc000_0102;
  private static final int TSC_AUX = 0xc000_0103;

  private Msrs() {}

  /** The TSC: nanoseconds of the machine's clock plus TSC_ADJUST. */
  public static long timeStamp(X86 x86) {
    return x86.config.clock().now() + x86.get(X86State.TSC_ADJUST);
  }

  /** RDMSR, after the privilege check. */
  public static long read(X86 x86, int msr) {
    int slot = slot(msr);
    if (slot >= 0) {
      return x86.get(slot);
    }
    if (msr >= 0x800 && msr <= 0x8ff) {
      long value = x86.local().readMsr(msr);
      if (value == LocalInterrupts.REFUSED) {
        throw X86Fault.gp(0);
      }
      return value;
    }
    return switch (msr) {
      case TSC -> timeStamp(x86);
      case TSC_ADJUST -> x86.get(X86State.TSC_ADJUST);
      case PLATFORM_ID, MCG_CAP -> 0;
      case APIC_BASE -> x86.local().apicBase();
      case FEATURE_CONTROL -> 1;
      case MTRR_CAP -> MTRR_CAPABILITIES;
      case MISC_ENABLE -> x86.get(X86State.MISC_ENABLE);
      case DEBUGCTL -> x86.get(SystemSlots.DEBUGCTL);
      case TSC_DEADLINE -> {
        long deadline = x86.local().tscDeadline();
        yield deadline == 0 ? 0 : deadline + x86.get(X86State.TSC_ADJUST);
      }
      case EFER -> x86.get(X86State.EFER);
      default -> throw unknown(x86, "rdmsr", msr);
    };
  }

  /** WRMSR, after the privilege check. */
  public static void write(X86 x86, int msr, long value) {
    int slot = slot(msr);
    if (slot >= 0) {
      x86.put(slot, checked(msr, value));
      return;
    }
    if (msr >= 0x800 && msr <= 0x8ff) {
      require(x86.local().writeMsr(msr, value));
      return;
    }
    switch (msr) {
      case TSC -> x86.put(X86State.TSC_ADJUST, value - x86.config.clock().now());
      case TSC_ADJUST -> x86.put(X86State.TSC_ADJUST, value);
      case APIC_BASE -> require(x86.setApicBase(value));
      case MISC_ENABLE ->
          x86.put(
              X86State.MISC_ENABLE,
              value & MISC_ENABLE_WRITABLE | MISC_ENABLE_RESET & ~MISC_ENABLE_WRITABLE);
      case DEBUGCTL -> {
        require((value & ~3L) == 0);
        x86.put(SystemSlots.DEBUGCTL, value);
      }
      case TSC_DEADLINE -> writeDeadline(x86, value);
      case EFER -> ControlRegisters.writeEfer(x86, value);
      default -> throw unknown(x86, "wrmsr of " + Long.toHexString(value) + " to", msr);
    }
  }

  /**
   * The local APIC counts the machine's time; every deadline that is not 0 must arm the timer
   * there.
   */
  private static void writeDeadline(X86 x86, long value) {
    x86.local().setTscDeadline(value == 0 ? 0 : Math.max(1, value - x86.get(X86State.TSC_ADJUST)));
  }

  /** Slot of a register that only keeps its value, or -1. */
  private static int slot(int msr) {
    if (msr >= MTRR_PHYSBASE0 && msr < MTRR_PHYSBASE0 + 2 * VARIABLE_MTRRS) {
      return SystemSlots.MTRR_VARIABLE + msr - MTRR_PHYSBASE0;
    }
    return switch (msr) {
      case MICROCODE -> SystemSlots.MICROCODE;
      case SYSENTER_CS -> X86State.SYSENTER_CS;
      case SYSENTER_ESP -> X86State.SYSENTER_ESP;
      case SYSENTER_EIP -> X86State.SYSENTER_EIP;
      case MCG_STATUS -> SystemSlots.MCG_STATUS;
      case 0x250 -> SystemSlots.MTRR_FIXED;
      case 0x258, 0x259 -> SystemSlots.MTRR_FIXED + 1 + msr - 0x258;
      case 0x268, 0x269, 0x26a, 0x26b, 0x26c, 0x26d, 0x26e, 0x26f ->
          SystemSlots.MTRR_FIXED + 3 + msr - 0x268;
      case PAT -> X86State.PAT;
      case MTRR_DEF_TYPE -> SystemSlots.MTRR_DEF_TYPE;
      case STAR -> X86State.STAR;
      case LSTAR -> X86State.LSTAR;
      case CSTAR -> X86State.CSTAR;
      case FMASK -> X86State.FMASK;
      case FS_BASE -> X86State.SEG_BASE + X86State.FS;
      case GS_BASE -> X86State.SEG_BASE + X86State.GS;
      case KERNEL_GS_BASE -> X86State.KERNEL_GS_BASE;
      case TSC_AUX -> X86State.TSC_AUX;
      default -> -1;
    };
  }

  /** Checks the value for a register that {@link #slot} knows. */
  private static long checked(int msr, long value) {
    switch (msr) {
      case LSTAR, CSTAR, FS_BASE, GS_BASE, KERNEL_GS_BASE, SYSENTER_ESP, SYSENTER_EIP ->
          require(Bits.isCanonical(value));
      case FMASK, TSC_AUX, SYSENTER_CS -> require(value >>> 32 == 0);
      case MTRR_DEF_TYPE ->
          require((value & ~0xcffL) == 0 && isMemoryType((int) value & 0xff, false));
      case PAT -> {
        for (int i = 0; i < 64; i += 8) {
          require(isMemoryType((int) (value >>> i) & 0xff, true));
        }
      }
      // A microcode update is none: the revision stays, as CPUID reports it on the next read.
      case MICROCODE -> {
        return 1L << 32;
      }
      default -> {}
    }
    return value;
  }

  private static boolean isMemoryType(int type, boolean pat) {
    return type <= 7 && type != 2 && type != 3 && (pat || type != 7);
  }

  private static void require(boolean valid) {
    if (!valid) {
      throw X86Fault.gp(0);
    }
  }

  private static X86Fault unknown(X86 x86, String what, int msr) {
    x86.unimplemented(what + " MSR " + Integer.toHexString(msr));
    return X86Fault.gp(0);
  }
}
