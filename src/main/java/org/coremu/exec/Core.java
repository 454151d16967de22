package org.coremu.exec;

import java.lang.foreign.Arena;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.coremu.bits.FpEnv;
import org.coremu.exec.nativecode.Optimisation;
import org.coremu.mem.PhysicalBus;
import org.coremu.mem.SoftTlb;

/**
 * An emulated core: a resumable object that a host thread runs for a quantum of instructions. Knows
 * nothing of other cores; what they ask of it comes in through {@link #post} and {@link #signal},
 * from any thread.
 */
public final class Core {
  /** Why {@link #run} came back: the quantum is used up. */
  public static final int QUANTUM = 0;

  /** The core is halted until {@link Waker} is told otherwise. */
  public static final int HALTED = 1;

  /** The guest says that it only waits (PAUSE, YIELD, WFE). */
  public static final int YIELDED = 2;

  /** Somebody called {@link #requestStop}. */
  public static final int STOPPED = 3;

  /** Told when a core has something to do. */
  @FunctionalInterface
  public interface Waker {
    /** Called on any thread, after the event is visible to the core. */
    void wake(Core core);
  }

  public final int index;
  public final CoreState state;
  public final SoftTlb tlb;
  public final MemoryPath memory;
  public final Guest guest;
  final CodeCache codeCache;
  final Helper[] helpers;

  /** What a translation depends on besides code bytes; kept up to date by the guest. */
  public long mode;

  /** What the PC slot lacks to be a linear address; kept up to date by the guest. */
  public long codeBase;

  /** Mask of the PC slot: all ones in 64-bit mode; kept up to date by the guest. */
  public long pcMask = -1;

  /** Mask of linear addresses; kept up to date by the guest. */
  public long linearMask = -1;

  /** MMU mode of data accesses and fetches; changed by {@link #setMmuMode}. */
  int mmuMode;

  /** The TLB table of the current MMU mode, and {@link SoftTlb#indexMask}. */
  long tlbTable;

  int tlbMask;

  /** Does the floating-point vector ops, set up as {@link #fpControl} says. */
  final FpEnv fp = new FpEnv();

  /** The value of slot {@link CoreState#FP_CONTROL} that {@link #fp} stands for. */
  int fpControl = fp.mxcsr();

  /**
   * Where a helper or a slow access was called from: the block, and the index after the op's two
   * words.
   */
  CodeBlock block;

  int at;

  /** Whether the guest wants to be told of data accesses on the slow path. */
  private boolean watched;

  /** Quanta that end at a block before it becomes a trace. */
  private static final int HOT = 2;

  /** Shortest quantum, in instructions, of a core that runs traces. */
  private static final int TRACED_QUANTUM = 4096;

  private final JumpCache jumps;

  /** The native tier; null if there is none. */
  private final NativeTier nativeTier;

  /**
   * The epoch of {@link NativeCode} in which the core was last between two blocks; the greatest
   * number while it does not run.
   */
  private volatile long reachedEpoch = Long.MAX_VALUE;

  private final ConcurrentLinkedQueue<CoreMessage> messages = new ConcurrentLinkedQueue<>();
  private volatile boolean stopRequested;
  private volatile Waker waker = core -> {};
  private Translator translator;
  private boolean yielded;

  /**
   * Whether a quantum ends at exactly its last instruction, as determinism wants, or may end up to
   * a block early.
   */
  private boolean exact;

  private long executed;
  private int quantum;

  /**
   * A core.
   *
   * @param arena owns its state
   * @param mmuModes number of MMU modes of the guest
   * @param isa makes the guest side; called at the end, when the other fields are set
   */
  public Core(
      int index,
      Arena arena,
      int mmuModes,
      Helpers helpers,
      PhysicalBus bus,
      CodeCache codeCache,
      Exclusive exclusive,
      Function<Core, Guest> isa) {
    this.index = index;
    this.codeCache = codeCache;
    this.helpers = helpers.bodies();
    state = new CoreState(arena, mmuModes);
    bus.largeTables().addCore();
    tlb =
        new SoftTlb(
            arena,
            state.siteTlb(),
            mmuModes,
            index,
            bus.ram(),
            bus.codePages(),
            bus.largeTables(),
            this::isBlockWatched,
            this::useTlbTable);
    memory = new MemoryPath(this, bus, exclusive);
    jumps = new JumpCache(state, arena, bus.largeTables());
    useTlbTable();
    NativeCode nativeCode = codeCache.nativeCode;
    nativeTier = nativeCode == null ? null : new NativeTier(this, nativeCode, jumps);
    guest = isa.apply(this);
  }

