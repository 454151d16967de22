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

/** Collects the parts of a {@link MachineSpec}; see there for units and ranges. */
public final class MachineSpecBuilder {
  /** Instructions in a core's turn unless told otherwise. */
  public static final long DEFAULT_QUANTUM = 100_000;

  /** Instructions a core may run ahead unless told otherwise. */
  public static final long DEFAULT_MAX_SKEW = 8_000_000;

  /** Room for machine code unless told otherwise: several times what a Linux boot needs. */
  public static final long DEFAULT_CODE_CACHE_BYTES = 128L << 20;

  private String board = "pc";
  private CpuModel cpu = CpuModel.MAX;
  private Topology topology = Topology.ofCpus(1);
  private long ramBytes = 512L << 20;
  private Optional<Path> kernel = Optional.empty();
  private Optional<Path> initrd = Optional.empty();
  private String append = "";
  private Optional<Path> bios = Optional.empty();
  private ByteChannel serial = ByteChannel.DISCONNECTED;
  private boolean noReboot;
  private Optional<DebugExit> debugExit = Optional.empty();
  private Optional<ClockPolicy> clock = Optional.empty();
  private long quantum = DEFAULT_QUANTUM;
  private long maxSkew = DEFAULT_MAX_SKEW;
  private boolean deterministic;
  private long seed = 1;
  private Optional<Integer> workers = Optional.empty();
  private List<Integer> affinity = List.of();
  private Set<Policy> policies = Policy.all();
  private Optional<Tier> tier = Optional.empty();
  private long codeCacheBytes = DEFAULT_CODE_CACHE_BYTES;
  private CodeListener codeListener = CodeListener.NONE;
  private GuestLog log = GuestLog.NONE;

  MachineSpecBuilder() {}

  /** Chooses the board; the default is {@code pc}. */
  public MachineSpecBuilder board(String name) {
    board = Objects.requireNonNull(name);
    return this;
  }

  /** Chooses the CPU model; the default is {@link CpuModel#MAX}. */
  public MachineSpecBuilder cpu(CpuModel model) {
    cpu = model;
    return this;
  }

  /** Sets how many CPUs there are and how they are arranged; the default is one. */
  public MachineSpecBuilder topology(Topology value) {
    topology = value;
    return this;
  }

  /** Sets guest RAM in bytes; the default is 512 MB. */
  public MachineSpecBuilder ramBytes(long bytes) {
    ramBytes = bytes;
    return this;
  }

  /** Boots this kernel image. */
  public MachineSpecBuilder kernel(Path file) {
    kernel = Optional.of(file);
    return this;
  }

  /** Gives the kernel this initial RAM disk. */
  public MachineSpecBuilder initrd(Path file) {
    initrd = Optional.of(file);
    return this;
  }

  /** Sets the kernel command line. */
  public MachineSpecBuilder append(String commandLine) {
    append = commandLine;
    return this;
  }

  /** Puts this image at the reset vector. */
  public MachineSpecBuilder bios(Path file) {
    bios = Optional.of(file);
    return this;
  }

  /** Connects the first serial line; the default is nobody. */
  public MachineSpecBuilder serial(ByteChannel farEnd) {
    serial = farEnd;
    return this;
  }

  /** Says whether a guest reset ends the run. */
  public MachineSpecBuilder noReboot(boolean on) {
    noReboot = on;
    return this;
  }

  /** Adds an isa-debug-exit device. */
  public MachineSpecBuilder debugExit(DebugExit device) {
    debugExit = Optional.of(device);
    return this;
  }

  /** Chooses how virtual time runs; the default is adaptive, or icount when deterministic. */
  public MachineSpecBuilder clock(ClockPolicy policy) {
    clock = Optional.of(policy);
    return this;
  }

  /** Sets the turn of a core in guest instructions. */
  public MachineSpecBuilder quantum(long instructions) {
    quantum = instructions;
    return this;
  }

  /** Sets how far a core may run ahead of the slowest runnable one, in guest instructions. */
  public MachineSpecBuilder maxSkew(long instructions) {
    maxSkew = instructions;
    return this;
  }

  /** Chooses the deterministic mode. */
  public MachineSpecBuilder deterministic(boolean on) {
    deterministic = on;
    return this;
  }

  /** Sets the seed of the guest's random numbers in the deterministic mode. */
  public MachineSpecBuilder seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Sets how many host threads run cores; the default is one per host CPU, or per CPU of {@link
   * #affinity}.
   */
  public MachineSpecBuilder workers(int threads) {
    workers = Optional.of(threads);
    return this;
  }

  /** Pins the host threads that run cores to host CPUs, in turn; the default is to pin none. */
  public MachineSpecBuilder affinity(List<Integer> hostCpus) {
    affinity = List.copyOf(hostCpus);
    return this;
  }

  /** Chooses what feedback from the cores is used to schedule them; the default is all. */
  public MachineSpecBuilder policies(Set<Policy> used) {
    policies = Set.copyOf(used);
    return this;
  }

  /** Chooses how guest code is executed; the default is the best that the host can do. */
  public MachineSpecBuilder tier(Tier value) {
    tier = Optional.of(value);
    return this;
  }

  /** Sets the room for machine code in bytes; the default is 128 MB. */
  public MachineSpecBuilder codeCacheBytes(long bytes) {
    codeCacheBytes = bytes;
    return this;
  }

  /** Sets who is told where machine code is; the default is nobody. */
  public MachineSpecBuilder codeListener(CodeListener listener) {
    codeListener = listener;
    return this;
  }

  /** Sets where the debug log goes; the default is nowhere. */
  public MachineSpecBuilder log(GuestLog sink) {
    log = sink;
    return this;
  }

  /**
   * Makes the specification.
   *
   * @throws ConfigException when the parts do not fit together
   */
  public MachineSpec build() {
    return new MachineSpec(
        board,
        cpu,
        topology,
        ramBytes,
        kernel,
        initrd,
        append,
        bios,
        serial,
        noReboot,
        debugExit,
        clock.orElse(deterministic ? ClockPolicy.ICOUNT : ClockPolicy.ADAPTIVE),
        quantum,
        maxSkew,
        deterministic,
        seed,
        workers.orElseGet(this::defaultWorkers),
        affinity,
        policies,
        tier.orElseGet(Tier::best),
        codeCacheBytes,
        codeListener,
        log);
  }

  private int defaultWorkers() {
    return affinity.isEmpty() ? Runtime.getRuntime().availableProcessors() : affinity.size();
  }
}
