package org.coremu.guest.x86.system;

import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;

/**
 * Breakpoints of the debug registers (SDM vol. 3B, 17.2). While one is enabled, the core runs
 * instruction by instruction.
 */
public final class DebugRegisters {
  /** A single step. */
  static final long DR6_BS = 1 << 14;

  /** An access to a debug register while general detect is on. */
  private static final long DR6_BD = 1 << 13;

  private static final long DR6_FIXED = 0xffff_0ff0L;
  private static final long DR6_WRITABLE = 0xe00f;
  private static final long DR7_ENABLES = 0xff;
  private static final long DR7_GENERAL_DETECT = 1 << 13;
  private static final long DR7_FIXED = 0x400;
  private static final long DR7_WRITABLE = 0xffff_2bffL;

  private static final int EXECUTE = 0;
  private static final int IO = 2;

  private final X86 x86;
  private long hits;

  public DebugRegisters(X86 x86) {
    this.x86 = x86;
  }

  /** Whether any breakpoint is enabled. */
  public boolean active() {
    return (x86.get(X86State.DR + 7) & DR7_ENABLES) != 0;
  }

  /** Whether any breakpoint is one of data. */
  public boolean watchesData() {
    for (int n = 0; n < 4; n++) {
      if (enabled(n) && (kind(n) & 1) != 0) {
        return true;
      }
    }
    return false;
  }

  private boolean enabled(int n) {
    return (x86.get(X86State.DR + 7) >> n * 2 & 3) != 0;
  }

  private int kind(int n) {
    return (int) (x86.get(X86State.DR + 7) >> 16 + n * 4) & 3;
  }

  /** Length in bytes; 10 means 8 bytes. */
  private int length(int n) {
    return switch ((int) (x86.get(X86State.DR + 7) >> 18 + n * 4) & 3) {
      case 0 -> 1;
      case 1 -> 2;
      case 2 -> 8;
      default -> 4;
    };
  }

  /** DR6 bits of the instruction breakpoints at a linear address. */
  long instructionHit(long linear) {
    long found = 0;
    for (int n = 0; active() && n < 4; n++) {
      if (enabled(n) && kind(n) == EXECUTE && x86.get(X86State.DR + n) == linear) {
        found |= 1L << n;
      }
    }
    return found;
  }

  /** Notes a data access, if a breakpoint watches it. */
  public void access(long linear, int size, boolean write) {
    for (int n = 0; n < 4; n++) {
      int kind = kind(n);
      if (enabled(n) && (kind & 1) != 0 && (write || kind == 3)) {
        note(n, linear, size);
      }
    }
  }

  /** Notes an I/O access, if a breakpoint watches the port. */
  public void port(int port, int size) {
    if (!active() || (x86.get(X86State.CR4) & Bits.CR4_DE) == 0) {
      return;
    }
    for (int n = 0; n < 4; n++) {
      if (enabled(n) && kind(n) == IO) {
        note(n, port, size);
      }
    }
  }

  private void note(int n, long address, int size) {
    int length = length(n);
    long start = x86.get(X86State.DR + n) & -length;
    if (start < address + size && address < start + length) {
      hits |= 1L << n;
    }
  }

  /** DR6 bits of the data and I/O breakpoints met since the last call. */
  long takeHits() {
    long found = hits;
    hits = 0;
    return found;
  }

  long hits() {
    return hits;
  }

  void restore(long saved) {
    hits = saved;
  }

  /** Forgets what {@link #takeHits} would give: the instruction has faulted. */
  void dropHits() {
    hits = 0;
  }

  /** Updates the registers for a debug exception. */
  void report(long dr6) {
    x86.put(X86State.DR + 6, x86.get(X86State.DR + 6) & ~0xfL | dr6);
    x86.put(X86State.DR + 7, x86.get(X86State.DR + 7) & ~DR7_GENERAL_DETECT);
    hits = 0;
  }

  // ---- MOV DR

  private int check(int number) {
    if (number > 7) {
      throw X86Fault.ud();
    }
    boolean alias = number == 4 || number == 5;
    if (alias && (x86.get(X86State.CR4) & Bits.CR4_DE) != 0) {
      throw X86Fault.ud();
    }
    x86.requirePrivilege();
    if ((x86.get(X86State.DR + 7) & DR7_GENERAL_DETECT) != 0) {
      throw X86Fault.debugFault(DR6_BD);
    }
    return alias ? number + 2 : number;
  }

  /** MOV from DR0 to DR7. */
  public long read(int number) {
    return x86.get(X86State.DR + check(number));
  }

  /** MOV to DR0 to DR7. */
  public void write(int number, long value) {
    int n = check(number);
    if (n >= 6 && value >>> 32 != 0) {
      throw X86Fault.gp(0);
    }
    switch (n) {
      case 6 -> x86.put(X86State.DR + 6, value & DR6_WRITABLE | DR6_FIXED);
      case 7 -> {
        x86.put(X86State.DR + 7, value & DR7_WRITABLE | DR7_FIXED);
        x86.updateWatch();
        x86.updateMode();
      }
      default -> x86.put(X86State.DR + n, value);
    }
  }
}
