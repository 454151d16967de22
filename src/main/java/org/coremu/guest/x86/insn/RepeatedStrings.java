package org.coremu.guest.x86.insn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.coremu.exec.Core;
import org.coremu.exec.CoreState;
import org.coremu.guest.x86.Segmentation;
import org.coremu.guest.x86.X86Mode;
import org.coremu.guest.x86.X86State;
import org.coremu.ir.FlagKind;
import org.coremu.mem.Ram;

/**
 * The loops of REP string instructions. Each method does iterations until the count is used up, the
 * condition ends them, a fault comes, or {@link #STRETCH} is done, and keeps the registers exact
 * after every one, so that a fault or a return in between is as on a processor (SDM volume 2, REP).
 * It returns whether iterations are left.
 *
 * <p>Upwards within a page of plain RAM, MOVS and STOS move whole ranges at once.
 */
final class RepeatedStrings {
  /**
   * Most elements before interrupts are looked at: that happens whenever the count is a multiple of
   * this. So the instruction count depends neither on how elements are moved, which depends on
   * where there is translated code, nor on where an iteration was interrupted and begun again.
   */
  private static final int STRETCH = 4096;

  private static final long DF = 1 << 10;
  private static final int NOT_EQUAL = 1 << 24;
  private static final int ONCE = 1 << 25;

  private RepeatedStrings() {}

  /**
   * Describes an instruction: sizes in bits, segment of the source, REPNE rather than REPE, and
   * whether to step.
   */
  static int how(int opSize, int addrSize, int segment, boolean notEqual, boolean once) {
    return opSize / 8
        | addrSize << 8
        | segment << 16
        | (notEqual ? NOT_EQUAL : 0)
        | (once ? ONCE : 0);
  }

  private static int size(int how) {
    return how & 0xff;
  }

  private static int segment(int how) {
    return how >> 16 & 7;
  }

  static boolean movs(Core core, int how) {
    int size = size(how);
    long count = count(core, how);
    int left = stretch(how, count);
    while (count != 0 && left > 0) {
      long from = linear(core, how, segment(how), X86State.RSI, size, false);
      long to = linear(core, how, X86State.ES, X86State.RDI, size, true);
      long bytes = bulkBytes(core, how, left);
      bytes = Math.min(bytes, Math.min(restOfPage(from), restOfPage(to))) / size * size;
      bytes = bytes > size ? copy(core, from, to, bytes, size) : 0;
      if (bytes == 0) {
        core.memory.store(to, core.memory.load(from, size), size);
        bytes = size;
      }
      left -= (int) bytes / size;
      count -= bytes / size;
      advance(core, how, X86State.RSI, bytes);
      advance(core, how, X86State.RDI, bytes);
      setCount(core, how, count);
    }
    return count != 0;
  }

  static boolean stos(Core core, int how) {
    int size = size(how);
    long count = count(core, how);
    long value = core.state.get(X86State.RAX);
    int left = stretch(how, count);
    while (count != 0 && left > 0) {
      long to = linear(core, how, X86State.ES, X86State.RDI, size, true);
      long bytes = Math.min(bulkBytes(core, how, left), restOfPage(to)) / size * size;
      bytes = bytes > size ? fill(core, to, bytes, value, size) : 0;
      if (bytes == 0) {
        core.memory.store(to, value, size);
        bytes = size;
      }
      left -= (int) bytes / size;
      count -= bytes / size;
      advance(core, how, X86State.RDI, bytes);
      setCount(core, how, count);
    }
    return count != 0;
  }

  static boolean lods(Core core, int how) {
    int size = size(how);
    long count = count(core, how);
    for (int left = stretch(how, count); count != 0 && left > 0; left--) {
      long from = linear(core, how, segment(how), X86State.RSI, size, false);
      long value = core.memory.load(from, size);
      int bits = size * 8;
      long keep = size < 4 ? core.state.get(X86State.RAX) & -1L << bits : 0;
      core.state.put(X86State.RAX, keep | value);
      advance(core, how, X86State.RSI, size);
      setCount(core, how, --count);
    }
    return count != 0;
  }

  static boolean cmps(Core core, int how) {
    int size = size(how);
    long count = count(core, how);
    for (int left = stretch(how, count); count != 0 && left > 0; left--) {
      // REPE CMPSB reads the source first, all others the destination: so processors are seen to
      // fault
      boolean first = size == 1 && (how & NOT_EQUAL) == 0;
      long b = first ? 0 : loadDestination(core, how, size);
      long source = linear(core, how, segment(how), X86State.RSI, size, false);
      long a = core.memory.load(source, size);
      b = first ? loadDestination(core, how, 1) : b;
      advance(core, how, X86State.RSI, size);
      advance(core, how, X86State.RDI, size);
      setCount(core, how, --count);
      setFlags(core, size, a, b);
      if (a == b == ((how & NOT_EQUAL) != 0)) {
        return false;
      }
    }
    return count != 0;
  }

