package org.coremu.guest.x86.system;

import org.coremu.guest.x86.Feature;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;

/**
 * Reading and writing CR0 to CR8, EFER and XCR0, with the rules of changing modes (SDM vol. 3A,
 * 2.5, 4.1, 9.8).
 */
public final class ControlRegisters {
  /** CR0, CR2, CR3, CR4 and CR8, a bit each. */
  private static final int EXISTING = 0x11D;

  private static final long CR0_WRITABLE =
      Bits.CR0_PE
          | Bits.CR0_MP
          | Bits.CR0_EM
          | Bits.CR0_TS
          | Bits.CR0_NE
          | Bits.CR0_WP
          | Bits.CR0_AM
          | Bits.CR0_NW
          | Bits.CR0_CD
          | Bits.CR0_PG;
  private static final long CR0_PAGING = Bits.CR0_PG | Bits.CR0_WP | Bits.CR0_PE;
  private static final long CR4_PAGING =
      Bits.CR4_PSE | Bits.CR4_PAE | Bits.CR4_PGE | Bits.CR4_PCIDE | Bits.CR4_SMEP | Bits.CR4_SMAP;
  private static final long CR3_NO_FLUSH = 1L << 63;
  private static final long PDPTE_RESERVED = 0x1e6 | -1L << X86.PHYSICAL_BITS;

  private final X86 x86;

  ControlRegisters(X86 x86) {
    this.x86 = x86;
  }

  /** MOV from a control register. */
  public static long read(X86 x86, int number) {
    requireAccess(x86, number);
    return switch (number) {
      case 0 -> x86.get(X86State.CR0);
      case 2 -> x86.get(X86State.CR2);
      case 3 -> x86.get(X86State.CR3);
      case 4 -> x86.get(X86State.CR4);
      case 8 -> x86.local().taskPriority();
      default -> throw X86Fault.ud();
    };
  }

  /** #UD for a register that does not exist comes before the check of the privilege level. */
  private static void requireAccess(X86 x86, int number) {
    if ((1 << number & EXISTING) == 0) {
      throw X86Fault.ud();
    }
    x86.requirePrivilege();
  }

  /** MOV to a control register. */
  public static void write(X86 x86, int number, long value) {
    requireAccess(x86, number);
    ControlRegisters registers = new ControlRegisters(x86);
    switch (number) {
      case 0 -> registers.writeCr0(value);
      case 2 -> x86.put(X86State.CR2, value);
      case 3 -> registers.writeCr3(value);
      case 4 -> registers.writeCr4(value);
      case 8 -> {
        if (value >>> 4 != 0) {
          throw X86Fault.gp(0);
        }
        x86.local().setTaskPriority((int) value);
      }
      default -> throw X86Fault.ud();
    }
  }

  /** LMSW: sets PE to TS; PE cannot be cleared. */
  public static void loadMachineStatus(X86 x86, long value) {
    x86.requirePrivilege();
    long old = x86.get(X86State.CR0);
    new ControlRegisters(x86).writeCr0(old & ~0xeL | value & 0xf);
  }

  private void writeCr0(long value) {
    if (value >>> 32 != 0) {
      throw X86Fault.gp(0);
    }
    boolean paging = (value & Bits.CR0_PG) != 0;
    if (paging && (value & Bits.CR0_PE) == 0
        || (value & Bits.CR0_NW) != 0 && (value & Bits.CR0_CD) == 0) {
      throw X86Fault.gp(0);
    }
    long old = x86.get(X86State.CR0);
    long efer = x86.get(X86State.EFER);
    long cr4 = x86.get(X86State.CR4);
    if (paging && (old & Bits.CR0_PG) == 0) {
      efer = enablePaging(efer, cr4);
    } else if (!paging && (old & Bits.CR0_PG) != 0) {
      if (x86.isCode64() || (cr4 & Bits.CR4_PCIDE) != 0) {
        throw X86Fault.gp(0);
      }
      efer &= ~Bits.EFER_LMA;
    }
    x86.put(X86State.CR0, value & CR0_WRITABLE | Bits.CR0_ET);
    x86.put(X86State.EFER, efer);
    if ((value & Bits.CR0_PE) == 0) {
      x86.put(X86State.CPL, 0);
    }
    if (((old ^ value) & CR0_PAGING) != 0) {
      x86.core.flushTlb();
    }
    x86.updateMode();
  }

  private long enablePaging(long efer, long cr4) {
    if ((efer & Bits.EFER_LME) != 0) {
      if ((cr4 & Bits.CR4_PAE) == 0
          || (x86.segments.attributes(X86State.CS) & Bits.LONG_CODE) != 0) {
        throw X86Fault.gp(0);
      }
      return efer | Bits.EFER_LMA;
    }
    if ((cr4 & Bits.CR4_PAE) != 0) {
      loadPageDirectoryPointers(x86.get(X86State.CR3));
    }
    return efer;
  }

