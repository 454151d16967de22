package org.coremu.machine;

import java.util.List;
import org.coremu.sched.HostAffinity;

/** The host CPUs that workers can be pinned to. */
public final class HostCpus {
  private HostCpus() {}

  /** Those this process may use, ascending; empty if the host cannot pin threads. */
  public static List<Integer> allowed() {
    return HostAffinity.allowed();
  }

  /** Writes ascending numbers as people do: {@code 0,2-3}. */
  public static String ranges(List<Integer> cpus) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < cpus.size(); i++) {
      int first = cpus.get(i);
      int last = first;
      while (i + 1 < cpus.size() && cpus.get(i + 1) == last + 1) {
        last++;
        i++;
      }
      text.append(text.isEmpty() ? "" : ",").append(first);
      text.append(last == first ? "" : "-" + last);
    }
    return text.toString();
  }

  /** Refuses what workers cannot be pinned to. */
  static void check(List<Integer> wanted) {
    if (wanted.isEmpty()) {
      return;
    }
    List<Integer> allowed = allowed();
    if (allowed.isEmpty()) {
      throw new ConfigException("--affinity: this host cannot pin threads to CPUs; Linux can");
    }
    for (int cpu : wanted) {
      if (!allowed.contains(cpu)) {
        throw new ConfigException(
            "--affinity: there is no host CPU %d for this process; it may use %s"
                .formatted(cpu, ranges(allowed)));
      }
    }
  }
}
