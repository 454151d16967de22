package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Flight Recorder is told of translated code. */
class CodeEventsTest {
  private static final long CODE = 0x1000;

  @TempDir private Path files;

  /** What a run tells; events of machines that others run at the same time are not in it. */
  private List<RecordedEvent> recorded(String name, boolean enabled, Runnable run)
      throws IOException {
    Path file = Files.createTempFile(files, "events", ".jfr");
    try (Recording recording = new Recording()) {
      if (enabled) {
        recording.enable("org.coremu." + name).withoutThreshold();
      } else {
        recording.disable("org.coremu." + name);
      }
      recording.start();
      run.run();
      recording.stop();
      recording.dump(file);
    }
    String thread = Thread.currentThread().getName();
    return RecordingFile.readAllEvents(file).stream()
        .filter(e -> e.getEventType().getName().equals("org.coremu." + name))
        .filter(e -> e.getThread().getJavaName().equals(thread))
        .toList();
  }

  private static void addTwice(IrCores machine) {
    int addOne = machine.addTo(0, 1);
    machine.code(CODE, addOne, addOne, IrCores.STOP);
    machine.run(0, CODE);
  }

  @Test
  void tellOfATranslation() throws IOException {
    try (IrCores machine = new IrCores(1, 1 << 20)) {
      List<RecordedEvent> events = recorded("Translation", true, () -> addTwice(machine));
      RecordedEvent first = events.getFirst();
      assertThat(first.getLong("guestAddress")).isEqualTo(CODE);
      assertThat(first.getInt("guestInstructions")).isEqualTo(3);
      assertThat(first.getInt("hostBytes")).isPositive();
      assertThat(first.getBoolean("trace")).isFalse();
      assertThat(first.getDuration()).isPositive();
      assertThat(events).hasSize((int) machine.codeCache.translated());
    }
  }

  @Test
  void sayNothingWhenSwitchedOff() throws IOException {
    try (IrCores machine = new IrCores(1, 1 << 20)) {
      assertThat(recorded("Translation", false, () -> addTwice(machine))).isEmpty();
      assertThat(machine.codeCache.translated()).isPositive();
    }
  }

  @Test
  void tellOfAnInvalidation() throws IOException {
    try (IrCores machine = new IrCores(1, 1 << 20)) {
      addTwice(machine);
      List<RecordedEvent> events =
          recorded("Invalidation", true, () -> machine.code(CODE + 4, IrCores.STOP));
      assertThat(events).hasSize(1);
      assertThat(events.getFirst().getLong("ramOffset")).isEqualTo(CODE);
      assertThat(events.getFirst().getInt("guestInstructions")).isEqualTo(3);
    }
  }

  @Test
  void tellOfAnEviction() throws IOException {
    assumeTrue(TestTier.NATIVE);
    int blocks = 700;
    try (IrCores machine = new IrCores(1, 1 << 20, 1 << 20)) {
      int store =
          machine.insn(
              (ir, delta, next) -> ir.store(64, ir.get(IrCores.R), 0x8_0000, ir.constant(delta)));
      int[] block = new int[Translator.MAX_INSNS];
      Arrays.fill(block, store);
      long at = CODE;
      for (int i = 0; i < blocks; i++) {
        at = machine.code(at, block);
      }
      machine.code(at, IrCores.STOP);
      List<RecordedEvent> events = recorded("Eviction", true, () -> machine.run(0, CODE));
      assertThat(events).isNotEmpty().hasSize((int) machine.codeCache.evictions());
      RecordedEvent first = events.getFirst();
      assertThat(first.getInt("segment")).isBetween(0, 7);
      assertThat(first.getInt("blocks")).isBetween(1, blocks);
      assertThat(first.getLong("hostBytes")).isEqualTo((1 << 20) / 8);
    }
  }
}
