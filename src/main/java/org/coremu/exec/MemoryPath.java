package org.coremu.exec;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.coremu.hw.MmioDevice;
import org.coremu.ir.IrOp.Code;
import org.coremu.mem.CodePages;
import org.coremu.mem.PhysicalBus;
import org.coremu.mem.Ram;
import org.coremu.mem.SoftTlb;

/**
 * How a core reaches guest memory when the TLB fast path does not do: the one slow path of all
 * tiers and helpers. Handles page walks, accesses that cross pages, devices, pages that hold code,
 * and atomic accesses.
 *
 * <p>Every method takes virtual addresses and uses the core's current MMU mode unless it says
 * otherwise, and may throw {@link GuestFault}; a store that faults has changed nothing.
 */
public final class MemoryPath {
  private final Core core;
  private final PhysicalBus bus;
  private final Ram ram;
  private final CodePages codePages;
  private final Exclusive exclusive;

  /**
   * A page of guest-physical memory that only this core sees, such as its local APIC; -1 for none.
   */
  private long localPage = -1;

  private MmioDevice localDevice;

  MemoryPath(Core core, PhysicalBus bus, Exclusive exclusive) {
    this.core = core;
    this.bus = bus;
    this.ram = bus.ram();
    this.codePages = bus.codePages();
    this.exclusive = exclusive;
  }

  public Ram ram() {
    return ram;
  }

  public PhysicalBus bus() {
    return bus;
  }

  /**
   * Maps a device at a physical page for this core alone, in place of what the bus has there; -1 to
   * unmap.
   */
  public void mapLocal(long physicalAddress, MmioDevice device) {
    localPage = physicalAddress < 0 ? -1 : physicalAddress >>> Ram.PAGE_SHIFT;
    localDevice = device;
    core.flushTlb();
  }

  private static boolean crosses(long address, int size) {
    return (address & Ram.PAGE_SIZE - 1) + size > Ram.PAGE_SIZE;
  }

  // ---- plain accesses

  /** Loads 1, 2, 4 or 8 bytes, zero-extended. */
  public long load(long address, int size) {
    return load(address, size, core.mmuMode);
  }

  /** As {@link #load(long, int)} in a given MMU mode. */
  public long load(long address, int size, int mmuMode) {
    if (crosses(address, size)) {
      core.guest.checkCrossing(address + size - 1);
      if (core.watched()) {
        core.guest.accessed(address, size, false);
      }
      long value = 0;
      for (int i = 0; i < size; i++) {
        value |= load(address + i, 1, mmuMode) << i * 8;
      }
      return value;
    }
    long offset = core.tlb.lookup(mmuMode, address, SoftTlb.READ);
    if (offset >= 0) {
      return ram.load(offset, size);
    }
    long physical = core.guest.translate(address, Guest.READ, mmuMode);
    if (core.watched()) {
      core.guest.accessed(address, size, false);
    }
    return physicalLoad(physical, size);
  }

  /** Loads 1, 2, 4 or 8 bytes, zero-extended; faults as a store to them would. */
  public long loadForUpdate(long address, int size) {
    checkWritable(address, size);
    return load(address, size);
  }

  /** Loads from a guest-physical address; the access must not cross a page. */
  public long physicalLoad(long physical, int size) {
    if (physical >>> Ram.PAGE_SHIFT == localPage) {
      return localDevice.read(physical & Ram.PAGE_SIZE - 1, size) & -1L >>> 64 - size * 8;
    }
    return bus.read(physical, size);
  }

  /** Stores the low 1, 2, 4 or 8 bytes. */
  public void store(long address, long value, int size) {
    store(address, value, size, core.mmuMode);
  }

  /** As {@link #store(long, long, int)} in a given MMU mode. */
  public void store(long address, long value, int size, int mmuMode) {
    if (crosses(address, size)) {
      if (core.watched()) {
        core.guest.accessed(address, size, true);
      }
      checkWritable(address, size, mmuMode);
      for (int i = 0; i < size; i++) {
        store(address + i, value >>> i * 8, 1, mmuMode);
      }
      return;
    }
    long offset = core.tlb.lookup(mmuMode, address, SoftTlb.WRITE);
    if (offset >= 0) {
      storeRam(offset, value, size);
      core.tlb.unprotect(mmuMode, address, offset);
      return;
    }
    long physical = core.guest.translate(address, Guest.WRITE, mmuMode);
    if (core.watched()) {
      core.guest.accessed(address, size, true);
    }
    if (physical >>> Ram.PAGE_SHIFT == localPage) {
      localDevice.write(physical & Ram.PAGE_SIZE - 1, value, size);
    } else if (bus.isWritableRam(physical)) {
      storeRam(bus.ramOffset(physical), value, size);
    } else {
      bus.write(physical, value, size);
    }
  }

