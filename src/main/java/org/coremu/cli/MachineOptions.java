package org.coremu.cli;

import java.util.List;
import java.util.Optional;
import org.coremu.cli.option.AffinityOption;
import org.coremu.cli.option.Choice;
import org.coremu.cli.option.LogOption;
import org.coremu.cli.option.Numbers;
import org.coremu.cli.option.PolicyOption;
import org.coremu.cli.option.SmpOption;
import org.coremu.cli.option.StatsOption;
import org.coremu.machine.ClockPolicy;
import org.coremu.machine.ConfigException;
import org.coremu.machine.CpuModel;
import org.coremu.machine.MachineSpec;
import org.coremu.machine.MachineSpecBuilder;
import org.coremu.machine.Tier;
import org.coremu.machine.Topology;
import picocli.CommandLine.Option;

/**
 * The options that {@code boot} and {@code run} share: the machine, its time, and what is reported
 * about it.
 */
final class MachineOptions {
  private static final long MOST_WORKERS = 1024;

  /** What a guest gets at least for each CPU unless told otherwise; Linux takes about 1 MB. */
  private static final long MEMORY_PER_CPU = 4L << 20;

  @Option(
      names = "-smp",
      paramLabel = "N",
      description = "Virtual CPUs: n[,sockets=s][,cores=c][,threads=t].")
  private String smp;

  @Option(
      names = "-m",
      paramLabel = "SIZE",
      description = "Guest RAM: megabytes, or with K, M, G or T.")
  private String memory;

  @Option(
      names = {"-M", "-machine"},
      paramLabel = "BOARD",
      description = "The board; 'help' lists all.")
  private String board;

  @Option(
      names = "-cpu",
      paramLabel = "MODEL",
      description = "The CPU model; 'help' lists all (default: max).")
  private String cpu;

  @Option(
      names = "--clock",
      paramLabel = "POLICY",
      description = "How guest time runs; 'help' lists all.")
  private String clock;

  @Option(
      names = "--quantum",
      paramLabel = "N",
      description = "Guest instructions in a core's turn.")
  private String quantum;

  @Option(
      names = "--max-skew",
      paramLabel = "N",
      description = "Guest instructions a core may run ahead of the rest.")
  private String maxSkew;

  @Option(
      names = "--policy",
      paramLabel = "LIST",
      description =
          "Feedback to schedule by, with commas between; 'help' lists all (default: all).")
  private String policy;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Host threads that run cores (default: host CPUs).")
  private String workers;

  @Option(
      names = "--affinity",
      paramLabel = "LIST",
      description = "Pin those threads to host CPUs, such as 0,2-3; 'help' lists them.")
  private String affinity;

  @Option(
      names = "--tier",
      paramLabel = "TIER",
      description = "How guest code is executed; 'help' lists all.")
  private String tier;

  @Option(
      names = "--code-cache",
      paramLabel = "SIZE",
      description = "Room for machine code: megabytes, or with K, M or G.")
  private String codeCache;

  @Option(
      names = "--perf-map",
      description = "Name machine code for Linux perf, in /tmp/perf-PID.map.")
  private boolean perfMap;

  @Option(
      names = "--deterministic",
      description = "Equal inputs give an equal run; prints the hash of the final state.")
  private boolean deterministic;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The guest's random numbers when deterministic.")
  private String seed;

  @Option(names = "-d", paramLabel = "ITEM,...", description = "Debug log; 'help' lists the items.")
  private String debug;

  @Option(names = "-D", paramLabel = "FILE", description = "Where -d writes (default: stderr).")
  private String debugFile;

  @Option(
      names = "--stats",
      arity = "0..1",
      fallbackValue = StatsOption.LINE,
      paramLabel = "json:FILE",
      description = "A closing line on stderr, or figures in a file.")
  private String stats;

  @Option(
      names = "--top",
      description =
          "Show what the cores do (Ctrl-A t: the console); lines on stderr without a terminal.")
  private boolean top;

  @Option(
      names = "--symbols",
      paramLabel = "FILE",
      description = "Names of the guest's functions: vmlinux, another ELF, System.map or kallsyms.")
  private String symbols;

