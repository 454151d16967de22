package org.coremu.machine.boot;

import java.util.List;
import java.util.Objects;

/**
 * What a board hands to a loader besides the kernel itself.
 *
 * @param commandLine the guest's command line, without a terminator
 * @param modules initial RAM disk or boot modules, in order; see {@link KernelImage#modules}
 * @param memoryMap the guest's memory map, ascending, without overlaps; loaders place things in its
 *     usable ranges only
 * @param rsdp guest-physical address of the ACPI root pointer, or 0 when there is none
 */
public record BootRequest(
    String commandLine, List<BootModule> modules, List<MemoryRange> memoryMap, long rsdp) {
  public BootRequest {
    Objects.requireNonNull(commandLine, "commandLine");
    modules = List.copyOf(modules);
    memoryMap = List.copyOf(memoryMap);
  }
}