  /** PAE paging keeps the four top entries in registers (SDM vol. 3A, 4.4.1). */
  private void loadPageDirectoryPointers(long cr3) {
    long table = cr3 & 0xffff_ffe0L;
    long[] entries = new long[4];
    for (int i = 0; i < 4; i++) {
      entries[i] = x86.core.memory.bus().read(table + i * 8L, 8);
      if ((entries[i] & 1) != 0 && (entries[i] & PDPTE_RESERVED) != 0) {
        throw X86Fault.gp(0);
      }
    }
    for (int i = 0; i < 4; i++) {
      x86.put(SystemSlots.PDPTE + i, entries[i]);
    }
  }

  private boolean isPae() {
    return (x86.get(X86State.CR0) & Bits.CR0_PG) != 0
        && (x86.get(X86State.CR4) & Bits.CR4_PAE) != 0
        && !x86.isLongMode();
  }

  private void writeCr3(long given) {
    boolean pcid = (x86.get(X86State.CR4) & Bits.CR4_PCIDE) != 0;
    long value = pcid ? given & ~CR3_NO_FLUSH : given;
    if (x86.isLongMode() && value >>> X86.PHYSICAL_BITS != 0) {
      throw X86Fault.gp(0);
    }
    if (isPae()) {
      loadPageDirectoryPointers(value);
    }
    x86.put(X86State.CR3, value);
    x86.core.flushLocalTlb();
  }

  /** The CR4 bits that this processor has. */
  private long cr4Writable() {
    long bits =
        Bits.CR4_TSD
            | Bits.CR4_DE
            | Bits.CR4_PSE
            | Bits.CR4_PAE
            | Bits.CR4_MCE
            | Bits.CR4_PGE
            | Bits.CR4_PCE
            | Bits.CR4_OSFXSR
            | Bits.CR4_OSXMMEXCPT;
    bits |= x86.config.model().has(Feature.FSGSBASE) ? Bits.CR4_FSGSBASE : 0;
    bits |= x86.config.model().has(Feature.INVPCID) ? Bits.CR4_PCIDE : 0;
    bits |= x86.config.model().has(Feature.XSAVE) ? Bits.CR4_OSXSAVE : 0;
    bits |=
        x86.config.model().has(Feature.SMAP) ? Bits.CR4_SMAP | Bits.CR4_SMEP | Bits.CR4_UMIP : 0;
    return bits;
  }

  private void writeCr4(long value) {
    long old = x86.get(X86State.CR4);
    if ((value & ~cr4Writable()) != 0 || x86.isLongMode() && (value & Bits.CR4_PAE) == 0) {
      throw X86Fault.gp(0);
    }
    boolean startsPcid = (value & ~old & Bits.CR4_PCIDE) != 0;
    if (startsPcid && (!x86.isLongMode() || (x86.get(X86State.CR3) & 0xfff) != 0)) {
      throw X86Fault.gp(0);
    }
    boolean pagingPae = (x86.get(X86State.CR0) & Bits.CR0_PG) != 0 && !x86.isLongMode();
    if (pagingPae && (value & Bits.CR4_PAE) != 0 && ((value ^ old) & CR4_PAGING) != 0) {
      loadPageDirectoryPointers(x86.get(X86State.CR3));
    }
    x86.put(X86State.CR4, value);
    if (((value ^ old) & CR4_PAGING) != 0) {
      x86.core.flushTlb();
    }
    x86.updateMode();
  }

  /** WRMSR of EFER. */
  static void writeEfer(X86 x86, long value) {
    long writable = Bits.EFER_SCE | Bits.EFER_LME | Bits.EFER_NXE;
    long old = x86.get(X86State.EFER);
    boolean paging = (x86.get(X86State.CR0) & Bits.CR0_PG) != 0;
    if ((value & ~(writable | Bits.EFER_LMA)) != 0
        || paging && ((value ^ old) & Bits.EFER_LME) != 0) {
      throw X86Fault.gp(0);
    }
    x86.put(X86State.EFER, value & writable | old & Bits.EFER_LMA);
    if (((value ^ old) & Bits.EFER_NXE) != 0) {
      x86.core.flushTlb();
    }
  }

  /** XSETBV: only x87 and SSE state exist, and x87 cannot be left out. */
  public static void writeXcr(X86 x86, int number, long value) {
    x86.requirePrivilege();
    if (number != 0 || value != 1 && value != 3) {
      throw X86Fault.gp(0);
    }
    x86.put(X86State.XCR0, value);
  }
}
