package org.coremu.guest.x86;

import org.coremu.exec.CodeReader;
import org.coremu.exec.Core;
import org.coremu.exec.CoreState;
import org.coremu.exec.Guest;
import org.coremu.exec.GuestFault;
import org.coremu.guest.x86.fpu.X87;
import org.coremu.guest.x86.system.Bits;
import org.coremu.guest.x86.system.BootEntry;
import org.coremu.guest.x86.system.DebugRegisters;
import org.coremu.guest.x86.system.Events;
import org.coremu.guest.x86.system.PageWalk;
import org.coremu.guest.x86.system.ResetState;
import org.coremu.guest.x86.system.Segments;
import org.coremu.hw.CoreLines;
import org.coremu.hw.LocalInterrupts;
import org.coremu.hw.LogCategory;
import org.coremu.hw.MmioDevice;
import org.coremu.hw.Saveable;
import org.coremu.ir.FlagKind;
import org.coremu.ir.Flags;
import org.coremu.ir.IrBuilder;

/**
 * The x86 side of one core: what {@link Guest} asks for, and access to its registers for helpers.
 * The work is done by the classes of {@code guest.x86.system}.
 */
public final class X86 implements Guest, Saveable<Events.State> {
  /** MMU mode of accesses with CPL 3. */
  public static final int USER = 0;

  /** MMU mode of accesses with CPL 0 to 2, SMAP not in force. */
  public static final int SUPERVISOR = 1;

  /** MMU mode of accesses with CPL 0 to 2 when pages of the user must not be touched. */
  public static final int SUPERVISOR_SMAP = 2;

  /** How many MMU modes a core needs. */
  public static final int MMU_MODES = 3;

  /** MAXPHYADDR: width of physical addresses. */
  public static final int PHYSICAL_BITS = 40;

  private static final long LOW32 = 0xffff_ffffL;

  /** Segment attributes of a flat segment: data writable and expanding up; code readable. */
  private static final int FLAT_DATA_MASK =
      Bits.PRESENT | Bits.S | Bits.CODE | Bits.CONFORMING | Bits.WRITABLE;

  private static final int FLAT_DATA = Bits.PRESENT | Bits.S | Bits.WRITABLE;
  private static final int FLAT_CODE_MASK = Bits.PRESENT | Bits.S | Bits.CODE | Bits.WRITABLE;

  public final Core core;
  public final CoreState state;
  public final X86Config config;

  /** The core's x87 unit. */
  public final X87 x87;

  public final Segments segments;
  public final Events events;
  public final DebugRegisters debug;

  private final PageWalk pages;
  private final X86Translator translator;
  private final ResetState resetState;
  private final Trace trace;

  /** Whether the log wants every instruction. */
  private final boolean stepwise;

  private LocalInterrupts local = NoLocalInterrupts.INSTANCE;
  private MmioDevice localPage;
  private long localApicPage = -1;

  /** Whether CR0.AM, RFLAGS.AC and CPL 3 ask for alignment checks. */
  private boolean alignmentChecked;

  /** Whether the access going on is an implicit one of the processor. */
  private boolean systemAccess;

  /** The x86 side of a core; {@link #reset} starts it. */
  public X86(Core core, X86Config config) {
    Families.load();
    this.core = core;
    this.state = core.state;
    this.config = config;
    x87 = new X87(core);
    segments = new Segments(this);
    pages = new PageWalk(this);
    debug = new DebugRegisters(this);
    events = new Events(this);
    resetState = new ResetState(this);
    translator = new X86Translator(config.model().features());
    trace = new Trace(this);
    stepwise = trace.stepping();
    resetState.powerOn();
    trace.reset("power-on");
  }

  /** The x86 side of a core, for helpers. */
  public static X86 of(Core core) {
    return (X86) core.guest;
  }

