package org.coremu.cli.option;

import java.util.List;
import java.util.TreeSet;
import org.coremu.machine.ConfigException;
import org.coremu.machine.HostCpus;

/** The value of {@code --affinity}: numbers and ranges of host CPUs, {@code 0,2-3}. */
public final class AffinityOption {
  private static final int MOST_CPUS = 8192;

  private AffinityOption() {}

  /**
   * Reads the value. Whether the CPUs are there is checked with the machine's specification.
   *
   * @return ascending, each once
   * @throws ConfigException for anything else
   * @throws HelpRequest for {@code help}
   */
  public static List<Integer> parse(String text) {
    if (text.equals("help")) {
      throw new HelpRequest(help(HostCpus.allowed()));
    }
    TreeSet<Integer> cpus = new TreeSet<>();
    for (String part : text.split(",", -1)) {
      if (!part.matches("[0-9]{1,4}(-[0-9]{1,4})?")) {
        throw new ConfigException(
            "--affinity: '%s' is not a list of host CPUs such as 0,2-3".formatted(text));
      }
      int dash = part.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(part.substring(dash + 1));
      if (last < first || last >= MOST_CPUS) {
        throw new ConfigException("--affinity: '%s' is no range of host CPUs".formatted(part));
      }
      for (int cpu = first; cpu <= last; cpu++) {
        cpus.add(cpu);
      }
    }
    return List.copyOf(cpus);
  }

  private static String help(List<Integer> allowed) {
    return allowed.isEmpty()
        ? "--affinity: this host cannot pin threads to CPUs; Linux can\n"
        : """
          --affinity takes host CPUs, such as 0,2-3, and pins the host threads that run cores to them in turn.
          This process may use: %s
          """
            .formatted(HostCpus.ranges(allowed));
  }
}
