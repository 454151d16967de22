package org.coremu.cli.option;

import java.util.List;
import org.coremu.machine.ConfigException;
import org.coremu.machine.Topology;

/**
 * The value of {@code -smp}: {@code n,sockets=s,cores=c,threads=t}; what is left out follows from
 * the rest.
 */
public final class SmpOption {
  private static final String OPTION = "-smp";
  private static final List<String> KEYS = List.of("cpus", "sockets", "cores", "threads");

  private SmpOption() {}

  /**
   * Reads the value. Of several counts that are left out, cores takes what the number of CPUs asks
   * for.
   *
   * @throws ConfigException when a count is out of range or the product is not the number of CPUs
   * @throws HelpRequest for {@code help}
   */
  public static Topology parse(String text) {
    if (text.equals("help")) {
      throw new HelpRequest(
          """
          -smp n[,sockets=s][,cores=c][,threads=t]
            n        virtual CPUs, 1 to %d
            sockets  packages; default 1
            cores    cores in a socket; default: what n asks for
            threads  threads in a core; default 1
          """
              .formatted(Topology.MAX_CPUS));
    }
    KeyValues values = new KeyValues(OPTION, text, "cpus", KEYS);
    int sockets = values.number("sockets", 1);
    int threads = values.number("threads", 1);
    if (!values.has("cpus")) {
      return new Topology(sockets, values.number("cores", 1), threads);
    }
    int cpus = Topology.ofCpus(values.number("cpus", 1)).cpus();
    int cores = values.number("cores", 1);
    if (sockets < 1 || cores < 1 || threads < 1) {
      return new Topology(sockets, cores, threads);
    }
    if (!values.has("cores")) {
      cores = (int) Math.max(1, cpus / ((long) sockets * threads));
    } else if (!values.has("sockets")) {
      sockets = (int) Math.max(1, cpus / ((long) cores * threads));
    }
    if ((long) sockets * cores * threads != cpus) {
      throw new ConfigException(
          "-smp: %d sockets of %d cores of %d threads are not %d CPUs"
              .formatted(sockets, cores, threads, cpus));
    }
    return new Topology(sockets, cores, threads);
  }
}
