package org.coremu.machine.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.coremu.machine.ConfigException;

/**
 * A Linux bzImage, entered by the x86 boot protocol: at its 64-bit entry when it has one (protocol
 * 2.12 with XLF_KERNEL_64), else at its 32-bit entry. The real-mode part of the file is not run.
 * Source: Linux, Documentation/arch/x86/boot.rst and zero-page.rst.
 *
 * <p>Not modelled: initial RAM disks above 4 GiB, setup_data, screen_info (the kernel sees no VGA),
 * EFI.
 */
public final class LinuxBzImage implements KernelImage {
  private static final int ZERO_PAGE_BYTES = 4096;
  private static final int ACPI_RSDP_ADDR = 0x070;
  private static final int E820_ENTRIES = 0x1e8;
  private static final int E820_TABLE = 0x2d0;
  private static final int E820_MAX = 128;
  private static final int UNDEFINED_LOADER = 0xff;
  private static final short NORMAL_VIDEO_MODE = (short) 0xffff;
  private static final int ENTRY64_OFFSET = 0x200;
  private static final long ONE_MIB = 1 << 20;

  private final LinuxSetupHeader header;

  private LinuxBzImage(LinuxSetupHeader header) {
    this.header = header;
  }

  static boolean isMagic(ByteBuffer head) {
    return LinuxSetupHeader.isMagic(head);
  }

  static LinuxBzImage parse(ImageFile file) {
    return new LinuxBzImage(LinuxSetupHeader.parse(file));
  }

  @Override
  public String description() {
    String release = header.release();
    return "Linux%s bzImage, boot protocol %s, %d-bit entry"
        .formatted(
            release.isEmpty() ? "" : " " + release,
            header.protocol(),
            header.has64BitEntry() ? 64 : 32);
  }

  @Override
  public CpuEntry load(BootRequest request, GuestImageWriter memory) {
    if (request.modules().size() > 1) {
      throw new ConfigException(
          header.file().label() + " is Linux, which takes one initrd, not a list");
    }
    RamLayout layout = new RamLayout(request.memoryMap());
    long kernel = placeKernel(layout);
    header
        .file()
        .copyTo(header.kernelOffset(), header.kernelSize(), "the Linux kernel", memory, kernel);
    List<ModuleLoader.Placed> initrd =
        ModuleLoader.loadHigh(request.modules(), layout, memory, header.initrdAddrMax() + 1);
    long commandLine = commandLine(request.commandLine(), layout, memory);
    long zeroPage = layout.table(ZERO_PAGE_BYTES, ZERO_PAGE_BYTES, "the Linux zero page");
    memory.write(zeroPage, zeroPage(request, kernel, commandLine, initrd));
    return header.has64BitEntry()
        ? StartTables.long64(layout, memory, kernel + ENTRY64_OFFSET, zeroPage)
        : StartTables.protected32(layout, memory, kernel, 0, 0, zeroPage);
  }

  private long placeKernel(RamLayout layout) {
    String what = header.file().label();
    long preferred = header.prefAddress();
    if (!header.relocatable() || layout.isFree(preferred, header.initSize())) {
      layout.claim(preferred, header.initSize(), what);
      return preferred;
    }
    // Loading it lower would not help: the decompressor never unpacks below the preferred address.
    long base =
        layout.lowest(Math.max(preferred, ONE_MIB), header.initSize(), header.alignment(), what);
    if (base < 0) {
      throw new ConfigException(
          "%s needs %s of guest RAM in one piece from %s on, and the guest has %s in all; give it more (-m)"
              .formatted(
                  what,
                  RamLayout.megabytes(header.initSize()),
                  RamLayout.megabytes(preferred),
                  RamLayout.megabytes(layout.totalRam())));
    }
    return base;
  }

  private long commandLine(String text, RamLayout layout, GuestImageWriter memory) {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    if (length > header.cmdlineSize()) {
      throw new ConfigException(
          "the kernel command line has %d bytes; %s takes at most %d"
              .formatted(length, header.file().label(), header.cmdlineSize()));
    }
    return ModuleLoader.string(text, "the command line", layout, memory);
  }

  private byte[] zeroPage(
      BootRequest request, long kernel, long commandLine, List<ModuleLoader.Placed> initrd) {
    ByteBuffer page = ByteBuffer.allocate(ZERO_PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    page.put(LinuxSetupHeader.FIRST_BYTE, header.copy());
    page.put(LinuxSetupHeader.TYPE_OF_LOADER, (byte) UNDEFINED_LOADER);
    page.put(LinuxSetupHeader.LOADFLAGS, (byte) LinuxSetupHeader.LOADED_HIGH);
    page.putShort(LinuxSetupHeader.VID_MODE, NORMAL_VIDEO_MODE);
    page.putInt(LinuxSetupHeader.CODE32_START, (int) kernel);
    page.putInt(LinuxSetupHeader.CMD_LINE_PTR, (int) commandLine);
    for (ModuleLoader.Placed disk : initrd) {
      page.putInt(LinuxSetupHeader.RAMDISK_IMAGE, (int) disk.base());
      page.putInt(LinuxSetupHeader.RAMDISK_SIZE, (int) disk.size());
    }
    page.putLong(ACPI_RSDP_ADDR, request.rsdp());
    putE820(page, request.memoryMap());
    return page.array();
  }

  private static void putE820(ByteBuffer page, List<MemoryRange> ranges) {
    if (ranges.size() > E820_MAX) {
      throw new IllegalArgumentException(
          "memory map of " + ranges.size() + " ranges; the zero page holds " + E820_MAX);
    }
    page.put(E820_ENTRIES, (byte) ranges.size());
    page.position(E820_TABLE);
    for (MemoryRange range : ranges) {
      page.putLong(range.base()).putLong(range.size()).putInt(range.kind().code());
    }
  }
}