  // ---- asked by other threads

  /** Has a message delivered before the core's next block. */
  public void post(CoreMessage message) {
    messages.add(message);
    signal();
  }

  /** Makes the core look at its events before its next block, and wakes it if it is halted. */
  public void signal() {
    state.requestStop();
    waker.wake(this);
  }

  /** Makes {@link #run} return soon. */
  public void requestStop() {
    stopRequested = true;
    state.requestStop();
  }

  public void setWaker(Waker waker) {
    this.waker = waker;
  }

  // ---- running

  /** Whether quanta end at exactly their last instruction. */
  public void setExact(boolean exact) {
    this.exact = exact;
  }

  /**
   * Runs the core.
   *
   * @param worker translator of the calling host thread
   * @param instructions length of the quantum, 1 or more
   * @return {@link #QUANTUM}, {@link #HALTED}, {@link #YIELDED} or {@link #STOPPED}
   */
  public int run(Translator worker, int instructions) {
    translator = worker;
    quantum = instructions;
    state.setBudget(instructions);
    yielded = false;
    betweenBlocks();
    try {
      return runQuantum();
    } finally {
      reachedEpoch = Long.MAX_VALUE;
      executed += quantum - state.budget();
      quantum = 0;
      state.setBudget(0);
      block = null;
    }
  }

  private int runQuantum() {
    for (; ; ) {
      block = null;
      betweenBlocks();
      state.clearStop();
      if (stopRequested) {
        stopRequested = false;
        return STOPPED;
      }
      for (CoreMessage m = messages.poll(); m != null; m = messages.poll()) {
        m.deliver(this);
      }
      int next = guest.attend();
      if (next == Guest.HALT) {
        return HALTED;
      }
      if (state.budget() <= 0) {
        return QUANTUM;
      }
      if (yielded) {
        return YIELDED;
      }
      int reason = next == Guest.STEP ? step() : runBlocks();
      if (reason == Interpreter.BUDGET && !finishQuantum()) {
        return QUANTUM;
      }
    }
  }

  /**
   * Runs blocks until one ends with EXIT, the budget does not suffice for the next, or a stop is
   * asked for.
   */
  private int runBlocks() {
    try {
      block = null;
      CodeBlock next = lookUp();
      if (nativeTier == null) {
        return Interpreter.run(this, next);
      }
      for (; ; ) {
        int reason = next.isNative() ? nativeTier.run(next) : Interpreter.run(this, next);
        if (reason != Interpreter.NATIVE) {
          return reason;
        }
        next = lookUp();
      }
    } catch (BlockRestart again) {
      unwind();
      runAlone(1);
    } catch (GuestFault fault) {
      unwind();
      guest.takeFault(fault);
    }
    return Interpreter.EXIT;
  }

  /**
   * Runs the rest of a quantum that is shorter than the next block, if the quantum must be exact.
   * False if there is none.
   */
  private boolean finishQuantum() {
    int left = state.budget();
    if (!exact || left <= 0) {
      return false;
    }
    runAlone(left);
    return true;
  }

  private int step() {
    if (runAlone(1)) {
      guest.stepped();
    }
    return Interpreter.EXIT;
  }

