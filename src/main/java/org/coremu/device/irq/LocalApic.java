package org.coremu.device.irq;

import java.util.concurrent.atomic.AtomicInteger;
import org.coremu.hw.Clock;
import org.coremu.hw.CoreLines;
import org.coremu.hw.IrqLine;
import org.coremu.hw.LocalInterrupts;
import org.coremu.hw.MmioDevice;
import org.coremu.hw.Saveable;

/**
 * The local APIC of one core, in xAPIC or x2APIC mode (Intel SDM volume 3A, chapter "Advanced
 * Programmable Interrupt Controller"). As an {@link MmioDevice} it is the register page of its own
 * core, wherever IA32_APIC_BASE puts it.
 *
 * <p>Messages may arrive on any thread; they only set bits atomically and signal the core.
 * Registers belong to the thread of the core, except those that messages look at, which are
 * volatile. There is no lock but the timer's own.
 *
 * <p>Whether to signal is decided without a lock too: a sender sets the IRR bit first and then
 * reads the processor priority; the core lowers its priority first and then reads the IRR. At least
 * one of them sees the other.
 *
 * <p>Version 0x14: six LVT entries, EOI broadcast can be suppressed. Not modelled: SMI, the CMCI
 * entry, the arbitration bus with its errors (ESR bits 0 to 4), focus processors, writable ids in
 * xAPIC mode, pin polarity ({@link IrqLine} has none), remote read. An IPI is sent at once, so its
 * delivery status is always idle.
 */
public final class LocalApic implements LocalInterrupts, MmioDevice, Saveable<LocalApic.State> {
  private static final int FIRST_MSR = 0x800;
  private static final int VERSION_VALUE = 0x0105_0014;

  private static final long BASE_ADDRESS = 0xfee0_0000L;

  /** Everything a guest can see of it. {@code errors}: seen since the last write to the ESR. */
  public record State(
      long base,
      int taskPriority,
      int spurious,
      int logicalId,
      int destinationFormat,
      int errorStatus,
      int errors,
      long command,
      boolean externalMessage,
      long[] requested,
      long[] inService,
      long[] levelTriggered,
      LocalVectors.State vectors,
      LocalTimer.State timer) {}

  private final int id;
  private final boolean bootstrap;
  private final long reservedBase;
  private final CoreLines core;
  private final InterruptBus bus;
  private final LocalTimer timer;
  private final LocalVectors vectors;

  private final VectorSet requested = new VectorSet();
  private final VectorSet inService = new VectorSet();
  private final VectorSet levelTriggered = new VectorSet();
  private final AtomicInteger errors = new AtomicInteger();

  private volatile long base;
  private volatile int spurious;
  private volatile int logicalId;
  private volatile int destinationFormat;
  private volatile int processorPriority;
  private volatile boolean externalMessage;
  private int taskPriority;
  private int errorStatus;
  private long command;

  /**
   * A local APIC as it is at power-on: in xAPIC mode, disabled by software, everything masked. The
   * board attaches it to the bus.
   *
   * @param id x2APIC id; the xAPIC id is its low byte
   * @param bootstrap whether its core is the bootstrap processor
   * @param physicalAddressBits MAXPHYADDR of the core
   * @param clock for the timer, which counts nanoseconds
   * @param core what it signals
   * @param bus carries its messages, and leads to the 8259
   */
  public LocalApic(
      int id,
      boolean bootstrap,
      int physicalAddressBits,
      Clock clock,
      CoreLines core,
      InterruptBus bus) {
    this.id = id;
    this.bootstrap = bootstrap;
    this.reservedBase = -1L << physicalAddressBits | 0xfff & ~ApicRegister.BASE_FIELDS;
    this.core = core;
    this.bus = bus;
    this.timer = new LocalTimer(clock, this::timerExpired);
    this.vectors = new LocalVectors(this, timer, core);
    powerOn();
  }

  /** The x2APIC id. */
  public int id() {
    return id;
  }