  static boolean scas(Core core, int how) {
    int size = size(how);
    long count = count(core, how);
    long a = core.state.get(X86State.RAX) & -1L >>> 64 - size * 8;
    for (int left = stretch(how, count); count != 0 && left > 0; left--) {
      long b = loadDestination(core, how, size);
      advance(core, how, X86State.RDI, size);
      setCount(core, how, --count);
      setFlags(core, size, a, b);
      if (a == b == ((how & NOT_EQUAL) != 0)) {
        return false;
      }
    }
    return count != 0;
  }

  private static long loadDestination(Core core, int how, int size) {
    return core.memory.load(linear(core, how, X86State.ES, X86State.RDI, size, false), size);
  }

  // ---- registers

  private static int stretch(int how, long count) {
    return (how & ONCE) != 0 ? 1 : (int) (count - 1 & STRETCH - 1) + 1;
  }

  private static long addressMask(int how) {
    return -1L >>> 64 - (how >> 8 & 0xff);
  }

  private static long count(Core core, int how) {
    return core.state.get(X86State.RCX) & addressMask(how);
  }

  private static void setCount(Core core, int how, long count) {
    setRegister(core, how, X86State.RCX, count);
  }

  private static void advance(Core core, int how, int register, long bytes) {
    boolean down = (core.state.get(X86State.RFLAGS) & DF) != 0;
    setRegister(core, how, register, core.state.get(register) + (down ? -bytes : bytes));
  }

  private static void setRegister(Core core, int how, int register, long value) {
    CoreState s = core.state;
    switch (how >> 8 & 0xff) {
      case 16 -> s.put(register, s.get(register) & ~0xffffL | value & 0xffff);
      case 32 -> s.put(register, value & 0xffff_ffffL);
      default -> s.put(register, value);
    }
  }

  private static void setFlags(Core core, int size, long a, long b) {
    core.state.put(CoreState.FLAG_KIND, FlagKind.SUB + Integer.numberOfTrailingZeros(size));
    core.state.put(CoreState.FLAG_A, a);
    core.state.put(CoreState.FLAG_B, b);
  }

  // ---- addresses

  private static long linear(
      Core core, int how, int segment, int register, int size, boolean write) {
    long offset = core.state.get(register) & addressMask(how);
    if (X86Mode.codeSize(core.mode) == 64) {
      return segment >= X86State.FS ? offset + core.state.get(X86State.SEG_BASE + segment) : offset;
    }
    if (isFlat(core, segment)) {
      return offset;
    }
    return Segmentation.linear(core, segment, offset, size, write);
  }

  private static boolean isFlat(Core core, int segment) {
    return (core.mode & X86Mode.FLAT) != 0 && segment < X86State.FS;
  }

  private static long restOfPage(long address) {
    return Ram.PAGE_SIZE - (address & Ram.PAGE_SIZE - 1);
  }

  // ---- ranges

  /**
   * How many bytes may be moved in one go as far as registers, not addresses, are concerned; 0 for
   * none.
   */
  private static long bulkBytes(Core core, int how, int left) {
    boolean flat = (core.mode & X86Mode.FLAT) != 0 && segment(how) < X86State.FS;
    boolean down = (core.state.get(X86State.RFLAGS) & DF) != 0;
    if (!flat || down || (how & ONCE) != 0 || (how >> 8 & 0xff) == 16) {
      return 0;
    }
    return (long) left * size(how);
  }

  /**
   * Copies within pages, as element after element would; gives the bytes copied, 0 if that cannot
   * be done in bulk.
   */
  private static long copy(Core core, long from, long to, long bytes, int size) {
    long source = core.memory.readableRam(from);
    long target = core.memory.writableRam(to);
    if (source < 0 || target < 0) {
      return 0;
    }
    long n = bytes;
    if (target > source && target - source < n) {
      // the copy feeds on itself: only what is not yet overwritten
      n = (target - source) / size * size;
    }
    MemorySegment ram = core.memory.segment();
    MemorySegment.copy(ram, source, ram, target, n);
    wrote(core, target, n);
    return n;
  }

  /** Fills within a page; gives the bytes filled, 0 if that cannot be done in bulk. */
  private static long fill(Core core, long to, long bytes, long value, int size) {
    long target = core.memory.writableRam(to);
    if (target < 0) {
      return 0;
    }
    MemorySegment range = core.memory.segment().asSlice(target, bytes);
    long pattern = value & 0xff;
    pattern |= pattern << 8;
    pattern |= pattern << 16;
    pattern |= pattern << 32;
    if (((value ^ pattern) & -1L >>> 64 - size * 8) == 0) {
      range.fill((byte) value);
    } else {
      store(range, 0, value, size);
      for (long done = size; done < bytes; done *= 2) {
        MemorySegment.copy(range, 0, range, done, Math.min(done, bytes - done));
      }
    }
    wrote(core, target, bytes);
    return bytes;
  }

  private static void store(MemorySegment range, long at, long value, int size) {
    switch (size) {
      case 1 -> range.set(ValueLayout.JAVA_BYTE, at, (byte) value);
      case 2 -> range.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) value);
      case 4 -> range.set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) value);
      default -> range.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
    }
  }

  /** Another core may have begun to translate the page meanwhile. */
  private static void wrote(Core core, long offset, long bytes) {
    core.memory.bus().codePages().written(offset, (int) bytes);
  }
}
