package org.coremu.machine.boot;

import java.nio.file.Path;
import java.util.List;

/**
 * A kernel whose format is known and whose headers have been checked. Loading it again gives the
 * same result.
 */
public sealed interface KernelImage permits LinuxBzImage, Multiboot1, PvhElf {
  /**
   * Tells a kernel's format by its content.
   *
   * @param path host file
   * @throws org.coremu.machine.ConfigException when it cannot be read or is nothing this machine
   *     can boot
   */
  static KernelImage detect(Path path) {
    return detect(ImageFile.open(path, "kernel"));
  }

  /**
   * Tells a kernel's format by its content.
   *
   * @param file a file or bytes in memory
   * @throws org.coremu.machine.ConfigException when it cannot be read or is nothing this machine
   *     can boot
   */
  static KernelImage detect(ImageFile file) {
    return KernelDetector.detect(file);
  }

  /** One line for {@code --stats} and logs: format, and version when it is known. */
  String description();

  /**
   * Turns the value of {@code -initrd} into what this format takes: one initial RAM disk, or a list
   * of modules.
   *
   * @param initrd as the user wrote it
   * @throws org.coremu.machine.ConfigException when a file cannot be read
   */
  default List<BootModule> modules(String initrd) {
    return List.of(new BootModule(ImageFile.open(initrd, "initrd"), ""));
  }

  /**
   * Copies the kernel, its modules and what its boot protocol wants into guest RAM.
   *
   * @param request command line, modules, memory map
   * @param memory the guest's RAM
   * @return how the boot core starts
   * @throws org.coremu.machine.ConfigException when something does not fit
   */
  CpuEntry load(BootRequest request, GuestImageWriter memory);
}