  /**
   * Connects the local APIC, once, before the core runs.
   *
   * @param interrupts the controller
   * @param registers its page of registers, which appears where IA32_APIC_BASE says
   */
  public void attach(LocalInterrupts interrupts, MmioDevice registers) {
    local = interrupts;
    localPage = registers;
    mapLocalApic();
  }

  /** The pins that the local APIC drives. */
  public CoreLines lines() {
    return events.signals;
  }

  public LocalInterrupts local() {
    return local;
  }

  /** Sets up the state a boot loader leaves; after {@link #reset}. */
  public BootEntry bootEntry() {
    return new BootEntry(this);
  }

  // ---- registers

  public long get(int slot) {
    return state.get(slot);
  }

  public void put(int slot, long value) {
    state.put(slot, value);
  }

  /** RFLAGS, all of it. */
  public long flags() {
    return get(X86State.RFLAGS)
        | Flags.pack(
            (int) get(CoreState.FLAG_KIND),
            get(CoreState.FLAG_A),
            get(CoreState.FLAG_B),
            get(CoreState.FLAG_C));
  }

  /** Writes RFLAGS, all of it. The caller brings the mode up to date. */
  public void setFlags(long value) {
    put(X86State.RFLAGS, value & ~Flags.ALL & Bits.RFLAGS_DEFINED | 2);
    put(CoreState.FLAG_KIND, FlagKind.PACKED);
    put(CoreState.FLAG_A, value & Flags.ALL);
  }

  /** Clears bits of RFLAGS that are no arithmetic flags. */
  public void clearFlags(long bits) {
    put(X86State.RFLAGS, get(X86State.RFLAGS) & ~bits);
  }

  /** IOPL, 0 to 3. */
  public int iopl() {
    return (int) (get(X86State.RFLAGS) >> 12) & 3;
  }

  /** Current privilege level, 0 to 3. */
  public int cpl() {
    return (int) get(X86State.CPL);
  }

  /** Whether CR0.PE is set and RFLAGS.VM is not: selectors are looked up in descriptor tables. */
  public boolean isProtected() {
    return (core.mode & (X86Mode.PROTECTED | X86Mode.VM86)) == X86Mode.PROTECTED;
  }

  public boolean isVirtual8086() {
    return (core.mode & X86Mode.VM86) != 0;
  }

  /** Whether EFER.LMA is set. */
  public boolean isLongMode() {
    return (core.mode & X86Mode.LONG) != 0;
  }

  /** Whether the code segment is a 64-bit one. */
  public boolean isCode64() {
    return (core.mode & X86Mode.CODE_SIZE) == 2;
  }

  /** Raises #GP(0) unless CPL is 0. */
  public void requirePrivilege() {
    if (cpl() != 0) {
      throw X86Fault.gp(0);
    }
  }