  /** The LINT0 pin; a board wires the 8259's INT output to it. */
  public IrqLine lint0() {
    return level -> vectors.setPin(ApicRegister.LVT_LINT0, level);
  }

  /** The LINT1 pin; a board wires its NMI sources to it. */
  public IrqLine lint1() {
    return level -> vectors.setPin(ApicRegister.LVT_LINT1, level);
  }

  /**
   * Power-on or hard reset: as INIT, and IA32_APIC_BASE too. The levels of the pins stay what they
   * are.
   */
  public void powerOn() {
    base = BASE_ADDRESS | ApicRegister.BASE_ENABLED | (bootstrap ? ApicRegister.BASE_BOOTSTRAP : 0);
    reset();
  }

  /**
   * What firmware leaves on the bootstrap processor for an operating system (MultiProcessor
   * Specification 1.4, "Virtual Wire Mode"): enabled, LINT0 is the 8259's interrupt, LINT1 is NMI.
   * For boards that load a kernel directly.
   */
  public void enableVirtualWire() {
    writeRegister(ApicRegister.SVR, ApicRegister.SVR_AFTER_RESET | ApicRegister.SVR_ENABLED);
    writeRegister(ApicRegister.LVT_LINT0, DeliveryMode.EXT_INT.ordinal() << 8);
    writeRegister(ApicRegister.LVT_LINT1, DeliveryMode.NMI.ordinal() << 8);
  }

  // What the core sees.

  @Override
  public int acknowledge() {
    int vector = -1;
    if (externalPending()) {
      externalMessage = false;
      vector = bus.acknowledgeExternal();
    } else {
      int highest = requested.highest();
      if (highest >> 4 > processorPriority >> 4) {
        requested.remove(highest);
        inService.add(highest);
        vector = highest;
      }
    }
    updatePriority();
    return vector;
  }

  @Override
  public boolean pending() {
    return requestPending() || externalPending();
  }

  @Override
  public void reset() {
    requested.clear();
    inService.clear();
    levelTriggered.clear();
    errors.set(0);
    errorStatus = 0;
    command = 0;
    taskPriority = 0;
    spurious = ApicRegister.SVR_AFTER_RESET;
    logicalId = 0;
    destinationFormat = -1;
    externalMessage = false;
    timer.reset();
    vectors.reset();
    updatePriority();
  }

  @Override
  public long readMsr(int msr) {
    int register = msr - FIRST_MSR;
    if (!x2Apic() || !X2ApicRules.readable(register)) {
      return REFUSED;
    }
    return register == ApicRegister.ICR ? command : Integer.toUnsignedLong(readRegister(register));
  }

  @Override
  public boolean writeMsr(int msr, long value) {
    int register = msr - FIRST_MSR;
    if (!x2Apic() || !X2ApicRules.accepts(register, value)) {
      return false;
    }
    switch (register) {
      case ApicRegister.ICR -> send(value);
      case ApicRegister.SELF_IPI -> sendToSelf((int) value);
      default -> writeRegister(register, (int) value);
    }
    return true;
  }

  @Override
  public long apicBase() {
    return base;
  }

  @Override
  public boolean setApicBase(long value) {
    boolean enable = (value & ApicRegister.BASE_ENABLED) != 0;
    boolean extend = (value & ApicRegister.BASE_X2APIC) != 0;
    boolean illegalStep = enabled() ? enable && x2Apic() && !extend : extend;
    if ((value & reservedBase) != 0 || extend && !enable || illegalStep) {
      return false;
    }
    boolean turnsOff = enabled() && !enable;
    if (extend && !x2Apic()) {
      command &= 0xffff_ffffL;
    }
    base = value;
    if (turnsOff) {
      reset();
    }
    return true;
  }

  @Override
  public int taskPriority() {
    return taskPriority >>> 4;
  }

  @Override
  public void setTaskPriority(int priority) {
    taskPriority = (priority & 0xf) << 4;
    updatePriority();
  }

  @Override
  public long tscDeadline() {
    return timer.deadline();
  }