  private void storeRam(long offset, long value, int size) {
    guardCode(offset, size);
    ram.store(offset, value, size);
    VarHandle.fullFence();
    codePages.written(offset, size);
  }

  /**
   * A write to the block that is running must not be seen before its instruction ends: the
   * instruction is run alone. A block that does not keep its pages watched, or no longer, is not
   * gone on with after any write to them, because the next one may go unseen.
   */
  private void guardCode(long offset, int size) {
    CodeBlock block = core.block;
    if (block != null
        && block.insns > 1
        && block.ramOffset >= 0
        && (block.dead || codePages.isCode(offset >>> Ram.PAGE_SHIFT))
        && (block.covers(offset, size)
            || (block.alone || block.dead) && block.isOnPageOf(offset))) {
      throw BlockRestart.INSTANCE;
    }
  }

  /** Stores 16 bytes, all or nothing if it faults. */
  public void store128(long address, long low, long high) {
    if (crosses(address, 16)) {
      checkWritable(address, 16, core.mmuMode);
    }
    store(address, low, 8);
    store(address + 8, high, 8);
  }

  /** Faults exactly if a store to this range of at most a page would, and changes nothing. */
  public void checkWritable(long address, int size) {
    checkWritable(address, size, core.mmuMode);
  }

  private void checkWritable(long address, int size, int mmuMode) {
    if (crosses(address, size)) {
      core.guest.checkCrossing(address + size - 1);
    }
    writable(address, mmuMode);
    if (crosses(address, size)) {
      long next = (address | Ram.PAGE_SIZE - 1) + 1;
      writable(next, mmuMode);
      if (size > 1) {
        long a = core.tlb.lookup(mmuMode, address, SoftTlb.WRITE);
        long b = core.tlb.lookup(mmuMode, next, SoftTlb.WRITE);
        int first = (int) (next - address);
        if (a >= 0) {
          guardCode(a, first);
        }
        if (b >= 0) {
          guardCode(b, size - first);
        }
      }
    }
  }

  private void writable(long address, int mmuMode) {
    if (core.tlb.lookup(mmuMode, address, SoftTlb.WRITE) < 0) {
      core.guest.translate(address, Guest.WRITE, mmuMode);
    }
  }

  // ---- ranges, for helpers that move memory in bulk

  /** Offset in RAM at which a range within one page can be read, or -1 if it is a device. */
  public long readableRam(long address) {
    long offset = core.tlb.lookup(core.mmuMode, address, SoftTlb.READ);
    return offset >= 0 ? offset : localOr(core.guest.translate(address, Guest.READ, core.mmuMode));
  }

  /**
   * Offset in RAM at which a page can be written directly, or -1 if it is a device, ROM or holds
   * code.
   */
  public long writableRam(long address) {
    long offset = core.tlb.lookup(core.mmuMode, address, SoftTlb.WRITE);
    if (offset < 0) {
      long physical = core.guest.translate(address, Guest.WRITE, core.mmuMode);
      offset = bus.isWritableRam(physical) ? localOr(physical) : -1;
    }
    return offset >= 0 && codePages.becomeWriter(offset >>> Ram.PAGE_SHIFT, core.index)
        ? offset
        : -1;
  }

  private long localOr(long physical) {
    return physical >>> Ram.PAGE_SHIFT == localPage ? -1 : bus.ramOffset(physical);
  }

  /** The memory that the offsets of {@link #readableRam} and {@link #writableRam} index. */
  public MemorySegment segment() {
    return ram.segment();
  }

  // ---- fetches

  /** Offset in RAM of code, or -1 if it is in a device. */
  long fetchOffset(long linear) {
    long offset = core.tlb.lookup(core.mmuMode, linear, SoftTlb.EXECUTE);
    return offset >= 0 ? offset : localOr(core.guest.translate(linear, Guest.FETCH, core.mmuMode));
  }