  /**
   * Brings what the engine keeps of the mode up to date with the registers. The one place that
   * does.
   */
  public void updateMode() {
    long cr0 = get(X86State.CR0);
    long cr4 = get(X86State.CR4);
    long flags = get(X86State.RFLAGS);
    boolean lma = (get(X86State.EFER) & Bits.EFER_LMA) != 0;
    int codeAttributes = segments.attributes(X86State.CS);
    boolean code64 = lma && (codeAttributes & Bits.LONG_CODE) != 0;
    boolean virtual = (cr0 & Bits.CR0_PE) != 0 && (flags & Bits.VM) != 0;
    int cpl = cpl();
    long mode = (long) cpl << X86Mode.CPL_SHIFT;
    if (code64) {
      mode |= 2 | X86Mode.FLAT | X86Mode.STACK32;
    } else {
      mode |= (codeAttributes & Bits.BIG) != 0 ? 1 : 0;
      mode |= (segments.attributes(X86State.SS) & Bits.BIG) != 0 ? X86Mode.STACK32 : 0;
      mode |= isFlat() ? X86Mode.FLAT : 0;
    }
    mode |= bit(cr0, Bits.CR0_PE, X86Mode.PROTECTED);
    mode |= virtual ? X86Mode.VM86 : 0;
    mode |= lma ? X86Mode.LONG : 0;
    mode |= bit(cr0, Bits.CR0_EM, X86Mode.FPU_EMULATED);
    mode |= bit(cr0, Bits.CR0_TS, X86Mode.TASK_SWITCHED);
    mode |= bit(cr0, Bits.CR0_MP, X86Mode.MONITOR);
    mode |= bit(cr4, Bits.CR4_OSFXSR, X86Mode.SSE);
    mode |= bit(cr4, Bits.CR4_OSXSAVE, X86Mode.XSAVE);
    mode |= (flags & Bits.TF) != 0 || debug.active() ? X86Mode.SINGLE_STEP : 0;
    core.mode = mode;
    core.codeBase = code64 ? 0 : segments.base(X86State.CS);
    core.pcMask = code64 ? -1 : (mode & X86Mode.CODE_SIZE) == 0 ? 0xffff : LOW32;
    core.linearMask = code64 ? -1 : LOW32;
    boolean checked = cpl == 3 && (cr0 & Bits.CR0_AM) != 0 && (flags & Bits.AC) != 0;
    if (checked != alignmentChecked) {
      alignmentChecked = checked;
      updateWatch();
    }
    int mmuMode = mmuModeOf(cpl);
    if (mmuMode != core.mmuMode()) {
      core.setMmuMode(mmuMode);
    }
  }

  /** Has data accesses reported, through {@link #accessed}, if anything wants to know of them. */
  public void updateWatch() {
    core.setWatched(alignmentChecked || debug.watchesData());
    core.flushTlb();
  }

  private static long bit(long register, long bit, int modeBit) {
    return (register & bit) != 0 ? modeBit : 0;
  }

  private boolean isFlat() {
    return isFlat(X86State.SS, FLAT_DATA_MASK, FLAT_DATA)
        && isFlat(X86State.DS, FLAT_DATA_MASK, FLAT_DATA)
        && isFlat(X86State.ES, FLAT_DATA_MASK, FLAT_DATA)
        && isFlat(X86State.CS, FLAT_CODE_MASK, FLAT_CODE_MASK);
  }

  private boolean isFlat(int seg, int mask, int wanted) {
    return segments.base(seg) == 0
        && segments.limit(seg) == LOW32
        && (segments.attributes(seg) & mask) == wanted;
  }

  /** MMU mode of explicit accesses at a privilege level. */
  public int mmuModeOf(int cpl) {
    if (cpl == 3) {
      return USER;
    }
    boolean smap =
        (get(X86State.CR4) & Bits.CR4_SMAP) != 0 && (get(X86State.RFLAGS) & Bits.AC) == 0;
    return smap ? SUPERVISOR_SMAP : SUPERVISOR;
  }

  // ---- memory

  /** A linear address as wide as the mode has it. */
  public long linear(long address) {
    return isLongMode() ? address : address & LOW32;
  }

  /** A linear address of 32 bits. */
  public long linear32(long address) {
    return address & LOW32;
  }

  /** MMU mode of implicit accesses to system tables (SDM vol. 3A, 4.6.1). */
  private int systemMode() {
    return (get(X86State.CR4) & Bits.CR4_SMAP) != 0 ? SUPERVISOR_SMAP : SUPERVISOR;
  }

  /** Reads a descriptor table or task-state segment. */
  public long loadSystem(long address, int size) {
    systemAccess = true;
    try {
      return core.memory.load(address, size, systemMode());
    } finally {
      systemAccess = false;
    }
  }

  /** Writes a descriptor table or task-state segment. */
  public void storeSystem(long address, long value, int size) {
    systemAccess = true;
    try {
      core.memory.store(address, value, size, systemMode());
    } finally {
      systemAccess = false;
    }
  }

  /** Physical address of the page where this core sees its local APIC, or -1. */
  public long localApicPage() {
    return localApicPage;
  }