  /**
   * Runs at most so many instructions, in a block that nobody else sees.
   *
   * @return false if none was executed: the first one faulted, or an event came in between
   */
  private boolean runAlone(int instructions) {
    int before = state.budget();
    setBudgetAlone(before, instructions);
    try {
      block = null;
      long linear = linearPc();
      CodeBlock alone = translator.build(this, linear, memory.fetchOffset(linear), instructions);
      alone.alone = true;
      Interpreter.run(this, alone);
      block = null;
    } catch (BlockRestart again) {
      unwind();
      if (state.budget() == instructions) {
        setBudgetAlone(instructions, before);
        return runAlone(1);
      }
    } catch (GuestFault fault) {
      // Once something has been executed, a fault of the fetch after it comes again when its turn
      // is.
      boolean ofNextFetch = block == null && state.budget() < instructions;
      unwind();
      if (!ofNextFetch) {
        guest.takeFault(fault);
      }
    }
    int done = instructions - state.budget();
    setBudgetAlone(instructions, before);
    state.setBudget(before - done);
    return done > 0;
  }

  /**
   * Puts another budget in place of the rest of the quantum, such that {@link #instructions} stays
   * exact.
   */
  private void setBudgetAlone(int from, int to) {
    quantum += to - from;
    state.setBudget(to);
  }

  /**
   * Makes PC and instruction count exact after a fault in a block: at the instruction that faulted,
   * which does not count.
   */
  private void unwind() {
    if (block != null) {
      int insn = block.insnOf[at - 2];
      state.put(CoreState.PC, state.get(CoreState.PC) + block.insnDelta[insn] & pcMask);
      state.setBudget(state.budget() + block.insns - insn);
      block = null;
    }
  }

  /** All that a translation depends on besides its bytes: the guest's mode and the MMU's. */
  long codeMode() {
    return mode | (long) mmuMode << 48;
  }

  /** Linear address of the next instruction; between blocks. */
  public long linearPc() {
    return state.get(CoreState.PC) + codeBase & linearMask;
  }

  /** The block at the PC. */
  CodeBlock lookUp() {
    long linear = linearPc();
    CodeBlock b = jumps.find(linear, codeMode());
    if (b != null) {
      return b;
    }
    block = null;
    betweenBlocks();
    b = findOrTranslate(linear);
    if (b.ramOffset >= 0) {
      jumps.enter(linear, b, isGlobal(linear, b));
    }
    return b;
  }

  /**
   * Whether the translations of a block's addresses outlive a write of the page table's address.
   */
  boolean isGlobal(long linear, CodeBlock b) {
    return isGlobalPage(linear)
        && (b.secondPage < 0 || isGlobalPage((linear | 4095) + 1 & linearMask));
  }

  private boolean isGlobalPage(long linear) {
    if (tlb.lookup(mmuMode, linear, SoftTlb.EXECUTE) < 0) {
      memory.fetchOffset(linear); // has the TLB know it again
    }
    return tlb.isGlobal(mmuMode, linear);
  }

  /** Notes that no native code of the past is being executed or known of. */
  void betweenBlocks() {
    if (nativeTier == null) {
      return;
    }
    for (long now = codeCache.nativeCode.epoch(); now != reachedEpoch; ) {
      if (now != jumps.epoch) {
        jumps.clear();
        jumps.epoch = now;
      }
      reachedEpoch = now;
      now = codeCache.nativeCode.epoch();
    }
  }

  /** The epoch that this core has reached; see {@link NativeCode}. */
  long reachedEpoch() {
    return reachedEpoch;
  }

  /** Has the core leave native code soon, if it runs. */
  void leaveNativeCode() {
    if (reachedEpoch != Long.MAX_VALUE) {
      state.requestStop();
    }
  }

  /**
   * Notes that a quantum has ended at a block. One at which it happens again is worth a trace. Not
   * where quanta are exact, since there the blocks of all tiers have the same ends, at which events
   * are looked at; and not where they are so short that the end of one is lost before a trace.
   */
  void sample(CodeBlock b) {
    if (!Optimisation.TRACES.isOn()) {
      return;
    }
    if (exact || quantum < TRACED_QUANTUM || b.isTrace || ++b.samples < HOT || b.dead) {
      return;
    }
    long linear = linearPc();
    try {
      long offset = memory.fetchOffset(linear);
      if (offset == b.ramOffset) {
        codeCache.replace(b);
        translator.translateTrace(this, linear, offset);
      }
    } catch (GuestFault fault) {
      // The page is gone: the next fetch says so.
    }
  }

