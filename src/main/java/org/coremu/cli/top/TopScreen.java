package org.coremu.cli.top;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.coremu.cli.top.Rates.CoreRates;
import org.coremu.machine.CoreSample;
import org.coremu.machine.HostCpus;
import org.coremu.machine.Stats;

/** A machine's present as a screenful of text. */
final class TopScreen {
  /** How much of the screen the map of all cores gets. */
  enum Share {
    /** A third, the list the rest. */
    SOME,
    /** All of it. */
    ALL,
    /** Nothing: only the list. */
    NONE
  }

  /**
   * A screenful.
   *
   * @param lines at most as many, and as wide, as the screen
   * @param heading index of the line that heads the list, or -1
   */
  record Frame(List<String> lines, int heading) {}

  static final String LEGEND =
      "R running  r ready  s spinning  b bound by skew  h halted just now  . halted";
  private static final String HEADING =
      " CORE STATE     ON  MIPS HOST%  IRQ/s EXIT/s FILL/s  AHEAD  FUNCTION";
  private static final int GROUP = 64;
  private static final int LEAST_LISTED = 3;

  private final Supplier<String> title;
  private final Optional<Symbols> symbols;

  TopScreen(Supplier<String> title, Optional<Symbols> symbols) {
    this.title = title;
    this.symbols = symbols;
  }

  /**
   * Fills a screen.
   *
   * @param skip how many of the busiest cores the list leaves out
   */
  Frame frame(Rates r, int width, int height, int skip, Share share, String footer) {
    List<String> lines = new ArrayList<>(head(r));
    int room = Math.max(0, height - lines.size() - 1);
    int heading = -1;
    if (share != Share.NONE && r.cores.size() > 1) {
      int most = share == Share.ALL ? room : Math.max(2, room / 3);
      lines.addAll(map(r, width, most));
    }
    int listed = height - lines.size() - 2;
    if (share != Share.ALL && listed > 0) {
      heading = lines.size();
      lines.add(HEADING);
      lines.addAll(list(r, listed, skip));
    }
    while (lines.size() < height - 1) {
      lines.add("");
    }
    List<String> cut = new ArrayList<>();
    for (String line : lines.subList(0, Math.max(0, Math.min(lines.size(), height - 1)))) {
      cut.add(cut(line, width));
    }
    cut.add(cut(footer, width));
    return new Frame(cut, heading < cut.size() - 1 ? heading : -1);
  }

  private static String cut(String line, int width) {
    return line.length() <= width ? line : line.substring(0, Math.max(0, width));
  }

  private List<String> head(Rates r) {
    Stats s = r.now.stats();
    return List.of(
        "coremu " + title.get() + "; tier " + s.tier().optionName(),
        String.format(
            Locale.ROOT,
            "%s MIPS, %.1f s wall, %.1f s guest (%.2f x)  %s interrupts/s  %s exits/s",
            Amounts.of(r.total(Stats::instructions) / 1e6),
            s.wallNanos() / 1e9,
            s.guestNanos() / 1e9,
            r.timeRatio(),
            Amounts.of(r.total(Stats::interrupts)),
            Amounts.of(r.total(Stats::exits))),
        String.format(
            Locale.ROOT,
            "TLB %s fills/s  %s flushes/s  code %s blocks/s  %s invalidated/s  %.1f MB",
            Amounts.of(r.total(Stats::tlbFills)),
            Amounts.of(r.total(Stats::tlbFlushes)),
            Amounts.of(r.total(Stats::translatedBlocks)),
            Amounts.of(r.total(Stats::invalidations)),
            s.codeBytes() / 1e6),
        workers(r),
        String.format(
            Locale.ROOT,
            "%d cores: %s; %s yields/s  %s boosts/s",
            r.cores.size(),
            TopLine.states(r),
            Amounts.of(r.total(Stats::yields)),
            Amounts.of(r.total(Stats::boosts))));
  }

  private static String workers(Rates r) {
    String on =
        r.now.cores().stream()
            .filter(c -> c.worker() >= 0)
            .sorted(java.util.Comparator.comparingInt(CoreSample::worker))
            .map(c -> "%d: core %d".formatted(c.worker(), c.core()))
            .collect(Collectors.joining("  "));
    List<Integer> pinned = r.now.stats().affinity();
    return String.format(
        Locale.ROOT,
        "%d workers%s, %.0f %% busy, skew %s (most %s of %s)  %s",
        r.now.workers(),
        pinned.isEmpty() ? "" : " on host CPUs " + HostCpus.ranges(pinned),
        100 * r.busy(),
        Amounts.of(r.skew()),
        Amounts.of(r.now.stats().maxSkew()),
        Amounts.of(r.now.maxSkew()),
        on);
  }

  /** One character a core, in rows of groups of 64. */
  private static List<String> map(Rates r, int width, int most) {
    int cores = r.cores.size();
    int label = Math.max(2, String.valueOf(cores - 1).length());
    int row = Math.max(1, width - label - 1);
    row = row > GROUP ? row / GROUP * GROUP : row;
    List<String> lines = new ArrayList<>();
    int room = cores <= (long) row * (most - 1) ? most : most - 1;
    for (int from = 0; from < cores && lines.size() < room - 1; from += row) {
      StringBuilder line = new StringBuilder(("%" + label + "d ").formatted(from));
      for (int i = from; i < Math.min(cores, from + row); i++) {
        line.append(mark(r.cores.get(i)));
      }
      lines.add(line.toString());
    }
    int shown = lines.size() * row;
    if (shown < cores) {
      lines.add("… and " + (cores - shown) + " more cores (m: the whole map)");
    }
    lines.add(LEGEND);
    return lines;
  }

  private static char mark(CoreRates c) {
    return switch (c.now().activity()) {
      case RUNNING -> 'R';
      case READY -> 'r';
      case SPINNING -> 's';
      case BOUND -> 'b';
      case HALTED -> c.mips() > 0 ? 'h' : '.';
    };
  }

  private List<String> list(Rates r, int most, int skip) {
    List<CoreRates> order = r.busiestFirst();
    int from = Math.min(skip, Math.max(0, order.size() - LEAST_LISTED));
    boolean all = order.size() - from <= most;
    int end = all ? order.size() : from + Math.max(0, most - 1);
    List<String> lines = new ArrayList<>();
    for (CoreRates c : order.subList(from, end)) {
      lines.add(line(c, r.now.systemCallEntry()));
    }
    if (!all) {
      lines.add("… and " + (order.size() - end) + " more, less busy (down: scroll)");
    }
    return lines;
  }

  private String line(CoreRates c, long systemCallEntry) {
    CoreSample s = c.now();
    return String.format(
        Locale.ROOT,
        "%5d %-8s %3s %5s %5.0f %6s %6s %6s %6s  %s",
        s.core(),
        TopLine.name(s.activity()),
        s.worker() < 0 ? "-" : s.worker(),
        Amounts.of(c.mips()),
        100 * c.hostShare(),
        Amounts.of(c.interrupts()),
        Amounts.of(c.exits()),
        Amounts.of(c.tlbFills()),
        Amounts.of(s.ahead()),
        symbols
            .flatMap(names -> names.find(s.pc(), systemCallEntry))
            .orElseGet(() -> "0x" + Long.toHexString(s.pc())));
  }
}
