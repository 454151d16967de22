package org.coremu.cli.top;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.coremu.cli.option.AffinityOption;
import org.coremu.machine.CoreSample;
import org.coremu.machine.HostCpus;
import org.coremu.machine.Sample;
import org.coremu.machine.Stats;
import org.coremu.machine.Tier;
import org.coremu.sched.Activity;

/**
 * Samples as lines of text, as docs/top.md describes: what a {@link StatsServer} sends. Readers
 * find figures by their names, so that there may be more of them some day.
 */
final class SampleText {
  static final String END = "end";
  private static final String SAMPLE = "sample";
  private static final String COLUMNS = "columns";
  private static final List<String> CORE_COLUMNS =
      List.of(
          "core",
          "activity",
          "worker",
          "ahead",
          "pc",
          "instructions",
          "host_ns",
          "interrupts",
          "exits",
          "tlb_fills",
          "yields",
          "wake_ups",
          "boosts");

  private SampleText() {}

  /** The lines of a sample, each with its end. */
  static String of(Sample sample) {
    StringBuilder text = new StringBuilder(SAMPLE);
    figures(sample)
        .forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
    text.append('\n').append(COLUMNS).append(' ').append(String.join(" ", CORE_COLUMNS));
    text.append('\n');
    sample.cores().forEach(c -> text.append(core(c)).append('\n'));
    return text.append(END).append('\n').toString();
  }

  private static Map<String, Object> figures(Sample sample) {
    Stats s = sample.stats();
    Map<String, Object> figures = new java.util.LinkedHashMap<>();
    figures.put("tier", s.tier().optionName());
    figures.put("workers", sample.workers());
    figures.put("skew_bound", sample.maxSkew());
    figures.put("system_call_entry", "0x" + Long.toHexString(sample.systemCallEntry()));
    figures.put("wall_ns", s.wallNanos());
    figures.put("guest_ns", s.guestNanos());
    figures.put("instructions", s.instructions());
    figures.put("interrupts", s.interrupts());
    figures.put("exits", s.exits());
    figures.put("tlb_fills", s.tlbFills());
    figures.put("tlb_flushes", s.tlbFlushes());
    figures.put("translated_blocks", s.translatedBlocks());
    figures.put("traces", s.traces());
    figures.put("invalidations", s.invalidations());
    figures.put("code_bytes", s.codeBytes());
    figures.put("evictions", s.evictions());
    figures.put("max_skew", s.maxSkew());
    figures.put("yields", s.yields());
    figures.put("wake_ups", s.wakeUps());
    figures.put("boosts", s.boosts());
    figures.put("affinity", s.affinity().isEmpty() ? "-" : HostCpus.ranges(s.affinity()));
    return figures;
  }

  private static String core(CoreSample c) {
    StringJoiner line = new StringJoiner(" ");
    line.add(Integer.toString(c.core())).add(TopLine.name(c.activity()));
    line.add(Integer.toString(c.worker())).add(Long.toString(c.ahead()));
    line.add("0x" + Long.toHexString(c.pc()));
    for (long n :
        new long[] {
          c.instructions(),
          c.hostNanos(),
          c.interrupts(),
          c.exits(),
          c.tlbFills(),
          c.yields(),
          c.wakeUps(),
          c.boosts()
        }) {
      line.add(Long.toString(n));
    }
    return line.toString();
  }

  /**
   * Reads the rest of a sample.
   *
   * @param first its first line
   * @throws IOException if it is none
   */
  static Sample read(String first, BufferedReader in) throws IOException {
    try {
      if (!first.startsWith(SAMPLE + " ")) {
        throw new IOException("not a sample: " + first);
      }
      Map<String, String> figures = new HashMap<>();
      for (String part : first.substring(SAMPLE.length() + 1).split(" ")) {
        int equals = part.indexOf('=');
        figures.put(part.substring(0, equals), part.substring(equals + 1));
      }
      String[] columns = line(in).split(" ");
      List<CoreSample> cores = new ArrayList<>();
      for (String line = line(in); !line.equals(END); line = line(in)) {
        cores.add(core(columns, line.split(" ")));
      }
      return sample(figures, cores);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IOException("a damaged sample", e);
    }
  }

  private static String line(BufferedReader in) throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new IOException("a sample without end");
    }
    return line;
  }

  /** Values by name; 0 for what the other side does not know. */
  private record Values(Map<String, String> byName) {
    long number(String name) {
      String text = byName.getOrDefault(name, "0");
      return text.startsWith("0x")
          ? Long.parseUnsignedLong(text, 2, text.length(), 16)
          : Long.parseLong(text);
    }
  }

  private static CoreSample core(String[] columns, String[] words) {
    Map<String, String> byName = new HashMap<>();
    for (int i = 1; i < columns.length; i++) {
      byName.put(columns[i], words[i - 1]);
    }
    Values v = new Values(byName);
    return new CoreSample(
        (int) v.number("core"),
        Activity.valueOf(byName.getOrDefault("activity", "halted").toUpperCase(Locale.ROOT)),
        (int) v.number("worker"),
        v.number("ahead"),
        v.number("pc"),
        v.number("instructions"),
        v.number("host_ns"),
        v.number("interrupts"),
        v.number("exits"),
        v.number("tlb_fills"),
        v.number("yields"),
        v.number("wake_ups"),
        v.number("boosts"));
  }

  private static Sample sample(Map<String, String> figures, List<CoreSample> cores) {
    Values v = new Values(figures);
    String affinity = figures.getOrDefault("affinity", "-");
    Stats stats =
        new Stats(
            Tier.valueOf(figures.getOrDefault("tier", "interp").toUpperCase(Locale.ROOT)),
            v.number("wall_ns"),
            v.number("guest_ns"),
            v.number("instructions"),
            cores.stream().map(CoreSample::instructions).toList(),
            v.number("interrupts"),
            v.number("exits"),
            v.number("tlb_fills"),
            v.number("tlb_flushes"),
            v.number("translated_blocks"),
            v.number("traces"),
            v.number("invalidations"),
            v.number("code_bytes"),
            v.number("evictions"),
            v.number("max_skew"),
            v.number("yields"),
            v.number("wake_ups"),
            v.number("boosts"),
            affinity.equals("-") ? List.of() : AffinityOption.parse(affinity));
    int workers = (int) v.number("workers");
    return new Sample(stats, workers, v.number("skew_bound"), v.number("system_call_entry"), cores);
  }
}