  @Override
  public void setTscDeadline(long deadline) {
    timer.setDeadline(deadline);
  }

  // The register page.

  /**
   * Whether the register page answers: in xAPIC mode. Otherwise the address belongs to whatever
   * lies behind it.
   */
  public boolean xApic() {
    return (base & (ApicRegister.BASE_ENABLED | ApicRegister.BASE_X2APIC))
        == ApicRegister.BASE_ENABLED;
  }

  /**
   * Reads the register page; all ones when {@link #xApic()} is false. Registers are 32 bits wide,
   * 16 bytes apart.
   */
  @Override
  public long read(long offset, int size) {
    if (!xApic()) {
      return -1;
    }
    int within = (int) offset & 0xf;
    return within >= 4
        ? 0
        : Integer.toUnsignedLong(readRegister((int) offset >>> 4 & 0xff)) >>> within * 8;
  }

  /**
   * Writes the register page. SDM 3A allows aligned 32-bit accesses only; others are ignored here.
   */
  @Override
  public void write(long offset, long value, int size) {
    if (xApic() && size >= 4 && (offset & 0xf) == 0) {
      writeRegister((int) offset >>> 4 & 0xff, (int) value);
    }
  }

  private int readRegister(int register) {
    return switch (register) {
      case ApicRegister.ID -> x2Apic() ? id : id << 24;
      case ApicRegister.VERSION -> VERSION_VALUE;
      case ApicRegister.TPR -> taskPriority;
      case ApicRegister.APR -> arbitrationPriority();
      case ApicRegister.PPR -> processorPriority;
      case ApicRegister.EOI, ApicRegister.REMOTE_READ -> 0;
      case ApicRegister.LDR -> x2Apic() ? id >>> 4 << 16 | 1 << (id & 0xf) : logicalId;
      case ApicRegister.DFR -> destinationFormat;
      case ApicRegister.SVR -> spurious;
      case ApicRegister.ESR -> errorStatus;
      case ApicRegister.ICR -> (int) command;
      case ApicRegister.ICR_HIGH -> (int) (command >>> 32);
      case ApicRegister.LVT_TIMER,
          ApicRegister.LVT_THERMAL,
          ApicRegister.LVT_PERFORMANCE,
          ApicRegister.LVT_LINT0,
          ApicRegister.LVT_LINT1,
          ApicRegister.LVT_ERROR ->
          vectors.entry(register);
      case ApicRegister.INITIAL_COUNT -> timer.initialCount();
      case ApicRegister.CURRENT_COUNT -> timer.currentCount();
      case ApicRegister.DIVIDE_CONFIGURATION -> timer.divideConfiguration();
      default -> readVectorSet(register);
    };
  }

  private int readVectorSet(int register) {
    return switch (register & ~7) {
      case ApicRegister.ISR -> inService.register(register & 7);
      case ApicRegister.TMR -> levelTriggered.register(register & 7);
      case ApicRegister.IRR -> requested.register(register & 7);
      default -> illegalRegister();
    };
  }

  private int illegalRegister() {
    recordError(ApicRegister.ERROR_ILLEGAL_REGISTER);
    return 0;
  }

  private void timerExpired() {
    vectors.raise(ApicRegister.LVT_TIMER);
  }

