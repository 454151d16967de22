package org.coremu.guest.x86.system;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.coremu.exec.CodeCache;
import org.coremu.exec.Core;
import org.coremu.exec.CoreState;
import org.coremu.exec.Exclusive;
import org.coremu.exec.TestTier;
import org.coremu.exec.Translator;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Config;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Model;
import org.coremu.guest.x86.X86State;
import org.coremu.guest.x86.X86Topology;
import org.coremu.hw.FakeClock;
import org.coremu.hw.GuestLog;
import org.coremu.hw.Inputs;
import org.coremu.hw.LogCategory;
import org.coremu.mem.CodePages;
import org.coremu.mem.PhysicalBus;
import org.coremu.mem.PortBus;
import org.coremu.mem.Ram;

/**
 * A core with 16 MiB of RAM at address 0 for tests of system state: tables are written by hand,
 * instructions as bytes.
 */
final class TestCore implements AutoCloseable {
  static final int GDT = 0x1000;
  static final int IDT = 0x2000;
  static final int TSS = 0x3000;
  static final int CODE = 0x8000;
  static final int STACK = 0x9000;

  /** Selectors of {@link #gdt}. */
  static final int KERNEL_CODE = 0x08;

  static final int KERNEL_DATA = 0x10;
  static final int USER_CODE = 0x1b;
  static final int USER_DATA = 0x23;
  static final int KERNEL_CODE16 = 0x28;
  static final int KERNEL_CODE64 = 0x30;
  static final int USER_CODE64 = 0x3b;
  static final int TASK = 0x40;

  private static final int RAM_BYTES = 16 << 20;

  final X86 x86;
  final Core core;
  final PhysicalBus bus;
  final FakeClock clock = new FakeClock();
  final PortBus ports = new PortBus();
  final List<String> log = new ArrayList<>();
  int tripleFaults;

  private final Arena arena = Arena.ofConfined();
  private final Translator translator;

  TestCore() {
    this(X86Model.MAX, new X86Topology(0, 1, 1, 1));
  }

  TestCore(X86Model model, X86Topology topology) {
    Ram ram = new Ram(arena, RAM_BYTES);
    CodePages codePages = new CodePages(RAM_BYTES);
    bus = new PhysicalBus(ram, codePages);
    bus.mapRam(0, RAM_BYTES, 0, true);
    CodeCache codeCache = TestTier.codeCache(arena, ram, codePages, X86State.layout());
    X86Config config =
        new X86Config(
            model, topology, ports, clock, new Zeros(), new Lines(), () -> tripleFaults++);
    core =
        new Core(
            0,
            arena,
            X86.MMU_MODES,
            X86Helpers.table(),
            bus,
            codeCache,
            Exclusive.SERIAL,
            c -> new X86(c, config));
    codeCache.setCores(List.of(core));
    translator = new Translator(X86Helpers.table());
    core.setExact(true);
    x86 = X86.of(core);
    x86.reset();
  }

  private record Zeros() implements Inputs {
    @Override
    public long bootEpochSeconds() {
      return 0;
    }

    @Override
    public long random() {
      return 0;
    }
  }

  private final class Lines implements GuestLog {
    @Override
    public boolean enabled(LogCategory category) {
      return category == LogCategory.UNIMP;
    }

    @Override
    public void log(LogCategory category, String line) {
      log.add(line);
    }
  }

  void poke(long address, long value, int size) {
    bus.write(address, value, size);
  }

  long peek(long address, int size) {
    return bus.read(address, size);
  }

  /** A descriptor with limit 4 GiB - 1 and base 0; attributes as in SEG_ATTR. */
  static long flat(int attributes) {
    return (long) attributes << 40 | 0xfL << 48 | 0xffff;
  }

  /** A gate outside long mode, or the first half of one in it. */
  static long gate(int selector, long offset, int attributes) {
    return offset & 0xffff
        | (long) selector << 16
        | (long) attributes << 40
        | (offset & 0xffff_0000L) << 32;
  }

  /** The table that the selectors above index; the task-state segment is at {@link #TSS}. */
  void gdt() {
    poke(GDT + 0x08, flat(0xc09b), 8);
    poke(GDT + 0x10, flat(0xc093), 8);
    poke(GDT + 0x18, flat(0xc0fb), 8);
    poke(GDT + 0x20, flat(0xc0f3), 8);
    poke(GDT + 0x28, flat(0x009b), 8);
    poke(GDT + 0x30, flat(0xa09b), 8);
    poke(GDT + 0x38, flat(0xa0fb), 8);
    poke(GDT + 0x40, 0x0000_8900_0000_0067L | (long) TSS << 16, 8);
    poke(GDT + 0x48, 0, 8);
  }

  /** 32-bit protected mode at CPL 0, tables as above. */
  void protectedMode() {
    gdt();
    x86.bootEntry().protected32(CODE, KERNEL_CODE, KERNEL_DATA, GDT, 0xff);
    tables();
  }

  /**
   * 64-bit mode at CPL 0, tables as above, the first 16 MiB mapped one to one for the user, too.
   */
  void longMode() {
    gdt();
    poke(0x10000, 0x11007, 8);
    poke(0x11000, 0x12007, 8);
    for (int i = 0; i < 8; i++) {
      poke(0x12000 + i * 8, (long) i << 21 | 0xe7, 8);
    }
    x86.bootEntry().long64(CODE, KERNEL_CODE64, KERNEL_DATA, GDT, 0xff, 0x10000);
    tables();
  }

  private void tables() {
    x86.put(X86State.IDT_BASE, IDT);
    x86.put(X86State.IDT_LIMIT, 0xfff);
    x86.put(X86State.RSP, STACK);
    x86.segments.loadTask(TASK);
  }

  /** Makes the current code and stack the user's. */
  void toUser(int cs, int ss) {
    Descriptor d = new Descriptor();
    assert x86.segments.read(cs, d);
    x86.segments.set(X86State.CS, cs, d);
    assert x86.segments.read(ss, d);
    x86.segments.set(X86State.SS, ss, d);
    x86.put(X86State.CPL, 3);
    x86.updateMode();
  }

  /** Writes code where the PC is. */
  TestCore code(int... bytes) {
    long at = core.codeBase + x86.get(CoreState.PC);
    for (int i = 0; i < bytes.length; i++) {
      poke(at + i, bytes[i], 1);
    }
    return this;
  }

  /** Runs so many instructions; a fault's delivery counts as none. */
  void run(int instructions) {
    core.run(translator, instructions);
  }

  /** The exception that an action raises, as "vector:code", or "none". */
  static String faultOf(Runnable action) {
    try {
      action.run();
      return "none";
    } catch (X86Fault fault) {
      return fault.vector() + ":" + Integer.toHexString(fault.errorCode());
    }
  }

  long pc() {
    return x86.get(CoreState.PC);
  }

  @Override
  public void close() {
    arena.close();
  }
}