  /** Writes IA32_APIC_BASE; false if the local APIC refuses the value. */
  public boolean setApicBase(long value) {
    if (!local.setApicBase(value)) {
      return false;
    }
    mapLocalApic();
    return true;
  }

  private void mapLocalApic() {
    long base = local.apicBase();
    boolean visible = localPage != null && (base & 0xc00) == 0x800;
    localApicPage = visible ? base & (1L << PHYSICAL_BITS) - 4096 : -1;
    core.memory.mapLocal(localApicPage, localPage);
  }

  // ---- reports

  /** Says under {@code -d unimp} what the guest asked for in vain. */
  public void unimplemented(String what) {
    log(LogCategory.UNIMP, what);
  }

  /** Writes a line about this core. */
  public void log(LogCategory category, String what) {
    if (config.log().enabled(category)) {
      config.log().log(
          category,
          "cpu " + core.index + " rip " + Long.toHexString(core.currentPc()) + ": " + what);
    }
  }

  // ---- state that is not in slots

  @Override
  public Events.State save() {
    return events.save();
  }

  /** As {@link Saveable#restore}; the slots and the local APIC must have been restored before. */
  @Override
  public void restore(Events.State saved) {
    events.restore(saved);
    mapLocalApic();
    updateMode();
    updateWatch();
  }

  // ---- Guest

  @Override
  public void translateTrace(IrBuilder ir, CodeReader code, long start, long mode, int maxInsns) {
    translator.translateTrace(ir, code, start, mode, maxInsns);
  }

  @Override
  public GuestFault divideFault() {
    return X86Fault.de();
  }

  @Override
  public boolean hasLinearPc(long mode) {
    return (mode & X86Mode.FLAT) != 0;
  }

  @Override
  public void reset() {
    resetState.powerOn();
    updateWatch();
    events.powerOn();
    mapLocalApic();
    trace.reset("power-on");
  }

  /** INIT, on the core's thread. */
  public void init() {
    resetState.init();
    updateWatch();
    local.reset();
    trace.reset("INIT");
  }

  /** A start-up message, on the core's thread. */
  public void startup(int vector) {
    resetState.startup(vector);
    trace.reset("start-up message " + vector);
  }

  @Override
  public void translateBlock(IrBuilder ir, CodeReader code, long start, long mode, int maxInsns) {
    translator.translateBlock(ir, code, start, mode, maxInsns);
    trace.translated(code, start, mode, ir.block());
  }

  @Override
  public long translate(long address, int access, int mmuMode) {
    return pages.translate(address, access, mmuMode);
  }

  @Override
  public void accessed(long address, int size, boolean write) {
    if (alignmentChecked && !systemAccess && (address & size - 1) != 0) {
      throw X86Fault.ac();
    }
    debug.access(address, size, write);
  }

  @Override
  public long peek(long address) {
    return pages.peek(address);
  }

  @Override
  public GuestFault alignmentFault(long address) {
    return X86Fault.gp(0);
  }

  /** #XM if the system handles it (CR4.OSXMMEXCPT), else #UD. */
  @Override
  public GuestFault floatingPointFault() {
    return (get(X86State.CR4) & Bits.CR4_OSXMMEXCPT) != 0 ? X86Fault.xm() : X86Fault.ud();
  }

  @Override
  public void takeFault(GuestFault fault) {
    events.take((X86Fault) fault);
  }

  @Override
  public void checkCrossing(long last) {
    if (isCode64() && !Bits.isCanonical(last)) {
      throw X86Fault.nonCanonical(last);
    }
  }

  @Override
  public void refuseTarget(long address) {
    throw X86Fault.gp(0);
  }

  @Override
  public int attend() {
    int next = events.attend();
    if (next != HALT && stepwise) {
      trace.executing();
      return STEP;
    }
    return next;
  }

  @Override
  public void stepped() {
    events.stepped();
  }
}
