package org.coremu.machine;

/**
 * How the virtual CPUs are arranged. The guest sees it through CPUID leaves 0xB and 0x1F and
 * through its APIC ids.
 *
 * @param sockets packages, at least 1
 * @param cores cores in a socket, at least 1
 * @param threads threads in a core, at least 1
 */
public record Topology(int sockets, int cores, int threads) {
  /** The most virtual CPUs a machine can have: what CPUID leaf 4 can say of a package. */
  public static final int MAX_CPUS = 4096;

  /**
   * Checks the counts.
   *
   * @throws ConfigException when one is below 1 or the product exceeds {@link #MAX_CPUS}
   */
  public Topology {
    if (sockets < 1 || cores < 1 || threads < 1) {
      throw new ConfigException(
          "-smp: sockets, cores and threads must each be at least 1, not %d, %d, %d"
              .formatted(sockets, cores, threads));
    }
    if ((long) sockets * cores > MAX_CPUS || (long) sockets * cores * threads > MAX_CPUS) {
      throw new ConfigException(
          "-smp: %d CPUs are more than the %d a machine can have"
              .formatted((long) sockets * cores * threads, MAX_CPUS));
    }
  }

  /**
   * One socket of single-threaded cores, what {@code -smp n} means.
   *
   * @throws ConfigException unless n is 1 to {@link #MAX_CPUS}
   */
  public static Topology ofCpus(int n) {
    if (n < 1 || n > MAX_CPUS) {
      throw new ConfigException(
          "-smp: the number of CPUs must be 1 to %d, not %d".formatted(MAX_CPUS, n));
    }
    return new Topology(1, n, 1);
  }

  /** Virtual CPUs in all, 1 to {@link #MAX_CPUS}. */
  public int cpus() {
    return sockets * cores * threads;
  }
}
