package org.coremu.device.rtc;

/**
 * What a PC's setup program leaves in the CMOS memory for the BIOS: memory sizes, boot order,
 * equipment, core count.
 *
 * <p>Source: Ralf Brown's Interrupt List, "CMOS Memory Registers"; cells 0x34, 0x5B to 0x5D, 0x38,
 * 0x3D and 0x5F as Bochs, QEMU and SeaBIOS agree on them.
 */
public final class CmosLayout {
  /** A device that the BIOS may boot from. */
  public enum BootDevice {
    /** No further device. */
    NONE,
    /** The first floppy disk drive. */
    FLOPPY,
    /** The first hard disk. */
    HARD_DISK,
    /** The first CD-ROM drive. */
    CDROM,
    /** The network. */
    NETWORK
  }

  private static final int EQUIPMENT = 0x14;
  private static final int BASE_MEMORY = 0x15;
  private static final int EXTENDED_MEMORY = 0x17;
  private static final int EXTENDED_MEMORY_FOUND = 0x30;
  private static final int MEMORY_ABOVE_16M = 0x34;
  private static final int BOOT_THIRD = 0x38;
  private static final int BOOT_ORDER = 0x3d;
  private static final int MEMORY_ABOVE_4G = 0x5b;
  private static final int CORES_LESS_ONE = 0x5f;

  private static final int EQUIPMENT_FPU = 0x02;
  private static final int NO_FLOPPY_SIGNATURE_CHECK = 0x01;
  private static final int BASE_KIB = 640;
  private static final long MIB = 1 << 20;
  private static final int WORD_LIMIT = 0xffff;

  private final byte[] cells = new byte[CmosRtc.CELLS];

  /** A layout that says nothing but that there is an FPU. */
  public CmosLayout() {
    cells[EQUIPMENT] = EQUIPMENT_FPU;
  }

  /**
   * Describes the RAM.
   *
   * @param low bytes below 4 GiB, from address 0 on, the first MiB included; at least 1 MiB
   * @param high bytes from 4 GiB on
   */
  public CmosLayout memory(long low, long high) {
    word(BASE_MEMORY, BASE_KIB);
    long extended = Math.min((low - MIB) / 1024, WORD_LIMIT);
    word(EXTENDED_MEMORY, (int) extended);
    word(EXTENDED_MEMORY_FOUND, (int) extended);
    word(MEMORY_ABOVE_16M, (int) Math.clamp((low - 16 * MIB) >> 16, 0, WORD_LIMIT));
    int highUnits = (int) Math.min(high >> 16, 0xff_ffff);
    word(MEMORY_ABOVE_4G, highUnits & WORD_LIMIT);
    cells[MEMORY_ABOVE_4G + 2] = (byte) (highUnits >> 16);
    return this;
  }

  /**
   * Gives the number of cores, all of which the BIOS starts.
   *
   * @param count 1 or more; more than 256 can't be said and is given as 256
   */
  public CmosLayout cores(int count) {
    cells[CORES_LESS_ONE] = (byte) Math.min(count - 1, 255);
    return this;
  }

  /** Gives the boot order. */
  public CmosLayout bootOrder(BootDevice first, BootDevice second, BootDevice third) {
    cells[BOOT_ORDER] = (byte) (second.ordinal() << 4 | first.ordinal());
    cells[BOOT_THIRD] = (byte) (third.ordinal() << 4 | NO_FLOPPY_SIGNATURE_CHECK);
    return this;
  }

  /** The cells, {@link CmosRtc#CELLS} of them; those of the clock itself are 0. */
  public byte[] cells() {
    return cells.clone();
  }

  private void word(int index, int value) {
    cells[index] = (byte) value;
    cells[index + 1] = (byte) (value >> 8);
  }
}
