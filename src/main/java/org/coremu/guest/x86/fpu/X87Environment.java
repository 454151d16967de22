package org.coremu.guest.x86.fpu;

import static org.coremu.guest.x86.X86State.FCS;
import static org.coremu.guest.x86.X86State.FCW;
import static org.coremu.guest.x86.X86State.FDP;
import static org.coremu.guest.x86.X86State.FDS;
import static org.coremu.guest.x86.X86State.FIP;
import static org.coremu.guest.x86.X86State.FOP;
import static org.coremu.guest.x86.X86State.FPR;
import static org.coremu.guest.x86.X86State.FPR_EXP;
import static org.coremu.guest.x86.X86State.FTOP;

import org.coremu.exec.Core;
import org.coremu.exec.CoreState;
import org.coremu.exec.MemoryPath;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.ir.Effect;

/**
 * Helpers of FNSTENV, FLDENV, FNSAVE and FRSTOR: seven words or doublewords of environment, then,
 * for the last two, the eight data registers of ten bytes each (SDM vol. 1, 8.1.10). Operands: a is
 * a format, b the linear address.
 */
public final class X87Environment {
  /**
   * Format bits: doublewords rather than words; real-address or virtual-8086 mode, with linear
   * pointers.
   */
  public static final int WIDE = 1;

  public static final int REAL = 2;

  public static final int STORE =
      X86Helpers.add("x87StoreEnvironment", Effect.ANY, X87Environment::store);
  public static final int LOAD =
      X86Helpers.add("x87LoadEnvironment", Effect.ANY, X87Environment::load);
  public static final int SAVE = X86Helpers.add("x87Save", Effect.ANY, X87Environment::save);
  public static final int RESTORE =
      X86Helpers.add("x87Restore", Effect.ANY, X87Environment::restore);

  /** Every exception masked. */
  private static final int MASKS = 0x3F;

  /** What processors store in the unused upper halves. */
  private static final long UNUSED = 0xFFFF_0000L;

  private X87Environment() {}

  private static int elementBytes(long format) {
    return (format & WIDE) != 0 ? 4 : 2;
  }

  /**
   * Faults in the first doubleword or else at the last byte, as processors do; the image is less
   * than a page.
   */
  private static void checkWritable(Core core, long address, int bytes) {
    core.memory.checkWritable(address, 4);
    core.memory.checkWritable(address + bytes - 1, 1);
  }

  private static void checkReadable(Core core, long address, int bytes) {
    core.memory.load(address, 4);
    core.memory.load(address + bytes - 1, 1);
  }

  private static long store(Core core, long format, long address, long c) {
    checkWritable(core, address, 7 * elementBytes(format));
    storeEnvironment(core, format, address);
    CoreState s = core.state;
    X87Image.setControlWord(s, (int) s.get(FCW) | MASKS);
    return 0;
  }

  private static long save(Core core, long format, long address, long c) {
    int environment = 7 * elementBytes(format);
    checkWritable(core, address, environment + 80);
    storeEnvironment(core, format, address);
    CoreState s = core.state;
    int top = (int) s.get(FTOP);
    for (int i = 0; i < 8; i++) {
      long at = address + environment + 10 * i;
      core.memory.store(at, s.get(FPR + (top + i & 7)), 8);
      core.memory.store(at + 8, s.get(FPR_EXP + (top + i & 7)), 2);
    }
    X87Image.initialise(s);
    return 0;
  }

  private static void storeEnvironment(Core core, long format, long address) {
    CoreState s = core.state;
    long unused = (format & WIDE) != 0 ? UNUSED : 0;
    int size = elementBytes(format);
    MemoryPath memory = core.memory;
    memory.store(address, s.get(FCW) | unused, size);
    memory.store(address + size, X87Image.statusWord(s) | unused, size);
    memory.store(address + 2 * size, X87Image.fullTag(s) | unused, size);
    if ((format & REAL) != 0) {
      long instruction = s.get(FIP) + (s.get(FCS) << 4);
      long data = s.get(FDP) + (s.get(FDS) << 4);
      memory.store(address + 3 * size, instruction & 0xFFFF | unused, size);
      memory.store(address + 4 * size, (instruction >>> 16 << 12 | s.get(FOP)) & 0x0FFF_FFFF, size);
      memory.store(address + 5 * size, data & 0xFFFF | unused, size);
      memory.store(address + 6 * size, data >>> 16 << 12 & 0x0FFF_FFFF, size);
    } else {
      memory.store(address + 3 * size, s.get(FIP), size);
      memory.store(address + 4 * size, s.get(FCS) | s.get(FOP) << 16, size);
      memory.store(address + 5 * size, s.get(FDP), size);
      memory.store(address + 6 * size, s.get(FDS) | unused, size);
    }
  }

  private static long load(Core core, long format, long address, long c) {
    X87 f = X87.of(core);
    f.checkPending();
    checkReadable(core, address, 7 * elementBytes(format));
    fetchEnvironment(f, format, address);
    setEnvironment(f, format);
    return 0;
  }

  private static long restore(Core core, long format, long address, long c) {
    X87 f = X87.of(core);
    f.checkPending();
    int environment = 7 * elementBytes(format);
    checkReadable(core, address, environment + 80);
    fetchEnvironment(f, format, address);
    setEnvironment(f, format);
    CoreState s = core.state;
    int top = (int) s.get(FTOP);
    for (int i = 0; i < 8; i++) {
      long at = address + environment + 10 * i;
      s.put(FPR + (top + i & 7), core.memory.load(at, 8));
      s.put(FPR_EXP + (top + i & 7), core.memory.load(at + 8, 2));
    }
    return 0;
  }

  private static void fetchEnvironment(X87 f, long format, long address) {
    int size = elementBytes(format);
    for (int i = 0; i < 7; i++) {
      f.image[i] = f.core.memory.load(address + i * size, size);
    }
  }

  private static void setEnvironment(X87 f, long format) {
    CoreState s = f.s;
    long[] image = f.image;
    X87Image.setWords(s, (int) image[0] & 0xFFFF, (int) image[1] & 0xFFFF);
    X87Image.setFullTag(s, (int) image[2] & 0xFFFF);
    if ((format & REAL) != 0) {
      s.put(FIP, image[3] & 0xFFFF | image[4] >>> 12 << 16);
      s.put(FOP, image[4] & 0x7FF);
      s.put(FCS, 0);
      s.put(FDP, image[5] & 0xFFFF | image[6] >>> 12 << 16);
      s.put(FDS, 0);
    } else {
      s.put(FIP, image[3]);
      s.put(FCS, image[4] & 0xFFFF);
      s.put(FOP, image[4] >>> 16 & 0x7FF);
      s.put(FDP, image[5]);
      s.put(FDS, image[6] & 0xFFFF);
    }
  }
}
