package org.coremu.machine;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.coremu.exec.CodeListener;
import org.coremu.hw.ByteChannel;
import org.coremu.hw.GuestLog;
import org.coremu.sched.Policy;

/**
 * Everything that decides what a machine is and how it runs. Make one with {@link #builder()}.
 *
 * @param board the board's name; {@code pc} is the only one so far
 * @param cpu the CPU model
 * @param topology how many CPUs and how they are arranged
 * @param ramBytes guest RAM, in bytes
 * @param kernel a bzImage, PVH or multiboot ELF; empty when {@code bios} boots
 * @param initrd initial RAM disk, or for multiboot the module
 * @param append the kernel command line; may be empty, never null
 * @param bios a raw image that ends at the reset vector
 * @param serial the far end of the first serial line
 * @param noReboot whether a guest reset ends the run instead of restarting the machine
 * @param debugExit an isa-debug-exit device, when one is wanted
 * @param clock how virtual time runs
 * @param quantum guest instructions a core runs before another gets its turn, at least 1
 * @param maxSkew guest instructions a core may be ahead of the slowest runnable one, at least
 *     {@code quantum}
 * @param deterministic serial rounds in fixed order with the icount clock: equal inputs give an
 *     equal end
 * @param seed what random numbers the guest gets when {@code deterministic}
 * @param workers host threads that run cores, at least 1
 * @param affinity host CPUs that the workers are pinned to, in turn; empty leaves it to the host
 * @param policies what feedback from the cores is used to schedule them; none when {@code
 *     deterministic}, whatever is said here
 * @param tier how guest code is executed
 * @param codeCacheBytes room for machine code, {@link #MIN_CODE_CACHE_BYTES} to {@link
 *     #MAX_CODE_CACHE_BYTES}
 * @param codeListener is told where machine code is; never by the interpreter
 * @param log where the machine's debug log goes
 */
public record MachineSpec(
    String board,
    CpuModel cpu,
    Topology topology,
    long ramBytes,
    Optional<Path> kernel,
    Optional<Path> initrd,
    String append,
    Optional<Path> bios,
    ByteChannel serial,
    boolean noReboot,
    Optional<DebugExit> debugExit,
    ClockPolicy clock,
    long quantum,
    long maxSkew,
    boolean deterministic,
    long seed,
    int workers,
    List<Integer> affinity,
    Set<Policy> policies,
    Tier tier,
    long codeCacheBytes,
    CodeListener codeListener,
    GuestLog log) {
  /** The least guest RAM: below it not even the legacy area and a boot loader fit. */
  public static final long MIN_RAM_BYTES = 2L << 20;

  /** The least room for machine code: eight segments that hold the largest block many times. */
  public static final long MIN_CODE_CACHE_BYTES = 1L << 20;

  /** The most room for machine code: what a jump can span. */
  public static final long MAX_CODE_CACHE_BYTES = 1L << 30;

  /** The most guest RAM: what the 40 physical address bits leave beside the PCI hole. */
  public static final long MAX_RAM_BYTES = 1L << 39;

  /**
   * Checks what can be checked without opening a file.
   *
   * @throws ConfigException with one line for the user
   */
  public MachineSpec {
    Objects.requireNonNull(cpu, "cpu");
    Objects.requireNonNull(topology, "topology");
    Objects.requireNonNull(append, "append");
    Objects.requireNonNull(serial, "serial");
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(tier, "tier");
    Objects.requireNonNull(codeListener, "codeListener");
    Objects.requireNonNull(log, "log");
    if (!board.equals("pc")) {
      throw new ConfigException("-M: no machine is called '" + board + "'; there is: pc");
    }
    if (ramBytes < MIN_RAM_BYTES || ramBytes > MAX_RAM_BYTES) {
      throw new ConfigException(
          "-m: guest RAM must be %dM to %dG, not %d bytes"
              .formatted(MIN_RAM_BYTES >> 20, MAX_RAM_BYTES >> 30, ramBytes));
    }
    if (ramBytes % 4096 != 0) {
      throw new ConfigException("-m: guest RAM must be a multiple of 4096 bytes, not " + ramBytes);
    }
    if (kernel.isEmpty() && bios.isEmpty()) {
      throw new ConfigException("nothing to boot: give -kernel FILE or -bios FILE");
    }
    if (kernel.isPresent() && bios.isPresent()) {
      throw new ConfigException(
          "-kernel and -bios do not go together: firmware does not load kernels here");
    }
    if (initrd.isPresent() && kernel.isEmpty()) {
      throw new ConfigException("-initrd needs -kernel");
    }
    if (!append.isEmpty() && kernel.isEmpty()) {
      throw new ConfigException("-append needs -kernel");
    }
    if (quantum < 1) {
      throw new ConfigException("--quantum must be at least 1 instruction, not " + quantum);
    }
    if (maxSkew < quantum) {
      throw new ConfigException(
          "--max-skew (%d) must be at least --quantum (%d)".formatted(maxSkew, quantum));
    }
    if (deterministic && clock != ClockPolicy.ICOUNT) {
      throw new ConfigException("--deterministic needs --clock icount");
    }
    if (codeCacheBytes < MIN_CODE_CACHE_BYTES || codeCacheBytes > MAX_CODE_CACHE_BYTES) {
      throw new ConfigException(
          "--code-cache must be %dM to %dM, not %d bytes"
              .formatted(MIN_CODE_CACHE_BYTES >> 20, MAX_CODE_CACHE_BYTES >> 20, codeCacheBytes));
    }
    if (workers < 1) {
      throw new ConfigException("the number of host workers must be at least 1, not " + workers);
    }
    affinity = List.copyOf(affinity);
    policies = Set.copyOf(policies);
    HostCpus.check(affinity);
  }

  /**
   * A builder with the defaults: one CPU, model {@code max}, 512 MB, the adaptive clock, a worker
   * per host CPU, the best tier.
   */
  public static MachineSpecBuilder builder() {
    return new MachineSpecBuilder();
  }
}