  /**
   * Sets what the options say.
   *
   * @param defaultCpus for a missing {@code -smp}
   * @param defaultMemory for a missing {@code -m}; more if there are so many CPUs
   * @throws ConfigException for a bad value
   */
  MachineSpecBuilder builder(String defaultCpus, String defaultMemory) {
    MachineSpecBuilder builder = MachineSpec.builder();
    Topology topology = SmpOption.parse(smp == null ? defaultCpus : smp);
    builder.topology(topology);
    builder.ramBytes(
        memory == null
            ? Math.max(Numbers.memory("-m", defaultMemory), topology.cpus() * MEMORY_PER_CPU)
            : Numbers.memory("-m", memory));
    if (board != null) {
      builder.board(
          new Choice<String>("-M")
              .with("pc", "pc", "a PC with APICs, ACPI and a serial line")
              .parse(board));
    }
    if (cpu != null) {
      Choice<CpuModel> models = new Choice<>("-cpu");
      List.of(CpuModel.values())
          .forEach(model -> models.with(model.optionName(), model, model.meaning()));
      builder.cpu(models.parse(cpu));
    }
    setTier(builder);
    if (codeCache != null) {
      builder.codeCacheBytes(Numbers.memory("--code-cache", codeCache));
    }
    setTime(builder);
    if (workers != null) {
      long threads = Numbers.atLeast(1, "--workers", workers);
      if (threads > MOST_WORKERS) {
        throw new ConfigException("--workers must be at most " + MOST_WORKERS + ", not " + workers);
      }
      builder.workers((int) threads);
    }
    if (affinity != null) {
      builder.affinity(AffinityOption.parse(affinity));
    }
    return builder;
  }

  /** Opens the debug log; asks for nothing when there is none. */
  FileLog openLog() {
    if (debug == null) {
      if (debugFile != null) {
        throw new ConfigException("-D needs -d: say what to log");
      }
      return FileLog.none();
    }
    return FileLog.open(LogOption.parse(debug), Optional.ofNullable(debugFile));
  }

  /** Makes the map for perf; does nothing when there shall be none. */
  PerfMap openPerfMap() {
    return perfMap ? PerfMap.ofProcess() : PerfMap.none();
  }

  /** What to report at the end, if anything. */
  Optional<StatsOption> stats() {
    return Optional.ofNullable(stats).map(StatsOption::parse);
  }

  /** Whether the live view is to be shown from the start. */
  boolean top() {
    return top;
  }

  /** The file that names the guest's functions. */
  Optional<String> symbols() {
    return Optional.ofNullable(symbols);
  }

  boolean deterministic() {
    return deterministic;
  }

  private void setTier(MachineSpecBuilder builder) {
    Tier chosen = Tier.best();
    if (tier != null) {
      Choice<Tier> tiers = new Choice<>("--tier");
      List.of(Tier.values()).forEach(t -> tiers.with(t.optionName(), t, t.meaning()));
      chosen = tiers.parse(tier);
    }
    if (perfMap && chosen != Tier.NATIVE) {
      throw new ConfigException(
          "--perf-map needs --tier native: the interpreter makes no machine code");
    }
    builder.tier(chosen);
  }

  private void setTime(MachineSpecBuilder builder) {
    if (clock != null) {
      Choice<ClockPolicy> policies = new Choice<>("--clock");
      for (ClockPolicy policy : ClockPolicy.values()) {
        policies.with(policy.name().toLowerCase(java.util.Locale.ROOT), policy, policy.meaning());
      }
      builder.clock(policies.parse(clock));
    }
    long turn = MachineSpecBuilder.DEFAULT_QUANTUM;
    if (quantum != null) {
      turn = Numbers.atLeast(1, "--quantum", quantum);
      builder.quantum(turn);
    }
    builder.maxSkew(
        maxSkew == null
            ? Math.max(turn, MachineSpecBuilder.DEFAULT_MAX_SKEW)
            : Numbers.atLeast(1, "--max-skew", maxSkew));
    if (policy != null) {
      builder.policies(PolicyOption.parse(policy));
    }
    if (seed != null && !deterministic) {
      throw new ConfigException("--seed needs --deterministic");
    }
    builder.deterministic(deterministic);
    if (seed != null) {
      builder.seed(Numbers.parse("--seed", seed));
    }
  }
}