  private CodeBlock findOrTranslate(long linear) {
    long offset = memory.fetchOffset(linear);
    if (offset < 0) {
      return translator.build(this, linear, -1, 1);
    }
    CodeBlock b = codeCache.find(offset, codeMode(), this, linear);
    return b != null ? b : translator.translate(this, linear, offset);
  }

  /**
   * Offset in RAM of the page after that of an address; -1 if it is not in RAM or must not be
   * fetched from.
   */
  long nextCodePage(long linear) {
    try {
      return memory.fetchOffset((linear | 4095) + 1 & linearMask);
    } catch (GuestFault fault) {
      return -1;
    }
  }

  /**
   * Goes from a block to address PC + {@code delta}.
   *
   * @param known the block there, if it was found before and lies in the same page; may be dead
   */
  CodeBlock follow(CodeBlock from, long delta, CodeBlock known) {
    long pc = state.get(CoreState.PC) + delta;
    long masked = pc & pcMask;
    state.put(CoreState.PC, masked);
    if (known != null && !known.dead) {
      return known;
    }
    CodeBlock to = lookUp();
    // Within a page, one mapping serves both blocks, so the link holds for every core and address
    // space.
    if (pc == masked
        && from.ramOffset >= 0
        && to.secondPage < 0
        && to.ramOffset >>> 12 == from.ramOffset >>> 12
        && to.ramOffset - from.ramOffset == delta
        && !from.dead) {
      from.link(delta, to);
    }
    return to;
  }

  // ---- for the guest

  /** MMU mode of data accesses and fetches, 0 to the number of modes - 1. */
  public int mmuMode() {
    return mmuMode;
  }

  /** Changes the MMU mode. The block must end. */
  public void setMmuMode(int mode) {
    mmuMode = mode;
    useTlbTable();
  }

  /**
   * Whether the pages of the running block are watched. Those of a block that another core has
   * dropped in the meantime may not be: this core must go on to see its own writes to them.
   */
  private boolean isBlockWatched() {
    return block == null || !block.dead;
  }

  private void useTlbTable() {
    tlbTable = tlb.table(mmuMode);
    tlbMask = tlb.indexMask(mmuMode);
    state.put(CoreState.TLB_TABLE, tlbTable);
    state.putInt(CoreState.TLB_MASK, tlbMask);
  }

  /** Whether {@link Guest#accessed} is called for data accesses. */
  public boolean watched() {
    return watched;
  }

  /** Has {@link Guest#accessed} called for data accesses that miss the TLB, or not. */
  public void setWatched(boolean watched) {
    this.watched = watched;
  }

  /** Drops all translations of addresses. */
  public void flushTlb() {
    tlb.flush();
    jumps.flush();
  }

  /** Drops all translations of addresses but those of global pages. */
  public void flushLocalTlb() {
    tlb.flushLocal();
    jumps.flushLocal();
  }

  /** Drops the translation of one virtual page. */
  public void flushTlbPage(long address) {
    tlb.flushPage(address);
    jumps.flushPage(address);
  }

  /** Ends the quantum after the current block, which must end with EXIT: the guest only waits. */
  public void yield() {
    yielded = true;
  }

  /** Instructions executed since power-on; exact in helpers, devices and between blocks. */
  public long instructions() {
    long now = executed + quantum - state.budget();
    CodeBlock b = block;
    return b == null ? now : now - b.insns + b.insnOf[at - 2];
  }

  /**
   * Address of the instruction that is executing, as the guest sees it; between blocks, of the next
   * one.
   */
  public long currentPc() {
    long pc = state.get(CoreState.PC);
    CodeBlock b = block;
    return b == null ? pc : pc + b.insnDelta[b.insnOf[at - 2]] & pcMask;
  }

  /**
   * Address of the instruction after the one that is executing; only in a helper whose CALL ends
   * the block.
   */
  public long nextPc(int length) {
    return currentPc() + length & pcMask;
  }

  /** Times that native code came back to Java; other threads may see an older count. */
  public long nativeExits() {
    return nativeTier == null ? 0 : nativeTier.exits();
  }

  @Override
  public String toString() {
    return "core " + index;
  }
}