  private void writeRegister(int register, int value) {
    switch (register) {
      case ApicRegister.TPR -> {
        taskPriority = value & 0xff;
        updatePriority();
      }
      case ApicRegister.EOI -> endOfInterrupt();
      case ApicRegister.LDR -> logicalId = value & 0xff00_0000;
      case ApicRegister.DFR -> destinationFormat = value | 0x0fff_ffff;
      case ApicRegister.SVR -> writeSpurious(value);
      case ApicRegister.ESR -> errorStatus = errors.getAndSet(0);
      case ApicRegister.ICR -> send(command & ~0xffff_ffffL | Integer.toUnsignedLong(value));
      case ApicRegister.ICR_HIGH ->
          command = (long) (value & 0xff00_0000) << 32 | command & 0xffff_ffffL;
      case ApicRegister.LVT_TIMER,
          ApicRegister.LVT_THERMAL,
          ApicRegister.LVT_PERFORMANCE,
          ApicRegister.LVT_LINT0,
          ApicRegister.LVT_LINT1,
          ApicRegister.LVT_ERROR -> {
        vectors.write(register, value);
        updatePriority();
      }
      case ApicRegister.INITIAL_COUNT -> timer.setInitialCount(value);
      case ApicRegister.DIVIDE_CONFIGURATION -> timer.setDivideConfiguration(value);
      default -> {
        if (!ApicRegister.isReadOnly(register)) {
          illegalRegister();
        }
      }
    }
  }

  /**
   * While disabled by software every LVT entry is masked and stays so (SDM 3A, "Local APIC State
   * After Disabling").
   */
  private void writeSpurious(int value) {
    spurious = value & (0xff | ApicRegister.SVR_ENABLED | ApicRegister.SVR_SUPPRESS_EOI);
    if (!enabledBySoftware()) {
      vectors.maskAll();
    }
    updatePriority();
  }

  private void endOfInterrupt() {
    int vector = inService.highest();
    if (vector < 0) {
      return;
    }
    inService.remove(vector);
    if (levelTriggered.contains(vector) && (spurious & ApicRegister.SVR_SUPPRESS_EOI) == 0) {
      bus.endOfInterrupt(vector);
    }
    vectors.endOfInterrupt(vector);
    updatePriority();
  }

  // Sending.

  private void sendToSelf(int vector) {
    if (vector < ApicRegister.FIRST_LEGAL_VECTOR) {
      recordError(ApicRegister.ERROR_SEND_ILLEGAL_VECTOR);
    } else {
      acceptVector(vector, false);
    }
  }

  /**
   * IPIs are edge-triggered whatever the trigger bit says; only INIT level de-assert, long
   * obsolete, looks at it.
   */
  private void send(long newCommand) {
    int low = (int) newCommand & ~IpiFormat.STATUS;
    command = newCommand & ~0xffff_ffffL | Integer.toUnsignedLong(low);
    DeliveryMode mode = DeliveryMode.in(low);
    int vector = low & 0xff;
    boolean needsVector = mode == DeliveryMode.FIXED || mode == DeliveryMode.LOWEST_PRIORITY;
    if (needsVector && vector < ApicRegister.FIRST_LEGAL_VECTOR) {
      recordError(ApicRegister.ERROR_SEND_ILLEGAL_VECTOR);
      return;
    }
    if (mode == DeliveryMode.INIT && IpiFormat.isDeassert(low)) {
      return;
    }
    switch (low & IpiFormat.SHORTHAND) {
      case IpiFormat.SELF -> accept(mode, vector, false);
      case IpiFormat.ALL -> bus.broadcast(null, mode, vector);
      case IpiFormat.OTHERS -> bus.broadcast(this, mode, vector);
      default -> {
        int destination = (int) (newCommand >>> 32);
        boolean logical = (low & IpiFormat.LOGICAL) != 0;
        if (x2Apic()) {
          bus.deliverWide(destination, logical, mode, vector);
        } else {
          bus.deliver(destination >>> 24, logical, mode, vector, false);
        }
      }
    }
  }

  // Receiving, on any thread.

  /**
   * Takes a message that was addressed to this APIC.
   *
   * @return whether it was accepted; not while disabled
   */
  boolean accept(DeliveryMode mode, int vector, boolean level) {
    if (!enabled()) {
      return false;
    }
    switch (mode) {
      case FIXED, LOWEST_PRIORITY -> {
        return acceptVector(vector, level);
      }
      case NMI -> core.nmi();
      case INIT -> core.init();
      case STARTUP -> core.startup(vector);
      case EXT_INT -> {
        externalMessage = true;
        core.interrupt(true);
      }
      case SMI, RESERVED -> {
        return false;
      }
    }
    return true;
  }

