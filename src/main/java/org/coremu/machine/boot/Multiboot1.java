package org.coremu.machine.boot;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.coremu.machine.ConfigException;

/**
 * A multiboot 1 kernel: an ELF file or a flat image with load addresses in its header ("a.out
 * kludge"), entered in 32-bit protected mode with EAX = 0x2BADB002 and EBX pointing to the
 * multiboot information. Source: Multiboot Specification 0.6.96, chapter 3.
 *
 * <p>Not modelled: graphics modes (a kernel that asks for one is refused, one that asks for text is
 * not), drives, symbol tables, APM, the configuration table.
 */
public final class Multiboot1 implements KernelImage {
  private static final int BOOTLOADER_MAGIC = 0x2bad_b002;
  private static final int VIDEO_MODE = 1 << 2;
  private static final int ADDRESSES = 1 << 16;

  /** Features that a loader must refuse when it does not know them; 0 and 1 are always done. */
  private static final int UNKNOWN_REQUIREMENTS = 0xfff8;

  /**
   * The header, as found.
   *
   * @param offset where it is in the file
   * @param flags what the kernel requires
   * @param headerAddress where the header is to be in RAM, as all addresses only with flag 16
   * @param loadAddress where the image begins in RAM
   * @param loadEnd where its data ends, 0 for the whole file
   * @param bssEnd where its zeroed data ends, 0 for none
   * @param entry where to start
   * @param graphics whether the kernel asks for a linear graphics mode
   */
  record Header(
      int offset,
      int flags,
      long headerAddress,
      long loadAddress,
      long loadEnd,
      long bssEnd,
      long entry,
      boolean graphics) {
    private static final int MAGIC = 0x1bad_b002;
    private static final int SEARCHED_BYTES = 8192;

    /** Looks for it in the first 8 KiB, at multiples of 4. */
    static Optional<Header> find(ByteBuffer head) {
      int end = Math.min(head.limit(), SEARCHED_BYTES);
      for (int at = 0; at + 12 <= end; at += 4) {
        if (head.getInt(at) == MAGIC
            && head.getInt(at) + head.getInt(at + 4) + head.getInt(at + 8) == 0) {
          return Optional.of(at(head, at));
        }
      }
      return Optional.empty();
    }

    private static Header at(ByteBuffer head, int offset) {
      int flags = head.getInt(offset + 4);
      return new Header(
          offset,
          flags,
          field(head, offset + 12),
          field(head, offset + 16),
          field(head, offset + 20),
          field(head, offset + 24),
          field(head, offset + 28),
          (flags & VIDEO_MODE) != 0 && field(head, offset + 32) == 0);
    }

    private static long field(ByteBuffer head, int offset) {
      return offset + 4 <= head.limit() ? head.getInt(offset) & 0xffff_ffffL : 0;
    }
  }

  private final ImageFile file;
  private final Header header;
  private final Optional<ElfImage> elf;
  private final long entry;

  /**
   * Checks that this loader can do what the header requires.
   *
   * @param elf the file's ELF headers, when it has them
   * @throws ConfigException when it cannot
   */
  Multiboot1(ImageFile file, Header header, Optional<ElfImage> elf) {
    this.file = file;
    this.header = header;
    this.elf = elf;
    int unknown = header.flags & UNKNOWN_REQUIREMENTS;
    if (unknown != 0) {
      throw new ConfigException(
          "%s requires multiboot features that are not there (flags %#x)"
              .formatted(file.label(), unknown));
    }
    if (header.graphics) {
      throw new ConfigException(
          file.label() + " requires a graphics mode, and the machine has no display");
    }
    if (!hasAddresses() && elf.isEmpty()) {
      throw new ConfigException(
          file.label() + " has a multiboot header without load addresses and is not an ELF file");
    }
    this.entry = hasAddresses() ? header.entry : elfEntry(elf.orElseThrow());
    if (hasAddresses()) {
      checkAddresses();
    }
  }

  private boolean hasAddresses() {
    return (header.flags & ADDRESSES) != 0;
  }

  private static long elfEntry(ElfImage elf) {
    long entry = elf.entry();
    if (elf.covers(entry)) {
      return entry;
    }
    OptionalLong physical = elf.physical(entry);
    if (physical.isEmpty()) {
      throw new ConfigException(
          "%s is damaged: its entry %#x is outside its segments"
              .formatted(elf.file().label(), entry));
    }
    return physical.getAsLong();
  }

  private void checkAddresses() {
    boolean ordered =
        header.loadAddress <= header.headerAddress
            && header.headerAddress - header.loadAddress <= header.offset
            && (header.loadEnd == 0 || header.loadEnd > header.headerAddress)
            && (header.bssEnd == 0 || header.bssEnd >= header.loadEnd)
            && header.entry >= header.loadAddress;
    if (!ordered) {
      throw new ConfigException(
          file.label() + " is damaged: the load addresses in its multiboot header make no sense");
    }
    file.requireRange(fileStart(), fileLength(), "the multiboot image");
  }

  private long fileStart() {
    return header.offset - (header.headerAddress - header.loadAddress);
  }

  private long fileLength() {
    return header.loadEnd == 0 ? file.size() - fileStart() : header.loadEnd - header.loadAddress;
  }

  @Override
  public String description() {
    return "multiboot 1 %s, entry at %#x".formatted(hasAddresses() ? "flat image" : "ELF", entry);
  }

  @Override
  public List<BootModule> modules(String initrd) {
    return BootModule.parseList(initrd);
  }

  @Override
  public CpuEntry load(BootRequest request, GuestImageWriter memory) {
    RamLayout layout = new RamLayout(request.memoryMap());
    long end = hasAddresses() ? loadFlat(layout, memory) : loadElf(layout, memory);
    List<ModuleLoader.Placed> modules =
        ModuleLoader.loadUpward(request.modules(), layout, memory, end);
    long info = MultibootInfo.write(request, file.name(), modules, layout, memory);
    return StartTables.protected32(layout, memory, entry, BOOTLOADER_MAGIC, info, 0);
  }

  private long loadFlat(RamLayout layout, GuestImageWriter memory) {
    long fileEnd = header.loadAddress + fileLength();
    long end = Math.max(fileEnd, header.bssEnd);
    layout.claim(header.loadAddress, end - header.loadAddress, file.label());
    file.copyTo(fileStart(), fileLength(), "the multiboot image", memory, header.loadAddress);
    ElfImage.clear(memory, fileEnd, end - fileEnd);
    return end;
  }

  private long loadElf(RamLayout layout, GuestImageWriter memory) {
    ElfImage image = elf.orElseThrow();
    image.load(layout, memory);
    return image.end();
  }
}