  int fetchFromDevice(long linear) {
    return (int) physicalLoad(core.guest.translate(linear, Guest.FETCH, core.mmuMode), 1);
  }

  // ---- atomic accesses

  /**
   * Atomic compare and exchange; gives the old value, zero-extended. Faults as a store does, equal
   * or not.
   */
  public long compareExchange(long address, int size, long expected, long value) {
    long mask = -1L >>> 64 - size * 8;
    long offset = atomicOffset(address, size);
    if (offset < 0) {
      return slowAtomic(Code.CAS, address, size, expected, value);
    }
    if (size == 8 && (offset & 7) == 0) {
      long old = ram.compareExchange64(offset, expected, value);
      codePages.written(offset, size);
      return old;
    }
    if (size == 4 && (offset & 3) == 0) {
      long old = ram.compareExchange32(offset, (int) expected, (int) value);
      codePages.written(offset, size);
      return old;
    }
    return inWord(Code.CAS, offset, size, expected & mask, value);
  }

  /**
   * Atomic read-modify-write; gives the old value, zero-extended.
   *
   * @param op {@code Code.XCHG}, {@code FADD}, {@code FAND}, {@code FOR} or {@code FXOR}
   */
  public long atomic(int op, long address, int size, long operand) {
    long offset = atomicOffset(address, size);
    if (offset < 0) {
      return slowAtomic(op, address, size, operand, operand);
    }
    long old;
    if (size == 8 && (offset & 7) == 0 && (op == Code.XCHG || op == Code.FADD)) {
      old = op == Code.XCHG ? ram.getAndSet64(offset, operand) : ram.getAndAdd64(offset, operand);
    } else if (size == 4 && (offset & 3) == 0 && (op == Code.XCHG || op == Code.FADD)) {
      old =
          op == Code.XCHG
              ? ram.getAndSet32(offset, (int) operand)
              : ram.getAndAdd32(offset, (int) operand);
    } else {
      return inWord(op, offset, size, operand, operand);
    }
    codePages.written(offset, size);
    return old;
  }

  /** Offset in RAM for an access that the host can do in one step, else -1. */
  private long atomicOffset(long address, int size) {
    if ((address & 7) + size > 8) {
      return -1;
    }
    long offset = core.tlb.lookup(core.mmuMode, address, SoftTlb.WRITE);
    if (offset < 0) {
      long physical = core.guest.translate(address, Guest.WRITE, core.mmuMode);
      if (core.watched()) {
        core.guest.accessed(address, size, true);
      }
      if (!bus.isWritableRam(physical) || physical >>> Ram.PAGE_SHIFT == localPage) {
        return -1;
      }
      offset = bus.ramOffset(physical);
    }
    guardCode(offset, size);
    return offset;
  }

  /** An access within an aligned 64-bit word, by CAS of the word. */
  private long inWord(int op, long offset, int size, long operand, long value) {
    long word = offset & -8L;
    int shift = (int) (offset & 7) * 8;
    long mask = -1L >>> 64 - size * 8;
    for (; ; ) {
      long before = ram.load64(word);
      long old = before >>> shift & mask;
      long next = apply(op, old, operand, value) & mask;
      long after = before & ~(mask << shift) | next << shift;
      if (ram.compareExchange64(word, before, after) == before) {
        codePages.written(offset, size);
        return old;
      }
    }
  }

  private static long apply(int op, long old, long operand, long value) {
    return switch (op) {
      case Code.CAS -> old == operand ? value : old;
      case Code.XCHG -> operand;
      case Code.FADD -> old + operand;
      case Code.FAND -> old & operand;
      case Code.FOR -> old | operand;
      case Code.FXOR -> old ^ operand;
      default -> throw new AssertionError("atomic op " + op);
    };
  }

  /** Split words, and devices: while nobody else runs. */
  private long slowAtomic(int op, long address, int size, long operand, long value) {
    checkWritable(address, size, core.mmuMode);
    long[] old = new long[1];
    long mask = -1L >>> 64 - size * 8;
    exclusive.run(
        () -> {
          old[0] = load(address, size);
          store(address, apply(op, old[0], operand & mask, value) & mask, size);
        });
    return old[0];
  }

  /** Runs an action while no other core executes. */
  public void exclusively(Runnable action) {
    exclusive.run(action);
  }
}