  /** Takes a fixed interrupt, from a message or from an LVT entry. */
  boolean acceptVector(int vector, boolean level) {
    if (!enabled() || !enabledBySoftware()) {
      return false;
    }
    if (vector < ApicRegister.FIRST_LEGAL_VECTOR) {
      recordError(ApicRegister.ERROR_RECEIVE_ILLEGAL_VECTOR);
      return false;
    }
    if (level) {
      levelTriggered.add(vector);
    } else {
      levelTriggered.remove(vector);
    }
    boolean isNew = requested.add(vector);
    if (isNew && vector >> 4 > processorPriority >> 4) {
      core.interrupt(true);
    }
    return true;
  }

  /**
   * Whether a logical destination of eight bits (SDM 3A, "Logical Destination Mode") includes this
   * APIC.
   */
  boolean matchesLogical(int destination) {
    if (x2Apic()) {
      return id >>> 4 == 0 && (destination >>> (id & 0xf) & 1) != 0;
    }
    boolean flat = destinationFormat >>> 28 == 0xf;
    return IpiFormat.matches(logicalId >>> 24, destination, flat);
  }

  boolean x2Apic() {
    return (base & ApicRegister.BASE_X2APIC) != 0;
  }

  /**
   * For lowest-priority delivery: 0 to 255, or a greater number when it can't take the interrupt.
   */
  int rank() {
    return enabled() && enabledBySoftware() ? processorPriority : Integer.MAX_VALUE;
  }

  /**
   * Tells the core what is pending. Lowering is followed by another look, for a message that came
   * in between.
   */
  void signal() {
    if (pending()) {
      core.interrupt(true);
      return;
    }
    core.interrupt(false);
    if (pending()) {
      core.interrupt(true);
    }
  }

  boolean enabled() {
    return (base & ApicRegister.BASE_ENABLED) != 0;
  }

  boolean enabledBySoftware() {
    return (spurious & ApicRegister.SVR_ENABLED) != 0;
  }

  /**
   * An error interrupt is raised for the first error after each write to the ESR (SDM 3A, "Error
   * Handling").
   */
  private void recordError(int error) {
    if (errors.getAndUpdate(old -> old | error) == 0) {
      vectors.raise(ApicRegister.LVT_ERROR);
    }
  }

  private boolean requestPending() {
    return requested.highest() >> 4 > processorPriority >> 4;
  }

  private boolean externalPending() {
    return externalMessage || vectors.externalPending();
  }

  private void updatePriority() {
    int service = Math.max(inService.highest(), 0);
    processorPriority = taskPriority >>> 4 >= service >>> 4 ? taskPriority : service & 0xf0;
    signal();
  }

  private int arbitrationPriority() {
    int request = Math.max(requested.highest(), 0) >>> 4;
    int service = Math.max(inService.highest(), 0) >>> 4;
    int task = taskPriority >>> 4;
    return task >= request && task > service
        ? taskPriority
        : Math.max(task, Math.max(request, service)) << 4;
  }

  @Override
  public State save() {
    return new State(
        base,
        taskPriority,
        spurious,
        logicalId,
        destinationFormat,
        errorStatus,
        errors.get(),
        command,
        externalMessage,
        requested.save(),
        inService.save(),
        levelTriggered.save(),
        vectors.save(),
        timer.save());
  }

  @Override
  public void restore(State state) {
    base = state.base;
    taskPriority = state.taskPriority;
    spurious = state.spurious;
    logicalId = state.logicalId;
    destinationFormat = state.destinationFormat;
    errorStatus = state.errorStatus;
    errors.set(state.errors);
    command = state.command;
    externalMessage = state.externalMessage;
    requested.restore(state.requested);
    inService.restore(state.inService);
    levelTriggered.restore(state.levelTriggered);
    vectors.restore(state.vectors);
    timer.restore(state.timer, vectors.timerMode(), vectors.masked(ApicRegister.LVT_TIMER));
    updatePriority();
  }
}
