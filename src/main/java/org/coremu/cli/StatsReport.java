package org.coremu.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.coremu.machine.HostCpus;
import org.coremu.machine.Stats;

/** The figures of a run as a line for people and as JSON for scripts. */
final class StatsReport {
  private static final int MOST_CORES_LISTED = 8;

  private StatsReport() {}

  /** One line, without the line end. */
  static String line(Stats s) {
    return String.format(
        Locale.ROOT,
        "coremu: %.2f s wall, %.2f s guest, %s instructions, %.1f MIPS, cores %s, %s interrupts, "
            + "TLB %s fills %s flushes, tier %s, code %s blocks %s traces %s invalidated, "
            + "%.1f MB machine code %s evictions %s exits, skew %s, %s yields %s boosts%s",
        s.wallNanos() / 1e9,
        s.guestNanos() / 1e9,
        amount(s.instructions()),
        s.mips(),
        shares(s.coreInstructions(), s.instructions()),
        amount(s.interrupts()),
        amount(s.tlbFills()),
        amount(s.tlbFlushes()),
        s.tier().optionName(),
        amount(s.translatedBlocks()),
        amount(s.traces()),
        amount(s.invalidations()),
        s.codeBytes() / 1e6,
        amount(s.evictions()),
        amount(s.exits()),
        amount(s.maxSkew()),
        amount(s.yields()),
        amount(s.boosts()),
        s.affinity().isEmpty() ? "" : ", affinity " + HostCpus.ranges(s.affinity()));
  }

  /** The same as one JSON object; times in seconds. */
  static void json(Stats s, OutputStream out) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeStringField("tier", s.tier().optionName());
      json.writeNumberField("wall_s", s.wallNanos() / 1e9);
      json.writeNumberField("guest_s", s.guestNanos() / 1e9);
      json.writeNumberField("instructions", s.instructions());
      json.writeNumberField("mips", s.mips());
      json.writeArrayFieldStart("core_instructions");
      for (long count : s.coreInstructions()) {
        json.writeNumber(count);
      }
      json.writeEndArray();
      json.writeNumberField("interrupts", s.interrupts());
      json.writeNumberField("tlb_fills", s.tlbFills());
      json.writeNumberField("tlb_flushes", s.tlbFlushes());
      json.writeNumberField("translated_blocks", s.translatedBlocks());
      json.writeNumberField("traces", s.traces());
      json.writeNumberField("invalidations", s.invalidations());
      json.writeNumberField("code_bytes", s.codeBytes());
      json.writeNumberField("evictions", s.evictions());
      json.writeNumberField("exits", s.exits());
      json.writeNumberField("max_skew", s.maxSkew());
      json.writeNumberField("yields", s.yields());
      json.writeNumberField("wake_ups", s.wakeUps());
      json.writeNumberField("boosts", s.boosts());
      json.writeArrayFieldStart("affinity");
      for (int cpu : s.affinity()) {
        json.writeNumber(cpu);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static String shares(List<Long> cores, long total) {
    List<Long> percents =
        cores.stream().map(n -> total == 0 ? 0 : Math.round(100.0 * n / total)).toList();
    if (cores.size() <= MOST_CORES_LISTED) {
      return percents.stream().map(String::valueOf).collect(Collectors.joining("/")) + " %";
    }
    long least = percents.stream().mapToLong(Long::longValue).min().orElse(0);
    long most = percents.stream().mapToLong(Long::longValue).max().orElse(0);
    return cores.size() + " x " + least + " to " + most + " %";
  }

  private static String amount(long n) {
    if (n < 10_000) {
      return Long.toString(n);
    }
    if (n < 10_000_000) {
      return String.format(Locale.ROOT, "%.1f k", n / 1e3);
    }
    return n < 10_000_000_000L
        ? String.format(Locale.ROOT, "%.1f M", n / 1e6)
        : String.format(Locale.ROOT, "%.2f G", n / 1e9);
  }
}
