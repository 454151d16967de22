package org.coremu.guest.x86.oracle;

import java.lang.foreign.Arena;
import java.util.List;
import org.coremu.exec.CodeCache;
import org.coremu.exec.Core;
import org.coremu.exec.CoreState;
import org.coremu.exec.Exclusive;
import org.coremu.exec.TestTier;
import org.coremu.exec.Translator;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Config;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Model;
import org.coremu.guest.x86.X86State;
import org.coremu.guest.x86.X86Topology;
import org.coremu.hw.Clock;
import org.coremu.hw.GuestLog;
import org.coremu.hw.Inputs;
import org.coremu.hw.Timer;
import org.coremu.ir.FlagKind;
import org.coremu.mem.CodePages;
import org.coremu.mem.PhysicalBus;
import org.coremu.mem.PortBus;
import org.coremu.mem.Ram;

/**
 * One x86 core with RAM at address 0 and nothing else: no board, no interrupts, time stands still.
 */
final class BareMachine implements AutoCloseable {
  final Ram ram;
  final PhysicalBus bus;
  final Core core;
  final X86 x86;

  private final Arena arena = Arena.ofConfined();
  private final Translator translator = new Translator(X86Helpers.TABLE);
  private boolean shutDown;

  /** A machine after reset, on the tier that tests run on. */
  BareMachine(long ramBytes) {
    this(ramBytes, TestTier.NATIVE ? 16 << 20 : 0);
  }

  /** A machine after reset; on the native tier if it is given memory for native code. */
  BareMachine(long ramBytes, long codeBytes) {
    ram = new Ram(arena, ramBytes);
    CodePages codePages = new CodePages(ramBytes);
    bus = new PhysicalBus(ram, codePages);
    bus.mapRam(0, ramBytes, 0, true);
    CodeCache codeCache = TestTier.codeCache(codeBytes, arena, ram, codePages, X86State.layout());
    X86Config config =
        new X86Config(
            X86Model.MAX,
            new X86Topology(0, 1, 1, 1),
            new PortBus(),
            new StoppedClock(),
            new NoInputs(),
            GuestLog.NONE,
            () -> shutDown = true);
    core =
        new Core(
            0,
            arena,
            X86.MMU_MODES,
            X86Helpers.TABLE,
            bus,
            codeCache,
            Exclusive.SERIAL,
            made -> new X86(made, config));
    codeCache.setCores(List.of(core));
    x86 = (X86) core.guest;
    x86.reset();
  }

  /**
   * Runs until the core halts or shuts down; false if it did neither within so many instructions.
   */
  boolean run(int instructions) {
    x86.put(X86State.HALTED, 0);
    for (int left = instructions; left > 0; left -= 1000) {
      if (core.run(translator, Math.min(left, 1000)) == Core.HALTED) {
        return true;
      }
      if (shutDown) {
        return true;
      }
    }
    return false;
  }

  /** Runs for a quantum; gives what {@link Core#run} gives. */
  int quantum(int instructions) {
    return core.run(translator, instructions);
  }

  /** Resets the machine. */
  void reset() {
    shutDown = false;
    x86.reset();
  }

  /** Whether a third fault shut the core down. */
  boolean shutDown() {
    return shutDown;
  }

  void setSegment(int segment, int selector, long base, long limit, int attributes) {
    x86.put(X86State.SELECTOR + segment, selector);
    x86.put(X86State.SEG_BASE + segment, base);
    x86.put(X86State.SEG_LIMIT + segment, limit);
    x86.put(X86State.SEG_ATTR + segment, attributes);
  }

  void setRflags(long rflags) {
    x86.put(X86State.RFLAGS, rflags & ~Flags.STATUS | 2);
    x86.put(CoreState.FLAG_KIND, FlagKind.PACKED);
    x86.put(CoreState.FLAG_A, rflags & Flags.STATUS);
  }

  long rflags() {
    long status =
        org.coremu.ir.Flags.pack(
            (int) x86.get(CoreState.FLAG_KIND),
            x86.get(CoreState.FLAG_A),
            x86.get(CoreState.FLAG_B),
            x86.get(CoreState.FLAG_C));
    return x86.get(X86State.RFLAGS) | status;
  }

  @Override
  public void close() {
    arena.close();
  }

  private record StoppedClock() implements Clock {
    @Override
    public long now() {
      return 0;
    }

    @Override
    public Timer newTimer(Runnable action) {
      return new Timer() {
        @Override
        public void arm(long deadline) {}

        @Override
        public void cancel() {}
      };
    }
  }

  private record NoInputs() implements Inputs {
    @Override
    public long bootEpochSeconds() {
      return 0;
    }

    @Override
    public long random() {
      return 0;
    }
  }
}
