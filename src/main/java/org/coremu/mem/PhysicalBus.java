package org.coremu.mem;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.coremu.hw.MmioDevice;

/**
 * Guest-physical address space: what answers at an address. RAM and ROM are windows of {@link Ram};
 * the rest are devices. Reads from addresses where nothing is give all ones, writes there are
 * ignored, as on a PC.
 *
 * <p>The map is built by the board before the machine starts and does not change afterwards.
 */
public final class PhysicalBus {
  private record Window(
      long base, long size, long ramOffset, boolean writable, MmioDevice device) {}

  private final Ram ram;
  private final CodePages codePages;
  private final LargeTables largeTables = new LargeTables();
  private Window[] windows = {};

  public PhysicalBus(Ram ram, CodePages codePages) {
    this.ram = ram;
    this.codePages = codePages;
  }

  public Ram ram() {
    return ram;
  }

  public CodePages codePages() {
    return codePages;
  }

  /** What the TLBs of the cores share. */
  public LargeTables largeTables() {
    return largeTables;
  }

  /**
   * Maps a page-aligned window of RAM, or of ROM when {@code writable} is false (writes are then
   * ignored).
   */
  public void mapRam(long base, long size, long ramOffset, boolean writable) {
    add(new Window(base, size, ramOffset, writable, null));
  }

  /** Maps a device. */
  public void mapDevice(long base, long size, MmioDevice device) {
    add(new Window(base, size, -1, true, device));
  }

  private void add(Window window) {
    for (Window w : windows) {
      if (window.base < w.base + w.size && w.base < window.base + window.size) {
        throw new AssertionError(
            String.format("bus windows overlap: %x and %x", w.base, window.base));
      }
    }
    windows = Arrays.copyOf(windows, windows.length + 1);
    windows[windows.length - 1] = window;
  }

  private Window at(long address) {
    for (Window w : windows) {
      if (Long.compareUnsigned(address - w.base, w.size) < 0) {
        return w;
      }
    }
    return null;
  }

  /**
   * Where an address is in {@link Ram}.
   *
   * @return the offset, or -1 if the address is not memory
   */
  public long ramOffset(long address) {
    Window w = at(address);
    return w == null || w.device != null ? -1 : w.ramOffset + address - w.base;
  }

  /** Whether an address is memory that the guest may write. */
  public boolean isWritableRam(long address) {
    Window w = at(address);
    return w != null && w.device == null && w.writable;
  }

  /**
   * Reads memory or a device.
   *
   * @param size 1, 2, 4 or 8 bytes; the access must not cross a page
   */
  public long read(long address, int size) {
    Window w = at(address);
    if (w == null) {
      return -1L >>> (64 - size * 8);
    }
    long offset = address - w.base;
    return w.device == null
        ? ram.load(w.ramOffset + offset, size)
        : w.device.read(offset, size) & -1L >>> (64 - size * 8);
  }

  /**
   * Writes memory or a device; translated code that the write changes is invalidated.
   *
   * @param size 1, 2, 4 or 8 bytes; the access must not cross a page
   */
  public void write(long address, long value, int size) {
    Window w = at(address);
    if (w == null) {
      return;
    }
    long offset = address - w.base;
    if (w.device != null) {
      w.device.write(offset, value, size);
    } else if (w.writable) {
      ram.store(w.ramOffset + offset, value, size);
      VarHandle.fullFence();
      codePages.written(w.ramOffset + offset, size);
    }
  }

  /** Copies memory out, for DMA; bytes that are not memory read as all ones. */
  public void read(long address, byte[] to, int start, int length) {
    for (int done = 0; done < length; ) {
      int chunk = chunk(address + done, length - done);
      long offset = ramOffset(address + done);
      if (offset < 0) {
        Arrays.fill(to, start + done, start + done + chunk, (byte) 0xff);
      } else {
        MemorySegment.copy(ram.segment(), ValueLayout.JAVA_BYTE, offset, to, start + done, chunk);
      }
      done += chunk;
    }
  }

  /**
   * Copies into memory, for DMA and boot loaders; translated code there is invalidated. ROM is
   * written as well.
   */
  public void write(long address, byte[] from, int start, int length) {
    for (int done = 0; done < length; ) {
      int chunk = chunk(address + done, length - done);
      long offset = ramOffset(address + done);
      if (offset >= 0) {
        MemorySegment.copy(from, start + done, ram.segment(), ValueLayout.JAVA_BYTE, offset, chunk);
        VarHandle.fullFence();
        codePages.written(offset, chunk);
      }
      done += chunk;
    }
  }

  private static int chunk(long address, int left) {
    return Math.min(left, Ram.PAGE_SIZE - (int) (address & Ram.PAGE_SIZE - 1));
  }
}
