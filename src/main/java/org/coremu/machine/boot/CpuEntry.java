package org.coremu.machine.boot;

/**
 * The state in which an x86 boot core starts. Whatever is not named here is as after reset: EFLAGS
 * = 2 (interrupts off), other general registers 0, DR and MSRs at their reset values.
 *
 * <p>In {@link Mode#PROTECTED32} and {@link Mode#LONG64} the segment registers hold the selectors
 * below with flat descriptors (base 0, limit 4 GiB - 1): CS from {@code codeSelector},
 * execute/read, 32- or 64-bit by mode; DS, ES, FS, GS and SS from {@code dataSelector}, read/write.
 * The same descriptors stand in guest RAM at {@code gdtBase}. TR is a busy 32-bit TSS with base 0
 * and limit 0x67; LDTR is null; the IDT limit is 0.
 *
 * @param mode processor mode
 * @param ip RIP
 * @param sp RSP
 * @param ax RAX
 * @param bx RBX
 * @param si RSI
 * @param cr3 page-table base; 0 unless {@code LONG64}
 * @param gdtBase guest-physical (and linear) address of the GDT
 * @param gdtLimit GDT limit: bytes minus 1
 * @param codeSelector CS
 * @param dataSelector DS, ES, FS, GS, SS
 */
public record CpuEntry(
    Mode mode,
    long ip,
    long sp,
    long ax,
    long bx,
    long si,
    long cr3,
    long gdtBase,
    int gdtLimit,
    int codeSelector,
    int dataSelector) {
  /** How far the loader has taken the processor from its reset state. */
  public enum Mode {
    /**
     * As after reset: real mode, CS base 0xffff0000, IP 0xfff0; all other components of the entry
     * are ignored.
     */
    REAL_RESET,
    /** CR0.PE set, paging off. */
    PROTECTED32,
    /**
     * CR0.PE and PG, CR4.PAE, EFER.LME and LMA set; CS is a 64-bit segment; low memory is
     * identity-mapped.
     */
    LONG64
  }

  /** The processor's own reset state, for a ROM. */
  public static CpuEntry realReset() {
    return new CpuEntry(Mode.REAL_RESET, 0xfff0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }
}
