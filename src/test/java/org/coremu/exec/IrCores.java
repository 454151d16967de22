package org.coremu.exec;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.coremu.ir.Effect;
import org.coremu.ir.IrBuilder;
import org.coremu.mem.CodePages;
import org.coremu.mem.PhysicalBus;
import org.coremu.mem.Ram;
import org.coremu.sched.Failure;
import org.coremu.sched.Scheduler;
import org.coremu.sched.SchedulerConfig;
import org.coremu.sched.StopTheCores;
import org.coremu.sched.VirtualClock;

/**
 * Cores of an ISA that a test makes up: an instruction is a 32-bit number in guest memory, and what
 * it means is IR that the test has given for the number. So there is code to be changed, mapped and
 * split over pages, with few words.
 *
 * <p>Virtual addresses below {@link #LIMIT} are physical unless {@link #map} says otherwise; there
 * is nothing above. RAM begins at 0.
 */
public final class IrCores implements AutoCloseable {
  /** First guest register slot. */
  public static final int R = CoreState.GUEST;

  /** Length of an instruction in bytes. */
  public static final int LENGTH = 4;

  /** Where virtual addresses end. */
  public static final long LIMIT = 1 << 24;

  /** The number of the instruction that stops a core; what untouched memory holds. */
  public static final int STOP = 0;

  /** The meaning of an instruction. Unless it ends its block, the next instruction follows. */
  @FunctionalInterface
  public interface Insn {
    /**
     * Translates.
     *
     * @param delta address of the instruction, relative to the block's
     * @param next the same of the next instruction
     */
    void translate(IrBuilder ir, int delta, int next);
  }

  /** A mapping of a virtual page; without {@code physical} there is none. */
  record Page(long physical, boolean writable) {}

  private final Arena arena = Arena.ofShared();
  private final List<Insn> insns = new ArrayList<>();
  private final StopTheCores stopTheCores = new StopTheCores();
  private final List<Core> cores = new ArrayList<>();
  private final Map<Long, Page> pages = new ConcurrentHashMap<>();
  private final Translator translator;
  public final Helpers helpers = new Helpers();
  public final Ram ram;
  public final CodePages codePages;
  public final PhysicalBus bus;
  public final CodeCache codeCache;

  private volatile Failure failure;
  private volatile CountDownLatch running = new CountDownLatch(0);

  /** Cores with a RAM of a size in bytes. */
  public IrCores(int count, long ramBytes) {
    this(count, ramBytes, TestTier.NATIVE ? 16 << 20 : 0);
  }

  /** As the other one, with so much memory for native code; without any they have none. */
  public IrCores(int count, long ramBytes, long codeBytes) {
    ram = new Ram(arena, ramBytes);
    codePages = new CodePages(ramBytes);
    bus = new PhysicalBus(ram, codePages);
    bus.mapRam(0, ramBytes, 0, true);
    codeCache =
        TestTier.codeCache(codeBytes, arena, ram, codePages, CoreState.GUEST, CoreState.GUEST + 1);
    int stop = helpers.add("stop", Effect.ANY, (core, a, b, c) -> guest(core).stop());
    insn(
        (ir, delta, next) -> {
          ir.call(stop);
          ir.exit(delta);
        });
    for (int i = 0; i < count; i++) {
      cores.add(
          new Core(
              i, arena, 2, helpers, bus, codeCache, stopTheCores, core -> new IrGuest(core, this)));
    }
    codeCache.setCores(cores);
    translator = new Translator(helpers);
  }

  // ---- making a program

  /** Gives a meaning to the next number. */
  public int insn(Insn meaning) {
    insns.add(meaning);
    return insns.size() - 1;
  }

  /** Puts code into RAM; gives the address after it. */
  public long code(long address, int... numbers) {
    long at = address;
    for (int number : numbers) {
      byte[] bytes = {
        (byte) number, (byte) (number >> 8), (byte) (number >> 16), (byte) (number >> 24)
      };
      bus.write(at, bytes, 0, LENGTH);
      at += LENGTH;
    }
    return at;
  }

  /** An instruction: register {@code n += k}. */
  public int addTo(int n, long k) {
    return insn((ir, delta, next) -> ir.put(R + n, ir.plus(ir.get(R + n), k)));
  }

  /** An instruction: a jump by so many instructions. */
  public int jumpBy(int count) {
    return insn((ir, delta, next) -> ir.jump(delta + count * LENGTH));
  }

  /**
   * An instruction: decrements register {@code n} and jumps by so many instructions unless it is 0
   * then.
   */
  public int loop(int n, int count) {
    return insn(
        (ir, delta, next) -> {
          int left = ir.plus(ir.get(R + n), -1);
          ir.put(R + n, left);
          ir.branch(left, delta + count * LENGTH, next);
        });
  }

  /** An instruction that calls a helper with two registers. */
  public int calls(int effects, int a, int b, Helper body) {
    int helper = helpers.add("test", effects, body);
    return insn((ir, delta, next) -> ir.call(helper, ir.get(R + a), ir.get(R + b)));
  }

  /** The meaning of a number; those not given stop. */
  Insn meaning(int number) {
    return insns.get(number > 0 && number < insns.size() ? number : STOP);
  }

  // ---- memory

  /** Maps a virtual page; takes effect when the core's TLB is flushed. */
  public IrCores map(long virtual, long physical, boolean writable) {
    pages.put(virtual >>> Ram.PAGE_SHIFT, new Page(physical & -4096, writable));
    return this;
  }

  /** Takes away a virtual page; takes effect when the core's TLB is flushed. */
  public IrCores unmap(long virtual) {
    return map(virtual, -1, false);
  }

  Page page(long virtual) {
    Page page = pages.get(virtual >>> Ram.PAGE_SHIFT);
    return page != null
        ? page
        : new Page(virtual >= 0 && virtual < LIMIT ? virtual & -4096 : -1, true);
  }

  // ---- running

  public Core core(int i) {
    return cores.get(i);
  }

  public IrGuest guest(int i) {
    return guest(cores.get(i));
  }

  private static IrGuest guest(Core core) {
    return (IrGuest) core.guest;
  }

  public long reg(int core, int n) {
    return cores.get(core).state.get(R + n);
  }

  public IrCores reg(int core, int n, long value) {
    cores.get(core).state.put(R + n, value);
    return this;
  }

  /** Has a core go on at an address. */
  public IrCores start(int core, long pc) {
    guest(core).start(pc);
    return this;
  }

  /** Runs a core for a quantum. */
  public int quantum(int core, int instructions) {
    return cores.get(core).run(translator, instructions);
  }

  /** Runs a core from an address until it stops. */
  public IrCores run(int core, long pc) {
    start(core, pc);
    while (!guest(core).stopped()) {
      quantum(core, 1000);
    }
    return this;
  }

  /** Runs all cores from where they were started until they stop, on a thread each. */
  public void runParallel() {
    running = new CountDownLatch(cores.size());
    SchedulerConfig config = new SchedulerConfig(20_000, 1L << 40, cores.size());
    try (Scheduler scheduler =
        new Scheduler(
            cores,
            () -> new Translator(helpers),
            VirtualClock.host(),
            stopTheCores,
            config,
            this::failed)) {
      scheduler.start();
      running.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (failure != null) {
      throw new AssertionError(failure.toString(), failure.cause());
    }
  }

  private void failed(Failure what) {
    failure = what;
    for (Core ignored : cores) {
      running.countDown();
    }
  }

  void stopped() {
    running.countDown();
  }

  @Override
  public void close() {
    arena.close();
  }
}
