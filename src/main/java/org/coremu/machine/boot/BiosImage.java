package org.coremu.machine.boot;

import org.coremu.machine.ConfigException;

/**
 * Raw firmware that runs from the reset vector. The board maps {@link #rom()} read-only at {@link
 * #romBase()}, so that it ends at 4 GiB, and copies its tail into RAM below 1 MiB, as a chipset's
 * shadowing would: the reset vector's far jump goes there.
 *
 * <p>Not modelled: shadow RAM that can be locked; the copy stays writable.
 */
public final class BiosImage {
  private static final int GRANULE = 64 << 10;
  private static final int MAX_BYTES = 16 << 20;
  private static final int MAX_SHADOW = 256 << 10;
  private static final long FOUR_GIB = 1L << 32;
  private static final long ONE_MIB = 1 << 20;

  private final byte[] rom;

  private BiosImage(byte[] rom) {
    this.rom = rom;
  }

  /**
   * Reads a ROM image.
   *
   * @param file a multiple of 64 KiB, up to 16 MiB
   * @throws ConfigException when it is of another size or cannot be read
   */
  public static BiosImage read(ImageFile file) {
    if (file.size() % GRANULE != 0 || file.size() > MAX_BYTES || file.size() == 0) {
      throw new ConfigException(
          "%s has %d bytes; a ROM image is a multiple of 64 KiB, up to 16 MiB"
              .formatted(file.label(), file.size()));
    }
    return new BiosImage(file.read(0, (int) file.size(), "the ROM"));
  }

  /** The whole ROM. Not a copy; must not be changed. */
  public byte[] rom() {
    return rom;
  }

  /** Where the ROM is mapped: it ends at 4 GiB. */
  public long romBase() {
    return FOUR_GIB - rom.length;
  }

  /** Bytes of the ROM's tail that are also below 1 MiB: all of it up to 256 KiB. */
  public int shadowSize() {
    return Math.min(rom.length, MAX_SHADOW);
  }

  /** Where the copy below 1 MiB begins; it ends at 1 MiB. */
  public long shadowBase() {
    return ONE_MIB - shadowSize();
  }

  /**
   * Makes the copy below 1 MiB.
   *
   * @param memory the guest's RAM, which must reach there
   * @return how the boot core starts
   */
  public CpuEntry load(GuestImageWriter memory) {
    memory.write(shadowBase(), rom, rom.length - shadowSize(), shadowSize());
    return CpuEntry.realReset();
  }
}
